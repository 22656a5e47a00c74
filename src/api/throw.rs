//! [`Error`] to a JavaScript `Error` of the right class. The classes and the sentences live in `pkg-template/errors.js`.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{browser::transport::Thrown, error::Error};

#[wasm_bindgen(module = "/pkg-template/errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = createAuthError)]
    fn create_auth_error(
        code: &str,
        detail: Option<&str>,
        server: &JsValue,
        claims: Option<&str>,
        correlation_id: &str,
    ) -> JsValue;
}

/// The error as JavaScript throws it.
pub(super) fn to_js(error: &Error) -> JsValue {
    let server = error.server.as_ref().map_or(JsValue::UNDEFINED, |answer| {
        let object = Object::new();
        let text = |text: &Option<String>| text.as_deref().map_or(JsValue::UNDEFINED, JsValue::from_str);
        for (name, value) in [
            ("error", JsValue::from_str(&answer.error)),
            ("description", text(&answer.description)),
            ("suberror", text(&answer.suberror)),
            ("errorNumbers", answer.error_codes.iter().copied().map(JsValue::from).collect::<Array>().into()),
            ("traceId", text(&answer.trace_id)),
            ("timestamp", text(&answer.timestamp)),
            ("correlationId", text(&answer.correlation_id)),
            ("status", answer.status.into()),
        ] {
            // A new object takes every property.
            let _ = Reflect::set(&object, &name.into(), &value);
        }
        object.into()
    });
    create_auth_error(error.code.as_str(), error.detail.as_deref(), &server, error.claims.as_deref(), &error.correlation_id)
}

/// An error of ours, or the very value that something of the app's threw.
pub(super) fn thrown_to_js(thrown: Thrown) -> JsValue {
    match thrown {
        Thrown::Ours(error) => to_js(&error),
        Thrown::Theirs(value) => value,
    }
}
