//! A hidden `iframe`: the provider answers in it from the session it keeps for the user, or says that it cannot.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::Element;

use super::{channel::Listener, clock, flight::first};
use crate::error::{Error, ErrorCode};

#[wasm_bindgen(module = "/pkg-template/page.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = showFrame)]
    fn show_frame(url: &str) -> Result<Element, JsValue>;
}

/// Shows `url` in a hidden frame and waits, at most `limit` milliseconds, for the answer on the channel `name`.
///
/// Errors: `timed_out`; `hash_not_deserialized` where what comes is not an answer.
pub async fn visit(url: &str, name: &str, limit: u64) -> Result<String, Error> {
    let listener = Listener::new(name)?;
    let _frame = Frame(show_frame(url).map_err(|_| ErrorCode::NonBrowserEnvironment)?);
    let late = async {
        clock::sleep(limit).await;
        Err(Error::about(ErrorCode::TimedOut, "system.iframeBridgeTimeout"))
    };
    let answered = async { listener.answer.get().await.ok_or_else(|| ErrorCode::HashNotDeserialized.into()) };
    first(answered, late).await
}

/// A frame in the page. Dropping it takes it out.
struct Frame(Element);

impl Drop for Frame {
    fn drop(&mut self) {
        self.0.remove();
    }
}
