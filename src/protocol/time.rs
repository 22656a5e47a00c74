//! Seconds since 1970, as values. Nothing here reads a clock.

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
}
