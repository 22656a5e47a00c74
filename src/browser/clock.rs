//! `Date.now` and `setTimeout`.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::protocol::time::UnixSeconds;

#[wasm_bindgen(module = "/pkg-template/page.js")]
extern "C" {
    #[wasm_bindgen(js_name = sleep)]
    async fn timer(milliseconds: i32);
}

/// The present, as the user's clock has it.
pub fn now() -> UnixSeconds {
    // A float cast saturates: a clock before 1970 is 1970.
    UnixSeconds((js_sys::Date::now() / 1000.0) as u64)
}

/// Waits this many milliseconds.
pub async fn sleep(milliseconds: u64) {
    let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
    timer(milliseconds).await;
}
