//! `Date.now`.

use crate::protocol::time::UnixSeconds;

/// The present, as the user's clock has it.
pub fn now() -> UnixSeconds {
    // A float cast saturates: a clock before 1970 is 1970.
    UnixSeconds((js_sys::Date::now() / 1000.0) as u64)
}
