//! Which provider may be spoken to: the authority an app configured, and where its discovery document is.

use super::{cut, http::HttpRequest, url::Url};
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
    /// Takes a normalized URL. A trailing slash makes no difference. In [`ProtocolMode::Aad`], a Microsoft cloud needs a tenant (`common`,
    /// `organizations`, `consumers`, a domain or an id), whose case and whose `/v2.0` make no difference; and the tenant of
    /// `https://contoso.ciamlogin.com` is `contoso.onmicrosoft.com` where the URL does not name one.
    ///
    /// Errors: `url_parse_error`, `authority_uri_insecure`.
    pub fn new(url: &str, mode: ProtocolMode) -> Result<Self, Error> {
        let broken = || Error::about(ErrorCode::UrlParseError, "auth.authority");
        let parts = Url::parse(url).filter(|_| cut::before(url, b"?#") == url).ok_or_else(broken)?;
        if !parts.is_secure() {
            return Err(Error::about(ErrorCode::AuthorityUriInsecure, parts.origin));
        }
        let mut url = String::from(cut::trimmed(url, "/"));
        if mode == ProtocolMode::Aad {
            let is_bare = url.len() == parts.origin.len();
            if cloud(parts.host).is_some() {
                url.make_ascii_lowercase();
                while url.ends_with("/v2.0") {
                    url.truncate(url.len().saturating_sub("/v2.0".len()));
                }
                if url.len() <= parts.origin.len() {
                    return Err(broken());
                }
            } else if let Some(name) = parts.host.strip_suffix(CIAM).filter(|_| is_bare) {
                url.push('/');
                url.push_str(name);
                url.push_str(".onmicrosoft.com");
            }
        }
        Ok(Self { url: url.into(), mode })
    }

    /// The URL without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// The host, as configured: the `environment` of an account. MSAL has the name that the host's cloud is cached under there
    /// (`login.windows.net`); hosts are compared by [`is_same_host`].
    pub fn host(&self) -> &str {
        Url::parse(&self.url).map_or("", |url| url.host)
    }

    /// The origin.
    pub fn origin(&self) -> &str {
        Url::parse(&self.url).map_or("", |url| url.origin)
    }

    /// Where it is a tenant of a Microsoft cloud: the host that is spoken to, and the tenant. What its discovery document says is known.
    pub fn cloud(&self) -> Option<(&'static str, &str)> {
        let url = Url::parse(&self.url).filter(|_| self.mode == ProtocolMode::Aad)?;
        let host = url.origin.strip_prefix("https://").and_then(cloud)?;
        let tenant = url.path.strip_prefix("/")?;
        cut::find(tenant, "/").is_none().then_some((host, tenant))
    }

    /// The tenant, where it is one and is named by its id.
    pub fn tenant_id(&self) -> Option<&str> {
        let url = Url::parse(&self.url).filter(|_| self.mode == ProtocolMode::Aad)?;
        cut::parts(url.path, b"/").nth(1).filter(|tenant| is_guid(tenant))
    }

    /// Whether it is no tenant's, but stands for many.
    pub fn is_for_any_tenant(&self) -> bool {
        self.cloud().is_some_and(|(_, tenant)| matches!(tenant, "common" | "organizations"))
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

    /// Whether a provider found here may call itself this. In [`ProtocolMode::Oidc`], exactly [`Authority::issuer`] (section 4.3), but for one
    /// slash at the end, which Auth0 and others add. In Microsoft's dialect also:
    ///
    /// * at the authority's own origin, its tenant by its id, where the authority does not name it so, and the template for any tenant, where
    ///   the authority names a group of them (`common`):
    ///   <https://learn.microsoft.com/entra/identity-platform/access-tokens#multitenant-applications>;
    /// * for a policy of Azure AD B2C, at the authority's own origin, the tenant's id alone, or `tfp`, the tenant's id and this very policy:
    ///   <https://learn.microsoft.com/azure/active-directory-b2c/tokens-overview#claims>;
    /// * for an external tenant, `https://{id}.ciamlogin.com/{id}/v2.0`, whatever the tenant's own name; from a custom domain only where the
    ///   authority names that id.
    pub fn accepts(&self, issuer: &str) -> bool {
        let own = self.issuer();
        let issuer = issuer.strip_suffix("/").unwrap_or(issuer);
        if self.mode == ProtocolMode::Oidc || issuer == own {
            return issuer == own;
        }
        let (Some((origin, tenant, policy)), Some((own_origin, own_tenant, own_policy))) = (place(issuer), place(&own)) else {
            return false;
        };
        let is_tenant = is_guid(tenant) && (tenant == own_tenant || !is_guid(own_tenant));
        if origin == own_origin {
            let is_policy = policy.is_none_or(|name| own_policy.is_some_and(|own| own.eq_ignore_ascii_case(name)));
            return is_policy && (is_tenant || (tenant == TENANT && !is_guid(own_tenant) && own_policy.is_none()));
        }
        let id = origin.strip_prefix("https://").and_then(|host| host.strip_suffix(CIAM));
        id == Some(tenant) && is_tenant && policy.is_none() && (is_guid(own_tenant) || own_origin.ends_with(CIAM))
    }

    /// The request for its discovery document (section 4.1).
    pub fn discovery_request(&self) -> HttpRequest {
        let mut url = self.issuer();
        url.push_str("/.well-known/openid-configuration");
        HttpRequest { url, form: None, is_repeatable: true }
    }
}

