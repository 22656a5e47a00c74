//! What the app configured, checked once.

use super::resources::Resources;
use crate::{
    error::{Error, ErrorCode},
    protocol::{
        authority::{Authority, ProtocolMode},
        claims, cut,
        url::Url,
    },
};

/// Where tokens live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CacheLocation {
    /// In this browser, for all tabs, encrypted.
    LocalStorage,
    /// In memory: a reload signs the user out.
    MemoryStorage,
    /// In this tab.
    #[default]
    SessionStorage,
}

/// How the user is asked when a token cannot be had silently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InteractionType {
    /// Not at all: the caller gets the `InteractionRequiredAuthError`.
    None,
    /// In a popup.
    #[default]
    Popup,
    /// By sending the page away.
    Redirect,
}

/// The configuration of a client, as JavaScript gives it: names, no rules. URLs are normalized, the rest is as the app wrote it.
#[derive(Clone, Debug, Default)]
pub struct RawConfig {
    /// `auth.clientId`.
    pub client_id: String,
    /// `auth.authority`.
    pub authority: Option<String>,
    /// `auth.knownAuthorities`: hosts or URLs.
    pub known_authorities: Vec<String>,
    /// `system.protocolMode`.
    pub protocol_mode: Option<String>,
    /// `auth.redirectUri`, or the page's own URL without query and fragment.
    pub redirect_uri: String,
    /// `auth.postLogoutRedirectUri`; empty where it is `null`.
    pub post_logout_redirect_uri: Option<String>,
    /// `auth.clientCapabilities`.
    pub client_capabilities: Vec<String>,
    /// `cache.cacheLocation`.
    pub cache_location: Option<String>,
    /// Whether `cache.cacheMigrationEnabled` is `false`.
    pub leaves_msal: bool,
    /// `system.tokenRenewalOffsetSeconds`.
    pub token_renewal_offset_seconds: Option<u64>,
    /// `system.popupBridgeTimeout`, in milliseconds.
    pub popup_bridge_timeout: Option<u64>,
    /// `system.verifyIdTokenSignature`.
    pub verify_signature: bool,
    /// `system.iframeBridgeTimeout`, in milliseconds.
    pub iframe_bridge_timeout: Option<u64>,
    /// `system.allowRedirectInIframe`.
    pub allow_redirect_in_iframe: bool,
}

/// A configuration that holds.
#[derive(Clone, Debug)]
pub struct Config {
    /// `client_id`.
    pub client_id: Box<str>,
    /// The provider.
    pub authority: Authority,
    /// Where the provider sends the user back to.
    pub redirect_uri: Box<str>,
    /// Where tokens live.
    pub cache_location: CacheLocation,
    /// Whether a session that msal-browser left is taken over. Not where signatures are checked: nobody has checked theirs.
    pub takes_over: bool,
    /// A token is renewed this many seconds before it ends.
    pub token_renewal_offset: u64,
    /// A popup that has not answered after this many milliseconds is given up.
    pub popup_timeout: u64,
    /// A hidden frame that has not answered after this many milliseconds is given up.
    pub frame_timeout: u64,
    /// Whether a page that is in a frame may be sent to the provider.
    pub may_redirect_in_frame: bool,
    /// Whether the signature of ID tokens is checked.
    pub verifies_signature: bool,
    post_logout_redirect_uri: Option<Box<str>>,
    capabilities: Vec<String>,
    known_origins: Vec<Box<str>>,
}

/// The policy of a fetch wrapper.
#[derive(Clone, Debug, Default)]
pub struct FetchPolicy {
    /// Which requests carry a token.
    pub resources: Resources,
    /// How the user is asked.
    pub interaction: InteractionType,
}

