//! `crypto.subtle.digest`.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;

use crate::{
    error::{Error, ErrorCode},
    protocol::secret::Secret,
};

/// The SHA-256 of a text. Error: `crypto_nonexistent` where the page is not a secure context.
pub async fn sha256(text: &Secret) -> Result<[u8; 32], Error> {
    let nonexistent = |_| Error::new(ErrorCode::CryptoNonexistent);
    let window = web_sys::window().ok_or(ErrorCode::NonBrowserEnvironment)?;
    let subtle = window.crypto().map_err(nonexistent)?.subtle();
    let bytes = Uint8Array::from(text.reveal().as_bytes());
    let digest = subtle.digest_with_str_and_buffer_source("SHA-256", &bytes).map_err(nonexistent)?;
    let buffer = JsFuture::from(digest).await.map_err(nonexistent)?;
    Uint8Array::new(&buffer).to_vec().try_into().map_err(|_| ErrorCode::CryptoNonexistent.into())
}
