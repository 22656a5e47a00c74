//! The session that msal-browser left: `session::take_over` says what becomes of it, this reads and writes.

use std::rc::Rc;

use super::{PATIENCE, Session};
use crate::{
    browser::{clock, location, vault::Lock},
    protocol::list,
    session::{cache::PREFIX, config::Config, take_over},
};

impl Session {
    /// Takes over what msal-browser left, once: who signs out is not to be signed in again. Not in a frame of a page of this origin, which can be
    /// one of msal-browser's own, in a tab that still needs it.
    pub(super) async fn take_over(self: &Rc<Self>, config: &Config) {
        let item = |key: &str| self.storage.get(key);
        let is_wanted = || config.takes_over && item(&self.key(TAKEN)).is_none() && take_over::is_any(&config.client_id, item);
        if !is_wanted() || location::is_in_own_frame() {
            return;
        }
        // Two tabs that start at once would each find half of it, and so would two authorities of one client.
        let name = [PREFIX, "msal.", &*config.client_id].concat();
        let mark = [&*name, ".mark"].concat();
        let _lock = match &self.vault {
            Some(_) => Some(Lock::take(name, mark, PATIENCE).await),
            None => None,
        };
        self.fresh().await;
        if !is_wanted() {
            return;
        }
        let changes = take_over::take_over(config, &self.cache.borrow(), item, clock::now());
        for change in changes {
            let home: Option<Box<str>> = change.account().map(Into::into);
            self.apply(change).await;
            // Where it does not fit, it is still there for the next start.
            if let Some(home) = home.filter(|_| self.pending.borrow().is_empty()) {
                self.sweep(&config.client_id, Some(&home));
            }
        }
        if self.pending.borrow().is_empty() {
            self.end_take_over();
        }
    }

    /// From now on nothing of msal-browser's is taken over any more.
    pub fn end_take_over(&self) {
        self.write((self.key(TAKEN), Some(String::new())));
    }

    /// Removes what msal-browser has of an account, or all that it has of this client.
    pub fn sweep(&self, client_id: &str, home_account_id: Option<&str>) {
        let keys = list::of(self.storage.items("msal.").into_iter().map(|(key, _)| key));
        // Removing does not fail for want of room.
        let _ = self.storage.write(&take_over::sweep(client_id, home_account_id, &keys, |key| self.storage.get(key)));
    }
}

const TAKEN: &str = "taken";
