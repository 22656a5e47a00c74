//! `Date.now` and `setTimeout`.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::protocol::time::UnixSeconds;

#[wasm_bindgen(module = "/pkg-template/page.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = sleep)]
    async fn timer(milliseconds: i32) -> Result<(), JsValue>;
}

/// The present, as the user's clock has it.
pub fn now() -> UnixSeconds {
    // A float cast saturates: a clock before 1970 is 1970.
    UnixSeconds((js_sys::Date::now() / 1000.0) as u64)
}

/// Waits this many milliseconds.
pub async fn sleep(milliseconds: u64) {
    let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
    // Where there are no timers the wait is over.
    let _ = timer(milliseconds).await;
}
