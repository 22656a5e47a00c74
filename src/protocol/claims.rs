//! Claims requests: decoded from a challenge, merged with each other and with the client's capabilities.
//!
//! A claims request is the JSON object of OpenID Connect Core section 5.5, which Microsoft Entra extends with `access_token`; a
//! resource sends it, encoded, in a *claims challenge*. This module does not judge what the claims mean, nor when to act on them:
//! that is `demand` and `session`. See also
//! <https://learn.microsoft.com/entra/identity-platform/claims-challenge>.
//!
//! Departures and choices:
//! * `claims` of a challenge is base64 or base64url, padded or not, or the JSON itself. Bits that padding leaves over are
//!   ignored.
//! * What is not a JSON object in UTF-8, or is longer than [`MAX_LENGTH`], is [`NotClaims`]: an answer, never passed on.
//! * Where two requests are merged, `null` ("in the default manner", OpenID Connect Core section 5.5.1) never takes away what the
//!   other asks for, and `xms_cc`, the client's capabilities, is a union. Of a member that occurs twice the last counts.
//!
//! ```
//! use countersign::protocol::claims::{decode_claims, merge_claims};
//!
//! let claims = decode_claims("eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6bnVsbH19").unwrap();
//! assert_eq!(claims, r#"{"access_token":{"acrs":null}}"#);
//! let merged = merge_claims(Some(&claims), &["cp1".to_owned()]).unwrap();
//! assert_eq!(merged, r#"{"access_token":{"acrs":null,"xms_cc":{"values":["cp1"]}}}"#);
//! ```

use super::{base64url, challenge::Challenge, json::Json, list};
use crate::error::{Error, ErrorCode};

/// Why a challenge has no claims to act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotClaims {
    /// Challenges of the same kind ask for claims that contradict each other.
    Conflict,
    /// There is no `claims` parameter, or it is empty.
    Missing,
    /// Neither JSON nor base64.
    NotBase64,
    /// Decoded, and not JSON.
    NotJson,
    /// JSON, and not an object.
    NotObject,
    /// Decoded, and not UTF-8.
    NotUtf8,
    /// Longer than [`MAX_LENGTH`].
    TooLong,
}

impl NotClaims {
    /// The reason as JavaScript sees it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::Missing => "missing",
            Self::NotBase64 => "not_base64",
            Self::NotJson => "not_json",
            Self::NotObject => "not_object",
            Self::NotUtf8 => "not_utf8",
            Self::TooLong => "too_long",
        }
    }
}

/// Decodes the value of a challenge's `claims` parameter. The answer is the JSON text of an object, as it was sent.
///
/// # Errors
/// Why it is not that.
pub fn decode_claims(value: &str) -> Result<String, NotClaims> {
    let value = value.trim_ascii();
    if value.is_empty() {
        return Err(NotClaims::Missing);
    }
    if value.len() > MAX_ENCODED_LENGTH {
        return Err(NotClaims::TooLong);
    }
    let text = if value.starts_with("{") {
        value.to_owned()
    } else {
        let bytes = base64url::decode_any(value).ok_or(NotClaims::NotBase64)?;
        String::from_utf8(bytes).map_err(|_| NotClaims::NotUtf8)?
    };
    if text.len() > MAX_LENGTH {
        return Err(NotClaims::TooLong);
    }
    match Json::parse(&text) {
        Some(Json::Object(_)) => Ok(text),
        Some(_) => Err(NotClaims::NotObject),
        None => Err(NotClaims::NotJson),
    }
}

/// The claims that the challenges ask for, by Microsoft's gate: a Bearer challenge whose `error` is `insufficient_claims`, and
/// whose own `claims` can be decoded.
///
/// Every Bearer challenge is looked at. The text is as sent if one challenge asks, merged if several do and agree; `None` if they
/// contradict each other.
pub fn claims_challenge(challenges: &[Challenge]) -> Option<String> {
    claims_with_error(challenges, INSUFFICIENT_CLAIMS)?.ok()
}

