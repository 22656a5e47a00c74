//! `Date.now` and `setTimeout`.

use js_sys::Promise;
use wasm_bindgen_futures::JsFuture;

use super::location;
use crate::protocol::time::UnixSeconds;

/// The present, as the user's clock has it.
pub fn now() -> UnixSeconds {
    // A float cast saturates: a clock before 1970 is 1970.
    UnixSeconds((js_sys::Date::now() / 1000.0) as u64)
}

/// Waits this many milliseconds.
pub async fn sleep(milliseconds: u64) {
    let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
    let timer = Promise::new(&mut |resolve, _| {
        if let Ok(window) = location::window() {
            // Without a timer the wait has no end, and what it bounds ends by itself or not.
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        }
    });
    // It never rejects.
    let _ = JsFuture::from(timer).await;
}
