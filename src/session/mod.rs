//! Pure state machines over `protocol`: what a flow does next, given what happened.
//!
//! Every flow is a machine with one method. **Call `step` with [`Input::Start`], perform the [`Step`] it returns, call `step` with what
//! came of it, until [`Step::Done`] or an error; after either the machine is spent.** Errors come from input, panics would be bugs,
//! and nothing is written before everything has been verified: an error leaves the session as it was.
//!
//! Time, randomness, network, storage and the user come in as values. `browser/driver` performs the steps; the tests do so with a
//! virtual clock and a scripted server.
//!
//! | file | what it decides |
//! |---|---|
//! | `account` | who somebody is |
//! | `acquire` | a token without the user: what is tried after what, and the refresh |
//! | `arrival` | what a page's URL holds at its start |
//! | `cache` | which token answers a request, what is written and what goes |
//! | `config` | what the app configured, checked |
//! | `hydrate` | whether a result from elsewhere becomes part of the session |
//! | `login` | sign-in: popup and redirect, one machine |
//! | `memo` | room for what was made of a token, so that it is made once |
//! | `need` | what a token is needed for, and what covers what |
//! | `popup` | whether a popup is gone |
//! | `questions` | what the user is asked for, and has said no to |
//! | `resend` | the request that a page was left for |
//! | `resources` | which requests may carry a token |
//! | `retry` | what the fetch wrapper does with a response |
//! | `signature` | that an ID token's signature is checked, where the app asks for it |
//! | `take_over` | what becomes of a session that msal-browser left |
//! | `throttle` | when a provider is left alone |

pub mod account;
pub mod acquire;
pub mod arrival;
pub mod cache;
pub mod config;
pub mod hydrate;
pub mod login;
pub mod memo;
pub mod need;
pub mod popup;
pub mod questions;
pub mod resend;
pub mod resources;
pub mod retry;
pub mod signature;
pub mod take_over;
pub mod throttle;

use crate::error::Error;
use crate::protocol::{
    callback::Callback,
    http::{HttpRequest, HttpResponse},
    jwks::Proof,
    secret::Secret,
    time::UnixSeconds,
};
use account::Account;
use cache::AccessToken;

/// A flow. See the contract above.
pub trait Machine {
    /// What to do next. Errors: what went wrong; the machine is spent.
    fn step(&mut self, input: Input) -> Result<Step, Error>;
}

/// What the driver must do before it calls `step` again.
#[derive(Debug)]
pub enum Step {
    /// The flow is over: put this in the cache.
    Done(Box<Granted>),
    /// Compute the SHA-256 of this text. Answer: [`Input::Digested`].
    Digest(Secret),
    /// Store `pending` for this tab, then send the page to `url`. The flow goes on in another page, from [`login::Login::resume`].
    Leave {
        /// Where to.
        url: String,
        /// What must be there on return.
        pending: Secret,
    },
    /// Send this. Answer: [`Input::Answered`].
    Send(HttpRequest),
    /// Check this signature. Answer: [`Input::Verified`].
    Verify(Proof),
    /// Show `url` in the popup and listen on the channel of this name. Answer: [`Input::Returned`].
    Visit {
        /// Where to.
        url: String,
        /// The `BroadcastChannel` the answer comes on.
        channel: String,
    },
}

/// What happened.
#[derive(Debug)]
pub enum Input {
    /// The provider answered, at this moment.
    Answered(HttpResponse, UnixSeconds),
    /// The digest is here.
    Digested([u8; 32]),
    /// The user came back with this.
    Returned(Callback),
    /// Nothing yet.
    Start,
    /// The signature was checked, and whether it holds.
    Verified(bool),
}

/// What a flow ends with: verified, not yet in the cache.
#[derive(Clone, Debug)]
pub struct Granted {
    /// Who.
    pub account: Account,
    /// The access token.
    pub access_token: AccessToken,
    /// A new refresh token, where one came.
    pub refresh_token: Option<Secret>,
    /// The refresh token this was got with; `None` for a sign-in. Where the session has moved on from that token (signed out, signed in
    /// again), nothing of this is kept.
    pub redeemed: Option<Secret>,
    /// Whether it only continues a session that was there: for an account that was in the cache when it began. Where that account has been signed out
    /// meanwhile, nothing of this is kept.
    pub is_renewal: bool,
    /// The app's own state.
    pub state: Option<String>,
    /// The correlation id of the request.
    pub correlation_id: Box<str>,
    /// Where the keys are that the account's ID token is signed with; empty: the provider says of none. `None`: it is not a new token.
    pub jwks_uri: Option<Box<str>>,
}
