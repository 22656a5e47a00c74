//! What a token is needed for: whose, for which scopes, with which claims, after which sign-in, and where it may come from. And which request
//! under way answers another one.

use std::rc::Rc;

use super::{config::Config, login::LoginRequest};
use crate::{
    error::{Error, ErrorCode},
    protocol::{authority::Authority, claims, demand::Demand, scope::Scopes},
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

    pub(super) fn may_refresh(self) -> bool {
        !matches!(self, Self::AccessToken | Self::Skip)
    }

    pub(super) fn may_use_frame(self) -> bool {
        matches!(self, Self::Default | Self::RefreshTokenAndNetwork | Self::Skip)
    }
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

/// How, and how long ago at most, the user must have signed in: RFC 9470 section 4.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepUp {
    /// `acr_values`, separated by blanks, the preferred one first; empty: any will do.
    pub acr_values: String,
    /// `max_age`, in seconds.
    pub max_age: Option<u64>,
}

/// What a caller needs a token for. It is handed around a lot, and is one pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need(Rc<Parts>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts {
    account: Box<str>,
    is_stranger: bool,
    scopes: Scopes,
    /// What a token for them is looked up by.
    looked_up: Scopes,
    /// Those that it was for before an API demanded more.
    own_scopes: Scopes,
    /// Those that an API demanded, had before or not: what was said no to is the demand.
    demanded_scopes: Scopes,
    claims: Option<Box<str>>,
    step_up: StepUp,
    force_refresh: bool,
    policy: CacheLookupPolicy,
    authority: Option<Authority>,
}

impl Need {
    /// Error: `invalid_claims` where `claims` is not a claims request. It is never taken for no claims: a caller that was just refused would be
    /// handed the refused token again.
    pub fn new(home_account_id: &str, mut scopes: Scopes, claims: Option<&str>) -> Result<Self, Error> {
        // Looked up by none at all it would be met by a token for anything. Who names none wants those of a sign-in: MSAL's rule.
        if scopes.for_resource().is_empty() {
            scopes = scopes.with_openid();
        }
        let looked_up = scopes.for_resource();
        let claims = match claims.map(str::trim_ascii).filter(|claims| !claims.is_empty()) {
            Some(claims) => Some(claims::merge_claims(Some(claims), &[])?).filter(|claims| !claims::is_empty(claims)),
            None => None,
        };
        Ok(Self(Rc::new(Parts {
            account: home_account_id.into(),
            is_stranger: false,
            own_scopes: scopes.clone(),
            demanded_scopes: Scopes::default(),
            scopes,
            looked_up,
            claims: claims.map(Into::into),
            step_up: StepUp::default(),
            force_refresh: false,
            policy: CacheLookupPolicy::Default,
            authority: None,
        })))
    }

    /// The same with scopes that an API demanded.
    #[must_use]
    pub fn wider<S: AsRef<str>>(self, demanded: impl IntoIterator<Item = S>) -> Self {
        self.changed(|parts| {
            parts.demanded_scopes = std::mem::take(&mut parts.demanded_scopes).with(demanded);
            parts.scopes = std::mem::take(&mut parts.scopes).with(parts.demanded_scopes.iter());
            parts.looked_up = parts.scopes.for_resource();
        })
    }

    /// The same, for an account that is not in the cache when it is asked for: the provider may have a session of it. One that was there, and is not any
    /// more, has been signed out.
    #[must_use]
    pub fn of_stranger(self) -> Self {
        self.changed(|parts| parts.is_stranger = true)
    }

    /// The same, from another authority than the configured one.
    #[must_use]
    pub fn at(self, authority: Option<Authority>) -> Self {
        self.changed(|parts| parts.authority = authority)
    }

    /// The same, from where this policy says; `force_refresh` passes the cache over.
    #[must_use]
    pub fn from(self, policy: CacheLookupPolicy, force_refresh: bool) -> Self {
        self.changed(|parts| {
            parts.policy = policy;
            parts.force_refresh = force_refresh;
        })
    }

    /// The same, after such a sign-in.
    #[must_use]
    pub fn after(self, step_up: StepUp) -> Self {
        self.changed(|parts| parts.step_up = step_up)
    }

    /// The same, so that it meets this demand as well. `None`: no token would, or the demand does not say what it wants, or says it at such length that
    /// no provider would take the URL.
    #[must_use]
    pub fn meeting(&self, demand: &Demand) -> Option<Self> {
        let mut need = self.clone();
        match demand {
            Demand::Claims { claims, .. } if claims.len() <= LONGEST_DEMAND => {
                let own = self.claims().unwrap_or("{}");
                let both = claims::merge(own, claims).ok()?;
                need = need.changed(|parts| parts.claims = Some(both).filter(|claims| !claims::is_empty(claims)).map(Into::into));
            }
            Demand::InvalidToken => {}
            Demand::Scope { scope } if !scope.is_empty() => need = need.wider(scope),
            Demand::StepUp { acr_values, max_age, scope } if !acr_values.is_empty() || max_age.is_some() => {
                need = need.wider(scope).after(StepUp { acr_values: acr_values.join(" "), max_age: *max_age });
            }
            _ => return None,
        }
        let demanded = [need.demanded_scopes().as_str(), &*need.step_up().acr_values];
        demanded.iter().all(|text| text.len() <= LONGEST_DEMAND).then_some(need)
    }

