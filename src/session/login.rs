//! Sign-in: authorization code with PKCE, by popup, by redirect or in a hidden frame. One machine, three entries, and a fourth for the page
//! the user comes back to.
//!
//! ```text
//! popup, frame  Start -> Digest -> Visit ------------> Returned -> Send -> Answered -> Done
//! redirect      Start -> Digest -> Leave   (new page)  Returned -> Send -> Answered -> Done
//! ```

use std::rc::Rc;

use super::{
    Granted, Input, Machine, Step,
    account::Account,
    cache::{AccessToken, Cache},
    config::Config,
};
use crate::{
    error::{Error, ErrorCode},
    protocol::{
        authority::{Authority, ProtocolMode},
        authorize::{AuthorizationRequest, Pending, Seeds},
        callback::VerifiedCallback,
        cut, entra,
        http::HttpResponse,
        id_token::IdToken,
        metadata::Metadata,
        scope::Scopes,
        secret::Secret,
        state::Flow,
        time::UnixSeconds,
        token::{self, TokenResponse},
        url::Url,
    },
};

/// What the app asks of an interactive call.
#[derive(Clone, Debug, Default)]
pub struct LoginRequest {
    /// `scopes`.
    pub scopes: Scopes,
    /// `claims`, JSON text.
    pub claims: Option<String>,
    /// `prompt`.
    pub prompt: Option<String>,
    /// `loginHint`.
    pub login_hint: Option<String>,
    /// `sid`.
    pub sid: Option<String>,
    /// `maxAge`, in seconds.
    pub max_age: Option<u64>,
    /// `acr_values`, separated by blanks, one of which must be met; empty: none.
    pub acr_values: String,
    /// `extraScopesToConsent`.
    pub extra_scopes: Scopes,
    /// `domainHint`.
    pub domain_hint: Option<String>,
    /// `account`: whom the provider should offer.
    pub account: Option<String>,
    /// `account.username`: what the provider is told where that account is not in the cache.
    pub username: Option<String>,
    /// Whether `account` was in the cache when this was asked for.
    pub is_known: bool,
    /// Whether nobody else than `account` will do.
    pub is_bound_to_account: bool,
    /// `redirectUri`, in place of the configured one.
    pub redirect_uri: Option<String>,
    /// `extraQueryParameters`.
    pub extra: Vec<(String, String)>,
    /// `authority`, in place of the configured one.
    pub authority: Option<Authority>,
    /// `redirectStartPage`: the page that is left, or another of its origin. Relative to nothing: a whole URL.
    pub start_page: Option<String>,
    /// The request that the page is left for: `session::resend`.
    pub resend: Option<String>,
    /// `state`.
    pub state: Option<String>,
    /// `correlationId`.
    pub correlation_id: String,
}

impl LoginRequest {
    /// The same without the user, for a hidden frame: the provider answers from its own session or not at all (OpenID Connect Core section
    /// 3.1.2.1).
    ///
    /// Error: `silent_prompt_value_error` where the app asks for a prompt that shows something.
    pub fn silently(mut self) -> Result<Self, Error> {
        if self.prompt.as_deref().is_some_and(|prompt| !matches!(prompt, "none" | "no_session")) {
            return Err(Error::about(ErrorCode::SilentPromptValueError, "request.prompt"));
        }
        self.prompt.get_or_insert_with(|| "none".into());
        // Whoever the provider's session is, nobody sees it.
        self.is_bound_to_account = self.account.is_some();
        Ok(self)
    }

