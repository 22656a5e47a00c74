//! `fetch`, for the app: performs what `session::retry` decides.
//!
//! A request that no listed resource claims goes to the transport exactly as the app gave it, and is not even looked into.

use std::rc::Rc;

use js_sys::{Array, Function, JsString, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, ReadableStream, Request, RequestInit};

use super::{
    client::{Client, Flight, Token},
    flight::outside,
    location, random,
};
use crate::{
    error::{Error, ErrorCode},
    protocol::scope::Scopes,
    session::{
        acquire::Need,
        config::{FetchPolicy, InteractionType},
        login::LoginRequest,
        retry::{Retry, RetryInput, RetryStep},
    },
};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = String)]
    fn string(value: &JsValue) -> Result<String, JsValue>;
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
}

/// Why a request came to nothing.
#[derive(Debug)]
pub enum Thrown {
    /// An error of ours.
    Ours(Error),
    /// Something the transport or a callback of the app threw: the caller gets that very value.
    Theirs(JsValue),
}

impl Thrown {
    /// What those are told who waited for the same answer: a value that was thrown at one caller is not another's.
    fn for_others(&self) -> Error {
        match self {
            Self::Ours(error) => error.clone(),
            Self::Theirs(_) => ErrorCode::UserCancelled.into(),
        }
    }
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
struct Exchange<'a> {
    client: &'a Rc<Client>,
    transport: &'a Transport,
    request: Request,
    scopes: &'a Scopes,
    account: Box<str>,
    /// Of all that is asked for this request.
    correlation_id: String,
    is_replayable: bool,
    token: Option<Token>,
    response: JsValue,
}

impl Transport {
    /// Does what `fetch(input, init)` does. Errors: what the transport throws; those of `Client::acquire_silent` and `Client::login_popup`.
    pub async fn fetch(&self, client: &Rc<Client>, input: JsValue, init: JsValue) -> Result<JsValue, Thrown> {
        let found = Target::read(&input, &init).and_then(|target| self.policy.resources.find(&target.url, &target.method));
        if found.is_none() {
            return self.send(&Array::of2(&input, &init)).await;
        }
        let is_stream = get(&init, "body").is_instance_of::<ReadableStream>();
        let is_short = body_bytes(&get(&init, "body")) <= self.max_replay_body_bytes;
        let request = new_request(&input, &init)?;
        // What is sent decides, not what was looked at: an input may read differently the second time.
        let found = self.policy.resources.find(&request.url(), &request.method());
        let Some(scopes) = found.filter(|_| !request.headers().has("authorization").unwrap_or(true)) else {
            return self.send(&Array::of1(&request)).await;
        };
        let (account, correlation_id) = (self.account(client)?, random::guid()?);
        let is_replayable = is_short && !is_stream;
        let (token, response) = (None, JsValue::UNDEFINED);
        Exchange { client, transport: self, request, scopes, account, correlation_id, is_replayable, token, response }.run().await
    }

