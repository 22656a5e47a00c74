//! Storage with room, and without.

use countersign::{
    error::{Error, ErrorCode},
    session::cache::Write,
};

/// What the tab's storage holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    items: Vec<(String, String)>,
    /// Nothing more fits. Removing needs no room.
    pub(crate) is_full: bool,
}

impl Store {
    /// Performs all of these writes or none.
    pub(crate) fn write(&mut self, writes: &[Write]) -> Result<(), Error> {
        if self.is_full && writes.iter().any(|(_, text)| text.is_some()) {
            return Err(ErrorCode::CacheQuotaExceeded.into());
        }
        for (key, text) in writes {
            self.items.retain(|(own, _)| own != key);
            self.items.extend(text.clone().map(|text| (key.clone(), text)));
        }
        Ok(())
    }

    /// Puts something there that no cache wrote.
    pub(crate) fn put(&mut self, key: &str, text: &str) {
        self.write(&[(key.into(), Some(text.into()))]).unwrap();
    }

    /// One item.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.items.iter().find(|(own, _)| own == key).map(|(_, text)| &**text)
    }

    /// One item, which is gone then.
    pub(crate) fn take(&mut self, key: &str) -> Option<String> {
        let position = self.items.iter().position(|(own, _)| own == key)?;
        Some(self.items.remove(position).1)
    }

    /// Everything.
    pub(crate) fn items(&self) -> &[(String, String)] {
        &self.items
    }
}
