//! The session: accounts and their tokens, as an index in memory and as text in storage.
//!
//! One entry of storage holds one account whole, so a change is one write: it happens or it does not. Every change is made in two steps: a
//! method returns a [`Change`], the driver applies it with [`Cache::commit`] and writes its [`Write`]s. Where they do not fit, it makes room
//! with [`Cache::shed`], and at last goes on in memory.
//! A challenge token replaces the plain one: there are no claims in the keys, the newest token that covers a request answers it.

mod text;

use std::cmp::Ordering;

use super::{
    Granted,
    account::{Account, AccountFilter},
    memo::Memo,
};
use crate::protocol::{cut, json::Json, list, scope::Scopes, secret::Secret, time::UnixSeconds, token::TokenResponse};

/// Everything this session knows, sorted by home account id: finding an account costs the same however many there are.
#[derive(Debug, Default)]
pub struct Cache {
    prefix: Box<str>,
    entries: Vec<Entry>,
    /// As it is stored: the home account id, and after a line break the tenant. No tenant: the one that comes first.
    active: Option<Box<str>>,
    /// Keys of entries that a later version of this library has written.
    later: Vec<String>,
}

/// One account and its tokens.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who.
    pub account: Account,
    /// The refresh token, where there is one.
    pub refresh_token: Option<Secret>,
    pub(super) access_tokens: Vec<AccessToken>,
    /// Its place in the order in which accounts came.
    pub(super) place: u64,
}

/// A cached access token.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The token.
    pub secret: Secret,
    /// What it was granted for.
    pub scopes: Scopes,
    /// The tenant that granted it; empty where the provider has none.
    pub realm: Box<str>,
    /// When it came.
    pub cached_on: UnixSeconds,
    /// When it ends.
    pub expires_on: UnixSeconds,
    /// From when on the provider would rather have it renewed, in the background.
    pub refresh_on: Option<UnixSeconds>,
    /// What callers are shown of it, account included: a change of the account makes new tokens of its old ones, whose memos are empty.
    pub memo: Memo,
}

/// One write: the key, and the text to store or `None` to remove it.
pub type Write = (String, Option<String>);

/// A change that neither memory nor storage has seen yet.
#[derive(Debug)]
pub struct Change {
    /// What to write, in order.
    pub writes: Vec<Write>,
    /// The home account ids of those that are gone.
    pub remove: Vec<Box<str>>,
    put: Option<Entry>,
    active: Option<Option<Box<str>>>,
}

impl Change {
    /// The home account id of the account that it puts there.
    pub fn account(&self) -> Option<&str> {
        self.put.as_ref().map(|entry| &*entry.account.home_account_id)
    }
}

impl Cache {
    /// An empty cache of the session of this name ([`Config::session_name`](super::config::Config::session_name)).
    pub fn new(name: &str) -> Self {
        Self { prefix: prefix(name).into(), ..Self::default() }
    }

    /// Reads what storage holds. Returned beside the cache: the keys of ours that cannot be read, to be removed.
    pub fn load(name: &str, items: impl IntoIterator<Item = (String, String)>) -> (Self, Vec<String>) {
        let mut cache = Self::new(name);
        let mut corrupt = Vec::new();
        for (key, text) in items {
            let Some(own) = key.strip_prefix(&*cache.prefix) else { continue };
            if own == ACTIVE {
                cache.active = Some(text.into());
            } else if let Some(home) = own.strip_prefix(ACCOUNT) {
                let json = Json::parse(&text);
                if json.as_ref().is_some_and(Entry::is_later) {
                    cache.later.push(key);
                    continue;
                }
                match json.as_ref().and_then(Entry::from_json) {
                    Some(entry) if &*entry.account.home_account_id == home => cache.put(entry),
                    _ => corrupt.push(key),
                }
            }
        }
        (cache, corrupt)
    }

    /// Whether the text under this key holds tokens.
    pub fn is_secret(&self, key: &str) -> bool {
        key.strip_prefix(&*self.prefix).is_some_and(|own| own.starts_with(ACCOUNT))
    }

