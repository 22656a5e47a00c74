//! What the fetch wrapper does with a response.
//!
//! ```text
//! Start -> Acquire -> Acquired -> Send -> Responded -> Return
//!                                              \-> Renew (purge, then a token with the claims) -> Acquired -> Send -> ...
//!             Renew or Acquire -> Refused -> Interact -> Acquired -> Send -> ...
//! ```
//!
//! One challenge is answered for each request; whatever the API says after that is the caller's.

use crate::{
    error::{Error, ErrorCode},
    protocol::{
        challenge::parse_challenges,
        claims,
        demand::{Demand, demands},
    },
};

/// What the driver must do next.
#[derive(Debug, PartialEq, Eq)]
pub enum RetryStep {
    /// Get a token for the resource, from the cache or silently.
    Acquire,
    /// The caller gets this error.
    Fail(Error),
    /// Ask the user, for a token with the claims of this error; where the user is not to be asked, the caller gets it.
    Interact(Error),
    /// Forget the refused token and get one silently that has these claims.
    Renew {
        /// A claims request, as JSON text; empty: any new token will do.
        claims: String,
    },
    /// The caller gets the response.
    Return,
    /// Send the request with the token.
    Send,
}

/// What happened.
#[derive(Debug)]
pub enum RetryInput<'a> {
    /// There is a token.
    Acquired,
    /// There is none, and why.
    Refused(Error),
    /// The API answered.
    Responded {
        /// The status.
        status: u16,
        /// The `WWW-Authenticate` field, as far as the browser shows it.
        challenge: Option<&'a str>,
        /// Whether the cache holds another token by now than the one that was sent.
        is_superseded: bool,
        /// Whether the request can be sent again.
        is_replayable: bool,
    },
    /// Nothing yet.
    Start,
}

/// The policy for one request.
#[derive(Debug, Default)]
pub struct Retry {
    claims: String,
    has_answered: bool,
    has_interacted: bool,
    has_caught_up: bool,
    /// The request cannot be sent again: a better token is got for the next one, silently, and this response is the caller's.
    is_over: bool,
}

impl Retry {
    /// What to do next.
    pub fn step(&mut self, input: RetryInput<'_>) -> RetryStep {
        match input {
            RetryInput::Start => RetryStep::Acquire,
            RetryInput::Acquired | RetryInput::Refused(_) if self.is_over => RetryStep::Return,
            RetryInput::Acquired => RetryStep::Send,
            RetryInput::Refused(error) => self.on_refused(error),
            RetryInput::Responded { status, challenge, is_superseded, is_replayable } => {
                self.is_over = !is_replayable;
                self.on_response(status, challenge, is_superseded)
            }
        }
    }

    /// Whether the API's challenge is being answered, rather than a first token fetched.
    pub fn is_answering(&self) -> bool {
        self.has_answered
    }

    fn on_response(&mut self, status: u16, challenge: Option<&str>, is_superseded: bool) -> RetryStep {
        if self.has_answered {
            return RetryStep::Return;
        }
        let challenges = parse_challenges(challenge.as_slice());
        let Some(claims) = demands(status, &challenges).into_iter().find_map(claims_of) else { return RetryStep::Return };
        if is_superseded && !self.has_caught_up {
            self.has_caught_up = true;
            return RetryStep::Acquire;
        }
        self.has_answered = true;
        self.claims.clone_from(&claims);
        RetryStep::Renew { claims }
    }

    /// Only the provider's word sends the user anywhere; what it asks for is asked beside what the API asked for.
    fn on_refused(&mut self, mut error: Error) -> RetryStep {
        let needs_user = matches!(error.code, ErrorCode::InteractionRequired | ErrorCode::NoTokensFound);
        if !needs_user || self.has_interacted {
            return RetryStep::Fail(error);
        }
        self.has_interacted = true;
        let own = if self.claims.is_empty() { "{}" } else { &*self.claims };
        // Claims of the provider that are no claims request are not passed on.
        let both = error.claims.take().and_then(|asked| claims::merge(own, &asked).ok()).unwrap_or_else(|| own.into());
        error.claims = Some(both).filter(|claims| !claims::is_empty(claims)).map(Into::into);
        RetryStep::Interact(error)
    }
}

/// The claims of the token that would meet the demand; empty: any other token than the one that was refused.
fn claims_of(demand: Demand) -> Option<String> {
    match demand {
        Demand::Claims { claims, .. } => Some(claims),
        Demand::InvalidToken => Some(String::new()),
        _ => None,
    }
}
