//! `window.open`: a window for the user. Its answer comes on a `channel`.

use std::{cell::Cell, rc::Rc};

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::Window;

use super::{
    channel::{self, Listener},
    flight::Slot,
    location,
};
use crate::{
    error::{Error, ErrorCode},
    session::popup::{Sight, Watch},
};

#[wasm_bindgen(module = "/pkg-template/page.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = openWindow)]
    fn open_window(
        width: Option<f64>,
        height: Option<f64>,
        left: Option<f64>,
        top: Option<f64>,
    ) -> Result<Option<Window>, JsValue>;

    /// 1: it is closed; 2: it is on another origin's page; 4: this page has the focus.
    #[wasm_bindgen(catch)]
    fn look(window: &Window) -> Result<u32, JsValue>;
}

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
        let on_tick = Closure::new(watcher(&window, Rc::clone(&failure), Rc::clone(&progress), limit));
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
    let window = open_window(shape.width, shape.height, shape.left, shape.top);
    window.ok().flatten().ok_or_else(|| ErrorCode::PopupWindowError.into())
}

/// Looks at the popup, for `limit` milliseconds.
fn watcher(window: &Window, failure: Rc<Slot<ErrorCode>>, progress: Rc<Cell<Progress>>, limit: u64) -> impl FnMut() + 'static {
    let window = window.clone();
    // By the clock: the turns of a timer come late where the page is in the background.
    let end = js_sys::Date::now() + limit as f64;
    let mut watch = Watch::default();
    move || {
        let seen = look(&window).unwrap_or_default();
        let sight = Sight {
            is_closed: seen & 1 != 0,
            is_elsewhere: seen & 2 != 0,
            is_opener_focused: seen & 4 != 0,
            is_sent: progress.get() != Progress::Empty,
            is_answered: progress.get() == Progress::Answered,
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
    pub width: Option<f64>,
    /// `popupSize.height`.
    pub height: Option<f64>,
    /// `popupPosition.left`. Default: the middle of the opener.
    pub left: Option<f64>,
    /// `popupPosition.top`.
    pub top: Option<f64>,
}

/// Milliseconds between two looks at the popup.
const TICK: i32 = 200;
