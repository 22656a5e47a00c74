//! `fetch`, for the app: performs what `session::retry` decides.
//!
//! A request that no listed resource claims goes to the transport exactly as the app gave it, and is not even looked into.
//!
//! | file | what |
//! |---|---|
//! | this one | one request on its way |
//! | `asking` | the user's turn: one question at a time, for whoever waits for it |
//! | `body` | what can be sent twice, and how |

mod asking;
mod body;

use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Request};

use super::{
    client::{Client, Token},
    flight::{Slot, first},
    location, random,
};
use crate::{
    error::{Error, ErrorCode},
    protocol::secret::Secret,
    session::{
        config::FetchPolicy,
        login::LoginRequest,
        need::Need,
        questions,
        resources::Resource,
        retry::{Answer, Retry, RetryInput, RetryStep},
    },
};

pub use asking::cancel;
pub use body::resend_to_js;

use asking::Asking;
use body::Body;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = String)]
    fn string(value: &JsValue) -> Result<String, JsValue>;
}

#[wasm_bindgen(module = "/pkg-template/transport.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = callGlobal)]
    fn call_global(arguments: &Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = isRequest)]
    fn is_request(input: &JsValue) -> bool;

    #[wasm_bindgen(catch, js_name = newRequest)]
    fn new_request(input: &JsValue, init: &JsValue) -> Result<Request, JsValue>;

    #[wasm_bindgen(js_name = challengeOf)]
    fn challenge_of(response: &JsValue) -> Option<String>;

    #[wasm_bindgen(js_name = discard)]
    fn discard(response: &JsValue);

    #[wasm_bindgen(js_name = onAbort)]
    fn on_abort(signal: &AbortSignal, call: &Closure<dyn FnMut()>) -> Function;
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

/// One request on its way.
#[derive(Debug)]
pub struct Exchange {
    resource: Resource,
    client: Rc<Client>,
    transport: Rc<Transport>,
    request: Request,
    /// The caller's, where it gave one.
    signal: Option<AbortSignal>,
    body: Body,
    need: Need,
    /// Of all that is asked for this request.
    correlation_id: String,
    token: Option<Token>,
    response: JsValue,
}

/// A request that has been taken from the caller: what becomes of its input from now on is nothing to it.
#[derive(Debug)]
pub enum Taken {
    /// No listed resource claims it, or it has a token of its own: it is the transport's already.
    Passed(Promise),
    /// It is to carry a token.
    Listed(Box<Exchange>),
}

impl Taken {
    /// What comes of it. Errors: what the transport throws; the reason of the caller's signal; those of `Client::acquire_silent` and
    /// `Client::login_popup`.
    pub async fn outcome(self) -> Result<JsValue, Thrown> {
        match self {
            Self::Passed(promise) => Ok(JsFuture::from(promise).await?),
            Self::Listed(exchange) => {
                let Some(signal) = exchange.signal.clone() else { return exchange.run().await };
                let aborted = Aborted::watch(signal);
                // Whatever it is waiting for: what is under way for others goes on without it.
                first(aborted.reason(), exchange.run()).await
            }
        }
    }
}

impl Transport {
    /// Does what `fetch(input, init)` does before it returns.
    pub fn take(self: &Rc<Self>, client: &Rc<Client>, input: &JsValue, init: &JsValue) -> Result<Taken, Thrown> {
        let resources = &self.policy.resources;
        let found = Target::read(input, init).and_then(|target| resources.find(&target.url, &target.method));
        if found.is_none() {
            return Ok(Taken::Passed(self.call(&Array::of2(input, init))?));
        }
        let has_signal = is_request(input) || get(init, "signal").is_object();
        let body = Body::of(input, init, self.max_replay_body_bytes);
        let request = new_request(input, init)?;
        // What is sent decides, not what was looked at: an input may read differently the second time.
        let found = resources.find(&request.url(), &request.method());
        let Some(resource) = found.filter(|_| !request.headers().has("authorization").unwrap_or(true)) else {
            return Ok(Taken::Passed(self.call(&Array::of1(&request))?));
        };
        let need = Need::new(&self.account(client)?, resource.scopes.clone(), None)?.at(resource.authority.clone());
        Ok(Taken::Listed(Box::new(Exchange {
            resource: resource.clone(),
            need,
            correlation_id: random::guid()?,
            client: Rc::clone(client),
            transport: Rc::clone(self),
            signal: has_signal.then(|| request.signal()),
            request,
            body,
            token: None,
            response: JsValue::UNDEFINED,
        })))
    }

    fn call(&self, arguments: &Array) -> Result<Promise, JsValue> {
        let answer = match &self.fetch {
            Some(fetch) => fetch.apply(&JsValue::UNDEFINED, arguments),
            None => call_global(arguments),
        };
        Ok(Promise::resolve(&answer?))
    }

