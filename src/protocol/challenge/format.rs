//! Writing a challenge: what an API sends, and what tests need.

use super::{
    MAX_PARAMETERS,
    classes::{TEXT, TOKEN, is},
};

/// Why a challenge cannot be written. The number is the index of the parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwritable {
    /// The name is not a token.
    Name(usize),
    /// The name, regardless of case, has occurred already; or there are too many parameters.
    Repeated(usize),
    /// The scheme is not a token.
    Scheme,
    /// The value has a control character, which no quoting allows.
    Value(usize),
}

/// Writes a challenge that [`super::parse_challenges_strict`] reads back: names in lower case, values as they are.
///
/// Quotes a value only where the grammar needs it: where it is no token, and in `realm`, for which senders have to
/// (RFC 9110 section 11.5).
///
/// # Errors
/// What cannot be written by the grammar.
///
/// See RFC 9110 sections 11.2 and 11.6.1.
pub fn format_challenge(scheme: &str, params: &[(String, String)]) -> Result<String, Unwritable> {
    if !is_all_token(scheme) {
        return Err(Unwritable::Scheme);
    }
    let mut out = String::from(scheme);
    let mut before = " ";
    for (index, (name, value)) in params.iter().enumerate() {
        if !is_all_token(name) {
            return Err(Unwritable::Name(index));
        }
        let repeated = params.iter().take(index).any(|(other, _)| other.eq_ignore_ascii_case(name));
        if index >= MAX_PARAMETERS || repeated {
            return Err(Unwritable::Repeated(index));
        }
        if !value.bytes().all(|byte| is(byte, TEXT)) {
            return Err(Unwritable::Value(index));
        }
        out.push_str(before);
        out.push_str(&name.to_ascii_lowercase());
        out.push('=');
        if is_all_token(value) && !name.eq_ignore_ascii_case("realm") {
            out.push_str(value);
        } else {
            push_quoted(&mut out, value);
        }
        before = ", ";
    }
    Ok(out)
}

fn push_quoted(out: &mut String, value: &str) {
    out.push('"');
    for character in value.chars() {
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('"');
}

fn is_all_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| is(byte, TOKEN))
}
