//! `location` and `history`.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::Window;

use crate::error::{Error, ErrorCode};

/// The window. Error: `non_browser_environment`.
pub fn window() -> Result<Window, Error> {
    web_sys::window().ok_or_else(|| ErrorCode::NonBrowserEnvironment.into())
}

/// The page's URL without query and fragment: MSAL's default redirect URI.
pub fn page() -> Option<String> {
    let href = window().ok()?.location().href().ok()?;
    href.split(['?', '#']).next().map(String::from)
}

/// `url` as the browser reads it on this page. `None`: it is not a URL.
pub fn normalize(url: &str) -> Option<String> {
    // A page can have another base than its own URL (`<base href>`), and `fetch` goes by that.
    let base = window().ok()?.document()?.base_uri().ok().flatten()?;
    web_sys::Url::new_with_base(url, &base).ok().map(|url| url.href())
}

/// The page's fragment.
pub fn fragment() -> Result<String, Error> {
    Ok(window()?.location().hash().unwrap_or_default())
}

/// Whether the user has acted in this page a moment ago, so that a popup may open.
pub fn is_user_acting() -> bool {
    let property = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED);
    window().is_ok_and(|window| property(&property(&window.navigator(), "userActivation"), "isActive").is_truthy())
}

/// Takes this fragment out of the address bar and the history: a response is used once, and a code is nothing to bookmark. Where the page has
/// another fragment by now, that is the app's own.
pub fn clear_fragment(used: &str) -> Result<(), Error> {
    let window = window()?;
    let href = window.location().href().unwrap_or_default();
    let Some((url, fragment)) = href.split_once('#') else { return Ok(()) };
    if fragment != used.strip_prefix('#').unwrap_or(used) {
        return Ok(());
    }
    if let Ok(history) = window.history() {
        let state = history.state().unwrap_or_default();
        // Where a sandbox forbids it, the response stays visible; its code is single-use all the same.
        let _ = history.replace_state_with_url(&state, "", Some(url));
    }
    Ok(())
}

/// Sends the page to `url`, and never comes back: code after a sign-in by redirect belongs to the next page.
pub async fn leave(url: &str) -> Result<(), Error> {
    window()?.location().assign(url).map_err(|_| Error::about(ErrorCode::UrlParseError, "location"))?;
    std::future::pending().await
}
