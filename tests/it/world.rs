//! The harness: a clock that the tests turn, a provider that answers by script, a store that can be full, and the loop between them and
//! a machine. The loop has the shape of `browser/driver`, the operations that of `browser/client`.

mod api;
mod form;
pub(crate) mod msal;
mod provider;
pub(crate) mod request;
mod store;

use std::{cell::RefCell, rc::Rc};

use countersign::{
    error::{Error, ErrorCode},
    protocol::{
        authorize::Seeds, callback::Callback, http::HttpResponse, jwks::Proof, metadata::Metadata, scope::Scopes, state::Flow,
        time::UnixSeconds, url::Url,
    },
    session::{
        Granted, Input, Machine, Step,
        account::Account,
        acquire::Acquire,
        arrival::{Arrival, arrive},
        cache::{Cache, Change},
        config::{Config, RawConfig},
        login::{Login, LoginRequest},
        need::Need,
        questions::Questions,
        resources::{Listed, Resource, Resources},
        signature::{Keys, Signed},
        throttle::Throttle,
    },
};
use serde_json::{Value, json};

pub(crate) use api::{Api, fetch};
pub(crate) use form::Form;
pub(crate) use provider::{Grant, Provider, Visit, id_token, unsigned};
pub(crate) use store::Store;

/// How a machine ended.
#[derive(Debug)]
pub(crate) enum End {
    Granted(Box<Granted>),
    Left(Visit),
}

/// One app in one tab, and everything around it.
pub(crate) struct World {
    pub(crate) now: UnixSeconds,
    pub(crate) config: Config,
    pub(crate) metadata: Rc<Metadata>,
    pub(crate) cache: Cache,
    pub(crate) store: Store,
    pub(crate) provider: Provider,
    pub(crate) throttle: Throttle,
    pub(crate) questions: Questions,
    /// What was to be checked of a signature.
    pub(crate) proofs: Vec<Proof>,
    /// Whether every signature holds.
    pub(crate) are_signatures_good: bool,
    keys: RefCell<Keys>,
    user: Box<dyn Fn(&Visit) -> String>,
    sign_ins: u8,
}

impl World {
    /// An app whose provider speaks Microsoft's dialect.
    pub(crate) fn aad() -> Self {
        Self::new(raw("AAD"), |_| {})
    }

    /// An app whose provider speaks OpenID Connect and nothing else.
    pub(crate) fn oidc() -> Self {
        Self::new(raw("OIDC"), |_| {})
    }

    /// An app of this configuration, whose provider publishes the discovery document that `edit` leaves.
    pub(crate) fn new(raw: RawConfig, edit: impl FnOnce(&mut Value)) -> Self {
        let config = Config::new(raw).unwrap();
        let mut document = discovery(&config.authority.issuer());
        edit(&mut document);
        let discovered = || Metadata::decode(&config.authority, &response(200, &document.to_string())).unwrap();
        let metadata = Metadata::known(&config.authority).unwrap_or_else(discovered);
        let (iss, provider) = (metadata.issuer().to_owned(), Provider::new(&config, metadata.issuer()));
        let sends_iss = metadata.sends_iss();
        let user = move |visit: &Visit| {
            let mut answer = vec![("code", CODE), ("state", visit.state())];
            answer.extend(sends_iss.then_some(("iss", &*iss)));
            fragment(&answer)
        };
        Self {
            now: UnixSeconds(1_800_000_000),
            cache: Cache::new(&config.session_name()),
            config,
            metadata: Rc::new(metadata),
            store: Store::default(),
            provider,
            throttle: Throttle::default(),
            questions: Questions::default(),
            proofs: Vec::new(),
            are_signatures_good: true,
            keys: RefCell::default(),
            user: Box::new(user),
            sign_ins: 0,
        }
    }

    /// What the user comes back with from now on, made from the authorization request.
    pub(crate) fn returns(&mut self, user: impl Fn(&Visit) -> String + 'static) {
        self.user = Box::new(user);
    }

    /// Time passes.
    pub(crate) fn wait(&mut self, seconds: u64) {
        self.now = self.now.plus(seconds);
    }

