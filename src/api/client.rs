//! The client: what `PublicClientApplication` of the shell is made of.
//!
//! Every method takes `&self` and gives back a promise made from an owned future: a thousand calls at once are normal use.

use std::{future::Future, pin::Pin, rc::Rc};

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;
use web_sys::Request;

use super::{convert, options, throw};
use crate::{
    browser::{
        client::{Client, Interaction, Token},
        events::Events,
        location::Navigator,
        transport::{self, Taken, Thrown, Transport},
    },
    error::Error,
    protocol::scope::Scopes,
    session::{account::Account, config::Config, need::Need},
};

/// A client of one configuration.
#[wasm_bindgen(js_name = Client)]
#[derive(Debug)]
pub struct JsClient(Rc<Client>);

/// A fetch wrapper.
#[wasm_bindgen(js_name = Fetcher)]
#[derive(Debug)]
pub struct JsFetcher(Rc<Client>, Rc<Transport>);

#[wasm_bindgen(js_class = Client)]
impl JsClient {
    /// From a `Configuration`, a function that receives every event, and one that takes the user to other pages.
    pub fn open(configuration: &JsValue, listener: Function, navigate: Function) -> Promise {
        let events = Events {
            listener,
            error_to_js: throw::to_js,
            account_to_js: convert::account,
            token_to_js: convert::result,
            demand_to_js: convert::demand,
        };
        let config = options::config(configuration).and_then(Config::new);
        settle(Box::pin(async move {
            let client = Client::open(config?, events, Navigator { navigate }).await?;
            Ok(Self(Rc::new(client)).into())
        }))
    }