    /// The same for any token of these scopes, whatever it was asked with.
    #[must_use]
    pub fn plain(&self) -> Self {
        self.clone().changed(|parts| {
            parts.claims = None;
            parts.step_up = StepUp::default();
            parts.demanded_scopes = Scopes::default();
        })
    }

    fn changed(mut self, change: impl FnOnce(&mut Parts)) -> Self {
        change(Rc::make_mut(&mut self.0));
        self
    }

    /// Where it may come from.
    pub fn policy(&self) -> CacheLookupPolicy {
        self.0.policy
    }

    /// Whose token.
    pub fn account(&self) -> &str {
        &self.0.account
    }

    /// Whether that account was not in the cache when this was asked for.
    pub fn is_of_stranger(&self) -> bool {
        self.0.is_stranger
    }

    /// For what.
    pub fn scopes(&self) -> &Scopes {
        &self.0.scopes
    }

    /// What a token for that is looked up by.
    pub fn looked_up(&self) -> &Scopes {
        &self.0.looked_up
    }

    /// For what it was before an API demanded more.
    pub fn own_scopes(&self) -> &Scopes {
        &self.0.own_scopes
    }

    /// What an API demanded of them.
    pub fn demanded_scopes(&self) -> &Scopes {
        &self.0.demanded_scopes
    }

    /// With which claims, JSON text.
    pub fn claims(&self) -> Option<&str> {
        self.0.claims.as_deref()
    }

    /// After which sign-in.
    pub fn step_up(&self) -> &StepUp {
        &self.0.step_up
    }

    /// In which tenant a cached token for this is looked for; `None` where that is not known yet, so that no cached token will do. `known` are the
    /// tenants that have answered at authorities which do not name them by their ids.
    pub fn realm<'a>(&'a self, configured: &'a Authority, known: &'a [Known]) -> Option<Realm<'a>> {
        let Some(authority) = &self.0.authority else {
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
        self.0.authority.as_ref()
    }

    /// Whether a cached token will do. One that was obtained without these claims will not.
    pub fn may_use_cache(&self) -> bool {
        self.0.claims.is_none() && !self.0.force_refresh && self.0.policy.may_use_cache()
    }

    /// Whether the token must be one that was asked for with claims.
    pub fn has_claims(&self) -> bool {
        self.0.claims.is_some()
    }

    /// The `claims` parameter of a request for this, capabilities included. Error: `invalid_claims`.
    pub fn claims_parameter(&self, config: &Config) -> Result<String, Error> {
        config.claims(self.0.claims.as_deref())
    }

    /// The request to the authorization endpoint for this, from what else is asked of it.
    pub fn interactive(&self, request: LoginRequest) -> LoginRequest {
        LoginRequest {
            scopes: self.0.scopes.clone(),
            claims: self.0.claims.as_deref().map(String::from),
            acr_values: self.0.step_up.acr_values.clone(),
            max_age: self.0.step_up.max_age.or(request.max_age),
            account: Some((*self.0.account).into()),
            is_known: !self.0.is_stranger,
            authority: self.0.authority.clone(),
            is_bound_to_account: true,
            ..request
        }
    }

    /// The request that a hidden frame makes for this. Error: `silent_prompt_value_error`.
    pub fn framed(&self, request: LoginRequest) -> Result<LoginRequest, Error> {
        self.interactive(request).silently()
    }

    /// The error of a request for this that needs the user: it asks for what the caller wants and for what the provider wants beside it.
    pub fn asking(&self, mut error: Error) -> Error {
        if matches!(error.code, ErrorCode::InteractionRequired | ErrorCode::NoTokensFound) {
            let own = self.0.claims.as_deref().unwrap_or("{}");
            // Claims of the provider that are no claims request are not passed on.
            let both = error.claims.take().and_then(|asked| claims::merge(own, &asked).ok()).unwrap_or_else(|| own.into());
            error.claims = Some(both).filter(|claims| !claims::is_empty(claims)).map(Into::into);
        }
        error
    }

    /// Whether the answer to `other`, already under way, answers this too. With claims only the very same claims do: a refresh without them
    /// may bring the token that was just refused. So with a demand for scopes, and with a sign-in of a certain kind.
    pub fn is_met_by(&self, other: &Self) -> bool {
        self.0.account == other.0.account
            && self.0.authority == other.0.authority
            && other.0.scopes.covers(&self.0.scopes)
            && other.0.demanded_scopes.covers(&self.0.demanded_scopes)
            && (self.0.claims.is_none() || self.0.claims == other.0.claims)
            && (self.0.step_up == StepUp::default() || self.0.step_up == other.0.step_up)
    }

    /// Whether what came of `other` is the answer to this: a token serves whoever it covers; a refusal is an answer to the very same question
    /// only, and none where it says that one question made room for another.
    pub fn takes<T>(&self, other: &Self, outcome: &Result<T, Error>) -> bool {
        match outcome {
            Ok(_) => self.is_met_by(other),
            Err(error) => self == other && error.code != ErrorCode::InteractionInProgressCancelled,
        }
    }
}

/// Of scopes, claims or `acr_values`, in bytes: all three, percent-encoded, are a URL that servers take.
const LONGEST_DEMAND: usize = 2048;