    /// Signs in by popup.
    pub(crate) fn popup(&mut self, request: LoginRequest) -> Result<Granted, Error> {
        let mut login = self.login(request, Flow::Popup)?;
        match self.run(&mut login, Input::Start)? {
            End::Granted(granted) => self.keep(*granted),
            End::Left(visit) => panic!("a popup does not leave the page for {}", visit.url),
        }
    }

    /// Signs in by redirect, as far as the page that is left.
    pub(crate) fn redirect(&mut self, request: LoginRequest) -> Result<Visit, Error> {
        let mut login = self.login(request, Flow::Redirect)?;
        match self.drive(&mut login, Input::Start)? {
            End::Left(visit) => Ok(visit),
            End::Granted(_) => panic!("a redirect does not end on the page it starts on"),
        }
    }

    /// The page the user comes back to.
    pub(crate) fn come_back(&mut self, fragment: &str) -> Result<Granted, Error> {
        self.open(fragment).map(|granted| granted.expect("it holds an answer for this page"))
    }

    /// A page starts with this in its URL. What waits is forgotten first, as `Arrival` asks.
    pub(crate) fn open(&mut self, fragment: &str) -> Result<Option<Granted>, Error> {
        let key = self.pending_key();
        match arrive(fragment, None, self.now, || Ok(self.store.get(&key).map(String::from)))? {
            Arrival::Nothing => Ok(None),
            Arrival::Forged(error) => Err(error),
            Arrival::Broken(error) => {
                self.store.take(&key);
                Err(error)
            }
            Arrival::ForOpener(_, channel) => panic!("nobody opened this page, and {channel} has no listener"),
            Arrival::Expected(pending, callback) => {
                self.store.take(&key);
                match self.run(&mut Login::resume(*pending), Input::Returned(callback))? {
                    End::Granted(granted) => self.keep(*granted).map(Some),
                    End::Left(visit) => panic!("a page that has its answer does not leave for {}", visit.url),
                }
            }
        }
    }

    /// A sign-in that has not begun. No two have the same state or nonce.
    pub(crate) fn login(&mut self, request: LoginRequest, flow: Flow) -> Result<Login, Error> {
        self.sign_ins += 1;
        let request = request.plan(&self.config, &self.cache)?;
        let (metadata, authority) = (Rc::clone(&self.metadata), &self.config.authority);
        Ok(Login::new(request, authority, metadata, flow, &Seeds { now: self.now, ..seeds(self.sign_ins) }))
    }

    /// A token without the user: from the cache, else by a refresh. Its text.
    pub(crate) fn silent(&mut self, need: &Need) -> Result<String, Error> {
        if need.may_use_cache()
            && let Some(token) = self.cached(need.account(), need.scopes())
        {
            return Ok(token);
        }
        self.refresh(need).map(|granted| granted.access_token.secret.reveal().to_owned())
    }

    /// A refresh, kept.
    pub(crate) fn refresh(&mut self, need: &Need) -> Result<Granted, Error> {
        if let Some(error) = self.throttle.refusal(need.account(), self.now) {
            return Err(error);
        }
        let mut acquire = self.acquire(need)?;
        let end = self.run(&mut acquire, Input::Start);
        match end.inspect_err(|error| self.throttle.failed(need.account(), error, self.now))? {
            End::Granted(granted) => self.keep(*granted),
            End::Left(visit) => panic!("a refresh does not leave the page for {}", visit.url),
        }
    }

    /// A refresh that has not begun.
    pub(crate) fn acquire(&self, need: &Need) -> Result<Acquire, Error> {
        let entry = self.cache.entry(need.account()).ok_or(ErrorCode::NoAccountFound)?;
        Acquire::new(need.clone(), entry, Rc::clone(&self.metadata), &self.config, "correlation-silent")
    }

    /// What the cache answers, with the configured margin.
    pub(crate) fn cached(&self, home: &str, scopes: &Scopes) -> Option<String> {
        let (_, token) = self.cache.find(home, None, &scopes.for_resource(), self.now, self.config.token_renewal_offset)?;
        Some(token.secret.reveal().to_owned())
    }

    /// Keeps what was granted, where it is still part of the session.
    pub(crate) fn keep(&mut self, granted: Granted) -> Result<Granted, Error> {
        if granted.redeemed.is_none() {
            self.throttle.lift(&granted.account.home_account_id);
        }
        if let Some(change) = self.cache.keep(&granted) {
            self.apply(change)?;
        }
        Ok(Granted { account: self.cache.complete(&granted.account), ..granted })
    }

