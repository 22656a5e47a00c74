//! The token endpoint: RFC 6749 sections 4.1.3 (code), 6 (refresh) and 5 (answers). Requests and their judgement, in pairs.

use super::{
    authority::ProtocolMode,
    authorize::{Pending, Text},
    callback::VerifiedCallback,
    entra, form,
    http::{HttpRequest, HttpResponse},
    json::Json,
    oauth_error,
    scope::Scopes,
    secret::Secret,
};
use crate::error::{Error, ErrorCode};

/// What a refresh asks for.
#[derive(Clone, Copy, Debug)]
pub struct Refresh<'a> {
    /// `client_id`.
    pub client_id: &'a str,
    /// Where to.
    pub token_endpoint: &'a str,
    /// The dialect.
    pub mode: ProtocolMode,
    /// `refresh_token`.
    pub refresh_token: &'a Secret,
    /// `scope`; those of OpenID Connect are added.
    pub scopes: &'a Scopes,
    /// `claims`, capabilities included; empty: none.
    pub claims: &'a str,
    /// `client-request-id` (Microsoft Entra).
    pub correlation_id: &'a str,
    /// `X-AnchorMailbox` (Microsoft Entra).
    pub anchor: Option<&'a str>,
}

/// A successful answer, section 5.1. The ID token in it has not been verified.
#[derive(Clone, Debug)]
pub struct TokenResponse {
    /// `access_token`.
    pub access_token: Secret,
    /// `expires_in`, in seconds.
    pub expires_in: u64,
    /// `refresh_in` (Microsoft Entra), in seconds: from then on it should be renewed.
    pub refresh_in: Option<u64>,
    /// `scope`, where the provider says what it granted.
    pub scopes: Option<Scopes>,
    /// `refresh_token`.
    pub refresh_token: Option<Secret>,
    /// `id_token`.
    pub id_token: Option<Secret>,
    /// `client_info` (Microsoft Entra).
    pub client_info: Option<String>,
}

/// The request that redeems a code. It takes a verified callback: there is no other way to a code.
pub fn code_grant(pending: &Pending, callback: &VerifiedCallback) -> HttpRequest {
    request(
        pending.text(Text::TokenEndpoint),
        pending.mode,
        entra::parameters(pending.mode, pending.correlation_id(), pending.optional(Text::Anchor)),
        &[
            ("client_id", pending.text(Text::ClientId)),
            ("grant_type", "authorization_code"),
            ("code", callback.code().reveal()),
            ("redirect_uri", pending.text(Text::RedirectUri)),
            ("code_verifier", pending.verifier.reveal()),
            ("scope", pending.scopes.as_str()),
            ("claims", pending.text(Text::Claims)),
        ],
    )
}

/// The request that redeems a refresh token. Microsoft Entra does not revoke the one that is used
/// (<https://learn.microsoft.com/entra/identity-platform/refresh-tokens>); of any other provider it may be spent.
pub fn refresh_grant(refresh: &Refresh<'_>) -> HttpRequest {
    let request = request(
        refresh.token_endpoint,
        refresh.mode,
        entra::parameters(refresh.mode, refresh.correlation_id, refresh.anchor),
        &[
            ("client_id", refresh.client_id),
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.refresh_token.reveal()),
            ("scope", refresh.scopes.clone().with_openid().as_str()),
            ("claims", refresh.claims),
        ],
    );
    HttpRequest { is_repeatable: refresh.mode == ProtocolMode::Aad, ..request }
}

impl TokenResponse {
    /// Judges the answer to either request. What was `sent` and is secret is in no error.
    ///
    /// Errors: the provider's refusal (`interaction_required`, `server_error`), also one without a word where the status is 400 or more;
    /// `failed_to_parse_response` with the member that is missing or wrong.
    pub fn decode(response: &HttpResponse, sent: &[&Secret]) -> Result<Self, Error> {
        let wrong = |member: &str| Error::about(ErrorCode::FailedToParseResponse, member);
        let body = Json::parse(&response.body);
        if let Some(error) = body.as_ref().and_then(|body| oauth_error::from_body(response, body, sent)) {
            return Err(error);
        }
        match response.status {
            200 => {}
            400.. => return Err(oauth_error::from_response(response)),
            _ => return Err(wrong("status")),
        }
        let body = body.ok_or_else(|| wrong("JSON"))?;
        let text = |member| body.get(member).and_then(Json::as_str).filter(|text| !text.is_empty());
        if !text("token_type").is_some_and(is_bearer) {
            return Err(wrong("token_type"));
        }
        let access_token = text("access_token").filter(|token| fits_header(token)).ok_or_else(|| wrong("access_token"))?;
        let expires_in = match body.get("expires_in") {
            // RECOMMENDED only (section 5.1). An hour is what providers mean by silence; an API that disagrees says 401.
            None | Some(Json::Null) => 3600,
            Some(seconds) => seconds.as_seconds().ok_or_else(|| wrong("expires_in"))?.min(LONGEST_LIFE),
        };
        Ok(Self {
            access_token: Secret::new(access_token),
            expires_in,
            refresh_in: body.get("refresh_in").and_then(Json::as_seconds),
            scopes: text("scope").map(Scopes::parse),
            refresh_token: text("refresh_token").map(Secret::new),
            id_token: text("id_token").map(Secret::new),
            client_info: text("client_info").map(String::from),
        })
    }
}

/// Whether this `token_type` is one that this library can use.
pub fn is_bearer(token_type: &str) -> bool {
    token_type.eq_ignore_ascii_case("Bearer")
}

/// Whether an access token can become a header: visible ASCII and nothing else (RFC 6749 appendix A.12).
pub fn fits_header(access_token: &str) -> bool {
    !access_token.is_empty() && access_token.bytes().all(|byte| byte.is_ascii_graphic())
}

fn request(
    token_endpoint: &str,
    mode: ProtocolMode,
    vendor: [(&str, Option<&str>); 5],
    parameters: &[(&str, &str)],
) -> HttpRequest {
    let mut body = String::new();
    for (name, value) in parameters {
        if !value.is_empty() {
            form::push(&mut body, name, value);
        }
    }
    for (name, value) in vendor {
        if let Some(value) = value {
            form::push(&mut body, name, value);
        }
    }
    if mode == ProtocolMode::Aad {
        // Microsoft says 429 and when to come back to those who know what it means: `session::throttle`.
        form::push(&mut body, "x-ms-lib-capability", "retry-after, h429");
    }
    HttpRequest { url: token_endpoint.into(), form: Some(body), is_repeatable: false }
}

/// A year. No provider means more; a moment that no calendar holds helps nobody.
const LONGEST_LIFE: u64 = 31_536_000;