    /// What every key of this cache starts with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The accounts, ordered by home account id.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.entries.iter().map(|entry| &entry.account)
    }

    /// The accounts that are looked for, in each of their tenants, in the order in which they came: MSAL's.
    pub fn find_accounts(&self, filter: &AccountFilter) -> Vec<Account> {
        let mut ordered: Vec<&Entry> = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let after = ordered.iter().rposition(|other| other.place <= entry.place);
            ordered.insert(after.map_or(0, |position| position.saturating_add(1)), entry);
        }
        let mut found = Vec::new();
        for entry in ordered {
            for account in entry.account.profiles() {
                if filter.matches(&account) {
                    found.push(account);
                }
            }
        }
        found
    }

    /// One account and its tokens.
    pub fn entry(&self, home_account_id: &str) -> Option<&Entry> {
        self.entries.get(self.position(home_account_id).ok()?)
    }

    /// An account, as it is known in this tenant; `None`: in the one that comes first.
    pub fn account(&self, home_account_id: &str, tenant_id: Option<&str>) -> Option<Account> {
        let account = &self.entry(home_account_id)?.account;
        account.in_tenant(tenant_id.unwrap_or_else(|| account.tenant_id()))
    }

    /// The account the app made the active one, in the tenant that it was given in.
    pub fn active(&self) -> Option<Account> {
        let (account, tenant_id) = self.chosen()?;
        account.in_tenant(tenant_id)
    }

    /// The account to use where the app names none: the active one, else the only one.
    pub fn default_account(&self) -> Option<Account> {
        self.active().or_else(|| self.only().cloned())
    }

    /// Its home account id: nothing is copied.
    pub fn default_account_id(&self) -> Option<&str> {
        let account = self.chosen().map(|(account, _)| account).or_else(|| self.only())?;
        Some(&account.home_account_id)
    }

    fn chosen(&self) -> Option<(&Account, &str)> {
        let (home, tenant_id) = parts(self.active.as_deref()?);
        let account = &self.entry(home)?.account;
        let tenant_id = tenant_id.unwrap_or_else(|| account.tenant_id());
        account.is_in(tenant_id).then_some((account, tenant_id))
    }

    fn only(&self) -> Option<&Account> {
        match &*self.entries {
            [only] => Some(&only.account),
            _ => None,
        }
    }

    /// The account of a new token, with what this session knows of it in other tenants.
    pub fn complete(&self, account: &Account) -> Account {
        let known = self.entry(&account.home_account_id).map_or(account, |entry| &entry.account);
        known.clone().with_first(&account.id_token)
    }

    /// A token for these scopes that is good for at least `margin` seconds more, or for half of its life where that is less: a token that
    /// lives for a minute is to be used too. A token from the future is none: the clock was turned back
    /// and its end cannot be trusted. `realm` is the tenant; `None`: the one the account came with.
    pub fn find(
        &self,
        home_account_id: &str,
        realm: Option<&str>,
        scopes: &Scopes,
        now: UnixSeconds,
        margin: u64,
    ) -> Option<(&Account, &AccessToken)> {
        let entry = self.entry(home_account_id)?;
        let realm = realm.unwrap_or_else(|| entry.account.tenant_id());
        let is_good = |token: &&AccessToken| {
            let is_of_realm = token.realm.is_empty() || token.realm.eq_ignore_ascii_case(realm);
            let life = token.expires_on.0.saturating_sub(token.cached_on.0);
            token.cached_on <= now
                && now.plus(margin.min(life / 2)) < token.expires_on
                && is_of_realm
                && token.scopes.covers(scopes)
        };
        entry.access_tokens.iter().rev().find(is_good).map(|token| (&entry.account, token))
    }

    /// Whether the provider would rather have this token renewed by now (`refresh_in`). True once: where the renewal fails, the token is used to its
    /// end, and the next page asks again.
    pub fn take_due(&mut self, home_account_id: &str, token: &AccessToken, now: UnixSeconds) -> bool {
        if !token.is_due(now) {
            return false;
        }
        let entry = self.position(home_account_id).ok().and_then(|position| self.entries.get_mut(position));
        entry.is_some_and(|entry| {
            let own = entry.access_tokens.iter_mut().find(|own| own.secret.is(token.secret.reveal()));
            own.is_some_and(|own| own.refresh_on.take().is_some())
        })
    }

    /// The change that keeps what was granted. `None`: the session has moved on meanwhile, and this is no part of it any more.
    pub fn keep(&self, granted: &Granted) -> Option<Change> {
        let old = self.entry(&granted.account.home_account_id);
        if granted.is_renewal && old.is_none() {
            return None;
        }
        if let Some(redeemed) = &granted.redeemed {
            old?.refresh_token.as_ref().filter(|current| current.is(redeemed.reveal()))?;
        }
        let mut access_tokens = old.map(|entry| entry.access_tokens.clone()).unwrap_or_default();
        let new = &granted.access_token;
        let is_replaced = |token: &AccessToken| token.realm == new.realm && new.scopes.covers(&token.scopes);
        list::retain(&mut access_tokens, |token| !is_replaced(token) && new.cached_on < token.expires_on);
        access_tokens.push(new.clone());
        let refresh_token = granted.refresh_token.clone().or_else(|| old?.refresh_token.clone());
        let account = old.map_or_else(|| granted.account.clone(), |old| old.account.clone().with(&granted.account.id_token));
        let last = || self.entries.iter().map(|entry| entry.place.saturating_add(1)).max().unwrap_or_default();
        let place = old.map_or_else(last, |old| old.place);
        Some(self.replace(Entry { account, refresh_token, access_tokens, place }))
    }

    /// The change that keeps the new refresh token, and nothing else, of a refresh that came to nothing after it was answered: the old one may be
    /// spent. `None`: there is no new one, or the session has moved on.
    pub fn rotate(&self, granted: &Granted) -> Option<Change> {
        let (redeemed, new) = (granted.redeemed.as_ref()?, granted.refresh_token.as_ref()?);
        let entry = self.entry(&granted.account.home_account_id)?;
        entry.refresh_token.as_ref().filter(|current| current.is(redeemed.reveal()))?;
        Some(self.replace(Entry { refresh_token: Some(new.clone()), ..entry.clone() }))
    }

    /// The change that forgets a token an API refused: that very token, never one that came after it (compare and delete).
    pub fn purge(&self, home_account_id: &str, refused: &str) -> Option<Change> {
        let mut entry = self.entry(home_account_id)?.clone();
        let before = entry.access_tokens.len();
        list::retain(&mut entry.access_tokens, |token| !token.secret.is(refused));
        (entry.access_tokens.len() < before).then(|| self.replace(entry))
    }

    /// The change that makes this account the active one, in this tenant, or none.
    pub fn activate(&self, account: Option<(&str, Option<&str>)>) -> Change {
        let text = account.map(|(home, tenant_id)| {
            let mut text = String::from(home);
            if let Some(tenant_id) = tenant_id {
                text.push('\n');
                text.push_str(tenant_id);
            }
            text
        });
        let active = text.as_deref().map(Into::into);
        Change { writes: vec![(self.key(ACTIVE, ""), text)], put: None, remove: Vec::new(), active: Some(active) }
    }

    /// The change that forgets one account, or all of this session.
    pub fn remove(&self, home_account_id: Option<&str>) -> Change {
        let remove: Vec<Box<str>> = match home_account_id {
            Some(home) => vec![home.into()],
            None => list::of(self.accounts().map(|account| account.home_account_id.clone())),
        };
        let mut writes = list::of(remove.iter().map(|home| (self.key(ACCOUNT, home), None)));
        // All of it includes an active account whose entry could not be read, and what only a later version can read.
        if home_account_id.is_none() {
            list::append(&mut writes, self.later.iter().map(|key| (key.clone(), None)));
        }
        let is_removed = |active: &str| home_account_id.is_none_or(|home| home == parts(active).0);
        let was_active = self.active.as_deref().is_some_and(is_removed);
        if was_active {
            writes.push((self.key(ACTIVE, ""), None));
        }
        Change { writes, put: None, remove, active: was_active.then_some(None) }
    }

    /// The change that makes room: the access token that has been there for longest is forgotten, whoever's it is. A refresh brings it back.
    /// `None`: only one is left, and it is about to be used.
    pub fn shed(&self) -> Option<Change> {
        // Where two came in the same second, that of the account that has more of them: one that has just signed in has one.
        let oldest = |entry: &Entry| Some((entry.access_tokens.first()?.cached_on, usize::MAX - entry.access_tokens.len()));
        let mut entry = self.entries.iter().filter(|entry| oldest(entry).is_some()).min_by_key(|entry| oldest(entry))?.clone();
        entry.access_tokens.remove(0);
        let is_last = self.entries.iter().map(|entry| entry.access_tokens.len()).sum::<usize>() == 1;
        (!is_last).then(|| self.replace(entry))
    }

    /// Applies a change. Memory comes first: storage is written after it.
    pub fn commit(&mut self, change: Change) {
        for home in &change.remove {
            if let Ok(position) = self.position(home) {
                self.entries.remove(position);
            }
        }
        if let Some(entry) = change.put {
            self.put(entry);
        }
        if let Some(active) = change.active {
            self.active = active;
        }
    }

    /// The change that makes this what is known of the account.
    pub(super) fn replace(&self, entry: Entry) -> Change {
        let write = (self.key(ACCOUNT, &entry.account.home_account_id), Some(entry.to_text()));
        Change { writes: vec![write], put: Some(entry), remove: Vec::new(), active: None }
    }

    fn put(&mut self, entry: Entry) {
        match self.position(&entry.account.home_account_id) {
            Ok(position) => {
                if let Some(old) = self.entries.get_mut(position) {
                    *old = entry;
                }
            }
            Err(position) => self.entries.insert(position, entry),
        }
    }

    fn position(&self, home_account_id: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|entry| order(&entry.account.home_account_id, home_account_id))
    }

    fn key(&self, kind: &str, name: &str) -> String {
        let mut key = String::from(&*self.prefix);
        key.push_str(kind);
        key.push_str(name);
        key
    }
}