    /// Whose token: what the app's function says, else the active account, else the only one. Error: `no_account_error`.
    fn account(&self, client: &Client) -> Result<Box<str>, Thrown> {
        let chosen = match &self.account {
            Some(choose) => get(&choose.call0(&JsValue::UNDEFINED)?, "homeAccountId").as_string().map(Into::into),
            None => client.read(|cache| cache.default_account().map(|account| account.home_account_id)),
        };
        Ok(chosen.ok_or(ErrorCode::NoAccountError)?)
    }
}

impl Exchange {
    async fn run(mut self) -> Result<JsValue, Thrown> {
        let (transport, resource) = (Rc::clone(&self.transport), self.resource.clone());
        let policy = &transport.policy;
        let method = self.request.method();
        let mut retry = Retry::new(self.need.clone(), &policy.resources, &resource, &method, policy.interaction);
        let mut input = self.decide(&mut retry, RetryInput::Start);
        loop {
            let outcome = match input {
                RetryStep::Fail(error) => {
                    if retry.take_news() {
                        self.tell("countersign:challengeReceived", None, &retry);
                    }
                    discard(&self.response);
                    return Err(error.into());
                }
                RetryStep::Return => return Ok(self.response),
                RetryStep::Hidden => {
                    self.tell("countersign:challengeHidden", None, &retry);
                    return Ok(self.response);
                }
                RetryStep::ReturnAndRenew(need) => {
                    self.begin_answer(&mut retry).await;
                    let (client, request) = (Rc::clone(&self.client), self.silent_request());
                    wasm_bindgen_futures::spawn_local(async move {
                        // The next request hears of a failure.
                        let _ = client.acquire_silent(need, request, None).await;
                    });
                    return Ok(self.response);
                }
                RetryStep::Send => {
                    self.send().await?;
                    input = self.judge(&mut retry).await;
                    continue;
                }
                RetryStep::CatchUp(need) => {
                    self.client.fresh().await;
                    let newer = self.client.newer(&need, self.sent());
                    input = match newer {
                        Some(token) => {
                            self.token = Some(token);
                            self.decide(&mut retry, RetryInput::CaughtUp)
                        }
                        None => self.decide(&mut retry, RetryInput::Current),
                    };
                    continue;
                }
                RetryStep::Acquire(need) => self.acquire(need, None).await,
                RetryStep::Renew(need) => {
                    self.begin_answer(&mut retry).await;
                    let refused = self.sent().filter(|_| retry.may_catch_up()).cloned();
                    let outcome = self.acquire(need, refused.as_ref()).await;
                    self.tell_answered(&retry, &outcome, "silent");
                    outcome
                }
                RetryStep::Interact(need, error) => {
                    self.begin_answer(&mut retry).await;
                    let context = self.context(&retry, error.claims.as_deref());
                    let asking = Asking {
                        client: Rc::clone(&self.client),
                        transport: Rc::clone(&self.transport),
                        need,
                        error,
                        context,
                        correlation_id: self.correlation_id.clone(),
                        request: Clone::clone(&self.request),
                        body: self.body.clone(),
                        sent: self.sent().cloned(),
                    };
                    match asking.outcome(retry.may_catch_up()).await {
                        Err(Thrown::Theirs(value)) => return Err(Thrown::Theirs(value)),
                        Err(Thrown::Ours(error)) => {
                            if questions::is_denial(&error) {
                                self.tell("countersign:challengeDeclined", Some("popup"), &retry);
                            }
                            Err(error)
                        }
                        Ok(token) => {
                            let outcome = Ok(token);
                            self.tell_answered(&retry, &outcome, "popup");
                            outcome
                        }
                    }
                }
            };
            input = self.took(&mut retry, outcome);
        }
    }

    fn decide(&self, retry: &mut Retry<'_>, input: RetryInput<'_>) -> RetryStep {
        self.client.with_questions(|questions| retry.step(input, questions))
    }

    fn took(&mut self, retry: &mut Retry<'_>, outcome: Result<Token, Error>) -> RetryStep {
        let input = match outcome {
            Ok(token) => {
                // Somebody else's, if it was there already.
                let is_others = token.is_from_cache && self.token.is_some();
                self.token = Some(token);
                if is_others { RetryInput::CaughtUp } else { RetryInput::Acquired }
            }
            Err(error) => RetryInput::Refused(error),
        };
        self.decide(retry, input)
    }

    /// The app hears of a challenge once. The token that was refused is forgotten, where it is of no use to anybody: that one and no other.
    async fn begin_answer(&self, retry: &mut Retry<'_>) {
        if !retry.take_news() {
            return;
        }
        self.tell("countersign:challengeReceived", None, retry);
        if let Some(sent) = self.sent().filter(|_| retry.is_token_refused()) {
            self.client.purge(self.need.account(), sent.reveal()).await;
        }
    }

