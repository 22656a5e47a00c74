//! A token without the user: what a request needs, which request in flight will meet it, what is tried after what, and the refresh.
//!
//! ```text
//! cache -> refresh token -> hidden frame -> the user        the order, as far as the policy allows
//! Start -> Send -> Answered -> Done                         the refresh; the frame is `login`'s
//! ```

use std::rc::Rc;

use super::{
    Granted, Input, Machine, Step, account::Account, cache::AccessToken, cache::Entry, config::Config, login::LoginRequest,
};
use crate::{
    error::{Error, ErrorCode},
    protocol::{
        authority::Authority,
        claims, entra,
        http::{HttpRequest, HttpResponse},
        id_token::{Expected, IdToken},
        metadata::Metadata,
        oauth_error,
        scope::Scopes,
        secret::Secret,
        time::UnixSeconds,
        token::{self, Refresh, TokenResponse},
    },
};

/// Where a token may come from, under MSAL's names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CacheLookupPolicy {
    /// The cache, else the refresh token, else a hidden frame.
    #[default]
    Default,
    /// The cache.
    AccessToken,
    /// The cache, else the refresh token.
    AccessTokenAndRefreshToken,
    /// The refresh token.
    RefreshToken,
    /// The refresh token, else a hidden frame.
    RefreshTokenAndNetwork,
    /// A hidden frame.
    Skip,
}

impl CacheLookupPolicy {
    /// MSAL's number for it. `None`: there is no such policy.
    pub fn from_number(number: u64) -> Option<Self> {
        let all = [
            Self::Default,
            Self::AccessToken,
            Self::AccessTokenAndRefreshToken,
            Self::RefreshToken,
            Self::RefreshTokenAndNetwork,
            Self::Skip,
        ];
        all.into_iter().zip(0..).find(|(_, own)| *own == number).map(|(policy, _)| policy)
    }

    fn may_use_cache(self) -> bool {
        matches!(self, Self::Default | Self::AccessToken | Self::AccessTokenAndRefreshToken)
    }

    fn may_refresh(self) -> bool {
        !matches!(self, Self::AccessToken | Self::Skip)
    }

    fn may_use_frame(self) -> bool {
        matches!(self, Self::Default | Self::RefreshTokenAndNetwork | Self::Skip)
    }
}

/// What is tried next for a caller that cannot have a cached token.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// The caller gets this error.
    Fail(Error),
    /// A hidden frame.
    Frame,
    /// The refresh token.
    Refresh,
}

/// A tenant to look for tokens in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Realm<'a> {
    /// The one the account came with.
    Home,
    /// The one with this id.
    Tenant(&'a str),
}

/// The URL of an authority, and the id of the tenant that answered there.
pub type Known = (Box<str>, Box<str>);

/// What a caller needs a token for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    account: Box<str>,
    scopes: Scopes,
    claims: Option<Box<str>>,
    force_refresh: bool,
    policy: CacheLookupPolicy,
    authority: Option<Authority>,
}

impl Need {
    /// Errors: `empty_input_scopes_error`; `invalid_claims` where `claims` is not a claims request. It is never taken for no claims: a caller
    /// that was just refused would be handed the refused token again.
    pub fn new(home_account_id: &str, scopes: Scopes, claims: Option<&str>) -> Result<Self, Error> {
        // The scopes it is looked up by: none at all would be met by a token for anything.
        if scopes.for_resource().is_empty() {
            return Err(ErrorCode::EmptyInputScopesError.into());
        }
        let claims = match claims.map(str::trim).filter(|claims| !claims.is_empty()) {
            Some(claims) => Some(claims::merge_claims(Some(claims), &[])?).filter(|claims| !claims::is_empty(claims)),
            None => None,
        };
        Ok(Self {
            account: home_account_id.into(),
            scopes,
            claims: claims.map(Into::into),
            force_refresh: false,
            policy: CacheLookupPolicy::Default,
            authority: None,
        })
    }

    /// The same, from another authority than the configured one.
    #[must_use]
    pub fn at(self, authority: Option<Authority>) -> Self {
        Self { authority, ..self }
    }

    /// The same, from where this policy says; `force_refresh` passes the cache over.
    #[must_use]
    pub fn from(self, policy: CacheLookupPolicy, force_refresh: bool) -> Self {
        Self { policy, force_refresh, ..self }
    }

