//! A token without the user: the cache, the refresh token, a hidden frame, in the order that `session::acquire` says.

use std::{cell::RefCell, rc::Rc};

use wasm_bindgen::JsValue;

use super::{Client, Token};
use crate::{
    browser::{clock, driver::Stage, flight::Slot},
    error::{Error, ErrorCode},
    protocol::{list, secret::Secret, state::Flow, time::UnixSeconds},
    session::{
        Input,
        acquire::{self, Acquire, Next},
        login::LoginRequest,
        need::{CacheLookupPolicy, Need},
    },
};

thread_local! {
    /// The acquisitions under way on this page, of all clients: two of them can share a session, and a refresh token that rotates is good for
    /// one request.
    static FLIGHTS: RefCell<Vec<Rc<Flight>>> = const { RefCell::new(Vec::new()) };

    /// The hidden frame of this page: one at a time.
    static FRAME: RefCell<Option<Rc<Slot<()>>>> = const { RefCell::new(None) };

    /// Whose frames have failed in a way that the next one will too.
    static HOPELESS: RefCell<Vec<Hopeless>> = const { RefCell::new(Vec::new()) };
}

/// Of a session, all accounts that are in the cache together; of one that is not, itself alone.
#[derive(Debug)]
struct Hopeless {
    session: Box<str>,
    /// Empty: those that are in the cache.
    stranger: Box<str>,
    /// How long that is believed.
    until: UnixSeconds,
}

/// An acquisition under way, and what it will come to.
#[derive(Debug)]
pub struct Flight {
    /// Whose session it is for.
    pub session: Box<str>,
    /// What it is for.
    pub need: Need,
    /// What comes of it.
    pub outcome: Rc<Slot<Result<Token, Error>>>,
}

impl Flight {
    pub(super) fn new(session: &str, need: Need) -> Rc<Self> {
        Rc::new(Self { session: session.into(), need, outcome: Slot::new() })
    }
}

impl Client {
    /// A token without the user. `request` gives what a hidden frame would ask beside the need. `refused`: where others have got another token than this
    /// one while they were waited for, that is taken, whatever it was asked with.
    ///
    /// Errors: `interaction_required` and `no_tokens_found` where only the user can help; `token_refresh_required`; those of `Acquire::step` and
    /// `Login::step`; those of the network.
    pub async fn acquire_silent(
        self: &Rc<Self>,
        need: Need,
        request: &dyn Fn() -> LoginRequest,
        refused: Option<&Secret>,
    ) -> Result<Token, Error> {
        loop {
            if need.may_use_cache()
                && let Some(token) = self.cached(&need)
            {
                if self.under_way(need.account()).is_none()
                    && self.session.take_due(need.account(), &token.access_token, clock::now())
                {
                    // In the background: the caller has its token, and whether a fresher one comes is no concern of it.
                    self.launch(need.from(CacheLookupPolicy::RefreshToken, true), request());
                }
                return Ok(token);
            }
            if let Next::Fail(error) = need.first() {
                return Err(error);
            }
            let Some(flight) = self.under_way(need.account()) else { return self.launch(need, request()).outcome.get().await };
            let outcome = flight.outcome.get().await;
            if need.takes(&flight.need, &outcome) {
                return outcome;
            }
            if let Some(newer) = refused.and_then(|refused| self.newer(&need.plain(), Some(refused))) {
                return Ok(newer);
            }
        }
    }

    /// A sign-in in a hidden frame, on the session that the provider keeps for the user. Errors: `silent_prompt_value_error`; those of
    /// `Login::step`; `timed_out`; those of the network.
    pub async fn sso_silent(&self, request: LoginRequest) -> Result<Token, Error> {
        self.emit("msal:acquireTokenStart", Some("silent"), &JsValue::NULL, &request.correlation_id);
        let outcome = match request.silently() {
            Ok(request) => self.frame(request).await,
            Err(error) => Err(error),
        };
        self.emit_outcome("silent", &outcome);
        outcome
    }

    /// Frames may help again: the user has been at the provider.
    pub(super) fn hope(&self) {
        HOPELESS.with_borrow_mut(|sessions| list::retain(sessions, |hopeless| *hopeless.session != *self.session.id()));
    }

    /// Waits for what is under way for this account, if there is anything.
    pub async fn acquired(&self, home_account_id: &str) {
        if let Some(flight) = self.under_way(home_account_id) {
            flight.outcome.get().await.ok();
        }
    }

    fn under_way(&self, home_account_id: &str) -> Option<Rc<Flight>> {
        let is_it = |flight: &&Rc<Flight>| *flight.session == *self.session.id() && flight.need.account() == home_account_id;
        FLIGHTS.with_borrow(|flights| flights.iter().find(is_it).cloned())
    }

