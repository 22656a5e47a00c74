//! Whether a popup is gone.
//!
//! `closed` cannot be believed by itself. A provider that sends `Cross-Origin-Opener-Policy: same-origin`, as Microsoft Entra does, cuts the
//! handle, and from then on it reads `closed` while the user is still typing. And a popup that has come back closes itself, with its answer
//! still on the way. So it counts only where the popup was seen open on the provider's page (the handle survived), was closed there, and
//! this page has the focus (a provider that hands over to another one can still cut the handle); twice in a row, for a page in between.
//! Everything else waits for the answer on the channel, for the time limit, or for the app to give up.

/// What can be seen of a popup at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    /// `popup.closed`.
    pub is_closed: bool,
    /// Its document is, or was when it closed, another origin's.
    pub is_elsewhere: bool,
    /// It has been sent to the provider.
    pub is_sent: bool,
    /// Its answer is here.
    pub is_answered: bool,
    /// The opener's document is visible and has the focus.
    pub is_opener_focused: bool,
}

/// Watches a popup.
#[derive(Debug, Default)]
pub struct Watch {
    looks_elsewhere: u8,
    seemed_gone: bool,
}

impl Watch {
    /// Takes a look. True: the user closed it.
    pub fn is_gone(&mut self, sight: Sight) -> bool {
        match sight {
            Sight { is_closed: true, .. } => {}
            Sight { is_elsewhere: true, .. } => self.looks_elsewhere = self.looks_elsewhere.saturating_add(1),
            _ => self.looks_elsewhere = 0,
        }
        // Whatever becomes of a popup that has answered: the sign-in goes on without it. Where the app's own pages send
        // `Cross-Origin-Opener-Policy`, the way back to them cuts the handle.
        if sight.is_answered {
            return false;
        }
        // Before it is sent anywhere nobody else can have cut the handle.
        let was_closed = !sight.is_sent || (sight.is_elsewhere && self.looks_elsewhere >= SURE && sight.is_opener_focused);
        let seems_gone = sight.is_closed && was_closed;
        let is_gone = seems_gone && self.seemed_gone;
        self.seemed_gone = seems_gone;
        is_gone
    }
}

/// After this many looks at an open popup elsewhere the provider has left the handle alone. While it is being cut, it can for a moment be
/// seen elsewhere and not yet closed.
const SURE: u8 = 3;
