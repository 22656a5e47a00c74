//! The provider's discovery document, OpenID Connect Discovery 1.0 section 3 and RFC 8414.

use super::{
    authority::{Authority, TENANT, is_guid},
    cut,
    http::HttpResponse,
    json::Json,
    url::Url,
};
use crate::error::{Error, ErrorCode};

/// What is known of a provider. Only [`Metadata::decode`] and [`Metadata::known`] make one, so the issuer has been compared and every endpoint
/// is one that secrets may be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    end_session_endpoint: Option<String>,
    jwks_uri: Option<String>,
    sends_iss: bool,
}

impl Metadata {
    /// What the document of a tenant of a Microsoft cloud says, without asking. `None`: it must be asked for.
    pub fn known(authority: &Authority) -> Option<Self> {
        let (host, tenant) = authority.cloud()?;
        let url = |tenant: &str, path: &str| ["https://", host, "/", tenant, path].concat();
        let issuer = match tenant {
            "consumers" => CONSUMERS,
            id if is_guid(id) => id,
            _ => TENANT,
        };
        Some(Self {
            issuer: url(issuer, "/v2.0"),
            authorization_endpoint: url(tenant, "/oauth2/v2.0/authorize"),
            token_endpoint: url(tenant, "/oauth2/v2.0/token"),
            end_session_endpoint: Some(url(tenant, "/oauth2/v2.0/logout")),
            jwks_uri: Some(url(tenant, "/discovery/v2.0/keys")),
            sends_iss: false,
        })
    }

    /// Judges the answer to [`Authority::discovery_request`].
    ///
    /// Errors: `openid_config_error` where it is not a discovery document, `issuer_validation_failed` where it is somebody else's
    /// ([`Authority::accepts`]).
    pub fn decode(authority: &Authority, response: &HttpResponse) -> Result<Self, Error> {
        let wrong = |member: &str| Error::about(ErrorCode::OpenidConfigError, member);
        if response.status != 200 {
            return Err(wrong("status"));
        }
        let document = Json::parse(&response.body).ok_or_else(|| wrong("JSON"))?;
        let text = |member| document.get(member).and_then(Json::as_str);
        let issuer = text("issuer").ok_or_else(|| wrong("issuer"))?;
        if !authority.accepts(issuer) {
            return Err(Error::about(ErrorCode::IssuerValidationFailed, issuer));
        }
        // No fragment (RFC 6749 sections 3.1 and 3.2): a query put behind one would not be sent.
        let is_usable = |url: &&str| cut::find(url, "#").is_none() && Url::parse(url).is_some_and(|url| url.is_secure());
        let endpoint = |member| text(member).filter(is_usable);
        let required = |member| endpoint(member).ok_or_else(|| wrong(member));
        let (authorization_endpoint, token_endpoint) = (required("authorization_endpoint")?, required("token_endpoint")?);
        Ok(Self {
            issuer: issuer.into(),
            authorization_endpoint: authorization_endpoint.into(),
            token_endpoint: token_endpoint.into(),
            end_session_endpoint: endpoint("end_session_endpoint").map(Into::into),
            jwks_uri: endpoint("jwks_uri").map(Into::into),
            sends_iss: document.get("authorization_response_iss_parameter_supported").and_then(Json::as_bool) == Some(true),
        })
    }

    /// `issuer`.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// `authorization_endpoint`.
    pub fn authorization_endpoint(&self) -> &str {
        &self.authorization_endpoint
    }

    /// `token_endpoint`.
    pub fn token_endpoint(&self) -> &str {
        &self.token_endpoint
    }

    /// `end_session_endpoint`, where the provider has one.
    pub fn end_session_endpoint(&self) -> Option<&str> {
        self.end_session_endpoint.as_deref()
    }

    /// `jwks_uri`; empty where the provider does not say.
    pub fn jwks_uri(&self) -> &str {
        self.jwks_uri.as_deref().unwrap_or_default()
    }

    /// `authorization_response_iss_parameter_supported`: a response without `iss` must be refused (RFC 9207 section 2.4).
    pub fn sends_iss(&self) -> bool {
        self.sends_iss
    }
}

/// The tenant of personal Microsoft accounts:
/// <https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference#payload-claims>.
const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
