//! The operations of a client: each one takes the parts of `session` it needs and performs them.

use std::{cell::RefCell, rc::Rc};

use wasm_bindgen::JsValue;
use web_sys::Window;

use super::{
    clock,
    driver::{self, Stage},
    events::Events,
    flight::{Slot, first, outside},
    location, net,
    popup::{self, Popup},
    random,
    session::Session,
    storage,
};
use crate::{
    error::{Error, ErrorCode},
    protocol::{logout::EndSession, metadata::Metadata, state::Flow},
    session::{
        Granted, Input,
        account::Account,
        acquire::{Acquire, Need},
        arrival::{Arrival, arrive},
        cache::{AccessToken, Cache},
        config::Config,
        login::{Login, LoginRequest},
    },
};

/// A token and what is known about it.
#[derive(Clone, Debug)]
pub struct Token {
    /// Whose.
    pub account: Account,
    /// The token.
    pub access_token: AccessToken,
    /// Whether it was in the cache.
    pub is_from_cache: bool,
    /// Whether it came with somebody who was not signed in before.
    pub is_new_account: bool,
    /// The app's own state.
    pub state: Option<String>,
    /// The correlation id of the request that brought it; empty where there was none.
    pub correlation_id: Box<str>,
}

/// A client: one configuration, one session.
#[derive(Debug)]
pub struct Client {
    config: Config,
    events: Events,
    session: Rc<Session>,
    metadata: Rc<RefCell<Option<MetadataSlot>>>,
    asking: RefCell<Option<Rc<Flight>>>,
    interaction: RefCell<Option<Rc<Interaction>>>,
}

thread_local! {
    /// The refreshes under way on this page, of all clients: two of them can share a session, and a refresh token that rotates is good for one
    /// request.
    static FLIGHTS: RefCell<Vec<Rc<Flight>>> = const { RefCell::new(Vec::new()) };
}

type MetadataSlot = Rc<Slot<Result<Rc<Metadata>, Error>>>;

/// An acquisition under way, and what it will come to.
#[derive(Debug)]
pub struct Flight {
    session: Box<str>,
    /// What it is for.
    pub need: Need,
    /// What comes of it.
    pub outcome: Rc<Slot<Result<Token, Error>>>,
}

impl Flight {
    fn new(session: &str, need: Need) -> Rc<Self> {
        Rc::new(Self { session: session.into(), need, outcome: Slot::new() })
    }
}

/// A popup that is open.
#[derive(Debug)]
pub struct Interaction {
    popup: Popup,
    over: Rc<Slot<()>>,
}

