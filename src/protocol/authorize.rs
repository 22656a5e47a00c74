//! The authorization request: RFC 6749 section 4.1.1 with PKCE (RFC 7636), OpenID Connect Core section 3.1.2.1.
//!
//! [`AuthorizationRequest::encode`] gives the URL and the [`Pending`] that its answer is verified against.

use super::{
    authority::{Authority, ProtocolMode},
    base64url, cut, entra, form,
    id_token::Expected,
    json::{Json, push_member, push_number},
    list,
    metadata::Metadata,
    pkce,
    scope::Scopes,
    secret::Secret,
    state::{Flow, State},
    time::UnixSeconds,
};

/// What is asked of the authorization endpoint.
#[derive(Clone, Debug)]
pub struct AuthorizationRequest {
    /// `client_id`.
    pub client_id: String,
    /// `redirect_uri`, exactly as registered.
    pub redirect_uri: String,
    /// `scope`; those of OpenID Connect are added.
    pub scopes: Scopes,
    /// Further scopes that the user is asked to consent to, and no token is asked for yet.
    pub extra_scopes: Scopes,
    /// `claims`, capabilities included; empty: none.
    pub claims: String,
    /// `max_age`, in seconds: how long ago the user may have signed in.
    pub max_age: Option<u64>,
    /// `acr_values`, separated by blanks: one of them must come back (RFC 9470 section 5). Empty: any will do.
    pub acr_values: String,
    /// `prompt`.
    pub prompt: Option<String>,
    /// `login_hint`.
    pub login_hint: Option<String>,
    /// `sid`: the session at the provider (Microsoft Entra).
    pub sid: Option<String>,
    /// `domain_hint` (Microsoft Entra).
    pub domain_hint: Option<String>,
    /// Further parameters. They never replace one of the above.
    pub extra: Vec<(String, String)>,
    /// The app's own state.
    pub state: Option<String>,
    /// The home account id that must come back, where the app asks for somebody in particular.
    pub account: Option<String>,
    /// Whether that account was in the cache when it was asked for.
    pub is_renewal: bool,
    /// `client-request-id` (Microsoft Entra).
    pub correlation_id: String,
    /// `X-AnchorMailbox` (Microsoft Entra).
    pub anchor: Option<String>,
    /// The page that is left for a sign-in by redirect, and that the user is to be back on after it.
    pub start_page: Option<String>,
    /// What the app's page will want to know of why it was left: see `session::resend`.
    pub resend: Option<String>,
}

/// What sets one authorization request apart: random bytes, each used once, and the moment.
#[derive(Clone)]
pub struct Seeds {
    /// For `state`.
    pub state: [u8; 16],
    /// For `nonce`.
    pub nonce: [u8; 16],
    /// For the code verifier.
    pub verifier: [u8; 32],
    /// The present.
    pub now: UnixSeconds,
}

/// An authorization request that has been sent: everything its answer must agree with, the issuer included (RFC 9700 section 4.4.2).
#[derive(Clone, Debug)]
pub struct Pending {
    pub(super) state: State,
    pub(super) verifier: Secret,
    pub(super) scopes: Scopes,
    texts: [Box<str>; NAMES.len()],
    pub(super) max_age: Option<u64>,
    pub(super) created_on: UnixSeconds,
    pub(super) mode: ProtocolMode,
    pub(super) sends_iss: bool,
}

/// The texts of a pending request: where [`NAMES`] has the name of each. One that is empty is not there.
#[derive(Clone, Copy)]
pub(super) enum Text {
    Account,
    AcrValues,
    Anchor,
    Authority,
    Claims,
    ClientId,
    CorrelationId,
    Issuer,
    JwksUri,
    Nonce,
    RedirectUri,
    Resend,
    StartPage,
    TokenEndpoint,
}

const NAMES: [&str; 14] = [
    "account",
    "acr_values",
    "anchor",
    "authority",
    "claims",
    "client_id",
    "correlation_id",
    "issuer",
    "jwks_uri",
    "nonce",
    "redirect_uri",
    "resend",
    "start_page",
    "token_endpoint",
];

