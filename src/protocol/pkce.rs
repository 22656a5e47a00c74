//! Proof Key for Code Exchange, RFC 7636, with `S256` only. Random bytes and their SHA-256 come from the caller.
//!
//! The octets and the digest of appendix B:
//!
//! ```
//! use countersign::protocol::pkce;
//!
//! let octets = [
//!     116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191, 240, 91, 88, 5, 88, 83,
//!     132, 141, 121,
//! ];
//! assert_eq!(pkce::verifier(&octets).reveal(), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
//! let digest = [
//!     19, 211, 30, 150, 26, 26, 216, 236, 47, 22, 177, 12, 76, 152, 46, 8, 118, 168, 120, 173, 109, 241, 68, 86, 110, 225, 137, 74, 203,
//!     112, 249, 195,
//! ];
//! assert_eq!(pkce::challenge(&digest), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
//! ```

use super::{base64url, secret::Secret};

/// The code verifier of section 4.1, from 32 random bytes: 43 characters.
pub fn verifier(random: &[u8; 32]) -> Secret {
    Secret::new(text(random))
}

/// The code challenge of section 4.2, from the SHA-256 of the verifier.
pub fn challenge(digest: &[u8; 32]) -> String {
    text(digest)
}

fn text(bytes: &[u8; 32]) -> String {
    let mut text = String::new();
    base64url::encode(&mut text, bytes);
    text
}