impl Client {
    /// A client with what storage holds. Error: `storage_not_supported`.
    pub fn new(config: Config, events: Events) -> Result<Self, Error> {
        Ok(Self {
            session: Session::open(&config)?,
            events,
            metadata: Rc::default(),
            asking: RefCell::default(),
            interaction: RefCell::default(),
            config,
        })
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Tells the app what happens.
    pub fn emit(&self, event: &str, interaction: Option<&str>, payload: &JsValue, correlation_id: &str) {
        self.events.emit(event, interaction, payload, &JsValue::NULL, correlation_id);
    }

    /// Tells the app how an acquisition ended.
    fn emit_outcome(&self, interaction: &str, outcome: &Result<Token, Error>) {
        match outcome {
            Ok(token) => {
                let result = (self.events.token_to_js)(token, self.config.authority.as_str());
                self.emit("msal:acquireTokenSuccess", Some(interaction), &result, &token.correlation_id);
                if token.is_new_account {
                    let account = (self.events.account_to_js)(&token.account);
                    self.emit("msal:loginSuccess", Some(interaction), &account, &token.correlation_id);
                }
            }
            Err(error) => {
                let thrown = (self.events.error_to_js)(error);
                self.events.emit("msal:acquireTokenFailure", Some(interaction), &JsValue::NULL, &thrown, &error.correlation_id);
            }
        }
    }

    /// Reads the session.
    pub fn read<T>(&self, read: impl FnOnce(&Cache) -> T) -> T {
        self.session.read(read)
    }

    /// Makes an account the active one, or none. Errors: `no_account_found`, `cache_quota_exceeded`.
    pub fn activate(&self, home_account_id: Option<&str>) -> Result<(), Error> {
        let is_known = home_account_id.is_none_or(|home| self.read(|cache| cache.entry(home).is_some()));
        if !is_known {
            return Err(ErrorCode::NoAccountFound.into());
        }
        self.session.apply(self.read(|cache| cache.activate(home_account_id)))?;
        self.emit("msal:activeAccountChanged", None, &JsValue::NULL, "");
        Ok(())
    }

    /// A token without the user. Errors: `interaction_required` and `no_tokens_found` where only the user can help; those of `Acquire::step`;
    /// those of the network.
    pub async fn acquire_silent(&self, need: Need, correlation_id: &str) -> Result<Token, Error> {
        loop {
            if need.may_use_cache()
                && let Some(token) = self.cached(&need)
            {
                return Ok(token);
            }
            let Some(flight) = self.under_way(need.account()) else { return self.refresh(need, correlation_id).await };
            let outcome = flight.outcome.get().await;
            // A token serves whoever it covers. A refusal is an answer to the very same question only.
            if need == flight.need || (outcome.is_ok() && need.is_met_by(&flight.need)) {
                return outcome;
            }
        }
    }

    /// Forgets the token an API refused.
    pub fn purge(&self, home_account_id: &str, refused: &str) -> Result<(), Error> {
        match self.read(|cache| cache.purge(home_account_id, refused)) {
            Some(change) => self.session.apply(change),
            None => Ok(()),
        }
    }

    /// A cached token for this need, claims or not.
    pub fn cached(&self, need: &Need) -> Option<Token> {
        let scopes = need.scopes().for_resource();
        self.read(|cache| {
            let (account, access_token) = cache.find(need.account(), &scopes, clock::now(), self.config.token_renewal_offset)?;
            Some(Token {
                account: account.clone(),
                access_token: access_token.clone(),
                is_from_cache: true,
                is_new_account: false,
                state: None,
                correlation_id: Box::default(),
            })
        })
    }

    /// Opens a popup, in the click. A popup that reads closed makes room for the new one.
    ///
    /// Errors: `interaction_in_progress`, `popup_window_error`.
    pub fn open_popup(&self, correlation_id: &str) -> Result<Rc<Interaction>, Error> {
        self.claim_interaction()?;
        self.watch_popup(popup::open()?, correlation_id)
    }

    /// [`Client::open_popup`] for a task.
    pub async fn open_popup_in_task(&self, correlation_id: &str) -> Result<Rc<Interaction>, Error> {
        self.claim_interaction()?;
        self.watch_popup(outside(popup::open).await?, correlation_id)
    }

    fn claim_interaction(&self) -> Result<(), Error> {
        if let Some(current) = &*self.interaction.borrow() {
            if !current.popup.is_closed() {
                return Err(ErrorCode::InteractionInProgress.into());
            }
            current.popup.cancel(ErrorCode::InteractionInProgressCancelled);
        }
        Ok(())
    }

    fn watch_popup(&self, window: Window, correlation_id: &str) -> Result<Rc<Interaction>, Error> {
        let interaction = Rc::new(Interaction { popup: Popup::watch(window, self.config.popup_timeout)?, over: Slot::new() });
        *self.interaction.borrow_mut() = Some(Rc::clone(&interaction));
        self.emit("msal:popupOpened", Some("popup"), &JsValue::NULL, correlation_id);
        Ok(interaction)
    }

    /// Signs the user in, in an open popup. Errors: those of `Login::step`, of the popup, of the network, `cache_quota_exceeded`.
    pub async fn login_popup(&self, interaction: Rc<Interaction>, request: LoginRequest) -> Result<Token, Error> {
        let correlation_id = request.correlation_id.clone();
        self.emit("msal:acquireTokenStart", Some("popup"), &JsValue::NULL, &correlation_id);
        let failed = async { Err(interaction.popup.failed().await) };
        let stage = Stage::Popup(&interaction.popup);
        let outcome = first(failed, self.login(request, Flow::Popup, &stage)).await.map_err(|error| error.of(&correlation_id));
        self.interaction.borrow_mut().take_if(|current| Rc::ptr_eq(current, &interaction));
        interaction.over.put(());
        self.emit_outcome("popup", &outcome);
        outcome
    }

    /// Sends the page to the provider. It does not return but with an error: those of `login_popup`, `storage_not_supported`.
    pub async fn login_redirect(&self, request: LoginRequest) -> Result<(), Error> {
        self.refuse_while_interacting()?;
        let correlation_id = request.correlation_id.clone();
        self.emit("msal:acquireTokenStart", Some("redirect"), &JsValue::NULL, &correlation_id);
        let key = self.session.key("pending");
        let outcome = self.login(request, Flow::Redirect, &Stage::Page(&key)).await.map_err(|error| error.of(&correlation_id));
        self.emit_outcome("redirect", &outcome);
        outcome.map(drop)
    }

    /// Gives up the popup that is open, if there is one.
    pub fn cancel_interaction(&self) {
        if let Some(current) = &*self.interaction.borrow() {
            current.popup.cancel(ErrorCode::UserCancelled);
        }
    }

    /// The one request of a fetch wrapper for which the user is being asked.
    pub fn asking(&self) -> Option<Rc<Flight>> {
        self.asking.borrow().clone()
    }

    /// Says that the user is being asked for this. [`Client::asked`] ends it.
    pub fn ask(&self, need: Need) -> Rc<Flight> {
        let flight = Flight::new(self.session.id(), need);
        self.asking.replace(Some(Rc::clone(&flight)));
        flight
    }

    /// The user is not being asked for this any more.
    pub fn asked(&self, flight: &Rc<Flight>) {
        self.asking.borrow_mut().take_if(|current| Rc::ptr_eq(current, flight));
    }

    /// Where the open popup reads closed and the user is acting in this page right now, the popup is given up: the user has turned away from it.
    pub fn make_room(&self) {
        if let Some(current) = &*self.interaction.borrow()
            && current.popup.is_closed()
            && location::is_user_acting()
        {
            current.popup.cancel(ErrorCode::InteractionInProgressCancelled);
        }
    }

    /// Waits until no popup is open.
    pub async fn until_no_popup(&self) {
        loop {
            let current = self.interaction.borrow().as_ref().map(|current| Rc::clone(&current.over));
            let Some(over) = current else { return };
            self.make_room();
            over.get().await;
        }
    }

    /// Takes up what the page was left for. `None`: the URL holds no answer for this client.
    ///
    /// Errors: those of `Login::step` and of the network; `unable_to_parse_token_request_cache_error`; `cache_quota_exceeded`.
    pub async fn handle_redirect(&self, fragment: Option<String>) -> Result<Option<Token>, Error> {
        let fragment = fragment.map_or_else(location::fragment, Ok)?;
        let key = self.session.key("pending");
        let pending = || Ok(storage::session()?.get_item(&key).ok().flatten());
        let forget = || storage::session()?.remove_item(&key).map_err(|_| Error::new(ErrorCode::StorageNotSupported));
        let (pending, callback) = match arrive(&fragment, clock::now(), pending)? {
            Arrival::Nothing => return Ok(None),
            Arrival::Forged(error) => return Err(error),
            Arrival::Corrupt => {
                forget()?;
                return Err(ErrorCode::UnableToParseTokenRequestCacheError.into());
            }
            Arrival::Expired => {
                forget()?;
                location::clear_fragment(&fragment)?;
                return Err(ErrorCode::StateExpired.into());
            }
            Arrival::ForOpener(channel) => {
                location::clear_fragment(&fragment)?;
                if popup::answer(&channel, &fragment)? {
                    // The window closes: the app must not start in it.
                    std::future::pending::<()>().await;
                }
                return Ok(None);
            }
            Arrival::Expected(pending, callback) => (pending, callback),
        };
        forget()?;
        location::clear_fragment(&fragment)?;
        let correlation_id = String::from(pending.correlation_id());
        let mut login = Login::resume(*pending);
        let granted = driver::run(&mut login, &Stage::Silent, Input::Returned(callback)).await;
        let outcome = granted.and_then(|granted| self.keep(granted)).map_err(|error| error.of(&correlation_id));
        self.emit_outcome("redirect", &outcome);
        outcome.map(Some)
    }

    /// Signs the user out here, then at the provider. Errors: those of the network; `interaction_in_progress`.
    pub async fn logout_redirect(&self, account: Option<&str>, end: &LogoutRequest) -> Result<(), Error> {
        self.refuse_while_interacting()?;
        self.emit("msal:logoutStart", Some("redirect"), &JsValue::NULL, &end.correlation_id);
        let outcome = self.end_session(account, end).await.map_err(|error| error.of(&end.correlation_id));
        self.emit_logout("redirect", &outcome, &end.correlation_id);
        match outcome? {
            Some(url) => location::leave(&url).await,
            None => Ok(()),
        }
    }

    /// Tells the app how a sign-out ended.
    fn emit_logout<T>(&self, interaction: &str, outcome: &Result<T, Error>, correlation_id: &str) {
        match outcome {
            Ok(_) => self.emit("msal:logoutSuccess", Some(interaction), &JsValue::NULL, correlation_id),
            Err(error) => {
                let thrown = (self.events.error_to_js)(error);
                self.events.emit("msal:logoutFailure", Some(interaction), &JsValue::NULL, &thrown, correlation_id);
            }
        }
        self.emit("msal:logoutEnd", Some(interaction), &JsValue::NULL, correlation_id);
    }

    /// Signs the user out here. Returns where the provider does the same.
    async fn end_session(&self, account: Option<&str>, end: &LogoutRequest) -> Result<Option<String>, Error> {
        // The hint goes with the account, so it is read first; the provider is asked first too: an error must leave the session whole.
        let hint = self.read(|cache| {
            let entry = account.map_or_else(|| cache.default_account(), |home| cache.entry(home).map(|entry| &entry.account));
            entry.and_then(Account::login_hint).map(String::from)
        });
        let metadata = self.metadata().await?;
        let url = EndSession {
            client_id: &self.config.client_id,
            post_logout_redirect_uri: end.post_logout_redirect_uri.as_deref().or(self.config.post_logout_redirect_uri.as_deref()),
            id_token_hint: end.id_token_hint.as_deref(),
            logout_hint: end.logout_hint.as_deref().or(hint.as_deref()),
            state: end.state.as_deref(),
            correlation_id: &end.correlation_id,
        }
        .encode(&metadata, self.config.authority.mode());
        self.session.apply(self.session.read(|cache| cache.remove(account)))?;
        Ok(url)
    }

    /// Forgets the tokens of one account, or of all, on this device only. Error: `cache_quota_exceeded`.
    pub fn clear_cache(&self, account: Option<&str>) -> Result<(), Error> {
        self.session.apply(self.session.read(|cache| cache.remove(account)))
    }

    async fn login(&self, request: LoginRequest, flow: Flow, stage: &Stage<'_>) -> Result<Token, Error> {
        let request = self.session.read(|cache| request.plan(&self.config, cache))?;
        let metadata = self.metadata().await?;
        let mut login = Login::new(request, &self.config.authority, metadata, flow, &random::seeds()?);
        self.keep(driver::run(&mut login, stage, Input::Start).await?)
    }

    fn under_way(&self, home_account_id: &str) -> Option<Rc<Flight>> {
        let is_it = |flight: &&Rc<Flight>| *flight.session == *self.session.id() && flight.need.account() == home_account_id;
        FLIGHTS.with_borrow(|flights| flights.iter().find(is_it).cloned())
    }

    async fn refresh(&self, need: Need, correlation_id: &str) -> Result<Token, Error> {
        let flight = Flight::new(self.session.id(), need);
        FLIGHTS.with_borrow_mut(|flights| flights.push(Rc::clone(&flight)));
        self.emit("msal:acquireTokenStart", Some("silent"), &JsValue::NULL, correlation_id);
        let outcome = self.redeem(&flight.need, correlation_id).await.map_err(|error| error.of(correlation_id));
        FLIGHTS.with_borrow_mut(|flights| flights.retain(|other| !Rc::ptr_eq(other, &flight)));
        flight.outcome.put(outcome.clone());
        self.emit_outcome("silent", &outcome);
        outcome
    }

    async fn redeem(&self, need: &Need, correlation_id: &str) -> Result<Token, Error> {
        if let Some(error) = self.session.throttle.borrow().refusal(need.account(), clock::now()) {
            return Err(error);
        }
        let metadata = self.metadata().await?;
        let entry = self.read(|cache| cache.entry(need.account()).cloned()).ok_or(ErrorCode::NoAccountFound)?;
        self.emit("msal:acquireTokenFromNetworkStart", Some("silent"), &JsValue::NULL, correlation_id);
        let mut acquire = Acquire::new(need.clone(), &entry, metadata, &self.config, correlation_id)?;
        let granted = driver::run(&mut acquire, &Stage::Silent, Input::Start).await;
        self.keep(granted.inspect_err(|error| self.session.throttle.borrow_mut().failed(need.account(), error, clock::now()))?)
    }

    fn keep(&self, granted: Box<Granted>) -> Result<Token, Error> {
        let is_new = self.read(|cache| cache.entry(&granted.account.home_account_id).is_none());
        let is_sign_in = granted.redeemed.is_none();
        if is_sign_in {
            self.session.throttle.borrow_mut().lift(&granted.account.home_account_id);
        }
        match self.read(|cache| cache.keep(&granted)) {
            Some(change) if is_sign_in => self.session.apply(change)?,
            Some(change) => self.session.apply_even_if_full(change)?,
            None => {}
        }
        let Granted { account, access_token, state, correlation_id, .. } = *granted;
        Ok(Token { account, access_token, is_from_cache: false, is_new_account: is_new && is_sign_in, state, correlation_id })
    }

    /// The provider's metadata, known or fetched once. A failure is not kept: the next caller tries again.
    async fn metadata(&self) -> Result<Rc<Metadata>, Error> {
        let under_way = self.metadata.borrow().clone();
        if let Some(slot) = under_way {
            return slot.get().await;
        }
        let slot = Slot::new();
        self.metadata.replace(Some(Rc::clone(&slot)));
        let (kept, answer, authority) = (Rc::clone(&self.metadata), Rc::clone(&slot), self.config.authority.clone());
        // On its own: whoever asked first may be gone before the answer is here, and others wait for it.
        wasm_bindgen_futures::spawn_local(async move {
            let metadata = match Metadata::known(&authority) {
                Some(metadata) => Ok(metadata),
                None => {
                    let response = net::send(&authority.discovery_request()).await;
                    response.and_then(|response| Metadata::decode(&authority, &response))
                }
            };
            let metadata = metadata.map(Rc::new);
            if metadata.is_err() {
                kept.replace(None);
            }
            answer.put(metadata);
        });
        slot.get().await
    }

    fn refuse_while_interacting(&self) -> Result<(), Error> {
        match &*self.interaction.borrow() {
            Some(current) if !current.popup.is_closed() => Err(ErrorCode::InteractionInProgress.into()),
            _ => Ok(()),
        }
    }
}

/// What the app asks of a sign-out.
#[derive(Clone, Debug, Default)]
pub struct LogoutRequest {
    /// `postLogoutRedirectUri`.
    pub post_logout_redirect_uri: Option<String>,
    /// `idTokenHint`.
    pub id_token_hint: Option<String>,
    /// `logoutHint`.
    pub logout_hint: Option<String>,
    /// `state`.
    pub state: Option<String>,
    /// `correlationId`.
    pub correlation_id: String,
}
