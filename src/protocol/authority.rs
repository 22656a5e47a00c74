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

    /// Whether a provider found here may call itself this. Exactly [`Authority::issuer`] (section 4.3), but for one slash at the end, which
    /// Auth0 and others add, and but for Microsoft's tenants: an authority that names no single one (`common`) has a template for an issuer, and
    /// one that is named by a domain has its id there. The origin is the authority's own in every case.
    ///
    /// <https://learn.microsoft.com/entra/identity-platform/access-tokens#multitenant-applications>
    pub fn accepts(&self, issuer: &str) -> bool {
        let own = self.issuer();
        let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
        if self.mode == ProtocolMode::Oidc || issuer == own {
            return issuer == own;
        }
        match (tenant(issuer), tenant(&own)) {
            (Some((before, name)), Some((own_before, own_name))) => {
                before == own_before && (name == TENANT || is_guid(name)) && !is_guid(own_name)
            }
            _ => false,
        }
    }

    /// The request for its discovery document (section 4.1).
    pub fn discovery_request(&self) -> HttpRequest {
        let mut url = self.issuer();
        url.push_str("/.well-known/openid-configuration");
        HttpRequest { url, form: None }
    }
}

/// The issuer of a token: where the provider serves many tenants, with the tenant's id in the place of [`TENANT`]. `None`: there should be
/// a tenant id, and there is none.
pub fn of_tenant(issuer: &str, tenant_id: Option<&str>) -> Option<String> {
    if !issuer.contains(TENANT) {
        return Some(issuer.into());
    }
    tenant_id.filter(|id| is_guid(id)).map(|id| issuer.replace(TENANT, id))
}

/// `https://host/{tenant}/v2.0`, apart: what is before the tenant, and the tenant.
fn tenant(issuer: &str) -> Option<(&str, &str)> {
    let (before, name) = issuer.strip_suffix("/v2.0")?.rsplit_once('/')?;
    // Directly below the origin, and nowhere else.
    Url::parse(before).filter(|url| url.path == "/" && url.origin == before)?;
    Some((before, name))
}

fn is_guid(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// What stands for the tenant's id in the issuer of a provider that serves many.
pub const TENANT: &str = "{tenantid}";