    /// Writes a change, then makes it.
    pub(crate) fn apply(&mut self, change: Change) -> Result<(), Error> {
        self.store.write(&change.writes)?;
        self.cache.commit(change);
        Ok(())
    }

    /// A new page knows none of the provider's keys.
    pub(crate) fn forget_keys(&mut self) {
        self.keys = RefCell::default();
    }

    /// The page is loaded again. Returns the keys that cannot be read.
    pub(crate) fn reload(&mut self) -> Vec<String> {
        let (cache, corrupt) = Cache::load(&self.config.session_name(), self.store.items().iter().cloned());
        self.cache = cache;
        corrupt
    }

    /// The session, in memory and in storage: what an error must leave as it was.
    pub(crate) fn snapshot(&self) -> (Vec<String>, Vec<(String, String)>) {
        (describe(&self.cache), self.store.items().to_vec())
    }

    /// Runs a machine to its end. A machine that does not end is a failure, not a hang.
    pub(crate) fn run(&mut self, machine: &mut dyn Machine, input: Input) -> Result<End, Error> {
        if !self.config.verifies_signature {
            return self.drive(machine, input);
        }
        let uri = self.metadata.jwks_uri().to_owned();
        let request = self.keys.borrow().request(&uri)?;
        if let Some(request) = request {
            let answer = self.provider.answer(&request, self.now)?;
            self.keys.replace(Keys::answered(&uri, &answer)?);
        }
        let keys = std::mem::take(&mut self.keys);
        let mut signed = Signed::new(machine, &keys);
        let end = self.drive(&mut signed, input);
        if let (Err(_), Some(granted)) = (&end, signed.unproven())
            && let Some(change) = self.cache.rotate(granted)
        {
            self.apply(change)?;
        }
        self.keys = keys;
        end
    }

    fn drive(&mut self, machine: &mut dyn Machine, mut input: Input) -> Result<End, Error> {
        for _ in 0..100 {
            let step = machine.step(input).inspect_err(|error| assert_no_secret(&format!("{error:?}")))?;
            input = match step {
                Step::Done(granted) => return Ok(End::Granted(granted)),
                Step::Digest(text) => {
                    assert_eq!(text.reveal(), VERIFIER, "the digest is that of the verifier");
                    Input::Digested(DIGEST)
                }
                Step::Send(request) => Input::Answered(self.provider.answer(&request, self.now)?, self.now),
                Step::Verify(proof) => {
                    self.proofs.push(proof);
                    Input::Verified(self.are_signatures_good)
                }
                Step::Visit { url, channel } => {
                    let visit = self.provider.show(&url, Some(channel));
                    Input::Returned(Callback::parse(&(self.user)(&visit)).ok_or(ErrorCode::HashNotDeserialized)?)
                }
                Step::Leave { url, pending } => {
                    self.store.write(&[(self.pending_key(), Some(pending.reveal().into()))])?;
                    return Ok(End::Left(self.provider.show(&url, None)));
                }
            };
        }
        panic!("100 rounds and no end");
    }

    /// Where a sign-in by redirect waits.
    pub(crate) fn pending_key(&self) -> String {
        format!("{}pending", self.cache.prefix())
    }
}

/// A configuration that holds.
pub(crate) fn raw(mode: &str) -> RawConfig {
    RawConfig {
        client_id: CLIENT_ID.into(),
        authority: Some(AUTHORITY.into()),
        protocol_mode: Some(mode.into()),
        redirect_uri: REDIRECT_URI.into(),
        ..RawConfig::default()
    }
}

/// The discovery document of the provider that calls itself `issuer`.
pub(crate) fn discovery(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": AUTHORIZATION_ENDPOINT,
        "token_endpoint": TOKEN_ENDPOINT,
        "end_session_endpoint": END_SESSION_ENDPOINT,
        "jwks_uri": JWKS_URI,
    })
}

/// A request for these scopes.
pub(crate) fn ask(scopes: &[&str]) -> LoginRequest {
    LoginRequest { scopes: Scopes::from_list(scopes), correlation_id: "correlation-login".into(), ..LoginRequest::default() }
}

/// A map of one resource.
pub(crate) fn listed(url: &str, scopes: &str) -> Resources {
    let mut resources = Resources::default();
    resources.add(url, Some(Resource::new(Scopes::parse(scopes), None)), Vec::new()).unwrap();
    resources
}

