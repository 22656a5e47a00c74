//! A hidden `iframe`: the provider answers in it from the session it keeps for the user, or says that it cannot.

use web_sys::Element;

use super::{channel::Listener, clock, flight::first, location};
use crate::error::{Error, ErrorCode};

/// Shows `url` in a hidden frame and waits, at most `limit` milliseconds, for the answer on the channel `name`.
///
/// Errors: `timed_out`; `hash_not_deserialized` where what comes is not an answer.
pub async fn visit(url: &str, name: &str, limit: u64) -> Result<String, Error> {
    let listener = Listener::new(name)?;
    let _frame = Frame::show(url).ok_or(ErrorCode::NonBrowserEnvironment)?;
    let late = async {
        clock::sleep(limit).await;
        Err(Error::about(ErrorCode::TimedOut, "system.iframeBridgeTimeout"))
    };
    let answered = async { listener.answer.get().await.ok_or_else(|| ErrorCode::HashNotDeserialized.into()) };
    first(answered, late).await
}

/// A frame in the page. Dropping it takes it out.
struct Frame(Element);

impl Frame {
    fn show(url: &str) -> Option<Self> {
        let document = location::window().ok()?.document()?;
        let frame = document.create_element("iframe").ok()?;
        for (name, value) in [
            // It may run the redirect URI's page and the provider's forms, and must not take this page elsewhere.
            ("sandbox", "allow-scripts allow-same-origin allow-forms"),
            ("hidden", ""),
            ("aria-hidden", "true"),
            ("title", ""),
            ("src", url),
        ] {
            frame.set_attribute(name, value).ok()?;
        }
        document.body()?.append_child(&frame).ok()?;
        Some(Self(frame))
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        self.0.remove();
    }
}
