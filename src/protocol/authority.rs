//! Which provider may be spoken to: the authority an app configured, and where its discovery document is.

use super::{http::HttpRequest, url::Url};
use crate::error::{Error, ErrorCode};

/// Which dialect the provider speaks. The names are MSAL's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProtocolMode {
    /// Microsoft Entra ID: `client_info`, `client-request-id`, the metadata under `/v2.0`.
    #[default]
    Aad,
    /// OpenID Connect and nothing else.
    Oidc,
}

/// An authority that tokens may be sent to: `https:`, or loopback for development.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    url: Box<str>,
    mode: ProtocolMode,
}

impl Authority {
    /// Takes a normalized URL. A trailing slash makes no difference.
    ///
    /// Errors: `url_parse_error`, `authority_uri_insecure`.
    pub fn new(url: &str, mode: ProtocolMode) -> Result<Self, Error> {
        let parts = Url::parse(url).ok_or_else(|| Error::about(ErrorCode::UrlParseError, "auth.authority"))?;
        if url.contains(['?', '#']) {
            return Err(Error::about(ErrorCode::UrlParseError, "auth.authority"));
        }
        if !parts.is_secure() {
            return Err(Error::about(ErrorCode::AuthorityUriInsecure, parts.origin));
        }
        Ok(Self { url: url.trim_end_matches('/').into(), mode })
    }

    /// The URL without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// The host: MSAL's `environment` of an account.
    pub fn host(&self) -> &str {
        Url::parse(&self.url).map_or("", |url| url.host)
    }

    /// The dialect.
    pub fn mode(&self) -> ProtocolMode {
        self.mode
    }

    /// What the provider must call itself: the URL its discovery document was found under (OpenID Connect Discovery section 4.3).
    pub fn issuer(&self) -> String {
        let mut issuer = String::from(&*self.url);
        if self.mode == ProtocolMode::Aad && !issuer.ends_with("/v2.0") {
            issuer.push_str("/v2.0");
        }
        issuer
    }

    /// The request for its discovery document (section 4.1).
    pub fn discovery_request(&self) -> HttpRequest {
        let mut url = self.issuer();
        url.push_str("/.well-known/openid-configuration");
        HttpRequest { url, form: None }
    }
}
