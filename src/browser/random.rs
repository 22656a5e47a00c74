//! `crypto.getRandomValues`, through `getrandom`.

use super::clock;
use crate::{
    error::{Error, ErrorCode},
    protocol::authorize::Seeds,
};

/// Random bytes. Error: `crypto_nonexistent`.
pub fn bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| ErrorCode::CryptoNonexistent)?;
    Ok(bytes)
}

/// The seeds of one authorization request. Error: `crypto_nonexistent`.
pub fn seeds() -> Result<Seeds, Error> {
    Ok(Seeds { state: bytes()?, nonce: bytes()?, verifier: bytes()?, now: clock::now() })
}

/// A random GUID, RFC 9562 version 4. Error: `crypto_nonexistent`.
pub fn guid() -> Result<String, Error> {
    let mut bytes = bytes::<16>()?;
    let [_, _, _, _, _, _, version, _, variant, ..] = &mut bytes;
    *version = (*version & 0x0f) | 0x40;
    *variant = (*variant & 0x3f) | 0x80;
    let mut guid = String::with_capacity(36);
    for (index, byte) in bytes.into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            guid.push('-');
        }
        for digit in [byte >> 4, byte & 15] {
            guid.push(char::from_digit(digit.into(), 16).unwrap_or_default());
        }
    }
    Ok(guid)
}
