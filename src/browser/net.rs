//! `fetch`, to the provider's endpoints. The app's own requests go through `transport`.
//!
//! The request is built by `gloo_net`; it is sent here, because `gloo_net::http::Request::send` panics where `fetch` rejects with something
//! that is not an `Error` or resolves to something that is not a `Response`, and pages do replace `fetch`.

use gloo_net::http::{Request, RequestBuilder};
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestCache, RequestCredentials, RequestRedirect, Response};

use crate::{
    error::{Error, ErrorCode},
    protocol::http::{HttpRequest, HttpResponse},
};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = fetch)]
    fn global_fetch(request: &web_sys::Request) -> Result<JsValue, JsValue>;
}

/// Sends a request. Errors: `get_request_failed`, `post_request_failed`, `no_network_connectivity`, with the endpoint's URL as detail.
pub async fn send(request: &HttpRequest) -> Result<HttpResponse, Error> {
    exchange(request).await.map_err(|_| {
        let is_offline = web_sys::window().is_some_and(|window| !window.navigator().on_line());
        let code = match request.form {
            _ if is_offline => ErrorCode::NoNetworkConnectivity,
            None => ErrorCode::GetRequestFailed,
            Some(_) => ErrorCode::PostRequestFailed,
        };
        Error::about(code, &request.url)
    })
}

async fn exchange(request: &HttpRequest) -> Result<HttpResponse, JsValue> {
    // A redirect would carry the code and the verifier, or the refresh token, to wherever it points.
    let redirect = if request.form.is_some() { RequestRedirect::Error } else { RequestRedirect::Follow };
    let options =
        |builder: RequestBuilder| builder.credentials(RequestCredentials::Omit).cache(RequestCache::NoStore).redirect(redirect);
    let request = match &request.form {
        None => options(Request::get(&request.url)).build(),
        Some(form) => options(Request::post(&request.url))
            .header("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
            .body(form.as_str()),
    };
    let request = web_sys::Request::from(request.map_err(|_| JsValue::UNDEFINED)?);
    let response: Response = JsFuture::from(Promise::resolve(&global_fetch(&request)?)).await?.dyn_into()?;
    let body = JsFuture::from(response.text()?).await?;
    Ok(HttpResponse { status: response.status(), body: body.as_string().unwrap_or_default() })
}
