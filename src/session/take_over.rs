//! What `@azure/msal-browser` 4 and 5 left in storage becomes this session, so that an app that moves over signs nobody out.
//!
//! Their text form, read from the sources of 4.0 to 5.29: an index under `msal.{schema}.token.keys.{clientId}` (schema 0 has no number) names
//! the keys of ID tokens, access tokens and refresh tokens, each a JSON object. What they encrypted (`localStorage`, where the user does not stay signed in)
//! has another shape, its key is in a cookie that ends with the browser, and it stays where it is.
//!
//! Nothing is believed that can be checked: who an account is says its ID token, which must be for this client and from this provider.

use std::rc::Rc;

use super::{
    account::Account,
    cache::{AccessToken, Cache, Change, Entry, Write},
    config::Config,
    memo::Memo,
};
use crate::protocol::{
    authority::{self, Authority, ProtocolMode},
    id_token::IdToken,
    json::Json,
    metadata::Metadata,
    scope::Scopes,
    secret::Secret,
    time::UnixSeconds,
    token,
};

/// What is taken over.
#[derive(Debug, Default)]
pub struct TakeOver {
    /// The accounts, their tokens, and which of them is the active one.
    pub changes: Vec<Change>,
    /// What is to be removed once the changes are written.
    pub remove: Vec<Write>,
}

/// Whether msal-browser has left anything for this client; `item` reads storage.
pub fn is_any(client_id: &str, item: impl Fn(&str) -> Option<String>) -> bool {
    SCHEMAS.iter().any(|schema| item(&index_key(schema, client_id)).is_some())
}

impl TakeOver {
    /// Reads what there is for this client: `item` reads storage, `keys` are those of it that start with `msal.`.
    pub fn new(config: &Config, cache: &Cache, keys: &[String], item: impl Fn(&str) -> Option<String>, now: UnixSeconds) -> Self {
        let list = |key: &str| item(key).and_then(|text| Json::parse(&text));
        let mut found = Found { config, now, entries: Vec::new(), remove: Vec::new() };
        // Accounts belong to all clients of the origin.
        let is_alone = keys.iter().all(|key| !key.contains(TOKEN_KEYS) || key.ends_with(&*config.client_id));
        for schema in SCHEMAS {
            let key = index_key(schema, &config.client_id);
            if let Some(index) = list(&key) {
                // ID tokens first: they say whose the others are.
                let kinds: [(&str, Take<'_>); 3] =
                    [("idToken", Found::id_token), ("refreshToken", Found::refresh_token), ("accessToken", Found::access_token)];
                let mut is_whole = true;
                for (kind, take) in kinds {
                    is_whole &=
                        found.take(index.get(kind), list, |found, json| found.is_own(json) && take(found, json).is_some());
                }
                found.drop_if(is_whole, key);
            }
            let key = [schema, "account.keys"].concat();
            if let Some(index) = list(&key).filter(|_| is_alone) {
                let is_whole = found.take(Some(&index), list, |found, json| found.entry(json).is_some());
                found.drop_if(is_whole, key);
            }
        }
        let key = [SCHEMA_0, &*config.client_id, ".active-account-filters"].concat();
        let active = list(&key).and_then(|json| found.active(cache, &json));
        found.drop_if(active.is_some(), key);
        let mut changes: Vec<Change> = Vec::new();
        for mut entry in found.entries {
            entry.access_tokens.sort_by_key(|token| token.cached_on);
            changes.push(cache.replace(entry));
        }
        changes.extend(active);
        Self { changes, remove: found.remove }
    }
}

type Take<'a> = fn(&mut Found<'a>, &Json) -> Option<()>;

struct Found<'a> {
    config: &'a Config,
    now: UnixSeconds,
    entries: Vec<Entry>,
    remove: Vec<Write>,
}

