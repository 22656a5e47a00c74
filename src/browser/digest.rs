//! `crypto.subtle.digest`.

use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::location::{self, property};
use crate::{
    error::{Error, ErrorCode},
    protocol::secret::Secret,
};

#[wasm_bindgen(module = "/pkg-template/page.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = sha256)]
    async fn digest(text: &str) -> Result<JsValue, JsValue>;
}

/// The SHA-256 of a text. Error: `crypto_nonexistent` where the page is not a secure context.
pub async fn sha256(text: &Secret) -> Result<[u8; 32], Error> {
    let digest = digest(text.reveal()).await.map_err(|_| ErrorCode::CryptoNonexistent)?;
    let bytes = digest.unchecked_ref::<js_sys::Uint8Array>().to_vec();
    bytes.try_into().map_err(|_| ErrorCode::CryptoNonexistent.into())
}

/// Error: `crypto_nonexistent` where there is no `crypto.subtle`. A page without a secure context has none, and a test tool's window not even a `crypto`.
pub fn need_subtle() -> Result<(), Error> {
    let subtle = property(&property(&location::window()?.into(), "crypto"), "subtle");
    if subtle.is_undefined() { Err(ErrorCode::CryptoNonexistent.into()) } else { Ok(()) }
}