impl AuthorizationRequest {
    /// Fixes the request: what is random about it and whom it goes to.
    pub fn pending(&self, authority: &Authority, metadata: &Metadata, flow: Flow, seeds: &Seeds) -> Pending {
        let mut nonce = String::new();
        base64url::encode(&mut nonce, &seeds.nonce);
        // In the order of `Text`.
        let texts = [
            or_empty(&self.account),
            &self.acr_values,
            or_empty(&self.anchor),
            authority.as_str(),
            &self.claims,
            &self.client_id,
            &self.correlation_id,
            metadata.issuer(),
            metadata.jwks_uri(),
            &nonce,
            &self.redirect_uri,
            or_empty(&self.resend),
            or_empty(&self.start_page),
            metadata.token_endpoint(),
        ];
        Pending {
            state: State::new(flow, &seeds.state, self.state.as_deref()),
            verifier: pkce::verifier(&seeds.verifier),
            scopes: self.scopes.clone().with_openid(),
            texts: texts.map(Into::into),
            max_age: self.max_age,
            created_on: seeds.now,
            mode: authority.mode(),
            sends_iss: metadata.sends_iss(),
        }
    }

    /// The URL to send the user to. `digest` is the SHA-256 of the pending request's verifier; the verifier itself never leaves.
    pub fn encode(&self, pending: &Pending, metadata: &Metadata, digest: &[u8; 32]) -> String {
        let scope = self.scopes.clone().with(self.extra_scopes.iter()).with_openid();
        let challenge = pkce::challenge(digest);
        let mut max_age = String::new();
        if let Some(seconds) = self.max_age {
            push_number(&mut max_age, seconds);
        }
        let own = [
            ("client_id", Some(&*self.client_id)),
            ("response_type", Some("code")),
            ("response_mode", Some("fragment")),
            ("redirect_uri", Some(&*self.redirect_uri)),
            ("scope", Some(scope.as_str())),
            ("state", Some(pending.state.as_str())),
            ("nonce", Some(pending.text(Text::Nonce))),
            ("code_challenge", Some(&*challenge)),
            ("code_challenge_method", Some("S256")),
            ("claims", Some(&*self.claims).filter(|claims| !claims.is_empty())),
            ("prompt", self.prompt.as_deref()),
            ("max_age", Some(&*max_age).filter(|seconds| !seconds.is_empty())),
            ("acr_values", Some(&*self.acr_values).filter(|values| !values.is_empty())),
            ("login_hint", self.login_hint.as_deref()),
            ("sid", self.sid.as_deref()),
            ("domain_hint", self.domain_hint.as_deref()),
        ];
        let vendor = entra::parameters(pending.mode, &self.correlation_id, self.anchor.as_deref());
        let mut parameters = list::of(own);
        list::append(&mut parameters, vendor);
        let mut url = String::from(metadata.authorization_endpoint());
        url.push(if cut::find(&url, "?").is_some() { '&' } else { '?' });
        let mut query = String::new();
        for (name, value) in &parameters {
            if let Some(value) = value {
                form::push(&mut query, name, value);
            }
        }
        for (name, value) in &self.extra {
            if !parameters.iter().any(|(own, value)| own == name && value.is_some()) {
                form::push(&mut query, name, value);
            }
        }
        url.push_str(&query);
        url
    }
}

impl Pending {
    /// The state that was sent.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The code verifier, for the digest and the token request.
    pub fn verifier(&self) -> &Secret {
        &self.verifier
    }