    /// The authorization request for this. A hint tells the provider whom to expect: the app's own, else the account's, which is the active one where the
    /// request names nobody, and none where the user is to choose.
    ///
    /// Errors: `invalid_claims`, `url_parse_error`; `no_account_found` where nobody else will do than an account that has been signed out.
    pub fn plan(&self, config: &Config, cache: &Cache) -> Result<AuthorizationRequest, Error> {
        let redirect_uri = self.redirect_uri.as_deref().unwrap_or(&config.redirect_uri);
        if Url::parse(redirect_uri).is_none() || cut::find(redirect_uri, "#").is_some() {
            return Err(Error::about(ErrorCode::UrlParseError, "redirectUri"));
        }
        let claims = config.claims(self.claims.as_deref())?;
        let named = self.account.as_deref().and_then(|home| cache.entry(home)).map(|entry| entry.account.clone());
        let is_renewal = self.is_bound_to_account && self.is_known;
        if is_renewal && named.is_none() {
            return Err(ErrorCode::NoAccountFound.into());
        }
        // From here on nothing fails.
        let redirect_uri = redirect_uri.into();
        let names_nobody = self.account.is_none() && self.login_hint.is_none() && self.sid.is_none();
        let account = named.or_else(|| cache.active().filter(|_| names_nobody));
        let is_aad = config.authority.mode() == ProtocolMode::Aad;
        let hint = self.hint(account.as_ref(), is_aad);
        let anchor = match (&hint, &account) {
            (Hint::None, _) => None,
            (Hint::App(hint), _) => Some(entra::anchor_of_hint(hint)),
            (_, account) => account.as_ref().and_then(|account| entra::anchor_of_account(&account.home_account_id)),
        };
        let (login_hint, sid) = match hint {
            Hint::None => (None, None),
            Hint::Session(sid) => (None, Some(sid.into())),
            Hint::App(hint) | Hint::Account(hint) => (Some(hint.into()), None),
        };
        Ok(AuthorizationRequest {
            client_id: (*config.client_id).into(),
            redirect_uri,
            scopes: self.scopes.clone(),
            extra_scopes: self.extra_scopes.clone(),
            claims,
            max_age: self.max_age,
            acr_values: self.acr_values.clone(),
            prompt: self.prompt.clone(),
            login_hint,
            sid,
            domain_hint: self.domain_hint.clone(),
            extra: self.extra.clone(),
            state: self.state.clone(),
            account: self.account.clone().filter(|_| self.is_bound_to_account),
            is_renewal,
            correlation_id: self.correlation_id.clone(),
            anchor,
            start_page: self.start_page.clone(),
            resend: self.resend.clone(),
        })
    }

    /// Whom the provider is to expect, in MSAL's order: nobody where the user is to choose; with `prompt=none` the app's session; of the account its
    /// `login_hint` claim, which Microsoft does not take beside a domain, and with `prompt=none` its session; the app's hint; the account's name, or the
    /// one that the app knows it by.
    fn hint<'a>(&'a self, account: Option<&'a Account>, is_aad: bool) -> Hint<'a> {
        let prompt = self.prompt.as_deref();
        if prompt == Some("select_account") {
            return Hint::None;
        }
        let has_session = is_aad && prompt == Some("none");
        let claim = account.and_then(Account::login_hint).filter(|_| self.domain_hint.is_none());
        let of_account = account.and_then(|account| account.id_token.text("sid")).filter(|_| has_session);
        let hints = [
            self.sid.as_deref().filter(|_| has_session).map(Hint::Session),
            claim.map(Hint::Account),
            of_account.map(Hint::Session),
            self.login_hint.as_deref().map(Hint::App),
            account.map(|account| Hint::Account(account.username())),
            self.username.as_deref().map(Hint::App),
        ];
        hints
            .into_iter()
            .flatten()
            .find(|hint| !matches!(hint, Hint::Account("") | Hint::App("") | Hint::Session("")))
            .unwrap_or(Hint::None)
    }
}