    /// Whose token.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// For what.
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// In which tenant a cached token for this is looked for; `None` where that is not known yet, so that no cached token will do. `known` are the
    /// tenants that have answered at authorities which do not name them by their ids.
    pub fn realm<'a>(&'a self, configured: &'a Authority, known: &'a [Known]) -> Option<Realm<'a>> {
        let Some(authority) = &self.authority else {
            return Some(configured.tenant_id().map_or(Realm::Home, Realm::Tenant));
        };
        if let Some(id) = authority.tenant_id() {
            return Some(Realm::Tenant(id));
        }
        let learned = known.iter().find(|(url, _)| **url == *authority.as_str()).map(|(_, id)| Realm::Tenant(id));
        if authority.is_for_any_tenant() { Some(Realm::Home) } else { learned }
    }

    /// From whom, where that is not the configured authority.
    pub fn authority(&self) -> Option<&Authority> {
        self.authority.as_ref()
    }

    /// Whether a cached token will do. One that was obtained without these claims will not.
    pub fn may_use_cache(&self) -> bool {
        self.claims.is_none() && !self.force_refresh && self.policy.may_use_cache()
    }

    /// The request that a hidden frame makes for this, from what else the app asks of it. Error: `silent_prompt_value_error`.
    pub fn framed(&self, request: LoginRequest) -> Result<LoginRequest, Error> {
        LoginRequest {
            scopes: self.scopes.iter().map(String::from).collect(),
            claims: self.claims.as_deref().map(String::from),
            account: Some((*self.account).into()),
            authority: self.authority.clone(),
            is_bound_to_account: true,
            ..request
        }
        .silently()
    }

    /// What is tried where the cache has no answer. Error: `token_refresh_required` where nothing may be.
    pub fn first(&self) -> Next {
        if self.policy.may_refresh() {
            Next::Refresh
        } else if self.policy.may_use_frame() {
            Next::Frame
        } else {
            Next::Fail(ErrorCode::TokenRefreshRequired.into())
        }
    }

    /// What is tried after a refresh that failed. A frame helps where there is no refresh token or the provider does not take it any more, as
    /// after the 24 hours that Microsoft gives single-page apps; not where it wants the user, nor where the sign-in itself was revoked:
    /// the session that a frame lives on went with it. `is_frame_hopeless`: it failed on this page before.
    pub fn after_refresh(&self, error: Error, is_frame_hopeless: bool) -> Next {
        let is_dead = error.code == ErrorCode::NoTokensFound
            || error.server.as_deref().is_some_and(|server| {
                server.error == INVALID_GRANT
                    && !server.error_codes.contains(&REVOKED)
                    && (!oauth_error::wants_user(server) || server.suberror.as_deref() == Some("bad_token"))
            });
        if is_dead && !is_frame_hopeless && self.policy.may_use_frame() { Next::Frame } else { Next::Fail(error) }
    }

    /// Whether the token must be one that was asked for with claims.
    pub fn has_claims(&self) -> bool {
        self.claims.is_some()
    }

    /// Whether the answer to `other`, already under way, answers this too. With claims only the very same claims do: a refresh without them
    /// may bring the token that was just refused.
    pub fn is_met_by(&self, other: &Self) -> bool {
        self.account == other.account
            && self.authority == other.authority
            && other.scopes.covers(&self.scopes)
            && (self.claims.is_none() || self.claims == other.claims)
    }
}

/// What a caller is told whose frame failed. That the user is wanted is the frame's to say; any other failure of a frame (no answer, the
/// wrong page, another user's session) only means that it could not help, and what the refresh said stands.
pub fn after_frame(refused: Option<Error>, error: Error) -> Error {
    if error.code == ErrorCode::InteractionRequired { error } else { refused.unwrap_or(error) }
}

/// Whether the next frame will fail in the same way, until the user has signed in again: the browser keeps the provider's cookies from it, or the
/// redirect URI's page does not answer.
pub fn is_frame_hopeless(error: &Error) -> bool {
    error.code == ErrorCode::TimedOut || error.server.as_ref().is_some_and(|server| server.error == "login_required")
}

/// One redemption of a refresh token.
#[derive(Debug)]
pub struct Acquire {
    need: Need,
    old: Entry,
    metadata: Rc<Metadata>,
    client_id: Box<str>,
    /// The tenant that is asked, where the authority names it by its id.
    tenant: Option<Box<str>>,
    correlation_id: Box<str>,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Planned(HttpRequest),
    Redeeming,
    Over,
}

impl Acquire {
    /// Errors: `no_tokens_found` where the account has no refresh token: only the user can help.
    pub fn new(need: Need, entry: &Entry, metadata: Rc<Metadata>, config: &Config, correlation_id: &str) -> Result<Self, Error> {
        let refresh_token = entry.refresh_token.as_ref().ok_or(ErrorCode::NoTokensFound)?;
        let claims = config.claims(need.claims.as_deref())?;
        // A refresh tells of the sign-in that was: it cannot be another one.
        if !claims::allows_acr(&claims, entry.account.id_token.text("acr")) {
            return Err(Error::new(ErrorCode::InteractionRequired).asking(need.claims));
        }
        let anchor = entra::anchor_of_account(&entry.account.home_account_id);
        let request = token::refresh_grant(&Refresh {
            client_id: &config.client_id,
            token_endpoint: metadata.token_endpoint(),
            mode: config.authority.mode(),
            refresh_token,
            scopes: &need.scopes,
            claims: &claims,
            correlation_id,
            anchor: anchor.as_deref(),
        });
        Ok(Self {
            old: entry.clone(),
            metadata,
            client_id: (*config.client_id).into(),
            tenant: need.authority.as_ref().unwrap_or(&config.authority).tenant_id().map(Into::into),
            correlation_id: correlation_id.into(),
            stage: Stage::Planned(request),
            need,
        })
    }