    /// Reads what other tabs have written.
    pub fn fresh(&self) -> Promise {
        self.promise(|client| async move {
            client.fresh().await;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// A wrapper with these `FetchOptions`; `is_apps_own`: it is the client's own `fetch`.
    #[wasm_bindgen(js_name = createFetch)]
    pub fn create_fetch(&self, fetch_options: &JsValue, is_apps_own: bool) -> Result<JsFetcher, JsValue> {
        let transport = options::transport(fetch_options, &self.0).map_err(|error| throw::to_js(&error))?;
        self.0.list(&transport.policy.resources);
        Ok(JsFetcher(Rc::clone(&self.0), Rc::new(Transport { is_apps_own, ..transport })))
    }

    /// `loginPopup` and `acquireTokenPopup`.
    #[wasm_bindgen(js_name = loginPopup)]
    pub fn login_popup(&self, request: &JsValue) -> Promise {
        // The window opens here, in the click, before anything is awaited.
        let started =
            options::login(request, &self.0).and_then(|login| Ok((self.open_popup(request, &login.correlation_id)?, login)));
        self.promise(|client| async move {
            let (interaction, request) = started?;
            let token = client.login_popup_by_app(interaction, request).await?;
            Ok(result(&client, &token))
        })
    }

    /// `loginRedirect` and `acquireTokenRedirect`.
    #[wasm_bindgen(js_name = loginRedirect)]
    pub fn login_redirect(&self, request: &JsValue) -> Promise {
        let request = options::login(request, &self.0);
        self.promise(|client| async move {
            client.login_redirect_by_app(request?).await?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// `handleRedirectPromise`.
    #[wasm_bindgen(js_name = handleRedirect)]
    pub fn handle_redirect(&self, start: &JsValue) -> Promise {
        let start = options::start(start);
        self.promise(|client| async move {
            let token = client.handle_redirect(start?).await?;
            Ok(token.map_or(JsValue::NULL, |token| result(&client, &token)))
        })
    }

    /// What the cache has for a request of nothing but scopes, separated by spaces, and an account; empty: the default one. `undefined`:
    /// `acquireTokenSilent` is to see to it.
    pub fn cached(&self, home_account_id: &str, scopes: &str) -> JsValue {
        self.0.look();
        let default = if home_account_id.is_empty() { self.0.default_account() } else { None };
        let need = Need::new(default.as_deref().unwrap_or(home_account_id), Scopes::parse(scopes), None);
        need.ok().and_then(|need| self.0.hit(&need)).unwrap_or_default()
    }

    /// `acquireTokenSilent`: a result at once where the cache has it, else a promise.
    #[wasm_bindgen(js_name = acquireTokenSilent)]
    pub fn acquire_token_silent(&self, request: &JsValue) -> JsValue {
        let need = match options::silent(request, &self.0) {
            Ok(need) => need,
            Err(error) => return Promise::reject(&throw::to_js(&error)).into(),
        };
        if let Some(hit) = self.hit(&need, request) {
            return hit;
        }
        let request = options::login(request, &self.0);
        let promise = self.promise(|client| async move {
            let request = request?;
            let (correlation_id, state) = (request.correlation_id.clone(), request.state.clone());
            let mut token = client.acquire_silent(need, &|| request.clone(), None).await?;
            // MSAL's rule: the caller finds its own request's id and state in the result, whoever's request brought the token.
            token.correlation_id = correlation_id.into();
            token.state = state;
            Ok(result(&client, &token))
        });
        promise.into()
    }

    /// `ssoSilent`.
    #[wasm_bindgen(js_name = ssoSilent)]
    pub fn sso_silent(&self, request: &JsValue) -> Promise {
        let request = options::login(request, &self.0);
        self.promise(|client| async move {
            let token = client.sso_silent(request?).await?;
            Ok(result(&client, &token))
        })
    }

    /// `logoutPopup`.
    #[wasm_bindgen(js_name = logoutPopup)]
    pub fn logout_popup(&self, request: &JsValue) -> Promise {
        // In the click, as for a sign-in.
        let started = options::logout(request, &self.0)
            .and_then(|logout| Ok((self.open_popup(request, &logout.1.correlation_id)?, logout)));
        self.promise(|client| async move {
            let (interaction, (account, request)) = started?;
            client.logout_popup(interaction, account.as_deref(), &request).await?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// `logoutRedirect`.
    #[wasm_bindgen(js_name = logoutRedirect)]
    pub fn logout_redirect(&self, request: &JsValue) -> Promise {
        let request = options::logout(request, &self.0);
        self.promise(|client| async move {
            let (account, request) = request?;
            client.logout_redirect(account.as_deref(), &request).await?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// `clearCache`.
    #[wasm_bindgen(js_name = clearCache)]
    pub fn clear_cache(&self, request: &JsValue) -> Promise {
        let request = options::logout(request, &self.0);
        self.promise(|client| async move {
            client.clear_cache(request?.0.as_deref()).await;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// `hydrateCache`.
    #[wasm_bindgen(js_name = hydrateCache)]
    pub fn hydrate_cache(&self, outcome: &JsValue, request: &JsValue) -> Promise {
        let hydration = options::hydration(outcome, request, &self.0);
        self.promise(|client| async move {
            client.hydrate(hydration?).await?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// `cancelInteraction`.
    #[wasm_bindgen(js_name = cancelInteraction)]
    pub fn cancel_interaction(&self) {
        self.0.cancel_interaction();
        transport::cancel(&self.0);
    }

    /// `getAllAccounts`, of an `AccountFilter`.
    #[wasm_bindgen(js_name = getAllAccounts)]
    pub fn get_all_accounts(&self, filter: &JsValue) -> Result<Array, JsValue> {
        let filter = options::account_filter(filter, convert::authority_type(&self.0.config().authority))
            .map_err(|error| throw::to_js(&error))?;
        // Read first, then converted: JavaScript runs while it is, and may call back.
        let accounts = self.0.read(|cache| cache.find_accounts(&filter));
        Ok(accounts.iter().map(|account| self.account_info(account)).collect())
    }

    /// `getActiveAccount`.
    #[wasm_bindgen(js_name = getActiveAccount)]
    pub fn get_active_account(&self) -> JsValue {
        self.0.read(|cache| cache.active()).map_or(JsValue::NULL, |account| self.account_info(&account))
    }

    /// `setActiveAccount`.
    #[wasm_bindgen(js_name = setActiveAccount)]
    pub fn set_active_account(&self, account: &JsValue) {
        // MSAL's never throws: what is no account is nobody.
        let account = options::active(account).unwrap_or_default();
        self.0.activate(account.as_ref().map(|(home, tenant_id)| (&**home, tenant_id.as_deref())));
    }

    /// What the cache has, made once for each token, with what the caller's own request says.
    fn hit(&self, need: &Need, request: &JsValue) -> Option<JsValue> {
        let shown = self.0.hit(need)?;
        let (correlation_id, state) = options::own(request).ok()?;
        let is_own = correlation_id.is_some() || state.is_some();
        Some(if is_own { convert::own(&shown, correlation_id.as_deref(), state.as_deref()) } else { shown })
    }

    fn account_info(&self, account: &Account) -> JsValue {
        convert::account(account, &self.0.config().authority)
    }

    fn open_popup(&self, request: &JsValue, correlation_id: &str) -> Result<Rc<Interaction>, Error> {
        let (shape, is_override) = options::popup(request)?;
        self.0.open_popup(&shape, is_override, correlation_id)
    }

    fn promise<F: Future<Output = Result<JsValue, Error>> + 'static>(&self, start: impl FnOnce(Rc<Client>) -> F) -> Promise {
        settle(Box::pin(start(Rc::clone(&self.0))))
    }
}

#[wasm_bindgen(js_class = Fetcher)]
impl JsFetcher {
    /// What `fetch(input, init)` does, with tokens where they belong. `plain` and `target` are as for [`Transport::take`],
    /// and `follow` calls the method of that name.
    pub fn fetch(
        &self,
        input: &JsValue,
        init: &JsValue,
        plain: Option<Request>,
        target: Option<String>,
        follow: &Function,
    ) -> Promise {
        // In the call itself: what the caller does to its input after it is its own affair, as with `fetch`.
        match self.1.take(&self.0, input, init, plain, target, follow) {
            Ok(Taken::Sent(promise)) => promise,
            Ok(Taken::Listed(exchange)) => settle_exchange(async { exchange.outcome().await }),
            Err(thrown) => settle_exchange(async { Err(thrown) }),
        }
    }

    /// What the caller gets for the response to a request that was sent in the call.
    pub fn follow(&self, id: usize, response: JsValue, status: f64) -> JsValue {
        // A status is a small integer; what is none is no challenge.
        let followed = self.1.follow(id, response, status as u16);
        followed.unwrap_or_else(|exchange| settle_exchange(async { exchange.outcome().await }).into())
    }
}

fn settle_exchange(exchange: impl Future<Output = Result<JsValue, Thrown>> + 'static) -> Promise {
    // What something of the app's threw goes by itself: it is no error of ours.
    settle(Box::pin(async move { exchange.await.or_else(throw::ours) }))
}

// Boxed, so that what a promise takes is compiled once.
fn settle(future: Pin<Box<dyn Future<Output = Result<JsValue, Error>>>>) -> Promise {
    future_to_promise(async move { future.await.map_err(|error| throw::to_js(&error)) })
}

fn result(client: &Client, token: &Token) -> JsValue {
    convert::result(token, &client.config().authority)
}