    async fn acquire(&self, need: Need, refused: Option<&Secret>) -> Result<Token, Error> {
        if let Some(outcome) = asking::outcome_of(&self.client, &need).await {
            return outcome;
        }
        self.client.acquire_silent(need, self.silent_request(), refused).await
    }

    fn silent_request(&self) -> LoginRequest {
        LoginRequest { correlation_id: self.correlation_id.clone(), ..LoginRequest::default() }
    }

    fn sent(&self) -> Option<&Secret> {
        self.token.as_ref().map(|token| &token.access_token.secret)
    }

    async fn send(&mut self) -> Result<(), Thrown> {
        // The one that was refused first is not read any further: its connection is wanted for the replay.
        discard(&self.response);
        let request = self.body.next(&self.request).await?;
        if let Some(token) = &self.token {
            let mut value = String::from("Bearer ");
            value.push_str(token.access_token.secret.reveal());
            request.headers().set("Authorization", &value)?;
        }
        self.response = JsFuture::from(self.transport.call(&Array::of1(&request))?).await?;
        Ok(())
    }

    async fn judge(&self, retry: &mut Retry<'_>) -> RetryStep {
        let challenge = challenge_of(&self.response);
        let url = get(&self.response, "url").as_string().filter(|url| !url.is_empty());
        // A status is a small integer; what is none is no challenge.
        let status = get(&self.response, "status").as_f64().unwrap_or_default() as u16;
        let answer = Answer {
            status,
            url: url.as_deref(),
            challenge: challenge.as_deref(),
            is_filtered: get(&self.response, "type").as_string().as_deref() == Some("cors"),
            // Only where it matters: a response is not kept waiting for its request.
            is_replayable: !matches!(status, 401 | 403) || self.body.is_replayable().await,
        };
        self.decide(retry, RetryInput::Responded(answer))
    }

    fn tell_answered(&self, retry: &Retry<'_>, outcome: &Result<Token, Error>, how: &str) {
        if outcome.is_ok() && retry.is_answering() {
            self.tell("countersign:challengeAnswered", Some(how), retry);
        }
    }

    fn tell(&self, event: &str, how: Option<&str>, retry: &Retry<'_>) {
        self.client.emit(event, how, &self.context(retry, retry.need().claims()), &self.correlation_id);
    }

    /// What the app is told of a request: where it goes and what is asked, never with what.
    fn context(&self, retry: &Retry<'_>, claims: Option<&str>) -> JsValue {
        let context = Object::new();
        let fields = [
            ("url", JsValue::from(self.request.url())),
            ("method", self.request.method().into()),
            ("status", get(&self.response, "status")),
            ("claims", claims.map_or(JsValue::NULL, JsValue::from_str)),
            ("scopes", retry.need().scopes().iter().map(JsValue::from_str).collect::<Array>().into()),
            ("demands", self.client.demands_to_js(retry.demands())),
        ];
        for (name, value) in fields {
            // A new object takes every property.
            let _ = Reflect::set(&context, &name.into(), &value);
        }
        context.into()
    }
}

/// The caller's signal, listened to for as long as this lives.
struct Aborted {
    signal: AbortSignal,
    slot: Rc<Slot<()>>,
    forget: Function,
    _call: Closure<dyn FnMut()>,
}

impl Aborted {
    fn watch(signal: AbortSignal) -> Self {
        let slot = Slot::new();
        let arrived = Rc::clone(&slot);
        let call = Closure::<dyn FnMut()>::new(move || arrived.put(()));
        Self { forget: on_abort(&signal, &call), slot, _call: call, signal }
    }

    /// Never, unless the caller gives up. Error: its own reason.
    async fn reason(&self) -> Result<JsValue, Thrown> {
        if !self.signal.aborted() {
            self.slot.get().await;
        }
        Err(Thrown::Theirs(self.signal.reason()))
    }
}

impl Drop for Aborted {
    fn drop(&mut self) {
        // It does not throw.
        let _ = self.forget.call0(&JsValue::UNDEFINED);
    }
}

/// Where a request goes, read without touching it: a body that is looked into is a body that is gone.
struct Target {
    url: String,
    method: String,
}

impl Target {
    fn read(input: &JsValue, init: &JsValue) -> Option<Self> {
        let is_request = is_request(input);
        let url = if is_request { get(input, "url").as_string()? } else { location::normalize(&string(input).ok()?)? };
        let method = get(init, "method").as_string().or_else(|| get(input, "method").as_string().filter(|_| is_request));
        Some(Self { url, method: method.unwrap_or_else(|| "GET".into()) })
    }
}

/// A property of something the app gave; `undefined` where it gave nothing of that name.
fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