    fn granted(&self, response: &HttpResponse, now: UnixSeconds) -> Result<Granted, Error> {
        let tokens = TokenResponse::decode(response).map_err(|error| self.refused(error))?;
        let account = match &tokens.id_token {
            Some(raw) => self.renewed(raw, tokens.client_info.as_deref(), now)?,
            None => self.unchanged()?,
        };
        Ok(Granted {
            access_token: AccessToken::new(&tokens, &self.need.scopes, &account, now),
            account,
            refresh_token: tokens.refresh_token,
            redeemed: self.old.refresh_token.clone(),
            is_renewal: true,
            state: None,
            correlation_id: self.correlation_id.clone(),
            jwks_uri: tokens.id_token.is_some().then(|| self.metadata.jwks_uri().into()),
        })
    }

    /// The account, by the ID token that came.
    fn renewed(&self, raw: &Secret, client_info: Option<&str>, now: UnixSeconds) -> Result<Account, Error> {
        let account = &self.old.account;
        let issuer = self.metadata.issuer();
        let expected = Expected { issuer, client_id: &self.client_id, nonce: None, max_age: None, claims: "", now };
        let id_token = IdToken::verify(raw.reveal(), &expected)?;
        let tenant = id_token.text("tid").unwrap_or_default();
        let known = account.in_tenant(tenant);
        let is_asked =
            self.need.authority.is_some() || self.tenant.as_deref().is_some_and(|asked| asked.eq_ignore_ascii_case(tenant));
        if known.is_none() && is_asked {
            // A guest's first token of the tenant that was asked has another subject: `client_info` says whose it is.
            let guest = Account::new(id_token.clone(), client_info, &account.environment);
            if guest.home_account_id != account.home_account_id {
                return Err(ErrorCode::AccountMismatch.into());
            }
        } else {
            id_token.continues(&known.as_ref().unwrap_or(account).id_token)?;
        }
        // It may leave `acr` out; where it says one, that must be what was asked for.
        let claims = self.need.claims.as_deref().unwrap_or_default();
        if id_token.text("acr").is_some() && !claims::allows_acr(claims, id_token.text("acr")) {
            return Err(ErrorCode::AcrMismatch.into());
        }
        Ok(account.clone().with_first(&Rc::new(id_token)))
    }

    /// The account, where no ID token came: nothing else says whose token it is, and of which tenant, where another one than usual was asked.
    fn unchanged(&self) -> Result<Account, Error> {
        let account = &self.old.account;
        let known = self.tenant.as_deref().and_then(|tenant| account.in_tenant(tenant));
        let is_plain = self.need.authority.as_ref().is_none_or(Authority::is_for_any_tenant);
        match known {
            Some(known) => Ok(known),
            None if is_plain => Ok(account.clone()),
            None => Err(Error::about(ErrorCode::FailedToParseResponse, "id_token")),
        }
    }

    /// A refresh token that is refused (revoked, expired, RFC 6749 section 5.2) is of no more use: only the user can help.
    fn refused(&self, error: Error) -> Error {
        let is_dead = error.server.as_ref().is_some_and(|server| server.error == INVALID_GRANT);
        let error = if is_dead { error.coded(ErrorCode::InteractionRequired) } else { error };
        let secrets: Vec<&Secret> = self.old.refresh_token.iter().collect();
        oauth_error::without_secrets(error, &secrets)
    }
}

impl Machine for Acquire {
    /// What to do next. Errors: those of `TokenResponse::decode` and `IdToken::verify`; `account_mismatch` where the answer is about somebody
    /// else (OpenID Connect Core section 12.2).
    fn step(&mut self, input: Input) -> Result<Step, Error> {
        match (std::mem::replace(&mut self.stage, Stage::Over), input) {
            (Stage::Planned(request), Input::Start) => {
                self.stage = Stage::Redeeming;
                Ok(Step::Send(request))
            }
            (Stage::Redeeming, Input::Answered(response, now)) => Ok(Step::Done(Box::new(self.granted(&response, now)?))),
            _ => Err(ErrorCode::UnexpectedError.into()),
        }
    }
}

/// For so many seconds a frame that failed in a way that lasts is not tried again: callers hear at once that the user is wanted, and a laptop that
/// woke up without a network gets another chance.
pub const HOPELESS_FOR: u64 = 600;

/// Microsoft Entra's AADSTS50173: the grant was revoked, by a new password or an administrator, and a fresh sign-in is needed.
const REVOKED: u32 = 50173;

/// RFC 6749 section 5.2.
const INVALID_GRANT: &str = "invalid_grant";
