//! Seconds since 1970, as values. Nothing here reads a clock.

use super::{cut, json::digits};

/// How far the provider's clock and the user's may be apart, in seconds. The one place for it.
pub const CLOCK_SKEW: u64 = 300;

/// A moment: seconds since 1970-01-01T00:00:00Z (`NumericDate` of RFC 7519 section 2, whole seconds).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixSeconds(pub u64);

impl UnixSeconds {
    /// `seconds` later, or the last moment there is.
    #[must_use]
    pub const fn plus(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Reads an HTTP date of the form that servers must send, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7). The day of the week is
    /// not looked at.
    pub fn from_http_date(text: &str) -> Option<Self> {
        let mut parts = cut::parts(text, b" :").skip(1);
        let mut next = || parts.next();
        let number = |text: &str, length| digits(text).filter(|_| text.len() == length);
        let (day, month, year) = (number(next()?, 2)?, next()?, number(next()?, 4)?);
        let (hours, minutes, seconds) = (number(next()?, 2)?, number(next()?, 2)?, number(next()?, 2)?);
        let month = MONTHS.iter().position(|(name, _)| *name == month)?;
        // Four digits at most: nothing here overflows. To saturate is a multiplication of 128 bits.
        let leap_days = |year: u64| (year / 4).wrapping_sub(year / 100).wrapping_add(year / 400);
        // Leap days up to the end of the year before, and this year's.
        let before = year.saturating_sub(1);
        let is_leap = leap_days(year) > leap_days(before);
        let days_before = MONTHS.get(month)?.1.wrapping_add(u64::from(is_leap && month > 1));
        let years = year.checked_sub(1970)?.wrapping_mul(365);
        let leap = leap_days(before).wrapping_sub(leap_days(1969));
        let days = years.wrapping_add(leap).wrapping_add(days_before).wrapping_add(day.checked_sub(1)?);
        let hours = days.wrapping_mul(24).wrapping_add(hours);
        let minutes = hours.wrapping_mul(60).wrapping_add(minutes);
        (next() == Some("GMT") && next().is_none()).then(|| Self(minutes.wrapping_mul(60).wrapping_add(seconds)))
    }
}

/// The months, and the days of a common year before each.
const MONTHS: [(&str, u64); 12] = [
    ("Jan", 0),
    ("Feb", 31),
    ("Mar", 59),
    ("Apr", 90),
    ("May", 120),
    ("Jun", 151),
    ("Jul", 181),
    ("Aug", 212),
    ("Sep", 243),
    ("Oct", 273),
    ("Nov", 304),
    ("Dec", 334),
];
