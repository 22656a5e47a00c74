//! The session: the cache in memory, and storage beside it, in step.
//!
//! Memory comes first. A change is made there, and what storage does not hold yet is [`Session::pending`] until it does. Sealing takes
//! time, so in `localStorage` one task at a time reads or writes (`turn`).

mod take_over;

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use wasm_bindgen::JsValue;

use super::{
    digest,
    events::Events,
    flight::Slot,
    random,
    storage::Storage,
    vault::{self, Lock, Vault},
};
use crate::{
    error::{Error, ErrorCode},
    protocol::{list, time::UnixSeconds},
    session::{
        cache::{AccessToken, Cache, Change, Write},
        config::{CacheLocation, Config},
        questions::Questions,
        throttle::Throttle,
    },
};

/// A cache that is written through.
#[derive(Debug)]
pub struct Session {
    name: Box<str>,
    id: Box<str>,
    storage: Storage,
    vault: Option<Vault>,
    cache: RefCell<Cache>,
    /// The key of what storage says anew with every write, and what it said when it was last read or written. `false`, which it never says: it has
    /// not been read.
    generation_key: JsValue,
    generation: RefCell<JsValue>,
    /// When the provider is left alone.
    pub throttle: RefCell<Throttle>,
    /// What its users are asked for.
    pub questions: RefCell<Questions>,
    pending: RefCell<Vec<Write>>,
    turn: RefCell<Option<Rc<Slot<()>>>>,
    is_full: Cell<bool>,
    listeners: RefCell<Vec<Weak<Events>>>,
}

thread_local! {
    /// The sessions of this page that clients have open: two clients of one app share theirs, and what is known of it.
    static SESSIONS: RefCell<Vec<Weak<Session>>> = const { RefCell::new(Vec::new()) };
}

impl Session {
    /// The session that storage holds. Clients of the same client id and authority get the same one, unless it is in memory only.
    ///
    /// Error: `storage_not_supported`.
    pub async fn open(config: &Config, events: &Rc<Events>) -> Result<Rc<Self>, Error> {
        let name = config.session_name();
        let cache = Cache::new(&name);
        let storage = Storage::new(config.cache_location)?;
        let (vault, id) = match config.cache_location {
            CacheLocation::LocalStorage => {
                let mut id = String::from("local.");
                id.push_str(&name);
                digest::need_subtle()?;
                (Some(Vault::open(cache.prefix()).await?), id)
            }
            CacheLocation::MemoryStorage => (None, random::guid()?),
            CacheLocation::SessionStorage => (None, name.clone()),
        };
        let mut generation_key = String::from(cache.prefix());
        generation_key.push_str(GENERATION);
        let is_it = |open: &Rc<Self>| *open.id == *id;
        let open = SESSIONS.with_borrow(|open| open.iter().filter_map(Weak::upgrade).find(is_it));
        let session = open.unwrap_or_else(|| {
            let session = Rc::new(Self {
                name: name.into(),
                id: id.into(),
                storage,
                vault,
                cache: RefCell::new(cache),
                generation_key: generation_key.into(),
                generation: RefCell::new(JsValue::FALSE),
                throttle: RefCell::default(),
                questions: RefCell::default(),
                pending: RefCell::default(),
                turn: RefCell::default(),
                is_full: Cell::default(),
                listeners: RefCell::default(),
            });
            session.watch();
            SESSIONS.with_borrow_mut(|open| {
                list::retain(open, |other| other.strong_count() > 0);
                open.push(Rc::downgrade(&session));
            });
            session
        });
        session.fresh().await;
        session.listen(events);
        session.take_over(config).await;
        Ok(session)
    }

    fn listen(&self, events: &Rc<Events>) {
        let mut listeners = self.listeners.borrow_mut();
        list::retain(&mut listeners, |other| other.strong_count() > 0);
        listeners.push(Rc::downgrade(events));
    }

    /// Reads it as it is known here. Where another instance of this library has written, it is read from storage first; what is sealed
    /// comes a moment later.
    pub fn read<T>(self: &Rc<Self>, read: impl FnOnce(&Cache) -> T) -> T {
        self.look();
        self.peek(read)
    }

    /// Looks whether another instance of this library has written.
    pub fn look(self: &Rc<Self>) {
        if self.is_stale() {
            if self.vault.is_none() {
                self.take(self.generation(), self.storage.items(&self.key("")));
            } else if self.turn.borrow().is_none() {
                self.freshen();
            }
        }
    }

