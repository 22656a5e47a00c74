//! A token without the user: what is tried after what, and the refresh.
//!
//! ```text
//! cache -> refresh token -> hidden frame -> the user        the order, as far as the policy allows
//! Start -> Send -> Answered -> Done                         the refresh; the frame is `login`'s
//! ```

use std::rc::Rc;

use super::{
    Granted, Input, Machine, Step,
    account::Account,
    cache::{AccessToken, Entry},
    config::Config,
    need::Need,
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
        secret::Secret,
        time::UnixSeconds,
        token::{self, Refresh, TokenResponse},
    },
};

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

impl Need {
    /// What is tried where the cache has no answer. Error: `token_refresh_required` where nothing may be.
    pub fn first(&self) -> Next {
        if self.policy().may_refresh() {
            Next::Refresh
        } else if self.policy().may_use_frame() {
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
        if is_dead && !is_frame_hopeless && self.policy().may_use_frame() { Next::Frame } else { Next::Fail(error) }
    }
}

/// Why there is no refresh token of an account that is not in the cache. A stranger may have a session at the provider; who was there when the caller
/// asked has been signed out meanwhile, and nothing brings them back.
pub fn absent(need: &Need) -> Error {
    if need.is_of_stranger() { ErrorCode::NoTokensFound.into() } else { ErrorCode::NoAccountFound.into() }
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
        let claims = need.claims_parameter(config)?;
        // A refresh tells of the sign-in that was: it cannot be another one.
        if !claims::allows_acr(&claims, entry.account.id_token.text("acr")) {
            return Err(Error::new(ErrorCode::InteractionRequired).asking(need.claims().map(Into::into)));
        }
        let anchor = entra::anchor_of_account(&entry.account.home_account_id);
        let request = token::refresh_grant(&Refresh {
            client_id: &config.client_id,
            token_endpoint: metadata.token_endpoint(),
            mode: config.authority.mode(),
            refresh_token,
            scopes: need.scopes(),
            claims: &claims,
            correlation_id,
            anchor: anchor.as_deref(),
        });
        Ok(Self {
            old: entry.clone(),
            metadata,
            client_id: (*config.client_id).into(),
            tenant: need.authority().unwrap_or(&config.authority).tenant_id().map(Into::into),
            correlation_id: correlation_id.into(),
            stage: Stage::Planned(request),
            need,
        })
    }

    fn granted(&self, response: &HttpResponse, now: UnixSeconds) -> Result<Granted, Error> {
        let tokens = TokenResponse::decode(response, self.old.refresh_token.as_ref().as_slice()).map_err(refused)?;
        let account = match &tokens.id_token {
            Some(raw) => self.renewed(raw, tokens.client_info.as_deref(), now)?,
            None => self.unchanged()?,
        };
        Ok(Granted {
            access_token: AccessToken::new(&tokens, self.need.scopes(), &account, now),
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
        let expected =
            Expected { issuer, client_id: &self.client_id, nonce: None, max_age: None, acr_values: "", claims: "", now };
        let id_token = Rc::new(IdToken::verify(raw.reveal(), &expected)?);
        let tenant = id_token.text("tid").unwrap_or_default();
        let known = account.in_tenant(tenant);
        let is_asked =
            self.need.authority().is_some() || self.tenant.as_deref().is_some_and(|asked| asked.eq_ignore_ascii_case(tenant));
        if known.is_none() && is_asked {
            // A guest's first token of the tenant that was asked has another subject: `client_info` says whose it is.
            let guest = Account::new(Rc::clone(&id_token), client_info, &account.environment);
            if guest.home_account_id != account.home_account_id {
                return Err(ErrorCode::AccountMismatch.into());
            }
        } else {
            id_token.continues(&known.as_ref().unwrap_or(account).id_token)?;
        }
        // It may leave `acr` out; where it says one, that must be what was asked for.
        let claims = self.need.claims().unwrap_or_default();
        if id_token.text("acr").is_some() && !claims::allows_acr(claims, id_token.text("acr")) {
            return Err(ErrorCode::AcrMismatch.into());
        }
        Ok(account.clone().with_first(&id_token))
    }

    /// The account, where no ID token came: nothing else says whose token it is, and of which tenant, where another one than usual was asked.
    fn unchanged(&self) -> Result<Account, Error> {
        let account = &self.old.account;
        let known = self.tenant.as_deref().and_then(|tenant| account.in_tenant(tenant));
        let is_plain = self.need.authority().is_none_or(Authority::is_for_any_tenant);
        match known {
            Some(known) => Ok(known),
            None if is_plain => Ok(account.clone()),
            None => Err(Error::about(ErrorCode::FailedToParseResponse, "id_token")),
        }
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

/// A refresh token that is refused (revoked, expired, RFC 6749 section 5.2) is of no more use: only the user can help.
fn refused(error: Error) -> Error {
    let is_dead = error.server.as_ref().is_some_and(|server| server.error == INVALID_GRANT);
    if is_dead { error.coded(ErrorCode::InteractionRequired) } else { error }
}
