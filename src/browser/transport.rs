//! `fetch`, for the app: which requests are to carry a token, and what they are made of.
//!
//! A request that no listed resource claims goes to the transport exactly as the app gave it, and is not even looked into.
//!
//! | file | what |
//! |---|---|
//! | this one | a wrapper, and what happens in the call itself |
//! | `asking` | the user's turn: one question at a time, for whoever waits for it |
//! | `body` | what can be sent twice, and how |
//! | `exchange` | one request on its way: performs what `session::retry` decides |

mod asking;
mod body;
mod exchange;

use std::{
    cell::{OnceCell, RefCell},
    rc::Rc,
};

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{AbortSignal, Request};

use super::{client::Client, flight::Gate, location::property};
use crate::{
    error::{Error, ErrorCode},
    protocol::{cut, url::Url},
    session::config::FetchPolicy,
};

pub use asking::cancel;
pub use body::resend_to_js;
pub use exchange::{Exchange, Parted};

use body::Body;

#[wasm_bindgen(module = "/pkg-template/transport.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = callTransport)]
    fn call_transport(fetch: Option<&Function>, arguments: &Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = targetOf)]
    fn target_of(input: &JsValue, init: &JsValue) -> Option<String>;

    #[wasm_bindgen(catch, js_name = newRequest)]
    fn new_request(input: &JsValue, init: &JsValue) -> Result<Request, JsValue>;

    #[wasm_bindgen(js_name = signalOf)]
    fn signal_of(input: &JsValue, init: &JsValue, request: &Request) -> Option<AbortSignal>;

    fn unauthorized(request: &Request) -> Option<String>;
}

/// A fetch wrapper: a policy and the app's functions.
#[derive(Debug, Default)]
pub struct Transport {
    /// Which requests carry a token, and how the user is asked.
    pub policy: FetchPolicy,
    /// `account`: which account to use.
    pub account: Option<Function>,
    /// `onInteractionRequired`: asked before the user is.
    pub on_interaction_required: Option<Function>,
    /// `fetch`: the function under the wrapper.
    pub fetch: Option<Function>,
    /// `maxReplayBodyBytes`.
    pub max_replay_body_bytes: u64,
    /// Whether it is the client's own `fetch`, which is there on the next page too.
    pub is_apps_own: bool,
    /// By origin: how many of its requests are under way.
    pub gates: RefCell<Vec<(Box<str>, Rc<Gate>)>>,
    /// The requests that were sent in the call.
    pub parted: Parted,
}

/// Why a request came to nothing.
#[derive(Clone, Debug)]
pub enum Thrown {
    /// An error of ours.
    Ours(Error),
    /// Something the transport or a callback of the app threw, or the caller's own reason to give up: the caller gets that very value.
    Theirs(JsValue),
}