    /// Reads it as it was when storage was last looked at.
    pub fn peek<T>(&self, read: impl FnOnce(&Cache) -> T) -> T {
        read(&self.cache.borrow())
    }

    /// [`Cache::take_due`].
    pub fn take_due(&self, home_account_id: &str, token: &AccessToken, now: UnixSeconds) -> bool {
        self.cache.borrow_mut().take_due(home_account_id, token, now)
    }

    /// Which session this is: two clients on a page that share what is stored share it, two in memory do not.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Keeps other tabs away from this account until it is dropped; from then on what they have written is known. A refresh token that rotates
    /// is good for one request.
    pub async fn lock(&self, home_account_id: &str) -> Option<Rc<Lock>> {
        self.vault.as_ref()?;
        let mut name = self.key("lock.");
        name.push_str(home_account_id);
        let lock = Lock::take(name, self.key("mark"), PATIENCE).await;
        self.fresh().await;
        Some(lock)
    }

    /// Keeps other tabs from asking the user until it is dropped; from then on what they have written is known. A user may take any time.
    pub async fn question_turn(&self) -> Option<Rc<Lock>> {
        self.vault.as_ref()?;
        let lock = Lock::take(self.key("question"), self.key("question.mark"), 0).await;
        self.fresh().await;
        Some(lock)
    }

    /// Reads what others have written.
    pub async fn fresh(&self) {
        if !self.is_stale() {
            return;
        }
        let _turn = self.turn().await;
        // Somebody who had the turn before may have seen to it.
        if !self.is_stale() {
            return;
        }
        let (generation, mut items) = (self.generation(), self.storage.items(&self.key("")));
        if let Some(vault) = &self.vault {
            for (key, text) in &mut items {
                let is_secret = self.cache.borrow().is_secret(key);
                if is_secret {
                    // The key is gone, or this is somebody else's: a text that cannot be read.
                    *text = vault.unseal(key, text).await.unwrap_or_default();
                }
            }
        }
        let was_active = self.active();
        self.take(generation, items);
        if self.active() != was_active {
            self.tell(ACTIVE_CHANGED, None);
        }
    }

    /// Makes a change, then writes it. Where storage is full it is in memory only, and the app is told once.
    pub async fn apply(self: &Rc<Self>, change: Change) {
        let was_active = self.active();
        self.commit(change);
        if self.active() != was_active {
            self.tell(ACTIVE_CHANGED, None);
        }
        if self.vault.is_none() {
            return self.flush().await;
        }
        let (session, written) = (Rc::clone(self), Slot::new());
        let slot = Rc::clone(&written);
        // On its own: the caller may be given up, and what came for it is kept all the same.
        wasm_bindgen_futures::spawn_local(async move {
            session.flush().await;
            slot.put(());
        });
        written.get().await;
    }

    /// Makes an account the active one, or none, at once: there is no secret in that.
    pub fn activate(self: &Rc<Self>, account: Option<(&str, Option<&str>)>) {
        let change = self.read(|cache| cache.activate(account));
        let writes = change.writes.clone();
        self.commit(change);
        let is_written = writes.iter().all(|write| self.write(write.clone()));
        // Whoever has the turn has read what was there before.
        if is_written && self.turn.borrow().is_none() {
            list::retain(&mut self.pending.borrow_mut(), |write| !writes.contains(write));
        } else {
            let session = Rc::clone(self);
            wasm_bindgen_futures::spawn_local(async move { session.flush().await });
        }
        self.tell(ACTIVE_CHANGED, None);
    }

    /// A key of this client.
    pub fn key(&self, name: &str) -> String {
        let mut key = self.cache.borrow().prefix().to_owned();
        key.push_str(name);
        key
    }

    fn is_stale(&self) -> bool {
        // Not borrowed while JavaScript runs: a page may have put its own function in the place of `getItem`.
        let known = self.generation.borrow().clone();
        !self.storage.is_still(&self.generation_key, &known)
    }

    fn generation(&self) -> JsValue {
        self.storage.watched(&self.generation_key)
    }