    /// Begins an acquisition, on its own: a refresh token that rotates must not be lost with a caller that went away.
    fn launch(self: &Rc<Self>, need: Need, request: LoginRequest) -> Rc<Flight> {
        let flight = Flight::new(self.session.id(), need);
        FLIGHTS.with_borrow_mut(|flights| flights.push(Rc::clone(&flight)));
        let (client, own) = (Rc::clone(self), Rc::clone(&flight));
        wasm_bindgen_futures::spawn_local(async move {
            let correlation_id = request.correlation_id.clone();
            client.emit("msal:acquireTokenStart", Some("silent"), &JsValue::NULL, &correlation_id);
            let outcome =
                client.without_user(&own.need, request).await.map_err(|error| own.need.asking(error).of(&correlation_id));
            FLIGHTS.with_borrow_mut(|flights| list::retain(flights, |other| !Rc::ptr_eq(other, &own)));
            // First of all the app's own listeners, then who waits.
            client.emit_outcome("silent", &outcome);
            own.outcome.put(outcome);
        });
        flight
    }

    async fn without_user(&self, need: &Need, request: LoginRequest) -> Result<Token, Error> {
        let refused = match need.first() {
            Next::Fail(error) => return Err(error),
            Next::Frame => None,
            Next::Refresh => match self.redeem(need, &request.correlation_id).await {
                Ok(token) => return Ok(token),
                Err(error) => Some(error),
            },
        };
        let stranger = if need.is_of_stranger() { need.account() } else { "" };
        if let Some(error) = &refused {
            let now = clock::now();
            let is_it = |hopeless: &Hopeless| {
                *hopeless.session == *self.session.id() && *hopeless.stranger == *stranger && now < hopeless.until
            };
            let is_hopeless = HOPELESS.with_borrow(|sessions| sessions.iter().any(is_it));
            if let Next::Fail(error) = need.after_refresh(error.clone(), is_hopeless) {
                return Err(error);
            }
        }
        let framed = match need.framed(request) {
            Ok(request) => self.frame(request).await,
            Err(error) => Err(error),
        };
        // Without a sign-in there may be hope again: that helped, or enough time has passed.
        self.hope();
        if framed.as_ref().is_err_and(acquire::is_frame_hopeless) {
            let until = clock::now().plus(acquire::HOPELESS_FOR);
            HOPELESS.with_borrow_mut(|sessions| {
                sessions.push(Hopeless { session: self.session.id().into(), stranger: stranger.into(), until })
            });
        }
        framed.map_err(|error| acquire::after_frame(refused, error))
    }

    async fn redeem(&self, need: &Need, correlation_id: &str) -> Result<Token, Error> {
        if let Some(error) = self.session.throttle.borrow().refusal(need.account(), clock::now()) {
            return Err(error);
        }
        // Before the lock is taken: a provider that is slow to say where it is must not keep other tabs waiting.
        let metadata = self.metadata(need.authority().unwrap_or(&self.config.authority)).await?;
        self.fetch_keys(metadata.jwks_uri()).await?;
        // What others have got before now does not answer a caller that wants a new one.
        self.session.fresh().await;
        let before = self.cached(need);
        let _lock = self.session.lock(need.account()).await;
        // Another tab may have got it while this one waited.
        let is_new =
            |token: &Token| before.as_ref().is_none_or(|old| !old.access_token.secret.is(token.access_token.secret.reveal()));
        if !need.has_claims()
            && let Some(token) = self.cached(need).filter(is_new)
        {
            return Ok(token);
        }
        let entry = self.read(|cache| cache.entry(need.account()).cloned()).ok_or_else(|| acquire::absent(need))?;
        let mut acquire = Acquire::new(need.clone(), &entry, Rc::clone(&metadata), &self.config, correlation_id)?;
        self.emit("msal:acquireTokenFromNetworkStart", Some("silent"), &JsValue::NULL, correlation_id);
        let granted = self.run(&mut acquire, &Stage::Silent, Input::Start, metadata.jwks_uri()).await;
        let granted =
            granted.inspect_err(|error| self.session.throttle.borrow_mut().failed(need.account(), error, clock::now()))?;
        let granted = granted.ok_or(ErrorCode::UnexpectedError)?;
        // The account may be gone by now: signed out in another tab.
        self.session.fresh().await;
        let token = self.keep(granted).await?;
        self.learn(need.authority(), &token);
        Ok(token)
    }

    async fn frame(&self, request: LoginRequest) -> Result<Token, Error> {
        while let Some(ahead) = FRAME.with_borrow(Clone::clone) {
            ahead.get().await;
        }
        let over = Slot::new();
        FRAME.set(Some(Rc::clone(&over)));
        let outcome = self.login(&request, Flow::Silent, &Stage::Frame(self.config.frame_timeout)).await;
        FRAME.set(None);
        over.put(());
        outcome?.ok_or_else(|| ErrorCode::UnexpectedError.into())
    }
}
