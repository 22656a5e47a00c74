//! Values that never reach a log, an error or a URL by accident.

use core::fmt;
use std::rc::Rc;

/// A token, a code or a verifier. Reading it takes a call that can be searched for; `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Secret(Rc<str>);

impl Secret {
    /// Takes the value in.
    pub fn new(value: impl Into<Rc<str>>) -> Self {
        Self(value.into())
    }

    /// The value, for the one place that sends or stores it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether this is `other`. There is no `PartialEq`: comparing secrets should stand out.
    pub fn is(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}
