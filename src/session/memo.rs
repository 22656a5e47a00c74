//! What was made of something, kept beside it: made once, and gone with it.

use std::{any::Any, cell::OnceCell, fmt};

/// Room for one value of any type. It is part of nothing: a clone has an empty one.
#[derive(Default)]
pub struct Memo(OnceCell<Box<dyn Any>>);

impl Memo {
    /// The value, where one of this type was kept.
    pub fn get<T: Clone + 'static>(&self) -> Option<T> {
        self.0.get()?.downcast_ref().cloned()
    }

    /// Keeps a value. The first one stays.
    pub fn keep<T: 'static>(&self, value: T) {
        let _ = self.0.set(Box::new(value));
    }
}

impl Clone for Memo {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<memo>")
    }
}