    /// Waits for the turn.
    async fn turn(&self) -> Turn<'_> {
        loop {
            let current = self.turn.borrow().clone();
            let Some(current) = current else { break };
            current.get().await;
        }
        self.turn.replace(Some(Slot::new()));
        Turn(self)
    }

    fn commit(&self, change: Change) {
        for home in &change.remove {
            self.questions.borrow_mut().forget(home);
        }
        let mut pending = self.pending.borrow_mut();
        list::retain(&mut pending, |(key, _)| change.writes.iter().all(|(own, _)| own != key));
        list::append(&mut pending, change.writes.iter().cloned());
        self.cache.borrow_mut().commit(change);
    }

    /// Writes what is pending, each account on its own: what does not fit must not keep others out.
    async fn flush(&self) {
        let _turn = self.turn().await;
        loop {
            let batch = self.pending.borrow().clone();
            if batch.is_empty() {
                return self.is_full.set(false);
            }
            let mut is_full = false;
            // The newest first: where storage was full, that is what makes room for the others.
            for write in batch.iter().rev() {
                let is_written = match self.seal(write).await {
                    Some(sealed) => self.write(sealed),
                    None => false,
                };
                // Where it has changed once more meanwhile, that is still to be written.
                list::retain(&mut self.pending.borrow_mut(), |own| !is_written || own != write);
                is_full |= !is_written;
            }
            if is_full {
                let change = self.cache.borrow().shed().filter(|_| !self.is_full.get());
                match change {
                    Some(change) => self.commit(change),
                    None => return self.tell_full(),
                }
            }
        }
    }

    async fn seal(&self, (key, text): &Write) -> Option<Write> {
        let is_secret = self.cache.borrow().is_secret(key);
        let text = match (&self.vault, text) {
            (Some(vault), Some(text)) if is_secret => Some(vault.seal(key, text).await?),
            _ => text.clone(),
        };
        Some((key.clone(), text))
    }

    fn write(&self, write: Write) -> bool {
        let Ok(generation) = random::guid() else { return false };
        let was_stale = self.is_stale();
        let is_written = self.storage.write(&[write, (self.key(GENERATION), Some(generation))]).is_ok();
        // What others wrote before is still to be read.
        if is_written && !was_stale {
            self.generation.replace(self.generation());
        }
        is_written
    }

    /// Takes what storage holds, and what it does not hold yet.
    fn take(&self, generation: JsValue, mut items: Vec<(String, String)>) {
        for (key, text) in self.pending.borrow().iter() {
            list::retain(&mut items, |(own, _)| own != key);
            if let Some(text) = text {
                items.push((key.clone(), text.clone()));
            }
        }
        let (cache, corrupt) = Cache::load(&self.name, items);
        let writes = list::of(corrupt.into_iter().map(|key| (key, None)));
        // Removing does not fail for want of room.
        let _ = self.storage.write(&writes);
        self.cache.replace(cache);
        self.generation.replace(generation);
    }

    fn active(&self) -> Option<(Box<str>, Box<str>)> {
        self.cache.borrow().active().map(|account| (account.home_account_id.clone(), account.tenant_id().into()))
    }

    fn freshen(self: &Rc<Self>) {
        let session = Rc::clone(self);
        wasm_bindgen_futures::spawn_local(async move { session.fresh().await });
    }

    /// Follows the other tabs.
    fn watch(self: &Rc<Self>) {
        if self.vault.is_none() {
            return;
        }
        let (session, prefix) = (Rc::downgrade(self), self.key(""));
        vault::watch(move |key| {
            if let Some(session) = session.upgrade().filter(|_| key.is_none_or(|key| key.starts_with(&prefix))) {
                session.freshen();
            }
        });
    }

    fn tell_full(&self) {
        if !self.is_full.replace(true) {
            self.tell("countersign:cacheQuotaExceeded", Some(&ErrorCode::CacheQuotaExceeded.into()));
        }
    }

    fn tell(&self, event: &str, error: Option<&Error>) {
        // A callback of the app may open another client.
        let listeners = self.listeners.borrow().clone();
        for events in listeners.iter().filter_map(Weak::upgrade) {
            let error = error.map_or(JsValue::NULL, events.error_to_js);
            events.emit(event, None, &JsValue::NULL, &error, "");
        }
    }
}

/// The turn, until it is dropped.
struct Turn<'a>(&'a Session);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(turn) = self.0.turn.take() {
            turn.put(());
        }
    }
}

/// Milliseconds: more than a token request takes. A tab that holds a lock for longer has been put to sleep.
const PATIENCE: u32 = 30_000;

const ACTIVE_CHANGED: &str = "msal:activeAccountChanged";
const GENERATION: &str = "generation";