/// What names the user to the provider.
enum Hint<'a> {
    None,
    Account(&'a str),
    App(&'a str),
    Session(&'a str),
}

/// One sign-in.
#[derive(Debug)]
pub struct Login {
    stage: Stage,
    is_renewal: bool,
}

/// What a sign-in starts from.
#[derive(Debug)]
struct Plan {
    request: AuthorizationRequest,
    metadata: Rc<Metadata>,
    pending: Pending,
}

#[derive(Debug)]
enum Stage {
    Planned(Box<Plan>),
    Digesting(Box<Plan>),
    Waiting(Box<Pending>),
    Redeeming(Box<Pending>, VerifiedCallback),
    Over,
}

impl Login {
    /// A sign-in that has not begun.
    pub fn new(request: AuthorizationRequest, authority: &Authority, metadata: Rc<Metadata>, flow: Flow, seeds: &Seeds) -> Self {
        let pending = request.pending(authority, &metadata, flow, seeds);
        Self { is_renewal: request.is_renewal, stage: Stage::Planned(Box::new(Plan { request, metadata, pending })) }
    }

    /// A sign-in by redirect, on the page the user came back to.
    pub fn resume(pending: Pending) -> Self {
        Self { is_renewal: false, stage: Stage::Waiting(Box::new(pending)) }
    }

    fn send_user(&mut self, plan: Plan, digest: &[u8; 32]) -> Step {
        let Plan { request, metadata, pending } = plan;
        let url = request.encode(&pending, &metadata, digest);
        match pending.state().flow() {
            Flow::Popup | Flow::Silent => {
                let channel = pending.state().id().into();
                self.stage = Stage::Waiting(Box::new(pending));
                Step::Visit { url, channel }
            }
            Flow::Redirect => Step::Leave { url, pending: Secret::new(pending.to_text()) },
        }
    }
}

impl Machine for Login {
    /// What to do next. Errors: those of `Callback::verify`, `TokenResponse::decode` and `IdToken::verify`; `account_mismatch` where the
    /// request was for somebody and somebody else signed in.
    fn step(&mut self, input: Input) -> Result<Step, Error> {
        match (std::mem::replace(&mut self.stage, Stage::Over), input) {
            (Stage::Planned(plan), Input::Start) => {
                let verifier = plan.pending.verifier().clone();
                self.stage = Stage::Digesting(plan);
                Ok(Step::Digest(verifier))
            }
            (Stage::Digesting(plan), Input::Digested(digest)) => Ok(self.send_user(*plan, &digest)),
            (Stage::Waiting(pending), Input::Returned(callback)) => {
                let verified = callback.verify(&pending)?;
                let request = token::code_grant(&pending, &verified);
                self.stage = Stage::Redeeming(pending, verified);
                Ok(Step::Send(request))
            }
            (Stage::Redeeming(pending, callback), Input::Answered(response, now)) => {
                Ok(Step::Done(Box::new(granted(&pending, callback.code(), &response, now, self.is_renewal)?)))
            }
            _ => Err(ErrorCode::UnexpectedError.into()),
        }
    }
}

/// Judges the answer to a code: nothing of it is used before all of it has been checked.
fn granted(
    pending: &Pending,
    code: &Secret,
    response: &HttpResponse,
    now: UnixSeconds,
    is_renewal: bool,
) -> Result<Granted, Error> {
    let tokens = TokenResponse::decode(response, &[pending.verifier(), code])?;
    let raw = tokens.id_token.as_ref().ok_or_else(|| Error::about(ErrorCode::FailedToParseResponse, "id_token"))?;
    let id_token = IdToken::verify(raw.reveal(), &pending.expected(now))?;
    let client_info = tokens.client_info.as_deref().filter(|_| pending.mode() == ProtocolMode::Aad);
    let account = Account::new(Rc::new(id_token), client_info, Url::parse(pending.authority()).map_or("", |url| url.host));
    if pending.account().is_some_and(|wanted| wanted != &*account.home_account_id) {
        return Err(ErrorCode::AccountMismatch.into());
    }
    Ok(Granted {
        access_token: AccessToken::new(&tokens, pending.scopes(), &account, now),
        account,
        refresh_token: tokens.refresh_token,
        redeemed: None,
        is_renewal,
        state: pending.state().user().map(String::from),
        correlation_id: pending.correlation_id().into(),
        jwks_uri: Some(pending.jwks_uri().into()),
    })
}
