//! The app's event callbacks: one function of the JS shell receives everything, in the shape of MSAL's `EventMessage`.

use js_sys::Function;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::client::Token;
use crate::{
    error::Error,
    protocol::{authority::Authority, demand::Demand},
    session::account::Account,
};

#[wasm_bindgen(module = "/pkg-template/page.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn tell(
        listener: &Function,
        event: &str,
        interaction: Option<&str>,
        payload: &JsValue,
        error: &JsValue,
        correlation_id: &str,
    ) -> Result<(), JsValue>;
}

/// Where events go, and how Rust's values look there.
#[derive(Debug)]
pub struct Events {
    /// `listener(eventType, interactionType, payload, error, correlationId)`.
    pub listener: Function,
    /// An error as JavaScript throws it.
    pub error_to_js: fn(&Error) -> JsValue,
    /// An account of this authority as `AccountInfo`.
    pub account_to_js: fn(&Account, &Authority) -> JsValue,
    /// A demand as `getDemands` gives it.
    pub demand_to_js: fn(&Demand) -> JsValue,
    /// A token of this authority as `AuthenticationResult`.
    pub token_to_js: fn(&Token, &Authority) -> JsValue,
}

impl Events {
    /// Tells the app. What its callback throws is its own affair.
    pub fn emit(&self, event: &str, interaction: Option<&str>, payload: &JsValue, error: &JsValue, correlation_id: &str) {
        let _ = tell(&self.listener, event, interaction, payload, error, correlation_id);
    }
}
