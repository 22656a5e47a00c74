//! The session: the cache in memory, and storage beside it, in step.

use std::cell::RefCell;

use super::{random, storage::Storage};
use crate::{
    error::Error,
    session::{
        cache::{Cache, Change},
        config::Config,
    },
};

/// A cache that is written through.
#[derive(Debug)]
pub struct Session {
    client_id: Box<str>,
    storage: Storage,
    cache: RefCell<Cache>,
    generation: RefCell<Option<String>>,
}

impl Session {
    /// The session that storage holds. Error: `storage_not_supported`.
    pub fn new(config: &Config) -> Result<Self, Error> {
        let session = Self {
            client_id: config.client_id.clone(),
            storage: Storage::new(config.cache_location)?,
            cache: RefCell::new(Cache::new(&config.client_id)),
            generation: RefCell::default(),
        };
        session.load();
        Ok(session)
    }

    /// Reads it. Another client on this page may have written: one look at one key tells.
    pub fn read<T>(&self, read: impl FnOnce(&Cache) -> T) -> T {
        if self.storage.get(&self.key(GENERATION)) != *self.generation.borrow() {
            self.load();
        }
        read(&self.cache.borrow())
    }

    /// Writes a change, then makes it. Error: `cache_quota_exceeded`, and nothing has changed.
    pub fn apply(&self, mut change: Change) -> Result<(), Error> {
        let generation = random::guid()?;
        change.writes.push((self.key(GENERATION), Some(generation)));
        self.storage.write(&change.writes)?;
        self.generation.replace(self.storage.get(&self.key(GENERATION)));
        self.cache.borrow_mut().commit(change);
        Ok(())
    }

    /// A key of this client.
    pub fn key(&self, name: &str) -> String {
        let mut key = self.cache.borrow().prefix().to_owned();
        key.push_str(name);
        key
    }

    fn load(&self) {
        let prefix = self.key("");
        let (cache, corrupt) = Cache::load(&self.client_id, self.storage.items(&prefix));
        let writes: Vec<_> = corrupt.into_iter().map(|key| (key, None)).collect();
        // Removing does not fail for want of room.
        let _ = self.storage.write(&writes);
        self.cache.replace(cache);
        self.generation.replace(self.storage.get(&self.key(GENERATION)));
    }
}

const GENERATION: &str = "generation";