/// Whether two hosts are one: the same, or two names of one Microsoft cloud.
pub fn is_same_host(one: &str, other: &str) -> bool {
    one == other || cloud(one).is_some_and(|host| cloud(other) == Some(host))
}

/// The issuer of a token: where the provider serves many tenants, with the tenant's id in the place of [`TENANT`]. `None`: there should be
/// a tenant id, and there is none.
pub fn of_tenant(issuer: &str, tenant_id: Option<&str>) -> Option<String> {
    match cut::first(issuer, TENANT) {
        None => Some(issuer.into()),
        Some((before, after)) => tenant_id.filter(|id| is_guid(id)).map(|id| [before, id, after].concat()),
    }
}

/// Whether a response that says it is from `iss` is from `issuer`: where that is a template, from any tenant of it.
pub fn is_from(issuer: &str, iss: &str) -> bool {
    match cut::first(issuer, TENANT) {
        None => iss == issuer,
        Some((before, after)) => iss.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).is_some_and(is_guid),
    }
}

/// An issuer of Microsoft's, apart: the origin, the tenant, and the policy of Azure AD B2C where it names one.
fn place(issuer: &str) -> Option<(&str, &str, Option<&str>)> {
    let url = Url::parse(issuer)?;
    let mut path = cut::parts(url.path.strip_suffix("/v2.0")?.strip_prefix("/")?, b"/");
    let tenant = match path.next()? {
        "tfp" => path.next()?,
        tenant => tenant,
    };
    let policy = path.next();
    path.next().is_none().then_some((url.origin, tenant, policy))
}

/// The host that a cloud of Microsoft's is spoken to at, by any of its names.
fn cloud(host: &str) -> Option<&'static str> {
    CLOUDS.iter().find(|names| names.contains(&host))?.first().copied()
}

/// Whether a tenant is named by its id.
pub(super) fn is_guid(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// What stands for the tenant's id in the issuer of a provider that serves many.
pub const TENANT: &str = "{tenantid}";

/// The end of the hosts of external tenants: <https://learn.microsoft.com/entra/external-id/customers/concept-supported-features-customers>.
const CIAM: &str = ".ciamlogin.com";

/// Microsoft's clouds: first the host that is spoken to, then its other names. Tokens of one name are those of all.
/// <https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud>
const CLOUDS: [&[&str]; 6] = [
    &["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
    &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
    &["login.microsoftonline.us", "login.usgovcloudapi.net"],
    &["login.sovcloud-identity.fr"],
    &["login.sovcloud-identity.de"],
    &["login.sovcloud-identity.sg"],
];
