//! `location` and `history`.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::Window;

use crate::{
    error::{Error, ErrorCode},
    protocol::cut,
};

#[wasm_bindgen(module = "/pkg-template/page.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = replaceUrl)]
    fn replace_url(url: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(catch)]
    fn resolve(url: &str) -> Result<String, JsValue>;

    #[wasm_bindgen(js_name = ownWindow)]
    fn own_window() -> JsValue;
}

#[wasm_bindgen]
extern "C" {
    // That of `js_sys` takes the name as a value, which is one more call.
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    fn reflect_get(object: &JsValue, name: &str) -> Result<JsValue, JsValue>;
}

/// The window. Error: `non_browser_environment`.
pub fn window() -> Result<Window, Error> {
    // Not by its class, as `web_sys::window` does: test tools that put jsdom's window into Node's global object leave that its own class.
    let window = own_window();
    if property(&window, "document").is_object() {
        Ok(window.unchecked_into())
    } else {
        Err(ErrorCode::NonBrowserEnvironment.into())
    }
}

/// A property; `undefined` where there is none of that name.
pub fn property(object: &JsValue, name: &str) -> JsValue {
    // `Reflect.get` throws where there is no object, and each exception that is caught costs more than a request, and a place in a table for ever.
    if !object.is_object() && !object.is_function() {
        return JsValue::UNDEFINED;
    }
    reflect_get(object, name).unwrap_or_default()
}

/// A part of the page's own URL.
fn part(name: &str) -> Option<String> {
    property(&property(&window().ok()?.into(), "location"), name).as_string()
}

/// The page's URL without query and fragment: MSAL's default redirect URI.
pub fn page() -> Option<String> {
    Some(cut::before(&href()?, b"?#").into())
}

/// `url` as the browser reads it on this page. `None`: it is not a URL.
pub fn normalize(url: &str) -> Option<String> {
    resolve(url).ok()
}

/// The page's fragment.
pub fn fragment() -> Result<String, Error> {
    window()?;
    Ok(part("hash").unwrap_or_default())
}

/// Whether the user has acted in this page a moment ago, so that a popup may open.
pub fn is_user_acting() -> bool {
    window().is_ok_and(|window| property(&property(&property(&window, "navigator"), "userActivation"), "isActive").is_truthy())
}

/// Takes this fragment out of the address bar and the history: a response is used once, and a code is nothing to bookmark. Where the page has
/// another fragment by now, that is the app's own.
pub fn clear_fragment(used: &str) -> Result<(), Error> {
    window()?;
    let href = href().unwrap_or_default();
    let Some((url, fragment)) = cut::first(&href, "#") else { return Ok(()) };
    if fragment != used.strip_prefix("#").unwrap_or(used) {
        return Ok(());
    }
    // Where a sandbox forbids it, the response stays visible; its code is single-use all the same.
    let _ = replace_url(url);
    Ok(())
}

/// The page's URL, where it has one.
pub fn href() -> Option<String> {
    part("href")
}

/// The page's query.
pub fn query() -> String {
    part("search").unwrap_or_default()
}

/// Whether this page is in a frame.
pub fn is_framed() -> bool {
    window().is_ok_and(|window| property(&window, "parent") != JsValue::from(window))
}

/// Whether this page is in a frame of a page of its own origin.
pub fn is_in_own_frame() -> bool {
    let parent = || Some(property(&window().ok()?.into(), "parent"));
    // Another origin's does not say where it is.
    is_framed() && parent().is_some_and(|parent| !property(&property(&parent, "location"), "href").is_undefined())
}

/// Another fragment on this very page: a router hears of it, and the history has no entry more.
pub fn show(url: &str) -> Result<(), Error> {
    let window = window()?;
    if href().is_some_and(|href| href != url) {
        window.location().replace(url).map_err(|_| Error::about(ErrorCode::UrlParseError, "location"))?;
    }
    Ok(())
}

/// Takes the user to other pages, through the app's `NavigationClient`.
#[derive(Debug)]
pub struct Navigator {
    /// `navigate(url, isInternal)`, a promise of what became of it.
    pub navigate: Function,
}

/// What became of a page that was to be left, where it is still there to say so.
#[derive(Clone, Copy, Debug)]
pub enum Left {
    /// The app did not let it go: it goes there in its own way.
    Held,
}

impl Navigator {
    /// Sends the page to the provider, and does not come back: code after a sign-in by redirect belongs to the next page.
    ///
    /// Errors: `user_cancelled` where the user came back with the back button and found this page as it was; `timed_out` where the page did not
    /// leave.
    pub async fn leave(&self, url: &str) -> Result<Left, Error> {
        match self.go(url, false).await.as_deref() {
            Some("held") => Ok(Left::Held),
            Some("restored") => Err(ErrorCode::UserCancelled.into()),
            None => Err(Error::about(
                ErrorCode::InvalidOption,
                "auth.onRedirectNavigate (or the navigation client: one of them threw)",
            )),
            _ => Err(Error::about(ErrorCode::TimedOut, "system.redirectNavigationTimeout")),
        }
    }

    /// Goes to another page of the app, in the place of this one. It comes back where this page is still there: a router of the app went there, or
    /// nothing came of it.
    pub async fn move_on(&self, url: &str) {
        self.go(url, true).await;
    }

    async fn go(&self, url: &str, is_internal: bool) -> Option<String> {
        let gone = self.navigate.call2(&JsValue::UNDEFINED, &url.into(), &is_internal.into()).ok()?;
        JsFuture::from(Promise::resolve(&gone)).await.ok()?.as_string()
    }
}
