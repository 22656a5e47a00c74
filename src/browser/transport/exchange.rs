//! One request on its way: performs what `session::retry` decides.

use std::{
    cell::{OnceCell, RefCell},
    fmt,
    rc::Rc,
};

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Request};

use super::{
    Thrown, Transport,
    asking::{self, Asking},
    body::Body,
};
use crate::{
    browser::{
        client::{Client, Token},
        flight::{Gate, Place, Slot, first},
        location::property,
        random,
    },
    error::{Error, ErrorCode},
    protocol::{demand::can_demand, secret::Secret},
    session::{
        login::LoginRequest,
        need::Need,
        questions,
        resources::Resource,
        retry::{self, Answer, Retry, RetryInput, RetryStep},
    },
};

#[wasm_bindgen(module = "/pkg-template/transport.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn authorize(request: &Request, token: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = challengeOf)]
    fn challenge_of(response: &JsValue) -> Option<String>;

    #[wasm_bindgen(js_name = isFiltered)]
    fn is_filtered(response: &JsValue) -> bool;

    #[wasm_bindgen(js_name = statusOf)]
    fn status_of(response: &JsValue) -> f64;

    #[wasm_bindgen(js_name = urlOf)]
    fn url_of(response: &JsValue) -> Option<String>;

    #[wasm_bindgen(js_name = discard)]
    fn discard(response: &JsValue);

    #[wasm_bindgen(js_name = onAbort)]
    fn on_abort(signal: &AbortSignal, call: &Closure<dyn FnMut()>) -> Function;

    #[wasm_bindgen(js_name = sendNow)]
    fn send_now(
        request: &Request,
        shown: &JsValue,
        signal: Option<&AbortSignal>,
        fetch: Option<&Function>,
        is_copied: bool,
        follow: &Function,
        id: usize,
    ) -> Promise;
}

/// One request on its way.
#[derive(Debug)]
pub struct Exchange {
    pub(super) resource: Rc<Resource>,
    pub(super) client: Rc<Client>,
    pub(super) transport: Rc<Transport>,
    pub(super) request: Request,
    /// The caller's, where it gave one.
    pub(super) signal: Option<AbortSignal>,
    pub(super) body: Body,
    pub(super) need: Need,
    pub(super) correlation_id: OnceCell<String>,
    /// The token that it carries, or was sent with.
    pub(super) token: Option<Secret>,
    pub(super) response: JsValue,
    pub(super) gate: Option<Rc<Gate>>,
    /// Kept until the caller has its answer, so that who waits in line finds the token that a challenge has brought; but nobody waits in line for a user.
    pub(super) place: Option<Rc<Place>>,
}

impl Exchange {
    /// Sends it in the call itself, where the cache has its token and there is nothing to wait for or to decide, as is most often so. `follow`
    /// gets what comes of it, for [`Transport::follow`]. `Err`: it takes its time, and `outcome` sees to that.
    pub(super) fn send_now(mut self: Box<Self>, follow: &Function) -> Result<Promise, Box<Self>> {
        let Some(shown) = self.at_hand() else { return Err(self) };
        let is_copied = self.body.begin(&self.request);
        let (transport, request, signal) = (Rc::clone(&self.transport), Clone::clone(&self.request), self.signal.clone());
        // Before anything of the app's runs: it may call again.
        let id = transport.parted.put(self, &shown);
        Ok(send_now(&request, &shown, signal.as_ref(), transport.fetch.as_ref(), is_copied, follow, id))
    }

    /// The result that has its token, and a place for it, where nothing is to be waited for.
    fn at_hand(&mut self) -> Option<JsValue> {
        let client = &self.client;
        let is_given_up = self.signal.as_ref().is_some_and(AbortSignal::aborted);
        if is_given_up || client.with_questions(|questions| !questions.is_empty()) {
            return None;
        }
        let shown = client.hit(&self.need)?;
        if let Some(gate) = &self.gate {
            self.place = Some(gate.try_enter()?);
        }
        Some(shown)
    }

