//! Whether a popup is gone.
//!
//! `closed` cannot be believed by itself: a provider that sends `Cross-Origin-Opener-Policy: same-origin`, as Microsoft Entra does, cuts the
//! handle, and from then on it reads `closed` while the user is still typing. So it counts only where the popup was seen open on the
//! provider's page (the handle survived), and only while this page has the focus (a provider that hands over to another one can still cut it).
//! Everything else waits for the answer on the channel, for the time limit, or for the app to give up.

/// What can be seen of a popup at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    /// `popup.closed`.
    pub is_closed: bool,
    /// Its document is another origin's.
    pub is_elsewhere: bool,
    /// The opener's document is visible and has the focus.
    pub is_opener_focused: bool,
}

/// Watches a popup.
#[derive(Debug, Default)]
pub struct Watch {
    was_elsewhere: bool,
}

impl Watch {
    /// Takes a look. True: the user closed it.
    pub fn is_gone(&mut self, sight: Sight) -> bool {
        self.was_elsewhere |= sight.is_elsewhere && !sight.is_closed;
        sight.is_closed && self.was_elsewhere && sight.is_opener_focused
    }
}
