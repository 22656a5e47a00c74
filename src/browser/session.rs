//! The session: the cache in memory, and storage beside it, in step.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use super::{random, storage::Storage};
use crate::{
    error::Error,
    session::{
        cache::{Cache, Change},
        config::{CacheLocation, Config},
        throttle::Throttle,
    },
};

/// A cache that is written through.
#[derive(Debug)]
pub struct Session {
    name: Box<str>,
    id: Box<str>,
    storage: Storage,
    cache: RefCell<Cache>,
    generation: RefCell<Option<String>>,
    /// When the provider is left alone.
    pub throttle: RefCell<Throttle>,
}

thread_local! {
    /// The sessions of this page that clients have open: two clients of one app share theirs, and what is known of it.
    static SESSIONS: RefCell<Vec<Weak<Session>>> = const { RefCell::new(Vec::new()) };
}

impl Session {
    /// The session that storage holds. Clients of the same client id and authority get the same one, unless it is in memory only.
    ///
    /// Error: `storage_not_supported`.
    pub fn open(config: &Config) -> Result<Rc<Self>, Error> {
        let name = config.session_name();
        let id = match config.cache_location {
            CacheLocation::SessionStorage => name.clone(),
            CacheLocation::MemoryStorage => random::guid()?,
        };
        let is_it = |open: &Rc<Self>| *open.id == *id;
        if let Some(open) = SESSIONS.with_borrow(|open| open.iter().filter_map(Weak::upgrade).find(is_it)) {
            return Ok(open);
        }
        let session = Self {
            storage: Storage::new(config.cache_location)?,
            cache: RefCell::new(Cache::new(&name)),
            name: name.into(),
            id: id.into(),
            generation: RefCell::default(),
            throttle: RefCell::default(),
        };
        session.load();
        let session = Rc::new(session);
        SESSIONS.with_borrow_mut(|open| {
            open.retain(|other| other.strong_count() > 0);
            open.push(Rc::downgrade(&session));
        });
        Ok(session)
    }

    /// Reads it. Another instance of this library on the page may have written: one look at one key tells.
    pub fn read<T>(&self, read: impl FnOnce(&Cache) -> T) -> T {
        if self.storage.get(&self.key(GENERATION)) != *self.generation.borrow() {
            self.load();
        }
        read(&self.cache.borrow())
    }

    /// Which session this is: two clients on a page that share what is stored share it, two in memory do not.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Writes a change, then makes it. Error: `cache_quota_exceeded`, and nothing has changed.
    pub fn apply(&self, mut change: Change) -> Result<(), Error> {
        self.write(&mut change)?;
        self.cache.borrow_mut().commit(change);
        Ok(())
    }

    /// Makes a change that cannot be undone, the refresh token that it replaces being spent: where storage does not take it, in memory only.
    /// Error: `cache_quota_exceeded`, and the session goes on as long as the page does.
    pub fn apply_even_if_full(&self, mut change: Change) -> Result<(), Error> {
        let written = self.write(&mut change);
        self.cache.borrow_mut().commit(change);
        written
    }

    /// A key of this client.
    pub fn key(&self, name: &str) -> String {
        let mut key = self.cache.borrow().prefix().to_owned();
        key.push_str(name);
        key
    }

    fn write(&self, change: &mut Change) -> Result<(), Error> {
        change.writes.push((self.key(GENERATION), Some(random::guid()?)));
        self.storage.write(&change.writes)?;
        self.generation.replace(self.storage.get(&self.key(GENERATION)));
        Ok(())
    }

    fn load(&self) {
        let prefix = self.key("");
        let (cache, corrupt) = Cache::load(&self.name, self.storage.items(&prefix));
        let writes: Vec<_> = corrupt.into_iter().map(|key| (key, None)).collect();
        // Removing does not fail for want of room.
        let _ = self.storage.write(&writes);
        self.cache.replace(cache);
        self.generation.replace(self.storage.get(&self.key(GENERATION)));
    }
}

const GENERATION: &str = "generation";