impl Found<'_> {
    /// Takes each entry that a list of keys names. False: there is one that was not taken.
    fn take(
        &mut self,
        list: Option<&Json>,
        item: impl Fn(&str) -> Option<Json>,
        take: impl Fn(&mut Self, &Json) -> bool,
    ) -> bool {
        let mut is_whole = true;
        for key in list.and_then(Json::as_array).unwrap_or_default().iter().filter_map(Json::as_str) {
            let Some(json) = item(key) else { continue };
            let is_taken = take(self, &json);
            self.drop_if(is_taken, key.into());
            is_whole &= is_taken;
        }
        is_whole
    }

    fn drop_if(&mut self, is_taken: bool, key: String) {
        if is_taken {
            self.remove.push((key, None));
        }
    }

    /// Whether this is a token of this client, from this provider.
    fn is_own(&self, json: &Json) -> bool {
        let is = |name, wanted: fn(&str, &str) -> bool, own| {
            json.get(name).and_then(Json::as_str).is_some_and(|text| wanted(text, own))
        };
        is("clientId", str::eq, &self.config.client_id)
            && is("environment", authority::is_same_host, self.config.authority.host())
    }

    fn id_token(&mut self, json: &Json) -> Option<()> {
        let id_token = IdToken::adopt(text(json, "secret")?, &self.config.client_id, |iss, tid| self.is_issuer(iss, tid))?;
        let home_account_id = text(json, "homeAccountId").filter(|home| !home.is_empty())?;
        if self.config.authority.mode() == ProtocolMode::Oidc && id_token.text("sub") != Some(home_account_id) {
            return None;
        }
        let id_token = Rc::new(id_token);
        let Some(entry) = self.entry(json) else {
            let environment = self.config.authority.host().into();
            let account = Account { home_account_id: home_account_id.into(), environment, id_token, others: Vec::new() };
            self.entries.push(Entry { account, refresh_token: None, access_tokens: Vec::new() });
            return Some(());
        };
        // The newest schema comes first.
        if entry.account.in_tenant(id_token.text("tid").unwrap_or_default()).is_none() {
            entry.account = entry.account.clone().with(&id_token);
        }
        Some(())
    }

    fn refresh_token(&mut self, json: &Json) -> Option<()> {
        let secret = Secret::new(text(json, "secret")?);
        self.entry(json)?.refresh_token.get_or_insert(secret);
        Some(())
    }

    fn access_token(&mut self, json: &Json) -> Option<()> {
        // Seconds; `loadExternalTokens` of 4.0 left a fraction.
        let moment = |name| text(json, name)?.split('.').next()?.parse().ok().map(UnixSeconds);
        let now = self.now;
        let is_bearer = text(json, "tokenType").is_none_or(token::is_bearer);
        let secret = text(json, "secret").filter(|secret| is_bearer && token::fits_header(secret))?;
        let (realm, scopes) = (text(json, "realm")?, Scopes::parse(text(json, "target")?));
        let (cached_on, expires_on) = (moment("cachedAt")?, moment("expiresOn")?);
        let entry = self.entry(json)?;
        // Where there are no tenants, msal-browser makes one up.
        let account =
            if entry.account.tenant_id().is_empty() { entry.account.clone() } else { entry.account.in_tenant(realm)? };
        let realm = account.tenant_id();
        let is_there = |other: &AccessToken| *other.realm == *realm && other.scopes.covers(&scopes);
        if now < expires_on && !entry.access_tokens.iter().any(is_there) {
            let secret = Secret::new(secret);
            let refresh_on = moment("refreshOn");
            entry.access_tokens.push(AccessToken {
                secret,
                scopes,
                realm: realm.into(),
                cached_on,
                expires_on,
                refresh_on,
                memo: Memo::default(),
            });
        }
        Some(())
    }

    /// The active account, where it is one of these.
    fn active(&mut self, cache: &Cache, json: &Json) -> Option<Change> {
        let account = &self.entry(json)?.account;
        let tenant_id = text(json, "tenantId").filter(|id| account.in_tenant(id).is_some());
        Some(cache.activate(Some((&account.home_account_id, tenant_id))))
    }

    /// Whether a token of this tenant comes from the provider. Its metadata has not been fetched at this point.
    fn is_issuer(&self, issuer: &str, tenant_id: Option<&str>) -> bool {
        let is_of = |authority: &Authority| match Metadata::known(authority) {
            Some(known) => authority::of_tenant(known.issuer(), tenant_id).as_deref() == Some(issuer),
            None => authority.accepts(issuer),
        };
        let own = &self.config.authority;
        let other = || self.config.authority_for(&[own.origin(), "/", tenant_id?].concat()).ok().flatten();
        is_of(own) || other().is_some_and(|other| is_of(&other))
    }

    /// Whose this is.
    fn entry(&mut self, json: &Json) -> Option<&mut Entry> {
        let home = text(json, "homeAccountId")?;
        self.entries.iter_mut().find(|entry| *entry.account.home_account_id == *home)
    }
}

fn text<'a>(json: &'a Json, name: &str) -> Option<&'a str> {
    json.get(name).and_then(Json::as_str)
}

fn index_key(schema: &str, client_id: &str) -> String {
    [schema, TOKEN_KEYS, client_id].concat()
}

const SCHEMA_0: &str = "msal.";
const SCHEMAS: [&str; 4] = ["msal.3.", "msal.2.", "msal.1.", SCHEMA_0];
const TOKEN_KEYS: &str = "token.keys.";
