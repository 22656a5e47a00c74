//! Pure rules of the RFCs: requests are built and responses judged as values.
//!
//! No clock, randomness, storage or JavaScript: what a rule needs of them comes in as an argument. Nothing here knows which flow
//! it serves; that is `session`'s.
//!
//! | file | what it implements |
//! |---|---|
//! | `authority` | which provider may be spoken to; OpenID Connect Discovery 1.0 section 4 |
//! | `authorize` | the authorization request, RFC 6749 section 4.1.1, RFC 7636, OpenID Connect Core section 3.1.2.1 |
//! | `base64url` | RFC 4648 |
//! | `callback` | the authorization response, RFC 6749 section 4.1.2, RFC 9207 |
//! | `challenge` | `WWW-Authenticate`, RFC 9110 section 11.6.1 |
//! | `claims` | claims requests, OpenID Connect Core section 5.5, and Microsoft's claims challenge |
//! | `cut` | where a text is cut |
//! | `demand` | what a response asks of the client |
//! | `entra` | what Microsoft's dialect adds to a request |
//! | `form` | `application/x-www-form-urlencoded` |
//! | `http` | requests and responses as data |
//! | `id_token` | OpenID Connect Core section 3.1.3.7 |
//! | `json` | RFC 8259, keeping what is not understood |
//! | `jwks` | the provider's keys, RFC 7517, and signatures, RFC 7515 |
//! | `list` | lists that are short |
//! | `logout` | OpenID Connect RP-Initiated Logout 1.0 |
//! | `metadata` | the discovery document |
//! | `oauth_error` | RFC 6749 sections 4.1.2.1 and 5.2 |
//! | `pkce` | RFC 7636 |
//! | `scope` | RFC 6749 section 3.3 |
//! | `secret` | values that never reach a log |
//! | `state` | the `state` parameter |
//! | `time` | seconds since 1970 |
//! | `token` | the token endpoint, RFC 6749 sections 4.1.3, 5 and 6 |
//! | `url` | origins and paths of URLs that the browser has normalized |
#![deny(clippy::arithmetic_side_effects)]

pub mod authority;
pub mod authorize;
pub mod base64url;
pub mod callback;
pub mod challenge;
pub mod claims;
pub mod cut;
pub mod demand;
pub mod entra;
pub mod form;
pub mod http;
pub mod id_token;
pub mod json;
pub mod jwks;
pub mod list;
pub mod logout;
pub mod metadata;
pub mod oauth_error;
pub mod pkce;
pub mod scope;
pub mod secret;
pub mod state;
pub mod time;
pub mod token;
pub mod url;