impl Entry {
    /// The access tokens, oldest first.
    pub fn access_tokens(&self) -> &[AccessToken] {
        &self.access_tokens
    }
}

/// That of `str`, which takes one byte at a time in wasm: ids are long, and many begin alike.
fn order(one: &str, other: &str) -> Ordering {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    while let (Some((own, rest)), Some((its, more))) = (one.split_first_chunk::<8>(), other.split_first_chunk::<8>())
        && own == its
    {
        (one, other) = (rest, more);
    }
    one.cmp(other)
}

impl AccessToken {
    /// Whether the provider would rather have it renewed by now.
    pub fn is_due(&self, now: UnixSeconds) -> bool {
        self.refresh_on.is_some_and(|moment| moment <= now)
    }

    /// What was granted at this moment, for these scopes where the provider does not say, by the tenant of this account.
    pub fn new(tokens: &TokenResponse, asked: &Scopes, account: &Account, now: UnixSeconds) -> Self {
        Self {
            secret: tokens.access_token.clone(),
            scopes: tokens.scopes.as_ref().unwrap_or(asked).clone(),
            realm: account.tenant_id().into(),
            cached_on: now,
            expires_on: now.plus(tokens.expires_in),
            refresh_on: tokens.refresh_in.filter(|seconds| *seconds > 0).map(|seconds| now.plus(seconds)),
            memo: Memo::default(),
        }
    }
}

/// What every key of this library starts with: its name and the version of the text form.
pub const PREFIX: &str = "countersign.1.";

/// What the keys of a session start with: the library, the version of the text form, the session's name. Dots within the name are doubled, so
/// that what follows it begins with a dot only where the key is another session's.
pub fn prefix(name: &str) -> String {
    let mut prefix = String::from(PREFIX);
    for character in name.chars() {
        if character == '.' {
            prefix.push('.');
        }
        prefix.push(character);
    }
    prefix.push('.');
    prefix
}

/// Of the active account: the home account id, and the tenant.
fn parts(active: &str) -> (&str, Option<&str>) {
    cut::last(active, b'\n').map_or((active, None), |(home, tenant_id)| (home, Some(tenant_id)))
}

const ACCOUNT: &str = "account.";
const ACTIVE: &str = "active";