/// The claims that Bearer challenges with this `error` ask for. `None` if there is no such challenge.
///
/// Challenges without usable claims are passed over as long as one has them.
pub fn claims_with_error(challenges: &[Challenge], error: &str) -> Option<Result<String, NotClaims>> {
    let mut found: Option<String> = None;
    let mut refused = None;
    for challenge in challenges {
        if !challenge.is("Bearer") || challenge.param("error") != Some(error) {
            continue;
        }
        match decode_claims(challenge.param("claims").unwrap_or_default()) {
            Ok(claims) => {
                found = match found {
                    Some(before) => match merge_agreeing(&before, &claims) {
                        None => return Some(Err(NotClaims::Conflict)),
                        both => both,
                    },
                    None => Some(claims),
                };
            }
            Err(reason) => refused = refused.or(Some(reason)),
        }
    }
    match found {
        Some(claims) => Some(Ok(claims)),
        None => refused.map(Err),
    }
}

/// Merges the caller's claims request with the client's capabilities: `{"access_token":{"xms_cc":{"values":[…]}}}`.
///
/// `claims` is JSON; none and blank are allowed. Capabilities join those the caller asks for in `xms_cc` itself, regardless of
/// case; a single `value` there becomes one of `values`. All else survives as it is. With nothing to ask for the answer is `{}`:
/// see [`is_empty`].
///
/// # Errors
/// [`ErrorCode::InvalidClaims`] if `claims` is not a JSON object, or a member on the way to `xms_cc` is not one.
pub fn merge_claims(claims: Option<&str>, capabilities: &[String]) -> Result<String, Error> {
    let mut request = match claims.map(str::trim_ascii) {
        None | Some("") => Json::Object(Vec::new()),
        Some(text) => object(text)?,
    };
    for capability in capabilities {
        let capability = capability.trim_ascii();
        if !capability.is_empty() {
            let xms_cc = member_object(member_object(&mut request, ACCESS_TOKEN)?, CAPABILITIES)?;
            one_value_as_many(xms_cc);
            let Some(Json::Array(values)) = member(xms_cc, "values", Json::Array(Vec::new())) else {
                return Err(invalid(CAPABILITIES));
            };
            push_unlike(values, Json::String(capability.to_owned()));
        }
    }
    Ok(request.to_text())
}

/// Merges two claims requests, member by member, at any depth. Where they contradict each other, `over` counts.
///
/// # Errors
/// [`ErrorCode::InvalidClaims`] if one of them is not a JSON object.
pub fn merge(base: &str, over: &str) -> Result<String, Error> {
    let mut merged = object(base)?;
    merge_into(&mut merged, object(over)?, false);
    Ok(merged.to_text())
}

/// Merges two claims requests that do not contradict each other. `None` if they do, or if one of them is not a JSON object.
///
/// Two texts that are the same are returned as they are.
pub fn merge_agreeing(one: &str, other: &str) -> Option<String> {
    if one == other {
        return Some(one.to_owned());
    }
    let mut merged = object(one).ok()?;
    let agreed = merge_into(&mut merged, object(other).ok()?, false);
    agreed.then(|| merged.to_text())
}

/// Whether a claims request asks for nothing: it is blank or `{}`.
pub fn is_empty(claims: &str) -> bool {
    let claims = claims.trim_ascii();
    claims.is_empty() || Json::parse(claims).is_some_and(|json| json.as_object().is_some_and(<[_]>::is_empty))
}

/// Whether an ID token with this `acr` is what the claims request asks for: an essential `acr` with values is to be met, any other may be
/// (OpenID Connect Core section 5.5.1.1).
pub fn allows_acr(claims: &str, acr: Option<&str>) -> bool {
    let json = Json::parse(claims);
    let asked = json.as_ref().and_then(|claims| claims.get("id_token")?.get("acr"));
    let Some(asked) = asked.filter(|asked| asked.get("essential").and_then(Json::as_bool) == Some(true)) else { return true };
    let values = asked.get("values").and_then(Json::as_array).unwrap_or_default();
    let mut wanted = list::of(values.iter().filter_map(Json::as_str));
    list::append(&mut wanted, asked.get("value").and_then(Json::as_str));
    wanted.is_empty() || wanted.iter().any(|wanted| acr == Some(wanted))
}

