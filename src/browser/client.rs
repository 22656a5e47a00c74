//! The operations of a client: each one takes the parts of `session` it needs and performs them.
//!
//! | file | operations |
//! |---|---|
//! | this one | what all of them need: the session, the provider's metadata, events |
//! | `interactive` | a popup, or the whole page, at the provider |
//! | `logout` | the end of the session |
//! | `silent` | a token without the user |

mod interactive;
mod logout;
mod silent;

use std::{cell::RefCell, rc::Rc};

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::{
    channel, clock,
    driver::{self, Stage},
    events::Events,
    flight::{Slot, first},
    location::{self, Navigator},
    net, random,
    session::Session,
};
use crate::{
    error::{Error, ErrorCode},
    protocol::{authority::Authority, demand::Demand, list, metadata::Metadata, secret::Secret, state::Flow, time::UnixSeconds},
    session::{
        Granted, Input, Machine,
        account::Account,
        arrival,
        cache::{AccessToken, Cache},
        config::Config,
        hydrate::Hydration,
        login::{Login, LoginRequest},
        need::{Known, Need, Realm},
        questions::Questions,
        resend::Resend,
        resources::{Listed, Resources},
        signature::{Keys, Signed},
    },
};

pub use interactive::{Interaction, Return};
pub use logout::LogoutRequest;
pub use silent::Flight;

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
    events: Rc<Events>,
    navigator: Navigator,
    session: Rc<Session>,
    metadata: Rc<RefCell<Vec<MetadataSlot>>>,
    keys: RefCell<Keys>,
    tenants: RefCell<Vec<Known>>,
    listed: RefCell<Rc<Listed>>,
    /// What the page was left for, where the user came back without an answer.
    unanswered: RefCell<Option<Resend>>,
}

/// The URL of an authority, and what is known of it.
type MetadataSlot = (Box<str>, Rc<Slot<Result<Rc<Metadata>, Error>>>);

