//! `hydrateCache`: a result that was got elsewhere, by a server or by another library, becomes part of this session.

use std::rc::Rc;

use super::{
    Granted, Input, Machine, Step,
    account::Account,
    cache::{AccessToken, Cache},
    config::Config,
    memo::Memo,
};
use crate::{
    error::{Error, ErrorCode},
    protocol::{
        authority::{Authority, ProtocolMode},
        id_token::{Expected, IdToken},
        metadata::Metadata,
        scope::Scopes,
        secret::Secret,
        time::UnixSeconds,
        token,
    },
};

/// An `AuthenticationResult` from elsewhere, and the request that it answers.
#[derive(Clone, Debug)]
pub struct Hydration {
    /// `account.homeAccountId`.
    pub home_account_id: String,
    /// `idToken`.
    pub id_token: Secret,
    /// `accessToken`.
    pub access_token: Secret,
    /// `tokenType`.
    pub token_type: String,
    /// `scopes`.
    pub scopes: Scopes,
    /// `expiresOn`.
    pub expires_on: UnixSeconds,
    /// The `scopes` of the request.
    pub asked: Scopes,
    /// Whom the request went to.
    pub authority: Authority,
    /// `correlationId`.
    pub correlation_id: String,
}

/// What is left to do with it: nothing, but for a look at the signature (`session::signature`).
#[derive(Debug)]
pub struct Hydrated(Option<Box<Granted>>);

impl Hydration {
    /// Believes nothing that can be checked: the ID token is judged as that of a refresh, and the app's word is taken only for what no token
    /// says to a client: what the access token is for, when it ends, and the home account of who signed in to a Microsoft tenant.
    ///
    /// Errors: those of [`IdToken::verify`]; `account_mismatch` where the account is another user's; `invalid_option` with the member that is wrong.
    pub fn judge(&self, metadata: &Metadata, config: &Config, cache: &Cache, now: UnixSeconds) -> Result<Hydrated, Error> {
        let wrong = |member| Err(Error::about(ErrorCode::InvalidOption, member));
        if !token::is_bearer(&self.token_type) {
            return wrong("result.tokenType");
        }
        if !token::fits_header(self.access_token.reveal()) {
            return wrong("result.accessToken");
        }
        if self.scopes.for_resource().is_empty() || !self.scopes.covers(&self.asked.for_resource()) {
            return wrong("result.scopes");
        }
        let expected = Expected {
            issuer: metadata.issuer(),
            client_id: &config.client_id,
            nonce: None,
            max_age: None,
            acr_values: "",
            claims: "",
            now,
        };
        let id_token = IdToken::verify(self.id_token.reveal(), &expected)?;
        let mut account = Account::new(Rc::new(id_token), None, self.authority.host());
        if self.authority.mode() == ProtocolMode::Aad {
            account.home_account_id = (*self.home_account_id).into();
        }
        let known = cache.account(&account.home_account_id, Some(account.tenant_id()));
        let is_other = |known: Account| known.id_token.text("sub") != account.id_token.text("sub");
        if account.home_account_id.is_empty() || known.is_some_and(is_other) {
            return Err(ErrorCode::AccountMismatch.into());
        }
        Ok(Hydrated(Some(Box::new(Granted {
            is_renewal: false,
            access_token: AccessToken {
                secret: self.access_token.clone(),
                scopes: self.scopes.clone(),
                realm: account.tenant_id().into(),
                cached_on: now,
                expires_on: self.expires_on,
                refresh_on: None,
                memo: Memo::default(),
            },
            account,
            refresh_token: None,
            redeemed: None,
            state: None,
            correlation_id: (*self.correlation_id).into(),
            jwks_uri: Some(metadata.jwks_uri().into()),
        }))))
    }
}

impl Machine for Hydrated {
    /// It is done.
    fn step(&mut self, _: Input) -> Result<Step, Error> {
        self.0.take().map(Step::Done).ok_or_else(|| ErrorCode::UnexpectedError.into())
    }
}
