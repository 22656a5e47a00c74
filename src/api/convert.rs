//! Rust values to plain JavaScript objects, in MSAL's shapes.

use js_sys::{Array, Date, JSON, Map, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use crate::{
    browser::{client::Token, random},
    protocol::{
        authority::{Authority, ProtocolMode},
        challenge::Challenge,
        demand::Demand,
    },
    session::account::Account,
};

/// MSAL's `TenantProfile`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TenantProfile<'a> {
    local_account_id: &'a str,
    tenant_id: &'a str,
    username: &'a str,
    name: Option<&'a str>,
    upn: Option<&'a str>,
    login_hint: Option<&'a str>,
    is_home_tenant: bool,
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

/// MSAL's `AccountInfo`, of an account of this authority: its profile in one tenant, and what it is in all of them.
pub(super) fn account(account: &Account, authority: &Authority) -> JsValue {
    let is_aad = authority.mode() == ProtocolMode::Aad;
    let profiles = Map::new();
    for other in account.profiles() {
        profiles.set(&other.tenant_id().into(), &profile(&other));
    }
    let object = profile(account);
    put(&object, "homeAccountId", (*account.home_account_id).into());
    put(&object, "environment", (*account.environment).into());
    put(&object, "authorityType", if is_aad { "MSSTS" } else { "Generic" }.into());
    put(&object, "tenantProfiles", profiles.into());
    put(&object, "idToken", account.id_token.raw().reveal().into());
    put(&object, "idTokenClaims", claims(account));
    object.into()
}

fn profile(account: &Account) -> Object {
    let profile = plain(&TenantProfile {
        local_account_id: account.local_account_id(),
        tenant_id: account.tenant_id(),
        username: account.username(),
        name: account.name(),
        upn: account.id_token.text("upn"),
        login_hint: account.login_hint(),
        is_home_tenant: account.is_at_home(),
    });
    profile.unchecked_into()
}

#[wasm_bindgen(module = "/pkg-template/frozen.js")]
extern "C" {
    fn frozen(result: &JsValue) -> JsValue;
}

/// MSAL's `AuthenticationResult`: a token of this authority. One from the cache is shown to many callers, so nobody can change a result.
pub(super) fn result(token: &Token, authority: &Authority) -> JsValue {
    let own = &token.account;
    let milliseconds = token.access_token.expires_on.0 as f64 * 1000.0;
    let account = account(own, authority);
    let id_token_claims = Reflect::get(&account, &"idTokenClaims".into()).unwrap_or_default();
    let made = Some(&*token.correlation_id).filter(|id| !id.is_empty()).map_or_else(random::guid, |id| Ok(id.into()));
    frozen(&plain(&AuthenticationResult {
        authority: authority.as_str(),
        unique_id: own.local_account_id(),
        tenant_id: own.tenant_id(),
        scopes: token.access_token.scopes.iter().collect(),
        account,
        id_token: own.id_token.raw().reveal(),
        id_token_claims,
        access_token: token.access_token.secret.reveal(),
        token_type: "Bearer",
        from_cache: token.is_from_cache,
        expires_on: Date::new(&milliseconds.into()).into(),
        correlation_id: &made.unwrap_or_default(),
        state: token.state.as_deref(),
    }))
}

/// A result with the caller's own correlation id and state.
pub(super) fn own(result: &JsValue, correlation_id: Option<&str>, state: Option<&str>) -> JsValue {
    let own = Object::assign(&Object::new(), result.unchecked_ref());
    for (name, text) in [("correlationId", correlation_id), ("state", state)] {
        if let Some(text) = text {
            put(&own, name, text.into());
        }
    }
    Object::freeze(&own);
    own.into()
}

/// One `Challenge`. Its `params` have no prototype: a parameter may be called `__proto__`.
pub(super) fn challenge(challenge: &Challenge) -> JsValue {
    let params = Object::create(JsValue::NULL.unchecked_ref());
    for (name, value) in &challenge.params {
        put(&params, name, value.into());
    }
    let object = Object::new();
    put(&object, "scheme", (&challenge.scheme).into());
    put(&object, "token68", challenge.token68.as_ref().map_or(JsValue::NULL, |token68| token68.into()));
    put(&object, "params", params.into());
    put(&object, "recovered", challenge.recovered.into());
    object.into()
}

/// One `Demand`. What it does not say is absent.
pub(super) fn demand(demand: &Demand) -> JsValue {
    let object = Object::new();
    put(&object, "kind", demand.kind().into());
    match demand {
        Demand::Claims { claims, error } => {
            put(&object, "claims", claims.into());
            put(&object, "error", (*error).into());
        }
        Demand::ClaimsRefused { error, reason } => {
            put(&object, "error", (*error).into());
            put(&object, "reason", reason.as_str().into());
        }
        Demand::ResourceMetadata { url } => put(&object, "url", url.into()),
        Demand::Scope { scope } => put(&object, "scope", list(scope)),
        Demand::StepUp { acr_values, max_age, scope } => {
            put(&object, "acrValues", list(acr_values));
            if let Some(seconds) = max_age {
                // Beyond 2^53 seconds the last digits do not matter.
                put(&object, "maxAge", (*seconds as f64).into());
            }
            if !scope.is_empty() {
                put(&object, "scope", list(scope));
            }
        }
        Demand::DpopNonce | Demand::InvalidToken | Demand::TokenRequired => {}
    }
    object.into()
}

fn list(texts: &[String]) -> JsValue {
    let list = Array::new();
    for text in texts {
        list.push(&text.into());
    }
    list.into()
}

fn put(object: &Object, name: &str, value: JsValue) {
    // A new object takes every property.
    let _ = Reflect::set(object, &name.into(), &value);
}

/// The claims of the ID token.
fn claims(account: &Account) -> JsValue {
    // It was JSON when it was verified, so `JSON.parse` takes it.
    JSON::parse(account.id_token.payload()).unwrap_or(JsValue::UNDEFINED)
}

fn plain(value: &impl Serialize) -> JsValue {
    // `undefined` where there is nothing, as MSAL has it; serializing a struct of texts does not fail.
    value.serialize(&serde_wasm_bindgen::Serializer::new()).unwrap_or(JsValue::UNDEFINED)
}
