//! The challenge functions, usable without a client.

use js_sys::Array;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{convert, throw};
use crate::{
    error::{Error, ErrorCode},
    protocol::{challenge, claims, json::push_number},
};

/// `parseChallenges`. `lines` are field lines.
#[wasm_bindgen(js_name = parseChallenges)]
pub fn parse_challenges(lines: Vec<String>, strict: bool) -> Result<Array, JsValue> {
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let challenges = if strict {
        challenge::parse_challenges_strict(&lines).map_err(|malformed| {
            let mut place = String::new();
            push_number(&mut place, malformed.line as u64);
            place.push(':');
            push_number(&mut place, malformed.position as u64);
            throw::to_js(&Error::about(ErrorCode::MalformedChallenge, &place))
        })?
    } else {
        challenge::parse_challenges(&lines)
    };
    Ok(challenges.iter().map(convert::challenge).collect())
}

/// `getClaimsChallenge`.
#[wasm_bindgen(js_name = getClaimsChallenge)]
pub fn get_claims_challenge(lines: Vec<String>) -> Option<String> {
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    claims::claims_challenge(&challenge::parse_challenges(&lines))
}

/// `mergeClaims`.
#[wasm_bindgen(js_name = mergeClaims)]
pub fn merge_claims(claims: Option<String>, capabilities: Vec<String>) -> Result<String, JsValue> {
    claims::merge_claims(claims.as_deref(), &capabilities).map_err(|error| throw::to_js(&error))
}
