//! `application/x-www-form-urlencoded`, for bodies, queries and fragments (RFC 6749 appendix B).
//!
//! ```
//! use countersign::protocol::form;
//!
//! let mut query = String::new();
//! form::push(&mut query, "scope", "openid Mail.Read");
//! assert_eq!(query, "scope=openid%20Mail.Read");
//! assert_eq!(form::decode(&query).unwrap(), [("scope".to_owned(), "openid Mail.Read".to_owned())]);
//! ```

use super::cut;

/// Appends `name=value`, percent-encoded, after an `&` where one is needed.
pub fn push(out: &mut String, name: &str, value: &str) {
    if !(out.is_empty() || out.ends_with("?")) {
        out.push('&');
    }
    encode(out, name);
    out.push('=');
    encode(out, value);
}

/// The pairs of `text`, decoded, in order. `None` where a value is not UTF-8 or an escape is broken: a response that cannot be
/// read exactly is not read at all.
pub fn decode(text: &str) -> Option<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    for pair in cut::parts(text, b"&").filter(|pair| !pair.is_empty()) {
        let (name, value) = cut::first(pair, "=").unwrap_or((pair, ""));
        pairs.push((decode_part(name)?, decode_part(value)?));
    }
    Some(pairs)
}

fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(hex(byte >> 4));
            out.push(hex(byte & 15));
        }
    }
}

fn hex(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase()
}

fn decode_part(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(bytes.next()?).to_digit(16)?;
                let low = char::from(bytes.next()?).to_digit(16)?;
                u8::try_from((high << 4) | low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(out).ok()
}
