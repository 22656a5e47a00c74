//! Rust values to plain JavaScript objects, in MSAL's shapes.

use js_sys::{Array, JSON};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{
    browser::{client::Token, random},
    protocol::{
        authority::{Authority, ProtocolMode},
        demand::Demand,
        list,
    },
    session::account::Account,
};

// In one call each: to set property after property is kilobytes of wasm.
mod shapes {
    use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

    #[wasm_bindgen(module = "/pkg-template/page.js")]
    extern "C" {
        pub(super) fn profile(
            local_account_id: &str,
            tenant_id: &str,
            username: &str,
            name: Option<&str>,
            upn: Option<&str>,
            login_hint: Option<&str>,
            is_home_tenant: bool,
        ) -> JsValue;

        #[wasm_bindgen(catch)]
        pub(super) fn account(
            profile: &JsValue,
            home_account_id: &str,
            environment: &str,
            authority_type: &str,
            profiles: &JsValue,
            id_token: &str,
            claims: &str,
        ) -> Result<JsValue, JsValue>;

        pub(super) fn result(
            authority: &str,
            account: &JsValue,
            scopes: &JsValue,
            access_token: &str,
            token_type: &str,
            from_cache: bool,
            expires_on: f64,
            correlation_id: &str,
            state: Option<&str>,
        ) -> JsValue;
    }
}

#[wasm_bindgen(module = "/pkg-template/page.js")]
extern "C" {
    /// A result with the caller's own correlation id and state.
    pub(super) fn own(result: &JsValue, correlation_id: Option<&str>, state: Option<&str>) -> JsValue;
}

/// MSAL's `AccountInfo`, of an account of this authority: its profile in one tenant, and what it is in all of them.
pub(super) fn account(account: &Account, authority: &Authority) -> JsValue {
    let profiles: Array = account.profiles().iter().map(profile).collect();
    let made = shapes::account(
        &profile(account),
        &account.home_account_id,
        &account.environment,
        authority_type(authority),
        &profiles,
        account.id_token.raw().reveal(),
        account.id_token.payload(),
    );
    // The claims were JSON when the token was verified, so `JSON.parse` takes them.
    made.unwrap_or_default()
}

/// MSAL's `authorityType` of the accounts of this authority.
pub(super) fn authority_type(authority: &Authority) -> &'static str {
    if authority.mode() == ProtocolMode::Aad { "MSSTS" } else { "Generic" }
}

fn profile(account: &Account) -> JsValue {
    shapes::profile(
        account.local_account_id(),
        account.tenant_id(),
        account.username(),
        account.name(),
        account.id_token.text("upn"),
        account.login_hint(),
        account.is_at_home(),
    )
}

/// MSAL's `AuthenticationResult`: a token of this authority. One from the cache is shown to many callers, so nobody can change a result.
pub(super) fn result(token: &Token, authority: &Authority) -> JsValue {
    let made = if token.correlation_id.is_empty() { random::guid().unwrap_or_default() } else { (*token.correlation_id).into() };
    let scopes = list::of(token.access_token.scopes.iter());
    shapes::result(
        authority.as_str(),
        &account(&token.account, authority),
        // Serializing a list of texts does not fail.
        &serde_wasm_bindgen::to_value(&scopes).unwrap_or_default(),
        token.access_token.secret.reveal(),
        "Bearer",
        token.is_from_cache,
        token.access_token.expires_on.0 as f64 * 1000.0,
        &made,
        token.state.as_deref(),
    )
}

/// One `Demand`.
pub(super) fn demand(demand: &Demand) -> JsValue {
    // It is JSON.
    JSON::parse(&demand.to_json().to_text()).unwrap_or_default()
}
