//! `crypto.subtle.verify`.

use js_sys::{Array, JSON, Object, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::digest;
use crate::{error::Error, protocol::jwks::Proof};

/// Whether the signature is the key's. A key or an algorithm that the browser does not take proves nothing. Error: `crypto_nonexistent`.
pub async fn verify(proof: &Proof) -> Result<bool, Error> {
    let subtle = digest::subtle()?;
    let check = async {
        let algorithm: Object = JSON::parse(proof.algorithm)?.unchecked_into();
        let key: Object = JSON::parse(&proof.key)?.unchecked_into();
        let usages = Array::of1(&"verify".into());
        let key = JsFuture::from(subtle.import_key_with_object("jwk", &key, &algorithm, false, &usages)?).await?;
        let (signature, signed) = (Uint8Array::from(&*proof.signature), Uint8Array::from(proof.signed.as_bytes()));
        let verdict = subtle.verify_with_object_and_buffer_source_and_buffer_source(
            &algorithm,
            key.unchecked_ref(),
            &signature,
            &signed,
        )?;
        JsFuture::from(verdict).await
    };
    let verdict: Result<JsValue, JsValue> = check.await;
    Ok(verdict.is_ok_and(|verdict| verdict.is_truthy()))
}
