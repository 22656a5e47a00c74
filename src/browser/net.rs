//! `fetch`, to the provider's endpoints. The app's own requests go through `transport`.
//!
//! The request is built by `gloo_net`; it is sent here, because `gloo_net::http::Request::send` panics where `fetch` rejects with something
//! that is not an `Error` or resolves to something that is not a `Response`, and pages do replace `fetch`.

use gloo_net::http::{Request, RequestBuilder};
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestCache, RequestCredentials, RequestRedirect, Response};

use super::location;
use crate::{
    error::{Error, ErrorCode},
    protocol::http::{HttpRequest, HttpResponse},
};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = fetch)]
    fn global_fetch(request: &web_sys::Request) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = AbortSignal, js_name = timeout)]
    fn abort_after(milliseconds: u32) -> Result<AbortSignal, JsValue>;
}

/// Sends a request; where the network fails and it may be repeated, once more. It has half a minute for all of that.
///
/// Errors: `get_request_failed`, `post_request_failed`, `no_network_connectivity`, with the endpoint's URL as detail.
pub async fn send(request: &HttpRequest) -> Result<HttpResponse, Error> {
    let is_offline = || location::window().is_ok_and(|window| !window.navigator().on_line());
    // An old browser without it has no limit.
    let limit = abort_after(LIMIT).ok();
    let mut outcome = exchange(request, limit.as_ref()).await;
    if outcome.is_err() && request.is_repeatable && !is_offline() {
        outcome = exchange(request, limit.as_ref()).await;
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

async fn exchange(request: &HttpRequest, limit: Option<&AbortSignal>) -> Result<HttpResponse, JsValue> {
    // A redirect would carry the code and the verifier, or the refresh token, to wherever it points.
    let redirect = if request.form.is_some() { RequestRedirect::Error } else { RequestRedirect::Follow };
    let options = |builder: RequestBuilder| {
        let builder = builder.credentials(RequestCredentials::Omit).cache(RequestCache::NoStore).redirect(redirect);
        builder.abort_signal(limit)
    };
    let request = match &request.form {
        None => options(Request::get(&request.url)).build(),
        Some(form) => options(Request::post(&request.url))
            .header("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
            .body(form.as_str()),
    };
    let request = web_sys::Request::from(request.map_err(|_| JsValue::UNDEFINED)?);
    let response: Response = JsFuture::from(Promise::resolve(&global_fetch(&request)?)).await?.dyn_into()?;
    let body = JsFuture::from(response.text()?).await?;
    Ok(HttpResponse {
        status: response.status(),
        body: body.as_string().unwrap_or_default(),
        retry_after: response.headers().get("Retry-After")?,
    })
}

/// How long a request may take, in milliseconds: one that hangs must not stop its account for ever.
const LIMIT: u32 = 30_000;