/// Answers whether nothing in `base` was overruled.
fn merge_into(base: &mut Json, over: Json, in_capabilities: bool) -> bool {
    match (base, over) {
        (Json::Object(members), Json::Object(others)) => {
            let mut agreed = true;
            let mut others = others.into_iter();
            while let Some((name, value)) = others.next() {
                // Of a member that occurs twice the last counts, here as where it is looked up.
                if others.as_slice().iter().any(|(later, _)| *later == name) {
                    continue;
                }
                let in_capabilities = in_capabilities || name == CAPABILITIES;
                match members.iter_mut().rev().find(|(key, _)| *key == name) {
                    Some((_, member)) => agreed &= merge_into(member, value, in_capabilities),
                    None => members.push((name, value)),
                }
            }
            agreed
        }
        (Json::Array(values), Json::Array(others)) if in_capabilities => {
            others.into_iter().for_each(|value| push_unlike(values, value));
            true
        }
        (_, Json::Null) => true,
        (base, over) => {
            let agreed = base.is_null() || *base == over;
            *base = over;
            agreed
        }
    }
}

/// `"value": x` as `"values": [x]`, which has room for more. Nothing to do where `values` is there.
fn one_value_as_many(claim: &mut Json) {
    let Json::Object(members) = claim else { return };
    if members.iter().any(|(name, value)| name == "values" && !value.is_null()) {
        return;
    }
    if let Some((name, value)) = members.iter_mut().rev().find(|(name, value)| name == "value" && !value.is_null()) {
        *name = "values".to_owned();
        *value = Json::Array(vec![core::mem::replace(value, Json::Null)]);
    }
}

/// Appends a value unless it is there; strings are compared without regard to case.
fn push_unlike(values: &mut Vec<Json>, value: Json) {
    let is_there = values.iter().any(|other| match (other.as_str(), value.as_str()) {
        (Some(other), Some(value)) => other.eq_ignore_ascii_case(value),
        _ => *other == value,
    });
    if !is_there {
        values.push(value);
    }
}

fn object(text: &str) -> Result<Json, Error> {
    Json::parse(text).filter(|json| json.as_object().is_some()).ok_or_else(|| invalid("claims"))
}

/// The member of that name, which has to be an object. Absent or `null`, it becomes an empty one.
fn member_object<'a>(json: &'a mut Json, name: &str) -> Result<&'a mut Json, Error> {
    member(json, name, Json::Object(Vec::new())).filter(|json| json.as_object().is_some()).ok_or_else(|| invalid(name))
}

/// The member of that name of an object. Absent or `null`, it becomes the empty value.
fn member<'a>(json: &'a mut Json, name: &str, empty: Json) -> Option<&'a mut Json> {
    let Json::Object(members) = json else { return None };
    if !members.iter().any(|(key, _)| key == name) {
        members.push((name.to_owned(), Json::Null));
    }
    let (_, value) = members.iter_mut().rev().find(|(key, _)| key == name)?;
    if value.is_null() {
        *value = empty;
    }
    Some(value)
}

// Compiled once: in line it would be bytes of wasm for each call.
#[inline(never)]
fn invalid(member: &str) -> Error {
    Error::about(ErrorCode::InvalidClaims, member)
}

/// How long a claims request from a challenge may be, decoded: 64 KiB.
pub const MAX_LENGTH: usize = 65_536;

/// The `error` of Microsoft's claims challenge.
pub const INSUFFICIENT_CLAIMS: &str = "insufficient_claims";

/// [`MAX_LENGTH`] in base64, padding included.
const MAX_ENCODED_LENGTH: usize = 87_384;

const ACCESS_TOKEN: &str = "access_token";

const CAPABILITIES: &str = "xms_cc";