impl Client {
    /// A client with what storage holds. Error: `storage_not_supported`.
    pub async fn open(config: Config, events: Events, navigator: Navigator) -> Result<Self, Error> {
        let fragment = location::fragment()?;
        if let Some(channel) = arrival::for_frame(&fragment).filter(|_| location::is_framed()) {
            // In a hidden frame of ours the app must not start: it would open the next one in it.
            channel::answer(&channel, &fragment)?;
            std::future::pending::<()>().await;
        }
        let events = Rc::new(events);
        let session = Session::open(&config, &events).await?;
        let client = Self {
            session,
            events,
            navigator,
            metadata: Rc::default(),
            keys: RefCell::default(),
            tenants: RefCell::default(),
            listed: RefCell::default(),
            unanswered: RefCell::default(),
            config,
        };
        client.judge_return(&fragment);
        Ok(client)
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
                let result = (self.events.token_to_js)(token, &self.config.authority);
                self.emit("msal:acquireTokenSuccess", Some(interaction), &result, &token.correlation_id);
                if token.is_new_account {
                    let account = (self.events.account_to_js)(&token.account, &self.config.authority);
                    self.emit("msal:loginSuccess", Some(interaction), &account, &token.correlation_id);
                }
            }
            Err(error) => self.emit_failure("msal:acquireTokenFailure", interaction, error),
        }
    }

    fn emit_failure(&self, event: &str, interaction: &str, error: &Error) {
        let thrown = (self.events.error_to_js)(error);
        self.events.emit(event, Some(interaction), &JsValue::NULL, &thrown, &error.correlation_id);
    }

    /// Looks whether another instance of this library has written.
    pub fn look(&self) {
        self.session.look();
    }

    /// The account that calls without one are for, as it was when storage was last looked at.
    pub fn default_account(&self) -> Option<Box<str>> {
        self.session.peek(|cache| cache.default_account_id().map(Into::into))
    }

    /// Reads the session.
    pub fn read<T>(&self, read: impl FnOnce(&Cache) -> T) -> T {
        self.session.read(read)
    }

    /// Whether this account is in the cache, as it was when storage was last looked at.
    pub fn knows(&self, home_account_id: &str) -> bool {
        self.session.peek(|cache| cache.entry(home_account_id).is_some())
    }

    /// Reads what other tabs have written.
    pub async fn fresh(&self) {
        self.session.fresh().await;
    }

    /// What the maps of this client's wrappers give to which origin.
    pub fn listed(&self) -> Rc<Listed> {
        Rc::clone(&self.listed.borrow())
    }

    /// There is one more map.
    pub fn list(&self, resources: &Resources) {
        Rc::make_mut(&mut self.listed.borrow_mut()).add(resources);
    }

    /// Which session this is.
    pub fn session_id(&self) -> &str {
        self.session.id()
    }

    /// Works on what the users of this session are asked for.
    pub fn with_questions<T>(&self, work: impl FnOnce(&mut Questions) -> T) -> T {
        let mut questions = self.session.questions.borrow_mut();
        if !questions.is_empty() {
            questions.expire(clock::now());
        }
        work(&mut questions)
    }

    /// What a response demands, as `getDemands` gives it.
    pub fn demands_to_js(&self, demands: &[Demand]) -> JsValue {
        demands.iter().map(self.events.demand_to_js).collect::<Array>().into()
    }

    /// Makes an account the active one, in this tenant, or none. One that is not in the cache is nobody.
    pub fn activate(&self, account: Option<(&str, Option<&str>)>) {
        self.session.activate(account);
    }

    /// Forgets the token an API refused.
    pub async fn purge(&self, home_account_id: &str, refused: &str) {
        if self.read(|cache| cache.purge(home_account_id, refused)).is_none() {
            return;
        }
        let _lock = self.session.lock(home_account_id).await;
        if let Some(change) = self.read(|cache| cache.purge(home_account_id, refused)) {
            self.session.apply(change).await;
        }
    }

    /// A cached token for this need, claims or not.
    pub fn cached(&self, need: &Need) -> Option<Token> {
        self.session.look();
        self.find(need, |account, access_token, _| Token {
            account: account.in_tenant(&access_token.realm).unwrap_or_else(|| account.clone()),
            access_token: access_token.clone(),
            is_from_cache: true,
            is_new_account: false,
            state: None,
            correlation_id: Box::default(),
        })
    }

    /// A cached token that answers this need, as the app is shown it and as it was when storage was last looked at. It is made once for each token.
    /// `None`, too, where the token is due to be renewed: `acquire_silent` sees to that.
    pub fn hit(&self, need: &Need) -> Option<JsValue> {
        if !need.may_use_cache() {
            return None;
        }
        let kept = self.find(need, |_, token, now| (!token.is_due(now)).then(|| token.memo.get()))??;
        if kept.is_some() {
            return kept;
        }
        // Outside of the cache: JavaScript runs, and may call back.
        let token = self.cached(need)?;
        let made = (self.events.token_to_js)(&token, &self.config.authority);
        let is_it = |own: &AccessToken| own.secret.is(token.access_token.secret.reveal());
        self.find(need, |_, own, _| is_it(own).then(|| own.memo.keep(made.clone())));
        Some(made)
    }

    fn find<T>(&self, need: &Need, read: impl FnOnce(&Account, &AccessToken, UnixSeconds) -> T) -> Option<T> {
        let now = clock::now();
        self.session.peek(|cache| {
            let tenants = self.tenants.borrow();
            let realm = match need.realm(&self.config.authority, &tenants)? {
                Realm::Home => None,
                Realm::Tenant(id) => Some(id),
            };
            let (account, token) = cache.find(need.account(), realm, need.looked_up(), now, self.config.token_renewal_offset)?;
            Some(read(account, token, now))
        })
    }

    /// A cached token for this need that is not this one.
    pub fn newer(&self, need: &Need, refused: Option<&Secret>) -> Option<Token> {
        self.cached(need).filter(|token| refused.is_none_or(|refused| !token.access_token.secret.is(refused.reveal())))
    }

    /// Forgets the tokens of one account, or of all, on this device only: at once, whoever is using them.
    pub async fn clear_cache(&self, account: Option<&str>) {
        self.session.fresh().await;
        let homes: Vec<Box<str>> = match account {
            Some(home) => vec![home.into()],
            None => self.read(|cache| list::of(cache.accounts().map(|account| account.home_account_id.clone()))),
        };
        self.session.apply(self.read(|cache| cache.remove(account))).await;
        if self.config.takes_over {
            // An old tab may have signed in again, and may do so once more.
            self.session.sweep(&self.config.client_id, account);
            if account.is_none() && !homes.is_empty() {
                self.session.end_take_over();
            }
        }
        // Another tab may be about to write back what it has refreshed. A provider that is slow to answer it keeps nobody here for long.
        // All locks are asked for now: who signs in again stands behind them.
        let sweep = |home: Box<str>| {
            let (session, swept) = (Rc::clone(&self.session), Slot::new());
            let over = Rc::clone(&swept);
            wasm_bindgen_futures::spawn_local(async move {
                let _lock = session.lock(&home).await;
                session.apply(session.read(|cache| cache.remove(Some(&home)))).await;
                over.put(());
            });
            swept
        };
        let sweeps = list::of(homes.iter().cloned().map(sweep));
        let all_swept = async {
            for swept in &sweeps {
                swept.get().await;
            }
        };
        first(all_swept, clock::sleep(PATIENCE)).await;
    }

    /// Makes a result from elsewhere part of the session. Errors: those of [`Hydration::judge`] and of the network.
    pub async fn hydrate(&self, hydration: Hydration) -> Result<(), Error> {
        let metadata = self.metadata(&hydration.authority).await?;
        self.session.fresh().await;
        let judged = self.read(|cache| hydration.judge(&metadata, &self.config, cache, clock::now()));
        if let Some(granted) = self.run(&mut judged?, &Stage::Silent, Input::Start, metadata.jwks_uri()).await? {
            self.keep_sign_in(granted).await?;
        }
        Ok(())
    }

    /// Signs in, by whichever way the stage is set for. `None`: the page was left, or the app did not let it be.
    async fn login(&self, request: &LoginRequest, flow: Flow, stage: &Stage<'_>) -> Result<Option<Token>, Error> {
        self.sign_in(request, flow, stage).await.map_err(|error| error.of(&request.correlation_id))
    }

    async fn sign_in(&self, request: &LoginRequest, flow: Flow, stage: &Stage<'_>) -> Result<Option<Token>, Error> {
        let planned = self.session.read(|cache| request.plan(&self.config, cache))?;
        let authority = request.authority.as_ref().unwrap_or(&self.config.authority);
        let metadata = self.metadata(authority).await?;
        let mut login = Login::new(planned, authority, Rc::clone(&metadata), flow, &random::seeds()?);
        match self.run(&mut login, stage, Input::Start, metadata.jwks_uri()).await? {
            Some(granted) => {
                let token = self.keep_sign_in(granted).await?;
                self.learn(request.authority.as_ref(), &token);
                Ok(Some(token))
            }
            None => Ok(None),
        }
    }

    /// Runs a flow to its end, and checks the signature of its ID token where the app asked for that.
    async fn run(
        &self,
        flow: &mut dyn Machine,
        stage: &Stage<'_>,
        input: Input,
        jwks_uri: &str,
    ) -> Result<Option<Box<Granted>>, Error> {
        // A page that leaves has nothing to check: the one that the user comes back to has.
        if !self.config.verifies_signature || matches!(stage, Stage::Page(..)) {
            return driver::run(flow, stage, input).await;
        }
        self.fetch_keys(jwks_uri).await?;
        let mut signed = Signed::new(flow, &self.keys);
        let outcome = driver::run(&mut signed, stage, input).await;
        if let (Err(_), Some(granted)) = (&outcome, signed.unproven()) {
            // The account may be gone by now: signed out in another tab.
            self.session.fresh().await;
            if let Some(change) = self.read(|cache| cache.rotate(granted)) {
                self.session.apply(change).await;
            }
        }
        outcome
    }

    /// The provider's keys, where the app wants signatures checked and they are not known.
    async fn fetch_keys(&self, uri: &str) -> Result<(), Error> {
        if self.config.verifies_signature {
            let request = self.keys.borrow().request(uri)?;
            if let Some(request) = request {
                let keys = Keys::answered(uri, &net::send(&request).await?)?;
                self.keys.replace(keys);
            }
        }
        Ok(())
    }

    /// Remembers which tenant answers at an authority that does not name it by its id.
    fn learn(&self, authority: Option<&Authority>, token: &Token) {
        let Some(authority) = authority.filter(|authority| authority.tenant_id().is_none()) else { return };
        let mut tenants = self.tenants.borrow_mut();
        list::retain(&mut tenants, |(url, _)| **url != *authority.as_str());
        tenants.push((authority.as_str().into(), token.access_token.realm.clone()));
    }

    async fn keep_sign_in(&self, granted: Box<Granted>) -> Result<Token, Error> {
        let _lock = self.session.lock(&granted.account.home_account_id).await;
        self.keep(granted).await
    }

    /// Error: `no_account_found` where the user has been signed out meanwhile.
    async fn keep(&self, granted: Box<Granted>) -> Result<Token, Error> {
        let is_new = self.read(|cache| cache.entry(&granted.account.home_account_id).is_none());
        let is_sign_in = granted.redeemed.is_none();
        if is_sign_in {
            self.session.throttle.borrow_mut().lift(&granted.account.home_account_id);
        }
        match self.read(|cache| cache.keep(&granted)) {
            Some(change) => self.session.apply(change).await,
            None if is_new => return Err(ErrorCode::NoAccountFound.into()),
            // Somebody has signed in anew: that counts.
            None => {}
        }
        let account = self.read(|cache| cache.complete(&granted.account));
        Ok(Token {
            account,
            access_token: granted.access_token.clone(),
            is_from_cache: false,
            is_new_account: is_new && is_sign_in,
            state: granted.state.clone(),
            correlation_id: granted.correlation_id.clone(),
        })
    }

    /// The provider's metadata, known or fetched once. A failure is not kept: the next caller tries again.
    async fn metadata(&self, authority: &Authority) -> Result<Rc<Metadata>, Error> {
        let known = self.metadata.borrow().iter().find(|(url, _)| **url == *authority.as_str()).map(|(_, slot)| Rc::clone(slot));
        if let Some(slot) = known {
            return slot.get().await;
        }
        let slot = Slot::new();
        self.metadata.borrow_mut().push((authority.as_str().into(), Rc::clone(&slot)));
        let (kept, answer, authority) = (Rc::clone(&self.metadata), Rc::clone(&slot), authority.clone());
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
                list::retain(&mut kept.borrow_mut(), |(url, _)| **url != *authority.as_str());
            }
            answer.put(metadata);
        });
        slot.get().await
    }
}

/// Milliseconds that a sign-out waits for other tabs.
const PATIENCE: u64 = 1000;
