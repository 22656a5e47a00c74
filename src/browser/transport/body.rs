//! The body of a request: whether it can be sent twice, and how. And what of a request waits while its page is left.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::Request;

use crate::{
    protocol::list,
    session::{
        need::Need,
        resend::{KEPT_HEADERS, Resend},
    },
};

#[wasm_bindgen(module = "/pkg-template/transport.js")]
extern "C" {
    #[wasm_bindgen(js_name = weigh)]
    fn weigh(input: &JsValue, init: &JsValue) -> f64;

    #[wasm_bindgen(js_name = record)]
    fn record(request: &Request, limit: f64) -> Promise;

    #[wasm_bindgen(js_name = recorded)]
    fn recorded(recording: &Promise) -> Promise;

    #[wasm_bindgen(catch, js_name = withBody)]
    fn with_body(request: &Request, body: &JsValue) -> Result<Request, JsValue>;

    #[wasm_bindgen(catch, js_name = base64)]
    async fn base64(body: &JsValue) -> Result<JsValue, JsValue>;
}

/// The body of a request.
#[derive(Clone, Debug)]
pub(super) enum Body {
    /// None, or one that the browser can copy.
    Copied,
    /// A stream, or too large to be kept.
    Once,
    /// A `Request`'s own: only reading it tells how large it is. It is read along while the request is sent, for so many bytes.
    Recorded(f64, Option<Promise>),
}

impl Body {
    /// That of `fetch(input, init)`, where one of more than `limit` bytes is not to be kept.
    pub(super) fn of(input: &JsValue, init: &JsValue, limit: u64) -> Self {
        let (limit, weight) = (limit as f64, weigh(input, init));
        match weight {
            ..0.0 => Self::Recorded(limit, None),
            _ if weight <= limit => Self::Copied,
            _ => Self::Once,
        }
    }

    /// Before a new request of this one is sent for the first time; or a copy of it, where this says so.
    pub(super) fn begin(&mut self, request: &Request) -> bool {
        if let Self::Recorded(limit, recording) = self {
            *recording = Some(record(request, *limit));
        }
        matches!(self, Self::Copied)
    }

    /// The request to send now.
    pub(super) async fn next(&mut self, request: &Request) -> Result<Request, JsValue> {
        if let Self::Recorded(_, Some(recording)) = self {
            return with_body(request, &JsFuture::from(recorded(recording)).await?);
        }
        if self.begin(request) { request.clone() } else { Request::new_with_request(request) }
    }

    /// Whether there is a next one, after the first.
    pub(super) async fn is_replayable(&self) -> bool {
        match self {
            Self::Copied => true,
            Self::Once => false,
            Self::Recorded(..) => self.blob(None).await.is_some(),
        }
    }

    async fn blob(&self, request: Option<&Request>) -> Option<JsValue> {
        let blob = match self {
            Self::Copied => request?.clone().ok()?.blob().ok()?,
            Self::Once => return None,
            Self::Recorded(_, Some(recording)) => recorded(recording),
            // Nothing was sent yet.
            Self::Recorded(limit, None) => recorded(&record(request?, *limit)),
        };
        JsFuture::from(blob).await.ok().filter(|blob| !blob.is_null())
    }

    /// What waits of the request while its page is left.
    pub(super) async fn resend(&self, request: &Request, need: Need, is_apps_own: bool) -> Resend {
        let header = |name: &str| Some((String::from(name), request.headers().get(name).ok()??));
        let body = match self.blob(Some(request)).await {
            Some(blob) => base64(&blob).await.ok().and_then(|text| text.as_string()),
            None => None,
        };
        Resend {
            url: request.url(),
            method: request.method(),
            headers: list::of(KEPT_HEADERS.iter().filter_map(|name| header(name))),
            body,
            need,
            is_apps_own,
        }
    }
}

/// A request that waited, for the shell: it makes a `Blob` of the body, and a `replay()` of what is safe.
pub fn resend_to_js(resend: &Resend) -> JsValue {
    let (object, headers) = (Object::new(), Object::new());
    for (name, value) in &resend.headers {
        // A new object takes every property.
        let _ = Reflect::set(&headers, &name.into(), &value.into());
    }
    for (name, value) in [
        ("url", JsValue::from(&resend.url)),
        ("method", (&resend.method).into()),
        ("headers", headers.unchecked_into()),
        ("body", resend.body.as_ref().map_or(JsValue::NULL, JsValue::from)),
        ("homeAccountId", resend.need.account().into()),
        ("mayReplay", (resend.is_safe() && resend.is_apps_own).into()),
    ] {
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}