impl Config {
    /// Checks what the app wrote.
    ///
    /// Errors, each with the option as detail: `invalid_option`, `url_parse_error`, `authority_uri_insecure`, `redirect_uri_empty`,
    /// `invalid_cache_type`.
    pub fn new(raw: RawConfig) -> Result<Self, Error> {
        if raw.client_id.trim_ascii().is_empty() {
            return Err(Error::about(ErrorCode::InvalidOption, "auth.clientId"));
        }
        let mode = match raw.protocol_mode.as_deref() {
            None | Some("AAD") => ProtocolMode::Aad,
            Some("OIDC") => ProtocolMode::Oidc,
            Some(_) => return Err(Error::about(ErrorCode::InvalidOption, "system.protocolMode")),
        };
        let cache_location = match raw.cache_location.as_deref() {
            None | Some("sessionStorage") => CacheLocation::SessionStorage,
            Some("localStorage") => CacheLocation::LocalStorage,
            Some("memoryStorage") => CacheLocation::MemoryStorage,
            Some(_) => return Err(Error::about(ErrorCode::InvalidCacheType, "cache.cacheLocation")),
        };
        if raw.redirect_uri.is_empty() {
            return Err(ErrorCode::RedirectUriEmpty.into());
        }
        if Url::parse(&raw.redirect_uri).is_none() || cut::find(&raw.redirect_uri, "#").is_some() {
            return Err(Error::about(ErrorCode::UrlParseError, "auth.redirectUri"));
        }
        let authority = Authority::new(raw.authority.as_deref().unwrap_or(DEFAULT_AUTHORITY), mode)?;
        let mut known_origins = Vec::with_capacity(raw.known_authorities.len());
        for known in raw.known_authorities.iter().filter(|known| !known.trim_ascii().is_empty()) {
            known_origins.push(known_origin(known)?);
        }
        Ok(Self {
            client_id: raw.client_id.into(),
            authority,
            redirect_uri: raw.redirect_uri.into(),
            post_logout_redirect_uri: raw.post_logout_redirect_uri.map(Into::into),
            cache_location,
            takes_over: !raw.leaves_msal && !raw.verify_signature,
            token_renewal_offset: raw.token_renewal_offset_seconds.unwrap_or(300),
            popup_timeout: raw.popup_bridge_timeout.unwrap_or(POPUP_TIMEOUT),
            frame_timeout: raw.iframe_bridge_timeout.unwrap_or(FRAME_TIMEOUT),
            may_redirect_in_frame: raw.allow_redirect_in_iframe,
            verifies_signature: raw.verify_signature,
            capabilities: raw.client_capabilities,
            known_origins,
        })
    }

    /// The authority that a request names in place of the configured one, a normalized URL; `None` where that is the configured one. It must be the
    /// same provider's, for it gets the refresh tokens of the same session: in Microsoft's dialect a tenant or a policy at the configured
    /// authority's origin, in the same cloud, or at one of `auth.knownAuthorities`. A provider that speaks plain OpenID Connect has one authority.
    ///
    /// Errors: `url_parse_error`, `authority_uri_insecure`, `untrusted_authority`.
    pub fn authority_for(&self, url: &str) -> Result<Option<Authority>, Error> {
        let authority = Authority::new(url, self.authority.mode()).map_err(|error| match error.code {
            ErrorCode::UrlParseError => Error::about(error.code, "request.authority"),
            _ => error,
        })?;
        if authority == self.authority {
            return Ok(None);
        }
        let cloud = |authority: &Authority| authority.cloud().map(|(host, _)| host);
        let origin = authority.origin();
        let is_trusted = authority.mode() == ProtocolMode::Aad
            && (origin == self.authority.origin()
                || self.known_origins.iter().any(|known| **known == *origin)
                || (cloud(&authority).is_some() && cloud(&authority) == cloud(&self.authority)));
        if is_trusted { Ok(Some(authority)) } else { Err(Error::about(ErrorCode::UntrustedAuthority, authority.host())) }
    }

    /// Where the user comes back to after signing out: what the request says, else the configuration, else this page. What says `null` is empty: nowhere.
    pub fn return_from_sign_out<'a>(&'a self, request: Option<&'a str>, page: &'a str) -> Option<&'a str> {
        let url = request.or(self.post_logout_redirect_uri.as_deref()).unwrap_or(page);
        Some(url).filter(|url| !url.is_empty())
    }

    /// What the session belongs to: the client id and the authority. A refresh token of one provider is nothing for another.
    pub fn session_name(&self) -> String {
        let mut name = String::from(&*self.client_id);
        name.push('@');
        name.push_str(self.authority.as_str());
        name
    }

    /// The `claims` parameter of a request: what the caller asks for and what this client is capable of. Empty: no parameter.
    ///
    /// Errors: `invalid_claims`.
    pub fn claims(&self, claims: Option<&str>) -> Result<String, Error> {
        let merged = claims::merge_claims(claims, &self.capabilities)?;
        Ok(if claims::is_empty(&merged) { String::new() } else { merged })
    }
}

/// The origin that a known authority means. A host without a scheme is reached by `https:`.
fn known_origin(known: &str) -> Result<Box<str>, Error> {
    let mut url = known.trim_ascii().to_ascii_lowercase();
    if cut::find(&url, "://").is_none() {
        url.insert_str(0, "https://");
    }
    let parts = Url::parse(&url).ok_or_else(|| Error::about(ErrorCode::UrlParseError, "auth.knownAuthorities"))?;
    Ok(parts.origin.strip_suffix(":443").unwrap_or(parts.origin).into())
}

const DEFAULT_AUTHORITY: &str = "https://login.microsoftonline.com/common";

/// Ten minutes: a user may have to find a phone. MSAL's minute fails those.
const POPUP_TIMEOUT: u64 = 600_000;

/// MSAL's ten seconds: nobody acts in a frame, so it is the network's time alone.
const FRAME_TIMEOUT: u64 = 10_000;
