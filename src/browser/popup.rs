//! `window.open` and `BroadcastChannel`: a window for the user, and its answer.
//!
//! The answer comes over a channel named by the state, never by reading the popup: a provider that sends
//! `Cross-Origin-Opener-Policy` cuts every other way.

use std::rc::Rc;

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent, Window};

use super::{flight::Slot, location};
use crate::{
    error::{Error, ErrorCode},
    protocol::json::push_number,
    session::popup::{Sight, Watch},
};

/// A popup. Dropping it closes the window.
#[derive(Debug)]
pub struct Popup {
    window: Window,
    answer: Rc<Slot<Result<String, ErrorCode>>>,
}

impl Popup {
    /// Opens an empty window. To be called in the click itself, before anything is awaited, or the browser will not let it open.
    ///
    /// Error: `popup_window_error`.
    pub fn open() -> Result<Self, Error> {
        let opener = location::window()?;
        let window = opener.open_with_url_and_target_and_features("about:blank", "", &features(&opener));
        let window = window.ok().flatten().ok_or(ErrorCode::PopupWindowError)?;
        Ok(Self { window, answer: Slot::new() })
    }

    /// Gives up waiting.
    pub fn cancel(&self, code: ErrorCode) {
        self.answer.put(Err(code));
    }

    /// Whether the handle reads closed: the user closed it, or the provider cut it.
    pub fn is_closed(&self) -> bool {
        self.window.closed().unwrap_or(true)
    }

    /// Shows `url` and waits for the answer on the channel `name`: the fragment the provider sent the user back with.
    ///
    /// Errors: `user_cancelled`, `timed_out` after `limit` milliseconds, or what [`Popup::cancel`] was given.
    pub async fn visit(&self, url: &str, name: &str, limit: u64) -> Result<String, Error> {
        let opener = location::window()?;
        let channel = BroadcastChannel::new(&channel(name)).map_err(|_| ErrorCode::NonBrowserEnvironment)?;
        let answer = Rc::clone(&self.answer);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let payload = Reflect::get(&event.data(), &PAYLOAD.into()).ok().and_then(|payload| payload.as_string());
            answer.put(payload.ok_or(ErrorCode::HashNotDeserialized));
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));

        let ticks = limit / u64::from(TICK.unsigned_abs());
        let on_tick = Closure::new(self.watcher(&opener, ticks));
        let on_tick: &Function = on_tick.as_ref().unchecked_ref();
        let timer = opener.set_interval_with_callback_and_timeout_and_arguments_0(on_tick, TICK).ok();

        // A handle that is cut or closed already takes this as well; the watcher sees the rest.
        let _ = self.window.location().replace(url);
        let answer = self.answer.get().await;
        if let Some(timer) = timer {
            opener.clear_interval_with_handle(timer);
        }
        channel.set_onmessage(None);
        channel.close();
        answer.map_err(Error::new)
    }

    /// Looks at the popup, `ticks` times at most.
    fn watcher(&self, opener: &Window, mut ticks: u64) -> impl FnMut() + 'static {
        let (window, opener, answer) = (self.window.clone(), opener.clone(), Rc::clone(&self.answer));
        let mut watch = Watch::default();
        move || {
            let sight = Sight {
                is_closed: window.closed().unwrap_or(true),
                is_elsewhere: Reflect::get(&window, &"document".into()).is_err(),
                is_opener_focused: opener
                    .document()
                    .is_some_and(|document| !document.hidden() && document.has_focus().unwrap_or(true)),
            };
            if watch.is_gone(sight) {
                answer.put(Err(ErrorCode::UserCancelled));
            } else if ticks == 0 {
                answer.put(Err(ErrorCode::TimedOut));
            }
            ticks = ticks.saturating_sub(1);
        }
    }
}

impl Drop for Popup {
    fn drop(&mut self) {
        // Where the provider cut the handle this does nothing; the page in the popup closes itself.
        let _ = self.window.close();
    }
}

/// In the popup itself: hands the answer to the window that waits for it. Returns whether this window is closing.
pub fn answer(name: &str, fragment: &str) -> Result<bool, Error> {
    let window = location::window()?;
    let channel = BroadcastChannel::new(&channel(name)).map_err(|_| ErrorCode::NonBrowserEnvironment)?;
    let message = js_sys::Object::new();
    let is_sent = Reflect::set(&message, &PAYLOAD.into(), &fragment.into()).is_ok() && channel.post_message(&message).is_ok();
    channel.close();
    Ok(is_sent && window.close().is_ok() && window.closed().unwrap_or(false))
}

/// The channel of a state. `redirect-bridge.js` uses the same name.
fn channel(name: &str) -> String {
    let mut channel = String::from("countersign.");
    channel.push_str(name);
    channel
}

/// MSAL's size, in the middle of the opener.
fn features(opener: &Window) -> String {
    let number = |value: Result<JsValue, JsValue>| value.ok().and_then(|value| value.as_f64()).unwrap_or_default();
    // Pixels are small: the cast is exact, and saturates where they are not.
    let middle = |start: f64, length: f64, own: f64| (start + (length - own) / 2.0) as u64;
    let (width, height) = (483.0, 600.0);
    let left = middle(number(opener.screen_x()), number(opener.outer_width()), width);
    let top = middle(number(opener.screen_y()), number(opener.outer_height()), height);
    let mut features = String::from("popup,width=483,height=600,left=");
    push_number(&mut features, left);
    features.push_str(",top=");
    push_number(&mut features, top);
    features
}

const PAYLOAD: &str = "payload";

/// Milliseconds between two looks at the popup.
const TICK: i32 = 200;
