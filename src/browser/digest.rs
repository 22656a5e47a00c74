//! `crypto.subtle.digest`.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::SubtleCrypto;

use super::location::{self, property};
use crate::{
    error::{Error, ErrorCode},
    protocol::secret::Secret,
};

/// The SHA-256 of a text. Error: `crypto_nonexistent` where the page is not a secure context.
pub async fn sha256(text: &Secret) -> Result<[u8; 32], Error> {
    let nonexistent = |_| Error::new(ErrorCode::CryptoNonexistent);
    let subtle = subtle()?;
    let bytes = Uint8Array::from(text.reveal().as_bytes());
    let digest = subtle.digest_with_str_and_buffer_source("SHA-256", &bytes).map_err(nonexistent)?;
    let buffer = JsFuture::from(digest).await.map_err(nonexistent)?;
    Uint8Array::new(&buffer).to_vec().try_into().map_err(|_| ErrorCode::CryptoNonexistent.into())
}

/// `crypto.subtle`. A page without a secure context has none, and a test tool's window not even a `crypto`. Error: `crypto_nonexistent`.
pub fn subtle() -> Result<SubtleCrypto, Error> {
    let subtle = property(&property(&location::window()?.into(), "crypto"), "subtle");
    if subtle.is_undefined() { Err(ErrorCode::CryptoNonexistent.into()) } else { Ok(subtle.unchecked_into()) }
}