    async fn send(&self, arguments: &Array) -> Result<JsValue, Thrown> {
        // Looked up each time: pages and test tools replace the global one.
        let global = || get(&js_sys::global(), "fetch").unchecked_into();
        let promise = self.fetch.clone().unwrap_or_else(global).apply(&JsValue::UNDEFINED, arguments)?;
        Ok(JsFuture::from(Promise::resolve(&promise)).await?)
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

impl Exchange<'_> {
    async fn run(mut self) -> Result<JsValue, Thrown> {
        let mut retry = Retry::default();
        let mut step = retry.step(RetryInput::Start);
        loop {
            step = match step {
                RetryStep::Fail(error) => return Err(error.into()),
                RetryStep::Return => return Ok(self.response),
                RetryStep::Acquire => {
                    self.check_abort()?;
                    let outcome = self.acquire(None).await;
                    self.took(&mut retry, outcome)
                }
                RetryStep::Renew { claims } => {
                    self.tell("countersign:challengeReceived", None, Some(&claims));
                    self.forget().await;
                    let outcome = self.acquire(Some(&claims)).await;
                    self.answered(&retry, &outcome, "silent");
                    self.took(&mut retry, outcome)
                }
                RetryStep::Interact(error) => {
                    self.check_abort()?;
                    let outcome = match self.interact(error).await {
                        Err(Thrown::Theirs(value)) => return Err(Thrown::Theirs(value)),
                        Err(Thrown::Ours(error)) => Err(error),
                        Ok(token) => Ok(token),
                    };
                    self.answered(&retry, &outcome, "popup");
                    self.took(&mut retry, outcome)
                }
                RetryStep::Send => {
                    self.send().await?;
                    self.judge(&mut retry)
                }
            };
        }
    }

    /// Nobody is asked for a request that its caller gave up. Error: the caller's own reason.
    fn check_abort(&self) -> Result<(), Thrown> {
        let signal = self.request.signal();
        if signal.aborted() { Err(Thrown::Theirs(signal.reason())) } else { Ok(()) }
    }

    fn took(&mut self, retry: &mut Retry, outcome: Result<Token, Error>) -> RetryStep {
        match outcome {
            Ok(token) => {
                self.token = Some(token);
                retry.step(RetryInput::Acquired)
            }
            Err(error) => retry.step(RetryInput::Refused(error)),
        }
    }

    fn need(&self, claims: Option<&str>) -> Result<Need, Error> {
        Need::new(&self.account, self.scopes.clone(), claims)
    }

    async fn acquire(&self, claims: Option<&str>) -> Result<Token, Error> {
        let request = LoginRequest { correlation_id: self.correlation_id.clone(), ..LoginRequest::default() };
        self.client.acquire_silent(self.need(claims)?, request).await
    }

    /// Compare and delete: the token that was refused, and no other.
    async fn forget(&self) {
        if let Some(token) = &self.token {
            self.client.purge(&self.account, token.access_token.secret.reveal()).await;
        }
    }

    async fn send(&mut self) -> Result<(), Thrown> {
        // The one that was refused first is not read any further: its connection is wanted for the replay.
        let body = get(&self.response, "body");
        if let Ok(cancelled) = get(&body, "cancel").dyn_into::<Function>().and_then(|cancel| cancel.call0(&body)) {
            // Not awaited: one half of a body that the transport has cloned waits for the other. Its failure is nobody's.
            wasm_bindgen_futures::spawn_local(async move {
                let _ = JsFuture::from(Promise::resolve(&cancelled)).await;
            });
        }
        let request = if self.is_replayable { self.request.clone()? } else { Clone::clone(&self.request) };
        if let Some(token) = &self.token {
            let mut value = String::from("Bearer ");
            value.push_str(token.access_token.secret.reveal());
            request.headers().set("Authorization", &value)?;
        }
        self.response = self.transport.send(&Array::of1(&request)).await?;
        Ok(())
    }

    /// A cached token that is not the one that was sent.
    fn newer(&self) -> Option<Token> {
        let sent = self.token.as_ref()?.access_token.secret.reveal();
        self.client.cached(&self.need(None).ok()?).filter(|newer| !newer.access_token.secret.is(sent))
    }

    fn judge(&self, retry: &mut Retry) -> RetryStep {
        let headers = get(&self.response, "headers").dyn_into::<Headers>();
        let challenge = headers.ok().and_then(|headers| headers.get("www-authenticate").ok().flatten());
        // A redirect may have led elsewhere, and what an origin that is not listed demands is not answered.
        let answered = get(&self.response, "url").as_string().filter(|url| !url.is_empty());
        let resources = &self.transport.policy.resources;
        let is_listed = answered.is_none_or(|url| resources.find(&url, &self.request.method()) == Some(self.scopes));
        retry.step(RetryInput::Responded {
            // A status is a small integer; what is none is no challenge.
            status: get(&self.response, "status").as_f64().unwrap_or_default() as u16,
            challenge: challenge.as_deref().filter(|_| is_listed),
            is_superseded: self.newer().is_some(),
            is_replayable: self.is_replayable,
        })
    }

    /// Asks the user, one question at a time: who waits for a turn takes the answer to another's question where that is enough.
    async fn interact(&self, error: Error) -> Result<Token, Thrown> {
        if self.transport.policy.interaction == InteractionType::None {
            return Err(error.into());
        }
        let need = self.need(error.claims.as_deref())?;
        while let Some(flight) = self.client.asking() {
            self.client.make_room();
            match flight.outcome.get().await {
                Ok(token) if need.is_met_by(&flight.need) => return Ok(token),
                // It made room for another one, this perhaps.
                Err(error) if error.code == ErrorCode::InteractionInProgressCancelled => {}
                Err(error) if need == flight.need => return Err(error.into()),
                _ => {}
            }
        }
        let flight = self.client.ask(need);
        let outcome = self.ask(error, &flight).await;
        self.client.asked(&flight);
        flight.outcome.put(outcome.as_ref().cloned().map_err(Thrown::for_others));
        outcome
    }

    async fn ask(&self, error: Error, flight: &Rc<Flight>) -> Result<Token, Thrown> {
        let claims = error.claims.clone();
        let request = LoginRequest {
            scopes: self.scopes.iter().map(String::from).collect(),
            claims: claims.as_deref().map(String::from),
            account: Some((*self.account).into()),
            is_bound_to_account: true,
            correlation_id: self.correlation_id.clone(),
            ..LoginRequest::default()
        };
        match self.choose(claims.as_deref()).await? {
            Choice::Cancel => Err(ErrorCode::UserCancelled.into()),
            Choice::Redirect => {
                // The page may stay after all (the user says so, or the answer is a download): the next request must be able to ask.
                self.client.asked(flight);
                self.client.login_redirect(request).await?;
                // The app did not let the page go: it knows now what is wanted.
                Err(error.into())
            }
            Choice::Popup => {
                // One that the app opened itself comes first, and may bring what is needed.
                self.client.until_no_popup().await;
                if let Some(token) = self.newer() {
                    return Ok(token);
                }
                let interaction = self.client.open_popup_in_task(&self.correlation_id).await?;
                Ok(self.client.login_popup(interaction, request).await?)
            }
        }
    }

    async fn choose(&self, claims: Option<&str>) -> Result<Choice, Thrown> {
        let configured = match self.transport.policy.interaction {
            InteractionType::Redirect => Choice::Redirect,
            InteractionType::None | InteractionType::Popup => Choice::Popup,
        };
        let Some(ask) = &self.transport.on_interaction_required else { return Ok(configured) };
        let (ask, context) = (ask.clone(), self.context(claims));
        let answer = outside(move || ask.call1(&JsValue::UNDEFINED, &context)).await?;
        let answer = JsFuture::from(Promise::resolve(&answer)).await?;
        Ok(match answer.as_string().as_deref() {
            Some("popup") => Choice::Popup,
            Some("redirect") => Choice::Redirect,
            _ => Choice::Cancel,
        })
    }

    fn answered(&self, retry: &Retry, outcome: &Result<Token, Error>, how: &str) {
        match outcome {
            Ok(_) if retry.is_answering() => self.tell("countersign:challengeAnswered", Some(how), None),
            Err(error) if how == "popup" && error.code == ErrorCode::UserCancelled => {
                self.tell("countersign:challengeDeclined", Some(how), None);
            }
            _ => {}
        }
    }

    fn tell(&self, event: &str, how: Option<&str>, claims: Option<&str>) {
        self.client.emit(event, how, &self.context(claims), &self.correlation_id);
    }

    /// What the app is told of a request: where it goes and what is asked, never with what.
    fn context(&self, claims: Option<&str>) -> JsValue {
        let context = Object::new();
        let fields = [
            ("url", JsValue::from(self.request.url())),
            ("method", self.request.method().into()),
            ("status", get(&self.response, "status")),
            ("claims", claims.map_or(JsValue::NULL, JsValue::from_str)),
            ("scopes", self.scopes.iter().map(JsValue::from_str).collect::<Array>().into()),
        ];
        for (name, value) in fields {
            // A new object takes every property.
            let _ = Reflect::set(&context, &name.into(), &value);
        }
        context.into()
    }
}

enum Choice {
    Cancel,
    Popup,
    Redirect,
}

/// Where a request goes, read without touching it: a body that is looked into is a body that is gone.
struct Target {
    url: String,
    method: String,
}

impl Target {
    fn read(input: &JsValue, init: &JsValue) -> Option<Self> {
        let is_request = input.is_instance_of::<Request>();
        let url = if is_request { get(input, "url").as_string()? } else { location::normalize(&string(input).ok()?)? };
        let method = get(init, "method").as_string().or_else(|| get(input, "method").as_string().filter(|_| is_request));
        Some(Self { url, method: method.unwrap_or_else(|| "GET".into()) })
    }
}

fn new_request(input: &JsValue, init: &JsValue) -> Result<Request, JsValue> {
    let init: &RequestInit = init.unchecked_ref();
    match input.dyn_ref::<Request>() {
        Some(request) => Request::new_with_request_and_init(request, init),
        None => Request::new_with_str_and_init(&string(input)?, init),
    }
}

/// The length of a body, where it can be known: the text, the buffer, the `Blob`.
fn body_bytes(body: &JsValue) -> u64 {
    if let Some(text) = body.dyn_ref::<JsString>() {
        return text.length().into();
    }
    let number = |name| get(body, name).as_f64();
    number("byteLength").or_else(|| number("size")).unwrap_or_default() as u64
}

/// A property of something the app gave; `undefined` where it gave nothing of that name.
fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
