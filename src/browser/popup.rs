//! `window.open`: a window for the user. Its answer comes on a `channel`.

use std::{cell::Cell, rc::Rc};

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::Window;

use super::{
    channel::{self, Listener},
    flight::Slot,
    location,
};
use crate::{
    error::{Error, ErrorCode},
    protocol::json::push_number,
    session::popup::{Sight, Watch},
};

/// A popup, watched from the moment it opens. Dropping it closes the window.
#[derive(Debug)]
pub struct Popup {
    window: Window,
    opener: Window,
    failure: Rc<Slot<ErrorCode>>,
    progress: Rc<Cell<Progress>>,
    timer: Option<i32>,
    // JavaScript calls it for as long as the timer runs.
    _on_tick: Closure<dyn FnMut()>,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Empty,
    Sent,
    Answered,
}

impl Popup {
    /// Watches a window that [`open`] gave. It may take `limit` milliseconds.
    pub fn watch(window: Window, limit: u64) -> Result<Self, Error> {
        let opener = location::window()?;
        let (failure, progress) = (Slot::new(), Rc::new(Cell::new(Progress::Empty)));
        let on_tick = Closure::new(watcher(&window, &opener, Rc::clone(&failure), Rc::clone(&progress), limit));
        let callback: &Function = on_tick.as_ref().unchecked_ref();
        let timer = opener.set_interval_with_callback_and_timeout_and_arguments_0(callback, TICK).ok();
        Ok(Self { window, opener, failure, progress, timer, _on_tick: on_tick })
    }

    /// Gives it up.
    pub fn cancel(&self, code: ErrorCode) {
        self.failure.put(code);
    }

    /// Resolves when it is given up, and why: `user_cancelled`, `timed_out`, or what [`Popup::cancel`] was given.
    pub async fn failed(&self) -> Error {
        self.failure.get().await.into()
    }

    /// Whether the handle reads closed: the user closed it, or the provider cut it.
    pub fn is_closed(&self) -> bool {
        self.window.closed().unwrap_or(true)
    }

    /// Whether the user may have turned away from it. One that has answered closes itself, and its sign-in goes on.
    pub fn may_be_abandoned(&self) -> bool {
        self.is_closed() && self.progress.get() != Progress::Answered
    }

    /// Shows `url` and waits for the answer on the channel `name`: the fragment the provider sent the user back with.
    ///
    /// Error: `hash_not_deserialized` where what comes is not that.
    pub async fn visit(&self, url: &str, name: &str) -> Result<String, Error> {
        let listener = Listener::new(name)?;
        self.progress.set(Progress::Sent);
        // A handle that is cut or closed already takes this as well; the watcher sees the rest.
        let _ = self.window.location().replace(url);
        let answer = listener.answer.get().await;
        self.progress.set(Progress::Answered);
        answer.ok_or_else(|| ErrorCode::HashNotDeserialized.into())
    }
}

impl Drop for Popup {
    fn drop(&mut self) {
        if let Some(timer) = self.timer {
            self.opener.clear_interval_with_handle(timer);
        }
        // Where the provider cut the handle this does nothing; the page in the popup closes itself.
        let _ = self.window.close();
    }
}

/// Opens an empty window. To be called in the click itself, before anything is awaited, or the browser will not let it open; and never in a
/// task (`flight::outside`).
///
/// Error: `popup_window_error`.
pub fn open(shape: &Shape) -> Result<Window, Error> {
    let opener = location::window()?;
    let window = opener.open_with_url_and_target_and_features("about:blank", "", &shape.features(&opener));
    window.ok().flatten().ok_or_else(|| ErrorCode::PopupWindowError.into())
}

/// Looks at the popup, for `limit` milliseconds.
fn watcher(
    window: &Window,
    opener: &Window,
    failure: Rc<Slot<ErrorCode>>,
    progress: Rc<Cell<Progress>>,
    limit: u64,
) -> impl FnMut() + 'static {
    let (window, opener) = (window.clone(), opener.clone());
    // By the clock: the turns of a timer come late where the page is in the background.
    let end = js_sys::Date::now() + limit as f64;
    let mut watch = Watch::default();
    move || {
        let is_focused = |document: web_sys::Document| !document.hidden() && document.has_focus().unwrap_or(true);
        let sight = Sight {
            is_closed: window.closed().unwrap_or(true),
            is_elsewhere: Reflect::get(&window, &"document".into()).is_err(),
            is_sent: progress.get() != Progress::Empty,
            is_answered: progress.get() == Progress::Answered,
            is_opener_focused: opener.document().is_some_and(is_focused),
        };
        if watch.is_gone(sight) {
            failure.put(ErrorCode::UserCancelled);
        } else if js_sys::Date::now() >= end {
            failure.put(ErrorCode::TimedOut);
        }
    }
}

/// In the popup itself: hands the answer to the window that waits for it. Returns whether this window is closing.
pub fn answer(name: &str, fragment: &str) -> Result<bool, Error> {
    let is_sent = channel::answer(name, fragment)?;
    let window = location::window()?;
    Ok(is_sent && window.close().is_ok() && window.closed().unwrap_or(false))
}

/// What the app says of the window's size and place, in CSS pixels.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape {
    /// `popupSize.width`. Default: MSAL's.
    pub width: Option<u64>,
    /// `popupSize.height`.
    pub height: Option<u64>,
    /// `popupPosition.left`. Default: the middle of the opener.
    pub left: Option<u64>,
    /// `popupPosition.top`.
    pub top: Option<u64>,
}

impl Shape {
    fn features(&self, opener: &Window) -> String {
        let number = |value: Result<JsValue, JsValue>| value.ok().and_then(|value| value.as_f64()).unwrap_or_default();
        // Pixels are small: the cast is exact, and saturates where they are not.
        let middle = |start: f64, length: f64, own: u64| (start + (length - own as f64) / 2.0) as u64;
        let (width, height) = (self.width.unwrap_or(483), self.height.unwrap_or(600));
        let left = || middle(number(opener.screen_x()), number(opener.outer_width()), width);
        let top = || middle(number(opener.screen_y()), number(opener.outer_height()), height);
        let mut features = String::from("popup");
        for (name, value) in [
            (",width=", width),
            (",height=", height),
            (",left=", self.left.unwrap_or_else(left)),
            (",top=", self.top.unwrap_or_else(top)),
        ] {
            features.push_str(name);
            push_number(&mut features, value);
        }
        features
    }
}

/// Milliseconds between two looks at the popup.
const TICK: i32 = 200;