    /// What its ID token must agree with.
    pub fn expected(&self, now: UnixSeconds) -> Expected<'_> {
        Expected {
            issuer: self.text(Text::Issuer),
            client_id: self.text(Text::ClientId),
            nonce: Some(self.text(Text::Nonce)),
            max_age: self.max_age,
            acr_values: self.text(Text::AcrValues),
            claims: self.text(Text::Claims),
            now,
        }
    }

    /// Whether nobody waits for its answer any more.
    pub fn is_expired(&self, now: UnixSeconds) -> bool {
        self.created_on.plus(LIFETIME) < now
    }

    /// Where the keys of that provider are.
    pub fn jwks_uri(&self) -> &str {
        self.text(Text::JwksUri)
    }

    /// The dialect of the provider it went to.
    pub fn mode(&self) -> ProtocolMode {
        self.mode
    }

    /// The authority it went to.
    pub fn authority(&self) -> &str {
        self.text(Text::Authority)
    }

    /// The home account id that must come back.
    pub fn account(&self) -> Option<&str> {
        self.optional(Text::Account)
    }

    /// The page that was left.
    pub fn start_page(&self) -> Option<&str> {
        self.optional(Text::StartPage)
    }

    /// What the page was left for, as it was given.
    pub fn resend(&self) -> Option<&str> {
        self.optional(Text::Resend)
    }

    /// The correlation id it carried.
    pub fn correlation_id(&self) -> &str {
        self.text(Text::CorrelationId)
    }

    /// The scopes it asked for.
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// The text form that waits in this tab's session storage while the page is away. It holds the code verifier: nothing else may read it.
    pub fn to_text(&self) -> String {
        let mut out = String::from("{\"v\":");
        out.push_str(VERSION);
        let own = [("state", self.state.as_str()), ("verifier", self.verifier.reveal()), ("scope", self.scopes.as_str())];
        for (name, value) in own {
            push_member(&mut out, name, value);
        }
        for (name, value) in NAMES.into_iter().zip(&self.texts) {
            push_member(&mut out, name, value);
        }
        out.push_str(",\"created_on\":");
        push_number(&mut out, self.created_on.0);
        out.push_str(",\"max_age\":");
        match self.max_age {
            Some(seconds) => push_number(&mut out, seconds),
            None => out.push_str("null"),
        }
        out.push_str(",\"aad\":");
        out.push_str(if self.mode == ProtocolMode::Aad { "true" } else { "false" });
        out.push_str(",\"sends_iss\":");
        out.push_str(if self.sends_iss { "true}" } else { "false}" });
        out
    }

    /// Reads [`Pending::to_text`]. `None`: corrupt, foreign or of another version.
    pub fn from_text(text: &str) -> Option<Self> {
        let json = Json::parse(text)?;
        let text = |name| json.get(name).and_then(Json::as_str);
        let flag = |name| json.get(name).and_then(Json::as_bool);
        match json.get("v") {
            Some(Json::Number(version)) if &**version == VERSION => {}
            _ => return None,
        }
        let max_age = match json.get("max_age")? {
            Json::Null => None,
            seconds => Some(seconds.as_u64()?),
        };
        let created_on = UnixSeconds(json.get("created_on").and_then(Json::as_u64)?);
        let (verifier, scope, is_aad, sends_iss) = (text("verifier")?, text("scope")?, flag("aad")?, flag("sends_iss")?);
        let state = State::parse(text("state")?)?;
        let mut texts: [Box<str>; NAMES.len()] = Default::default();
        for (own, name) in texts.iter_mut().zip(NAMES) {
            *own = text(name)?.into();
        }
        Some(Self {
            state,
            verifier: Secret::new(verifier),
            scopes: Scopes::parse(scope),
            texts,
            max_age,
            created_on,
            mode: if is_aad { ProtocolMode::Aad } else { ProtocolMode::Oidc },
            sends_iss,
        })
    }

    /// One of its texts.
    pub(super) fn text(&self, text: Text) -> &str {
        self.texts.get(text as usize).map_or("", |text| text)
    }

    /// One of its texts, where it is there.
    pub(super) fn optional(&self, text: Text) -> Option<&str> {
        Some(self.text(text)).filter(|text| !text.is_empty())
    }
}

fn or_empty(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}

/// Of the text form.
const VERSION: &str = "3";

/// How long an answer is waited for, in seconds: an hour. The code in it lives for minutes (RFC 6749 section 4.1.2); the user may take longer.
const LIFETIME: u64 = 3600;
