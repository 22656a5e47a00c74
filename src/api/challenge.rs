//! The challenge functions, usable without a client. `lines` are field lines: a list of texts, for which the shell sees to it.

use js_sys::Array;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{convert, options, throw};
use crate::{
    error::{Error, ErrorCode},
    protocol::{
        challenge::{self, Challenge, Malformed, Unwritable},
        claims, demand,
        json::push_number,
    },
};

/// `parseChallenges`.
#[wasm_bindgen(js_name = parseChallenges)]
pub fn parse_challenges(lines: JsValue, strict: bool) -> Result<Array, JsValue> {
    let challenges = read(lines, strict).map_err(|malformed| {
        let mut place = String::new();
        push_number(&mut place, malformed.line as u64);
        place.push(':');
        push_number(&mut place, malformed.position as u64);
        throw::to_js(&Error::about(ErrorCode::MalformedChallenge, &place))
    })?;
    let list = Array::new();
    for challenge in &challenges {
        list.push(&convert::challenge(challenge));
    }
    Ok(list)
}

/// `getDemands`.
#[wasm_bindgen(js_name = getDemands)]
pub fn get_demands(status: f64, lines: JsValue) -> Array {
    let list = Array::new();
    // The cast saturates: what is no status is none of those that demand something. A `u16` would be taken modulo 65,536.
    for demand in demand::demands(status as u16, &read_tolerantly(lines)) {
        list.push(&convert::demand(&demand));
    }
    list
}

/// `getClaimsChallenge`.
#[wasm_bindgen(js_name = getClaimsChallenge)]
pub fn get_claims_challenge(lines: JsValue) -> Option<String> {
    claims::claims_challenge(&read_tolerantly(lines))
}

/// `mergeClaims`. The request has its two arguments, `claims` and `clientCapabilities`.
#[wasm_bindgen(js_name = mergeClaims)]
pub fn merge_claims(request: &JsValue) -> Result<String, JsValue> {
    let merge = || {
        let (claims, capabilities) = options::claims_request(request)?;
        claims::merge_claims(claims.as_deref(), &capabilities)
    };
    merge().map_err(|error| throw::to_js(&error))
}

/// `formatChallenge`.
#[wasm_bindgen(js_name = formatChallenge)]
pub fn format_challenge(challenge: &JsValue) -> Result<String, JsValue> {
    let format = || {
        let (scheme, params) = options::challenge(challenge)?;
        challenge::format_challenge(&scheme, &params).map_err(|unwritable| {
            let (Unwritable::Name(index) | Unwritable::Repeated(index) | Unwritable::Value(index)) = unwritable else {
                return options::unwritable(None);
            };
            options::unwritable(params.get(index).map(|(name, _)| name.as_str()))
        })
    };
    format().map_err(|error| throw::to_js(&error))
}

fn read(lines: JsValue, strict: bool) -> Result<Vec<Challenge>, Malformed> {
    let lines = options::texts(lines).unwrap_or_default();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    if strict { challenge::parse_challenges_strict(&lines) } else { Ok(challenge::parse_challenges(&lines)) }
}

fn read_tolerantly(lines: JsValue) -> Vec<Challenge> {
    read(lines, false).unwrap_or_default()
}
