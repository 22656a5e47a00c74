//! What a page that starts finds in its URL: an answer for this client, for the window that opened it, or for nobody here.

use crate::{
    error::{Error, ErrorCode},
    protocol::{authorize::Pending, callback::Callback, state::Flow, time::UnixSeconds},
};

/// What to do about a URL.
#[derive(Debug)]
pub enum Arrival {
    /// What waits for the user's return cannot be read: forget it.
    Corrupt,
    /// The answer to the request that waits. Forget that request before anything else: it is used once, whatever comes of it
    /// (RFC 9700 section 4.2.4).
    Expected(Box<Pending>, Callback),
    /// The answer to the request that waits, too late: forget that request.
    Expired,
    /// The answer belongs on this channel: the window was opened for it.
    ForOpener(String),
    /// The answer to another request than the one that waits. Whoever sent it, the right one may still come: forget nothing.
    Forged(Error),
    /// No answer, another library's, or one that this client waits for no more (a reload): leave it alone.
    Nothing,
}

/// Reads a fragment. `pending` gives what waits for the user's return, where something does.
pub fn arrive(
    fragment: &str,
    now: UnixSeconds,
    pending: impl FnOnce() -> Result<Option<String>, Error>,
) -> Result<Arrival, Error> {
    let Some(callback) = Callback::parse(fragment) else { return Ok(Arrival::Nothing) };
    if callback.state().flow() == Flow::Popup {
        return Ok(Arrival::ForOpener(callback.state().id().into()));
    }
    let Some(text) = pending()? else { return Ok(Arrival::Nothing) };
    let Some(pending) = Pending::from_text(&text) else { return Ok(Arrival::Corrupt) };
    if callback.state() != pending.state() {
        return Ok(Arrival::Forged(ErrorCode::StateMismatch.into()));
    }
    if pending.is_expired(now) {
        return Ok(Arrival::Expired);
    }
    Ok(Arrival::Expected(Box::new(pending), callback))
}
