//! Proof Key for Code Exchange, RFC 7636, with `S256` only.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::secret::Secret;

/// The code verifier of section 4.1, from 32 random bytes: 43 characters.
pub fn verifier(random: &[u8; 32]) -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(random))
}

/// The code challenge of section 4.2, from the SHA-256 of the verifier.
pub fn challenge(digest: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(digest)
}
