//! `fetch`, to the provider's endpoints. The app's own requests go through `transport`.
//!
//! The response is read by `gloo_net`, which does not send what is sent here: its `Request::send` panics where `fetch` rejects with something
//! that is not an `Error` or resolves to something that is not a `Response`, and pages do replace `fetch`.

use gloo_net::http::Response;
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

use super::location::{self, property};
use crate::{
    error::{Error, ErrorCode},
    protocol::http::{HttpRequest, HttpResponse},
};

#[wasm_bindgen(module = "/pkg-template/page.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = request)]
    fn fetch(url: &str, form: Option<&str>, redirect: &str, signal: &JsValue) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = AbortSignal, js_name = timeout)]
    fn abort_after(milliseconds: u32) -> Result<JsValue, JsValue>;
}

/// Sends a request; where the network fails and it may be repeated, once more. It has half a minute for all of that.
///
/// Errors: `get_request_failed`, `post_request_failed`, `no_network_connectivity`, with the endpoint's URL as detail.
pub async fn send(request: &HttpRequest) -> Result<HttpResponse, Error> {
    let is_offline =
        || location::window().is_ok_and(|window| property(&property(&window, "navigator"), "onLine") == JsValue::FALSE);
    // An old browser without it has no limit.
    let limit = abort_after(LIMIT).unwrap_or_default();
    let mut outcome = exchange(request, &limit).await;
    if outcome.is_err() && request.is_repeatable && !is_offline() {
        outcome = exchange(request, &limit).await;
    }
    outcome.map_err(|_| {
        let code = match request.form {
            _ if is_offline() => ErrorCode::NoNetworkConnectivity,
            None => ErrorCode::GetRequestFailed,
            Some(_) => ErrorCode::PostRequestFailed,
        };
        Error::about(code, &request.url)
    })
}

async fn exchange(request: &HttpRequest, limit: &JsValue) -> Result<HttpResponse, JsValue> {
    // A redirect would carry the code and the verifier, or the refresh token, to wherever it points.
    let redirect = if request.form.is_some() { "error" } else { "follow" };
    let sent = fetch(&request.url, request.form.as_deref(), redirect, limit)?;
    let raw: web_sys::Response = JsFuture::from(Promise::resolve(&sent)).await?.dyn_into()?;
    let body = JsFuture::from(raw.text()?).await?.as_string().unwrap_or_default();
    let retry_after = raw.headers().get("Retry-After")?;
    Ok(HttpResponse { status: Response::from(raw).status(), body, retry_after })
}

/// How long a request may take, in milliseconds: one that hangs must not stop its account for ever.
const LIMIT: u32 = 30_000;
