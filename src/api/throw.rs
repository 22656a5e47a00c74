//! [`Error`] to a JavaScript `Error` of the right class. The classes and the sentences live in `pkg-template/errors.js`.

use js_sys::Promise;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{browser::transport::Thrown, error::Error};

#[wasm_bindgen(module = "/pkg-template/errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = createNumbered)]
    fn create_numbered(
        number: usize,
        detail: Option<&str>,
        server: &JsValue,
        claims: Option<&str>,
        correlation_id: &str,
    ) -> JsValue;
}

#[wasm_bindgen(module = "/pkg-template/page.js")]
extern "C" {
    fn answer(
        error: &str,
        description: Option<&str>,
        suberror: Option<&str>,
        numbers: &[u32],
        trace_id: Option<&str>,
        timestamp: Option<&str>,
        correlation_id: Option<&str>,
        status: u16,
    ) -> JsValue;
}

/// The error as JavaScript throws it.
pub(super) fn to_js(error: &Error) -> JsValue {
    let server = error.server.as_ref().map_or(JsValue::UNDEFINED, |server| {
        answer(
            &server.error,
            server.description.as_deref(),
            server.suberror.as_deref(),
            &server.error_codes,
            server.trace_id.as_deref(),
            server.timestamp.as_deref(),
            server.correlation_id.as_deref(),
            server.status,
        )
    });
    create_numbered(error.code as usize, error.detail.as_deref(), &server, error.claims.as_deref(), &error.correlation_id)
}

/// An error of ours; the very value that something of the app's threw is a promise that rejects with it.
pub(super) fn ours(thrown: Thrown) -> Result<JsValue, Error> {
    match thrown {
        Thrown::Ours(error) => Err(error),
        Thrown::Theirs(value) => Ok(Promise::reject(&value).into()),
    }
}