/// What these maps have.
pub(crate) fn listing(maps: &[&Resources]) -> Listed {
    let mut listed = Listed::default();
    maps.iter().for_each(|map| listed.add(map));
    listed
}

/// The resource that a `GET` of this URL is for.
pub(crate) fn at<'a>(resources: &'a Resources, url: &str) -> &'a Resource {
    resources.find(&Url::parse(url).unwrap(), "GET").unwrap()
}

/// What a caller needs who needs these scopes.
pub(crate) fn need(home: &str, scopes: &[&str], claims: Option<&str>) -> Need {
    Need::new(home, Scopes::from_list(scopes), claims).unwrap()
}

/// The random bytes of the `n`th sign-in. The verifier is always that of RFC 7636, whose digest is known.
pub(crate) fn seeds(n: u8) -> Seeds {
    Seeds { state: [n; 16], nonce: [n ^ 0x80; 16], verifier: VERIFIER_BYTES, now: UnixSeconds(1_800_000_000) }
}

/// A fragment of these parameters.
pub(crate) fn fragment(parameters: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in parameters {
        countersign::protocol::form::push(&mut text, name, value);
    }
    format!("#{text}")
}

/// A response.
pub(crate) fn response(status: u16, body: &str) -> HttpResponse {
    HttpResponse { status, body: body.into(), retry_after: None }
}

/// What a cache holds, as text that can be compared.
pub(crate) fn describe(cache: &Cache) -> Vec<String> {
    let entries = cache.accounts().map(|account| cache.entry(&account.home_account_id).unwrap());
    let mut lines: Vec<String> = entries
        .map(|entry| {
            let Account { home_account_id, environment, id_token, others: _ } = &entry.account;
            let refresh_token = entry.refresh_token.as_ref().map(|token| token.reveal());
            let tokens: Vec<_> = entry.access_tokens().iter().map(|token| (token.secret.reveal(), token)).collect();
            format!("{home_account_id} {environment} {} {refresh_token:?} {tokens:?}", id_token.raw().reveal())
        })
        .collect();
    lines.push(format!(
        "active: {:?}",
        cache.active().map(|account| (account.home_account_id.clone(), account.tenant_id().to_owned()))
    ));
    lines
}

/// Every secret of the harness has the marker in it, but for the verifier, which is RFC 7636's.
pub(crate) fn assert_no_secret(text: &str) {
    assert!(!text.contains(MARKER) && !text.contains(VERIFIER), "a secret leaked: {text}");
}

pub(crate) const CLIENT_ID: &str = "spa";
pub(crate) const REDIRECT_URI: &str = "https://app.example.com/redirect";
pub(crate) const AUTHORITY: &str = "https://login.example.com/tenant";
pub(crate) const AUTHORIZATION_ENDPOINT: &str = "https://login.example.com/tenant/authorize";
pub(crate) const TOKEN_ENDPOINT: &str = "https://login.example.com/tenant/token";
pub(crate) const JWKS_URI: &str = "https://login.example.com/tenant/keys";
pub(crate) const END_SESSION_ENDPOINT: &str = "https://login.example.com/tenant/logout";

/// Whom the provider signs in where a test says nothing, in Microsoft's dialect and in the other.
pub(crate) const ADA: &str = "uid-ada.tenant-1";
pub(crate) const SUB_ADA: &str = "sub-ada";

/// What a request says of this library, in Microsoft's dialect.
pub(crate) const SDK: [&str; 2] = ["x-client-SKU", "x-client-VER"];

pub(crate) const MARKER: &str = "SECRET";
pub(crate) const CODE: &str = "code-SECRET";

/// RFC 7636 appendix B: the random octets, the verifier, its SHA-256 and the challenge.
pub(crate) const VERIFIER_BYTES: [u8; 32] = [
    116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191, 240, 91, 88, 5,
    88, 83, 132, 141, 121,
];
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const DIGEST: [u8; 32] = [
    19, 211, 30, 150, 26, 26, 216, 236, 47, 22, 177, 12, 76, 152, 46, 8, 118, 168, 120, 173, 109, 241, 68, 86, 110, 225, 137, 74,
    203, 112, 249, 195,
];
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
