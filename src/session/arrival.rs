//! What a page that starts finds in its URL: an answer for this client, for the window that waits for it, or for nobody here; and where the
//! user goes from there.

use crate::{
    error::{Error, ErrorCode},
    protocol::{
        authorize::Pending,
        callback::Callback,
        cut, form,
        state::{Flow, State},
        time::UnixSeconds,
        url::Url,
    },
};

/// What to do about a URL.
#[derive(Debug)]
pub enum Arrival {
    /// What waits for the user's return cannot be read, or the user returned too late or without an answer: forget it, and say so.
    Broken(Error),
    /// The answer to the request that waits. Forget that request before anything else: it is used once, whatever comes of it
    /// (RFC 9700 section 4.2.4).
    Expected(Box<Pending>, Callback),
    /// The answer belongs on this channel: the window, or the hidden frame, was opened for it.
    ForOpener(Flow, String),
    /// The answer to another request than the one that waits. Whoever sent it, the right one may still come: forget nothing.
    Forged(Error),
    /// No answer, another library's, or one that this client waits for no more (a reload): leave it alone.
    Nothing,
}

/// Reads a fragment. `pending` gives what waits for the user's return, where something does. `referrer` is where a link or a redirect led here
/// from; `None` where the page was reloaded, or gone back to.
pub fn arrive(
    fragment: &str,
    referrer: Option<&str>,
    now: UnixSeconds,
    pending: impl FnOnce() -> Result<Option<String>, Error>,
) -> Result<Arrival, Error> {
    let callback = Callback::parse(fragment);
    if let Some(state) = callback.as_ref().map(Callback::state)
        && state.flow() != Flow::Redirect
    {
        return Ok(Arrival::ForOpener(state.flow(), state.id().into()));
    }
    let Some(callback) = callback else {
        // There is something to say only about a user whom somebody sent here, and who was sent away before.
        let pending = referrer.and_then(|_| Pending::from_text(&pending().ok()??));
        return Ok(pending.map_or(Arrival::Nothing, |pending| without_answer(fragment, referrer, &pending)));
    };
    let Some(text) = pending()? else { return Ok(Arrival::Nothing) };
    let Some(pending) = Pending::from_text(&text) else {
        return Ok(Arrival::Broken(ErrorCode::UnableToParseTokenRequestCacheError.into()));
    };
    if callback.state() != pending.state() {
        return Ok(Arrival::Forged(ErrorCode::StateMismatch.into()));
    }
    if pending.is_expired(now) {
        return Ok(Arrival::Broken(ErrorCode::StateExpired.into()));
    }
    Ok(Arrival::Expected(Box::new(pending), callback))
}

/// The provider itself sent the user back: what is missing from its answer was lost on the way. From anywhere else the user came for another
/// reason, and what the URL holds is another's.
fn without_answer(fragment: &str, referrer: Option<&str>, pending: &Pending) -> Arrival {
    let origin = |url| Url::parse(url).map(|url| url.origin);
    if referrer.and_then(origin) != origin(pending.authority()) {
        return Arrival::Nothing;
    }
    let parameters = form::decode(fragment.strip_prefix("#").unwrap_or(fragment)).unwrap_or_default();
    let has = |wanted: &str| parameters.iter().any(|(name, _)| name == wanted);
    Arrival::Broken(match (has("code") || has("error"), has("state")) {
        (true, false) => ErrorCode::NoStateInHash.into(),
        // With a state that is not of our form it is another library's answer.
        (_, true) => return Arrival::Nothing,
        (false, false) => ErrorCode::HashEmptyError.into(),
    })
}

/// The fragment to read, of several: the first that holds an answer of ours, else the first there is. What was kept of an answer on its way comes
/// before what the page's URL says, which anybody can write.
pub fn choose(fragments: &[Option<String>; 3]) -> String {
    let all = || fragments.iter().flatten();
    let found = all().find(|fragment| Callback::parse(fragment).is_some()).or_else(|| all().next());
    found.cloned().unwrap_or_default()
}

/// The channel that the answer in this fragment belongs on, where it came to a hidden frame.
pub fn for_frame(fragment: &str) -> Option<String> {
    let callback = Callback::parse(fragment)?;
    (callback.state().flow() == Flow::Silent).then(|| callback.state().id().into())
}

/// Whether the answer in this fragment is to a request that waits for another client of this tab.
pub fn is_waited_for(fragment: &str, waiting: Vec<String>) -> bool {
    let callback = Callback::parse(fragment);
    let is_its = |text: &String| {
        Pending::from_text(text).is_some_and(|pending| callback.as_ref().is_some_and(|one| one.state() == pending.state()))
    };
    waiting.iter().any(is_its)
}

/// A page's URL without the answer that its fragment holds: the page may be come back to, and that answer is nobody's.
pub fn without_answer_in(url: String) -> String {
    match cut::first(&url, "#") {
        Some((page, fragment)) if Callback::parse(fragment).is_some() => page.into(),
        _ => url,
    }
}

/// The channel of a sign-out in a popup, on the page the user comes back to from it: the provider returns the state in the query (OpenID Connect
/// RP-Initiated Logout 1.0 section 3).
pub fn signed_out(query: &str) -> Option<String> {
    let parameters = form::decode(query.strip_prefix("?").unwrap_or(query))?;
    if parameters.iter().any(|(name, _)| name == "code" || name == "error") {
        return None;
    }
    let (_, state) = parameters.iter().find(|(name, _)| name == "state")?;
    State::parse(state).filter(|state| state.flow() == Flow::Popup).map(|state| state.id().into())
}

/// Where the user goes from the page that the answer came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Return {
    /// To this page, with the answer.
    Go(String),
    /// Nowhere: this is the page, and this its URL.
    Here(Option<String>),
}

/// Compares the page that was left with this one. Only a page of the same origin is gone back to: the answer goes with the user.
pub fn go_back(start_page: Option<&str>, here: &str) -> Return {
    let origin = |url| Url::parse(url).map(|url| url.origin);
    let document = |url| String::from(cut::before(url, b"#"));
    match start_page {
        Some(start) if origin(start).is_some() && origin(start) == origin(here) => {
            if document(start) == document(here) {
                Return::Here(Some(start.into()))
            } else {
                Return::Go(start.into())
            }
        }
        _ => Return::Here(None),
    }
}
