//! The app's event callbacks: one function of the JS shell receives everything.

use js_sys::Function;
use wasm_bindgen::JsValue;

/// Where events go.
#[derive(Debug)]
pub struct Events(Function);

impl Events {
    /// `listener(eventType, interactionType, payload, error)`.
    pub fn new(listener: Function) -> Self {
        Self(listener)
    }

    /// Tells the app. What its callback throws is its own affair.
    pub fn emit(&self, event: &str, interaction: Option<&str>, payload: JsValue, error: JsValue) {
        let interaction = interaction.map_or(JsValue::NULL, JsValue::from_str);
        let _ = self.0.call4(&JsValue::UNDEFINED, &event.into(), &interaction, &payload, &error);
    }
}
