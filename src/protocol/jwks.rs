//! The provider's keys (RFC 7517), and what has to be checked of a signature (RFC 7515, RFC 7518 section 3, RFC 8037). The check itself is the
//! browser's.

use super::{
    base64url, cut,
    http::HttpResponse,
    id_token,
    json::{Json, push_string},
};
use crate::error::{Error, ErrorCode};

/// What `crypto.subtle` is given to verify.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The algorithm, for `importKey` and for `verify`: JSON.
    pub algorithm: &'static str,
    /// The public key, and nothing beside it: a JSON Web Key.
    pub key: String,
    /// What was signed.
    pub signed: String,
    /// The signature.
    pub signature: Vec<u8>,
}

/// Judges the answer to a request for `jwks_uri`. Error: `openid_config_error`.
pub fn decode(response: &HttpResponse) -> Result<Json, Error> {
    let keys = Json::parse(&response.body).filter(|keys| response.status == 200 && keys.get("keys").is_some());
    keys.ok_or_else(|| Error::about(ErrorCode::OpenidConfigError, "jwks_uri"))
}

/// How this token's signature is checked with one of these keys: the one its header names, or the only one there is for its algorithm (OpenID Connect
/// Core section 10.1). `None`: there is no such key.
///
/// Error: `token_parsing_error` where the token is broken, or signed in another way than `RS256`, `PS256`, `ES256` or `EdDSA`.
pub fn proof(keys: &Json, token: &str) -> Result<Option<Proof>, Error> {
    let broken = |part| Error::about(ErrorCode::TokenParsingError, part);
    let (signed, signature) = cut::last(token, b'.').ok_or_else(|| broken("id_token"))?;
    let signature = base64url::decode(signature).ok_or_else(|| broken("signature"))?;
    let header = id_token::decode(cut::before(signed, b".")).and_then(|text| Json::parse(&text));
    let header = header.ok_or_else(|| broken("header"))?;
    let (text, alg) = (|member| header.get(member).and_then(Json::as_str), header.get("alg").and_then(Json::as_str));
    let (algorithm, kind, curve, members) = match alg {
        Some("RS256") => (r#"{"name":"RSASSA-PKCS1-v1_5","hash":"SHA-256"}"#, "RSA", None, &["kty", "n", "e"][..]),
        Some("PS256") => (r#"{"name":"RSA-PSS","hash":"SHA-256","saltLength":32}"#, "RSA", None, &["kty", "n", "e"][..]),
        Some("ES256") => {
            let algorithm = r#"{"name":"ECDSA","namedCurve":"P-256","hash":"SHA-256"}"#;
            (algorithm, "EC", Some("P-256"), &["kty", "crv", "x", "y"][..])
        }
        Some("EdDSA") => (r#"{"name":"Ed25519"}"#, "OKP", Some("Ed25519"), &["kty", "crv", "x"][..]),
        _ => return Err(broken("alg")),
    };
    let is_usable = |key: &&Json| {
        let says = |member| key.get(member).and_then(Json::as_str);
        says("kty") == Some(kind)
            && says("crv") == curve
            && says("use").is_none_or(|purpose| purpose == "sig")
            && says("alg").is_none_or(|own| alg == Some(own))
            && text("kid").is_none_or(|kid| says("kid") == Some(kid))
    };
    let mut usable = keys.get("keys").and_then(Json::as_array).unwrap_or_default().iter().filter(is_usable);
    let key = usable.next().filter(|_| text("kid").is_some() || usable.next().is_none());
    let Some(key) = key else { return Ok(None) };
    let mut jwk = String::new();
    for member in members {
        jwk.push(if jwk.is_empty() { '{' } else { ',' });
        push_string(&mut jwk, member);
        jwk.push(':');
        push_string(&mut jwk, key.get(member).and_then(Json::as_str).unwrap_or_default());
    }
    jwk.push('}');
    Ok(Some(Proof { algorithm, key: jwk, signed: signed.into(), signature }))
}