    /// What the caller gets, of a response that came to a request sent in the call.
    pub(super) fn follow(mut self: Box<Self>, shown: &JsValue, response: JsValue, status: u16) -> Result<JsValue, Box<Self>> {
        if self.client.with_questions(|questions| retry::is_callers(status, questions)) {
            return Ok(response);
        }
        self.token = property(shown, "accessToken").as_string().map(Secret::new);
        self.response = response;
        Err(self)
    }

    /// What comes of it, or the caller's reason to give it up, whatever it is waiting for: what is under way for others goes on without it.
    ///
    /// Errors: what the transport throws; the reason of the caller's signal; those of `Client::acquire_silent` and `Client::login_popup`.
    pub async fn outcome(self) -> Result<JsValue, Thrown> {
        let Some(signal) = self.signal.clone() else { return self.run().await };
        let aborted = Aborted::watch(signal);
        first(aborted.reason(), self.run()).await
    }

    async fn run(mut self) -> Result<JsValue, Thrown> {
        let (transport, resource) = (Rc::clone(&self.transport), Rc::clone(&self.resource));
        let policy = &transport.policy;
        let method = self.request.method();
        let listed = self.client.listed();
        let target = (&*method, &*self.request.url());
        let mut retry = Retry::new(self.need.clone(), &policy.resources, &listed, &resource, target, policy.interaction);
        let mut input =
            if self.response.is_undefined() { self.decide(&mut retry, RetryInput::Start) } else { self.judge(&mut retry).await };
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
                    let (client, correlation_id) = (Rc::clone(&self.client), String::from(self.correlation_id()));
                    wasm_bindgen_futures::spawn_local(async move {
                        // The next request hears of a failure.
                        let _ = client.acquire_silent(need, &|| asked_as(&correlation_id), None).await;
                    });
                    return Ok(self.response);
                }
                RetryStep::Send => {
                    if self.response.is_undefined()
                        && let Err(error) = self.wait_in_line().await
                    {
                        input = self.took(&mut retry, Err(error));
                        continue;
                    }
                    self.send().await?;
                    input = self.judge(&mut retry).await;
                    continue;
                }
                RetryStep::CatchUp(need) => {
                    self.client.fresh().await;
                    let newer = self.client.newer(&need, self.token.as_ref());
                    input = match newer {
                        Some(token) => {
                            self.token = Some(token.access_token.secret);
                            self.decide(&mut retry, RetryInput::CaughtUp)
                        }
                        None => self.decide(&mut retry, RetryInput::Current),
                    };
                    continue;
                }
                RetryStep::Acquire(need) => self.acquire(need, None).await,
                RetryStep::Renew(need) => {
                    self.begin_answer(&mut retry).await;
                    let refused = self.token.as_ref().filter(|_| retry.may_catch_up()).cloned();
                    let outcome = self.acquire(need, refused.as_ref()).await;
                    self.tell_answered(&retry, &outcome, "silent");
                    outcome
                }
                RetryStep::Interact(need, error) => {
                    self.begin_answer(&mut retry).await;
                    self.place = None;
                    let context = self.context(&retry, error.claims.as_deref());
                    let asking = Asking {
                        client: Rc::clone(&self.client),
                        transport: Rc::clone(&self.transport),
                        need,
                        error,
                        context,
                        correlation_id: self.correlation_id().into(),
                        request: Clone::clone(&self.request),
                        body: self.body.clone(),
                        sent: self.token.as_ref().cloned(),
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
                self.token = Some(token.access_token.secret);
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
        if let Some(sent) = self.token.as_ref().filter(|_| retry.is_token_refused()) {
            self.client.purge(self.need.account(), sent.reveal()).await;
        }
    }

    async fn acquire(&mut self, need: Need, refused: Option<&Secret>) -> Result<Token, Error> {
        if let Some(asked) = asking::asked(&self.client, &need) {
            self.place = None;
            if let Some(outcome) = asked.outcome_for(&self.client, &need).await {
                return outcome;
            }
        }
        self.client.acquire_silent(need, &|| asked_as(self.correlation_id()), refused).await
    }

    /// Of all that is asked for this request. Most ask for nothing.
    fn correlation_id(&self) -> &str {
        // Without random numbers there is nothing to be asked with either.
        self.correlation_id.get_or_init(|| random::guid().unwrap_or_default())
    }

    /// Error: `no_account_found` where its account has been signed out meanwhile.
    async fn wait_in_line(&mut self) -> Result<(), Error> {
        let Some(gate) = &self.gate else { return Ok(()) };
        let (place, has_waited) = gate.enter().await;
        self.place = Some(place);
        if has_waited {
            // The token may have been refused meanwhile.
            let need = self.need.plain();
            if self.client.cached(&need).is_none() {
                self.client.acquired(need.account()).await;
            }
            if self.client.read(|cache| cache.entry(need.account()).is_none()) {
                return Err(ErrorCode::NoAccountFound.into());
            }
            if let Some(newer) = self.client.newer(&need, self.token.as_ref()) {
                self.token = Some(newer.access_token.secret);
            }
        }
        Ok(())
    }

    async fn send(&mut self) -> Result<(), Thrown> {
        if !self.response.is_undefined() {
            // It was refused, and is not read any further: its connection is wanted for the replay.
            discard(&self.response);
        }
        let request = self.body.next(&self.request).await?;
        if let Some(token) = &self.token {
            authorize(&request, token.reveal())?;
        }
        self.response = JsFuture::from(self.transport.call(&Array::of1(&request))?).await?;
        Ok(())
    }

    async fn judge(&self, retry: &mut Retry<'_>) -> RetryStep {
        let (challenge, url) = (challenge_of(&self.response), url_of(&self.response));
        // A status is a small integer; what is none is no challenge.
        let status = status_of(&self.response) as u16;
        let answer = Answer {
            status,
            url: url.as_deref(),
            challenge: challenge.as_deref(),
            is_filtered: is_filtered(&self.response),
            // Only where it matters: a response is not kept waiting for its request.
            is_replayable: !can_demand(status) || self.body.is_replayable().await,
        };
        self.decide(retry, RetryInput::Responded(answer))
    }

    fn tell_answered(&self, retry: &Retry<'_>, outcome: &Result<Token, Error>, how: &str) {
        if outcome.is_ok() && retry.is_answering() {
            self.tell("countersign:challengeAnswered", Some(how), retry);
        }
    }

    fn tell(&self, event: &str, how: Option<&str>, retry: &Retry<'_>) {
        self.client.emit(event, how, &self.context(retry, retry.need().claims()), self.correlation_id());
    }

    /// What the app is told of a request: where it goes and what is asked, never with what.
    fn context(&self, retry: &Retry<'_>, claims: Option<&str>) -> JsValue {
        let context = Object::new();
        let fields = [
            ("url", JsValue::from(self.request.url())),
            ("method", self.request.method().into()),
            ("status", property(&self.response, "status")),
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

/// The requests that were sent in the call, each with the result that its token is from, by their numbers.
#[derive(Default)]
pub struct Parted(RefCell<Vec<Option<Sent>>>);

type Sent = (Box<Exchange>, JsValue);

impl Parted {
    /// Keeps a request. Returns its number, which is another's once it is taken.
    fn put(&self, exchange: Box<Exchange>, shown: &JsValue) -> usize {
        let own = Some((exchange, shown.clone()));
        let mut parted = self.0.borrow_mut();
        let id = parted.iter().position(Option::is_none).unwrap_or(parted.len());
        match parted.get_mut(id) {
            Some(free) => *free = own,
            None => parted.push(own),
        }
        id
    }

    pub(super) fn take(&self, id: usize) -> Option<Sent> {
        self.0.borrow_mut().get_mut(id).and_then(Option::take)
    }
}

impl fmt::Debug for Parted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A result shows its tokens.
        f.write_str("<parted>")
    }
}

pub(super) fn asked_as(correlation_id: &str) -> LoginRequest {
    LoginRequest { correlation_id: correlation_id.into(), ..LoginRequest::default() }
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
