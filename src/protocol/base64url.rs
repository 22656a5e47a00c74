//! Base64, RFC 4648. The `base64` crate writes it; reading is done here, because its reader is made for speed and costs 3 KB of wasm.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::cut;

/// Appends bytes in base64url, without padding.
pub fn encode(out: &mut String, bytes: &[u8]) {
    URL_SAFE_NO_PAD.encode_string(bytes, out);
}

/// The bytes of a text in base64url (section 5). Padding is tolerated, some providers send it. `None`: it is no such text.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    read(text, false)
}

/// The same in either alphabet (sections 4 and 5), whatever the bits are that padding leaves over.
pub fn decode_any(text: &str) -> Option<Vec<u8>> {
    read(text, true)
}

fn read(text: &str, is_lenient: bool) -> Option<Vec<u8>> {
    let symbols = cut::trimmed(text, "=");
    let padding = text.len().saturating_sub(symbols.len());
    let mut out = Vec::with_capacity(text.len());
    let mut room = 0;
    for quad in symbols.as_bytes().chunks(4) {
        let mut word = 0_u32;
        for index in 0..4 {
            let value = match quad.get(index) {
                Some(byte) => value(*byte, is_lenient)?,
                None => 0,
            };
            word = (word << 6) | u32::from(value);
        }
        let [_, bytes @ ..] = word.to_be_bytes();
        // One symbol is not yet a byte.
        let length = quad.len().checked_sub(1).filter(|length| *length > 0)?;
        let (whole, left_over) = bytes.split_at_checked(length)?;
        if !is_lenient && left_over.iter().any(|byte| *byte != 0) {
            return None;
        }
        out.extend_from_slice(whole);
        room = left_over.len();
    }
    (padding <= room).then_some(out)
}

const fn value(symbol: u8, is_lenient: bool) -> Option<u8> {
    Some(match symbol {
        b'A'..=b'Z' => symbol.wrapping_sub(b'A'),
        b'a'..=b'z' => symbol.wrapping_sub(b'a').wrapping_add(26),
        b'0'..=b'9' => symbol.wrapping_sub(b'0').wrapping_add(52),
        b'-' => 62,
        b'_' => 63,
        b'+' if is_lenient => 62,
        b'/' if is_lenient => 63,
        _ => return None,
    })
}
