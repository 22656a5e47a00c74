//! `crypto.subtle.verify`.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::digest;
use crate::{error::Error, protocol::jwks::Proof};

#[wasm_bindgen(module = "/pkg-template/page.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = verify)]
    async fn check(algorithm: &str, key: &str, signature: &[u8], signed: &str) -> Result<JsValue, JsValue>;
}

/// Whether the signature is the key's. A key or an algorithm that the browser does not take proves nothing. Error: `crypto_nonexistent`.
pub async fn verify(proof: &Proof) -> Result<bool, Error> {
    digest::need_subtle()?;
    let verdict = check(proof.algorithm, &proof.key, &proof.signature, &proof.signed).await;
    Ok(verdict.is_ok_and(|verdict| verdict.is_truthy()))
}