impl From<Error> for Thrown {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl From<ErrorCode> for Thrown {
    fn from(code: ErrorCode) -> Self {
        Self::Ours(code.into())
    }
}

impl From<JsValue> for Thrown {
    fn from(value: JsValue) -> Self {
        Self::Theirs(value)
    }
}

/// A request that has been taken from the caller: what becomes of its input from now on is nothing to it.
#[derive(Debug)]
pub enum Taken {
    /// It is on its way: it carries a token that was there, or none, because no listed resource claims it or it has one of its own.
    Sent(Promise),
    /// It is to carry a token.
    Listed(Box<Exchange>),
}

impl Transport {
    /// Does what `fetch(input, init)` does before it returns. Where the input is a URL and there is nothing else, `plain` is the request of it, and
    /// `target` its method and URL, with a space between. `follow(id, response, status)` calls [`Transport::follow`].
    pub fn take(
        self: &Rc<Self>,
        client: &Rc<Client>,
        input: &JsValue,
        init: &JsValue,
        plain: Option<Request>,
        target: Option<String>,
        follow: &Function,
    ) -> Result<Taken, Thrown> {
        let listed = |target: Option<String>| {
            let target = target?;
            let (method, url) = cut::first(&target, " ")?;
            let url = Url::parse(url)?;
            let resource = self.policy.resources.find(&url, method)?;
            Some((Rc::clone(resource), self.gate(url.origin)))
        };
        let is_plain = plain.is_some();
        if !is_plain && listed(target_of(input, init)).is_none() {
            return Ok(Taken::Sent(self.call(&Array::of2(input, init))?));
        }
        let body = if is_plain { Body::Copied } else { Body::of(input, init, self.max_replay_body_bytes) };
        let request = plain.map_or_else(|| new_request(input, init), Ok)?;
        // What is sent decides, not what was looked at: an input may read differently the second time.
        let target = if is_plain { target } else { unauthorized(&request) };
        let Some((resource, gate)) = listed(target) else {
            let arguments = if is_plain { Array::of2(input, init) } else { Array::of1(&request) };
            return Ok(Taken::Sent(self.call(&arguments)?));
        };
        let need = resource.need(&self.account(client)?)?;
        let exchange = Box::new(Exchange {
            resource,
            need,
            correlation_id: OnceCell::new(),
            client: Rc::clone(client),
            transport: Rc::clone(self),
            signal: if is_plain { None } else { signal_of(input, init, &request) },
            // What is to outlive the page does not wait in it.
            gate: gate.filter(|_| is_plain || !property(&request, "keepalive").is_truthy()),
            request,
            body,
            token: None,
            response: JsValue::UNDEFINED,
            place: None,
        });
        Ok(exchange.send_now(follow).map_or_else(Taken::Listed, Taken::Sent))
    }

    /// The response to a request that was sent in the call, as the caller gets it; `undefined`: there is none. `Err`: it is not over.
    pub fn follow(&self, id: usize, response: JsValue, status: u16) -> Result<JsValue, Box<Exchange>> {
        match self.parted.take(id) {
            Some((exchange, shown)) => exchange.follow(&shown, response, status),
            None => Ok(response),
        }
    }

    /// What the requests to this origin go through. `None`: the app's own transport may call this wrapper, and would wait for itself.
    fn gate(&self, origin: &str) -> Option<Rc<Gate>> {
        if self.fetch.is_some() {
            return None;
        }
        let mut gates = self.gates.borrow_mut();
        if let Some((_, gate)) = gates.iter().find(|(known, _)| **known == *origin) {
            return Some(Rc::clone(gate));
        }
        let gate = Gate::new(MOST_AT_ONCE);
        gates.push((origin.into(), Rc::clone(&gate)));
        Some(gate)
    }

    fn call(&self, arguments: &Array) -> Result<Promise, JsValue> {
        Ok(Promise::resolve(&call_transport(self.fetch.as_ref(), arguments)?))
    }

    /// Whose token: what the app's function says, else the active account, else the only one. Storage has been looked at by then. Who has been signed out
    /// stays so: requests bring nobody back, whatever session the provider still has.
    ///
    /// Errors: `no_account_error`, `no_account_found`.
    fn account(&self, client: &Client) -> Result<Box<str>, Thrown> {
        let chosen = self.account.as_ref().map(|choose| choose.call0(&JsValue::UNDEFINED)).transpose()?;
        client.look();
        let chosen: Option<Box<str>> = match chosen {
            Some(account) => property(&account, "homeAccountId").as_string().filter(|home| !home.is_empty()).map(Into::into),
            None => client.default_account(),
        };
        let home = chosen.ok_or(ErrorCode::NoAccountError)?;
        if client.knows(&home) { Ok(home) } else { Err(ErrorCode::NoAccountFound.into()) }
    }
}

/// As many as servers are to take over one connection at least (RFC 9113 section 6.5.2). More would wait in the browser, with the token they have, and
/// all be refused where that is revoked.
const MOST_AT_ONCE: usize = 100;
