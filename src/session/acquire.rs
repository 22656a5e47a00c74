//! A token without the user: what a request needs, which request in flight will meet it, and the refresh.
//!
//! ```text
//! Start -> Send -> Answered -> Done
//! ```

use std::rc::Rc;

use super::{Granted, Input, Machine, Step, account::Account, cache::AccessToken, cache::Entry, config::Config};
use crate::{
    error::{Error, ErrorCode},
    protocol::{
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

/// What a caller needs a token for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    account: Box<str>,
    scopes: Scopes,
    claims: Option<Box<str>>,
    force_refresh: bool,
}

impl Need {
    /// Errors: `empty_input_scopes_error`; `invalid_claims` where `claims` is not a claims request. It is never taken for no claims: a caller
    /// that was just refused would be handed the refused token again.
    pub fn new(home_account_id: &str, scopes: Scopes, claims: Option<&str>, force_refresh: bool) -> Result<Self, Error> {
        // The scopes it is looked up by: none at all would be met by a token for anything.
        if scopes.for_resource().is_empty() {
            return Err(ErrorCode::EmptyInputScopesError.into());
        }
        let claims = match claims.map(str::trim).filter(|claims| !claims.is_empty()) {
            Some(claims) => Some(claims::merge_claims(Some(claims), &[])?).filter(|claims| !claims::is_empty(claims)),
            None => None,
        };
        Ok(Self { account: home_account_id.into(), scopes, claims: claims.map(Into::into), force_refresh })
    }

    /// Whose token.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// For what.
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// Whether a cached token will do. One that was obtained without these claims will not.
    pub fn may_use_cache(&self) -> bool {
        self.claims.is_none() && !self.force_refresh
    }

    /// Whether the answer to `other`, already under way, answers this too. With claims only the very same claims do: a refresh without them
    /// may bring the token that was just refused.
    pub fn is_met_by(&self, other: &Self) -> bool {
        self.account == other.account
            && other.scopes.covers(&self.scopes)
            && (self.claims.is_none() || self.claims == other.claims)
    }
}

/// One redemption of a refresh token.
#[derive(Debug)]
pub struct Acquire {
    need: Need,
    old: Entry,
    metadata: Rc<Metadata>,
    client_id: Box<str>,
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
            return Err(Error { claims: need.claims, ..ErrorCode::InteractionRequired.into() });
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
            correlation_id: correlation_id.into(),
            stage: Stage::Planned(request),
            need,
        })
    }

    fn granted(&self, response: &HttpResponse, now: UnixSeconds) -> Result<Granted, Error> {
        let tokens = TokenResponse::decode(response).map_err(|error| self.refused(error))?;
        let mut account = self.old.account.clone();
        if let Some(raw) = &tokens.id_token {
            let issuer = self.metadata.issuer();
            let expected = Expected { issuer, client_id: &self.client_id, nonce: None, max_age: None, claims: "", now };
            let id_token = IdToken::verify(raw.reveal(), &expected)?;
            id_token.continues(&account.id_token)?;
            account = Account { id_token: Rc::new(id_token), ..account };
        }
        Ok(Granted {
            account,
            access_token: AccessToken {
                secret: tokens.access_token,
                scopes: tokens.scopes.unwrap_or_else(|| self.need.scopes.clone()),
                cached_on: now,
                expires_on: now.plus(tokens.expires_in),
            },
            refresh_token: tokens.refresh_token,
            redeemed: self.old.refresh_token.clone(),
            state: None,
            correlation_id: self.correlation_id.clone(),
        })
    }

    /// A refresh token that is refused (revoked, expired, RFC 6749 section 5.2) is of no more use: only the user can help.
    fn refused(&self, error: Error) -> Error {
        let is_dead = error.server.as_ref().is_some_and(|server| server.error == "invalid_grant");
        let error = Error { code: if is_dead { ErrorCode::InteractionRequired } else { error.code }, ..error };
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
