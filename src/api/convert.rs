//! Rust values to plain JavaScript objects, in MSAL's shapes.

use js_sys::{Date, JSON};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    browser::client::Token,
    protocol::{challenge::Challenge, demand::Demand},
    session::account::Account,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccountInfo<'a> {
    home_account_id: &'a str,
    local_account_id: &'a str,
    environment: &'a str,
    tenant_id: &'a str,
    username: &'a str,
    name: Option<&'a str>,
    login_hint: Option<&'a str>,
    id_token: &'a str,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    id_token_claims: JsValue,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AuthenticationResult<'a> {
    authority: &'a str,
    unique_id: &'a str,
    tenant_id: &'a str,
    scopes: Vec<&'a str>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    account: JsValue,
    id_token: &'a str,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    id_token_claims: JsValue,
    access_token: &'a str,
    token_type: &'a str,
    from_cache: bool,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    expires_on: JsValue,
    correlation_id: &'a str,
    state: Option<&'a str>,
}

#[derive(Serialize)]
struct ChallengeInfo<'a> {
    scheme: &'a str,
    token68: Option<&'a str>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    params: JsValue,
    recovered: bool,
}

/// MSAL's `AccountInfo`.
pub(super) fn account(account: &Account) -> JsValue {
    plain(&AccountInfo {
        home_account_id: &account.home_account_id,
        local_account_id: account.local_account_id(),
        environment: &account.environment,
        tenant_id: account.tenant_id(),
        username: account.username(),
        name: account.name(),
        login_hint: account.login_hint(),
        id_token: account.id_token.raw().reveal(),
        id_token_claims: claims(account),
    })
}

/// MSAL's `AuthenticationResult`.
pub(super) fn result(token: &Token, authority: &str) -> JsValue {
    let own = &token.account;
    let milliseconds = token.access_token.expires_on.0 as f64 * 1000.0;
    plain(&AuthenticationResult {
        authority,
        unique_id: own.local_account_id(),
        tenant_id: own.tenant_id(),
        scopes: token.access_token.scopes.iter().collect(),
        account: account(own),
        id_token: own.id_token.raw().reveal(),
        id_token_claims: claims(own),
        access_token: token.access_token.secret.reveal(),
        token_type: "Bearer",
        from_cache: token.is_from_cache,
        expires_on: Date::new(&milliseconds.into()).into(),
        correlation_id: &token.correlation_id,
        state: token.state.as_deref(),
    })
}

/// One `Challenge`. Its `params` have no prototype: a parameter may be called `__proto__`.
pub(super) fn challenge(challenge: &Challenge) -> JsValue {
    let params: js_sys::Object = js_sys::Object::create(JsValue::NULL.unchecked_ref());
    for (name, value) in &challenge.params {
        // An object without a prototype takes every property.
        let _ = js_sys::Reflect::set(&params, &name.into(), &value.into());
    }
    plain(&ChallengeInfo {
        scheme: &challenge.scheme,
        token68: challenge.token68.as_deref(),
        params: params.into(),
        recovered: challenge.recovered,
    })
}

/// One `Demand`. What it does not say is absent.
pub(super) fn demand(demand: &Demand) -> JsValue {
    let object = js_sys::Object::new();
    let put = |name: &str, value: JsValue| {
        // A new object takes every property.
        let _ = js_sys::Reflect::set(&object, &name.into(), &value);
    };
    let list = |texts: &[String]| texts.iter().map(|text| JsValue::from_str(text)).collect::<js_sys::Array>().into();
    put("kind", demand.kind().into());
    match demand {
        Demand::Claims { claims, error } => {
            put("claims", claims.into());
            put("error", (*error).into());
        }
        Demand::ClaimsRefused { error, reason } => {
            put("error", (*error).into());
            put("reason", reason.as_str().into());
        }
        Demand::ResourceMetadata { url } => put("url", url.into()),
        Demand::Scope { scope } => put("scope", list(scope)),
        Demand::StepUp { acr_values, max_age, scope } => {
            put("acrValues", list(acr_values));
            if let Some(seconds) = max_age {
                // Beyond 2^53 seconds the last digits do not matter.
                put("maxAge", (*seconds as f64).into());
            }
            if !scope.is_empty() {
                put("scope", list(scope));
            }
        }
        Demand::DpopNonce | Demand::InvalidToken | Demand::TokenRequired => {}
    }
    object.into()
}

/// The claims of the ID token, a new object each time: what one caller does to it is not another's.
fn claims(account: &Account) -> JsValue {
    // It was JSON when it was verified, so `JSON.parse` takes it.
    JSON::parse(account.id_token.payload()).unwrap_or(JsValue::UNDEFINED)
}

fn plain(value: &impl Serialize) -> JsValue {
    // `null` where MSAL has null; serializing a struct of texts does not fail.
    value.serialize(&serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true)).unwrap_or(JsValue::UNDEFINED)
}
