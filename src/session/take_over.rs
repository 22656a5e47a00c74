//! What `@azure/msal-browser` 4 and 5 left in storage becomes this session, so that an app that moves over signs nobody out.
//!
//! Their text form, read from the sources of 4.0 to 5.29: an index under `msal.{schema}.token.keys.{clientId}` (schema 0 has no number) names
//! the keys of ID tokens, access tokens and refresh tokens, each a JSON object. What they encrypted (`localStorage`; from 4.28 on only where the
//! user does not stay signed in) has another shape, its key is in a cookie that ends with the browser, and it stays where it is.
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
    cut,
    id_token::IdToken,
    json::{Json, digits},
    list,
    metadata::Metadata,
    scope::Scopes,
    secret::Secret,
    time::UnixSeconds,
    token,
};

/// Whether msal-browser has left anything for this client; `item` reads storage.
pub fn is_any(client_id: &str, item: impl Fn(&str) -> Option<String>) -> bool {
    SCHEMAS.iter().any(|schema| item(&index_key(schema, client_id)).is_some())
}

/// The changes that make it part of this session: accounts, tokens, and which account is the active one. Nothing of an account that msal-browser
/// does not list, nor of a token with a member whose meaning is not known here.
pub fn take_over(config: &Config, cache: &Cache, item: impl Fn(&str) -> Option<String>, now: UnixSeconds) -> Vec<Change> {
    let read = |key: &str| item(key).and_then(|text| Json::parse(&text));
    let mut found = Found { config, now, homes: Vec::new(), entries: Vec::new() };
    // ID tokens first: they say whose the others are.
    let mut kinds: [(&str, Take<'_>, Vec<Dated>); 3] = [
        ("idToken", Found::id_token, Vec::new()),
        ("refreshToken", Found::refresh_token, Vec::new()),
        ("accessToken", Found::access_token, Vec::new()),
    ];
    for schema in SCHEMAS {
        if let Some(accounts) = read(&accounts_key(schema)) {
            for account in listed(&accounts).into_iter().filter_map(read) {
                list::append(&mut found.homes, text(&account, "homeAccountId").map(String::from));
            }
        }
        let Some(index) = read(&index_key(schema, &config.client_id)) else { continue };
        for (kind, _, all) in &mut kinds {
            for key in index.get(kind).map(listed).unwrap_or_default() {
                let Some(json) = read(key).filter(|json| found.is_own(json)) else { continue };
                // Whichever version wrote it: the last one counts.
                let updated = text(&json, "lastUpdatedAt").and_then(digits);
                let place = all.partition_point(|(other, _)| *other <= updated);
                all.insert(place, (updated, json));
            }
        }
    }
    for (_, take, all) in kinds {
        for (_, json) in all {
            // What cannot be taken is left out.
            let _ = take(&mut found, &json);
        }
    }
    let active = read(&active_key(&config.client_id)).and_then(|json| found.active(cache, &json));
    let mut changes: Vec<Change> = Vec::new();
    for mut entry in found.entries {
        // The tenant that comes first is the one whose tokens answer a request that names none.
        for profile in entry.account.profiles() {
            if profile.is_at_home() {
                entry.account = profile;
                break;
            }
        }
        // One that is here has come by a take-over that was interrupted, or by a sign-in: it is the newer one.
        let own = cache.entry(&entry.account.home_account_id).cloned();
        changes.push(cache.replace(own.unwrap_or(entry)));
    }
    list::append(&mut changes, active);
    changes
}

/// The writes that remove what msal-browser has of this client: of an account, or all of it. `keys`: those of storage that start with `msal.`.
pub fn sweep(client_id: &str, home: Option<&str>, keys: &[String], item: impl Fn(&str) -> Option<String>) -> Vec<Write> {
    let mut writes = Vec::new();
    // Accounts belong to all clients of the origin.
    let is_alone = keys.iter().all(|key| cut::first(key, TOKEN_KEYS).is_none_or(|(_, id)| id == client_id));
    let read = |key: &str| item(key).and_then(|text| Json::parse(&text));
    let is = |json: &Json, name, wanted| text(json, name).is_none_or(|text| text == wanted);
    // Encrypted ones say whose they are in their keys only.
    let is_msal =
        |json: &Json| json.get("homeAccountId").or_else(|| json.get("nonce")).is_some() && is(json, "clientId", client_id);
    for schema in SCHEMAS {
        for list in [index_key(schema, client_id), accounts_key(schema)].into_iter().take(1 + usize::from(is_alone)) {
            let Some(index) = read(&list) else { continue };
            let mut is_empty = true;
            for key in listed(&index) {
                let Some(json) = read(key) else { continue };
                let is_wanted = home.is_none_or(|home| text(&json, "homeAccountId") == Some(home));
                if is_wanted && is_msal(&json) {
                    writes.push((key.into(), None));
                } else {
                    is_empty = false;
                }
            }
            if is_empty {
                writes.push((list, None));
            }
        }
    }
    let active = active_key(client_id);
    if read(&active).is_some_and(|json| home.is_none_or(|home| text(&json, "homeAccountId") == Some(home))) {
        writes.push((active, None));
    }
    writes
}

/// When it was last updated, where it says so.
type Dated = (Option<u64>, Json);

type Take<'a> = fn(&mut Found<'a>, &Json) -> Option<()>;

struct Found<'a> {
    config: &'a Config,
    now: UnixSeconds,
    /// Who msal-browser says is signed in.
    homes: Vec<String>,
    entries: Vec<Entry>,
}

impl Found<'_> {
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
        let home_account_id = text(json, "homeAccountId").filter(|home| self.homes.iter().any(|own| own == home))?;
        if self.config.authority.mode() == ProtocolMode::Oidc && id_token.text("sub") != Some(home_account_id) {
            return None;
        }
        let (uid, home) = cut::last(home_account_id, b'.').unwrap_or_default();
        // In Azure AD B2C the policy follows.
        if id_token.text("tid") == Some(home) && id_token.text("oid").is_some_and(|oid| !uid.starts_with(oid)) {
            return None;
        }
        let id_token = Rc::new(id_token);
        let Some(entry) = self.entry(json) else {
            let environment = self.config.authority.host().into();
            let account = Account { home_account_id: home_account_id.into(), environment, id_token, others: Vec::new() };
            self.entries.push(Entry {
                account,
                refresh_token: None,
                access_tokens: Vec::new(),
                place: self.entries.len() as u64,
            });
            return Some(());
        };
        entry.account = entry.account.clone().with(&id_token);
        Some(())
    }

    fn refresh_token(&mut self, json: &Json) -> Option<()> {
        let secret = Secret::new(text(json, "secret")?);
        self.entry(json)?.refresh_token = Some(secret);
        Some(())
    }

    fn access_token(&mut self, json: &Json) -> Option<()> {
        // Seconds; `loadExternalTokens` of 4.0 left a fraction.
        let moment = |name| digits(cut::before(text(json, name)?, b".")).map(UnixSeconds);
        let now = self.now;
        let is_bearer =
            text(json, "tokenType").is_none_or(token::is_bearer) && MEANT.iter().all(|member| json.get(member).is_none());
        let secret = text(json, "secret").filter(|secret| is_bearer && token::fits_header(secret))?;
        let (realm, scopes) = (text(json, "realm")?, Scopes::parse(text(json, "target")?));
        let (cached_on, expires_on) = (moment("cachedAt")?, moment("expiresOn")?);
        // It rounds, and so it can be half a second ahead.
        let cached_on = if cached_on == now.plus(1) { now } else { cached_on };
        let entry = self.entry(json)?;
        // Where there are no tenants, msal-browser makes one up.
        let account =
            if entry.account.tenant_id().is_empty() { entry.account.clone() } else { entry.account.in_tenant(realm)? };
        let realm = account.tenant_id();
        let is_there =
            |other: &AccessToken| *other.realm == *realm && other.cached_on >= cached_on && other.scopes.covers(&scopes);
        if now < expires_on && !entry.access_tokens.iter().any(is_there) {
            let secret = Secret::new(secret);
            let refresh_on = moment("refreshOn");
            let token =
                AccessToken { secret, scopes, realm: realm.into(), cached_on, expires_on, refresh_on, memo: Memo::default() };
            let place = entry.access_tokens.partition_point(|other| other.cached_on <= cached_on);
            entry.access_tokens.insert(place, token);
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

/// The keys in a list of them, or in an object of lists.
fn listed<'a>(index: &'a Json) -> Vec<&'a str> {
    let mut keys = Vec::new();
    let mut add = |list: &'a Json| list::append(&mut keys, list.as_array().unwrap_or_default().iter().filter_map(Json::as_str));
    add(index);
    for (_, list) in index.as_object().unwrap_or_default() {
        add(list);
    }
    keys
}

fn accounts_key(schema: &str) -> String {
    [schema, "account.keys"].concat()
}

fn active_key(client_id: &str) -> String {
    [SCHEMA_0, client_id, ".active-account-filters"].concat()
}

fn index_key(schema: &str, client_id: &str) -> String {
    [schema, TOKEN_KEYS, client_id].concat()
}

const SCHEMA_0: &str = "msal.";
const SCHEMAS: [&str; 4] = ["msal.3.", "msal.2.", "msal.1.", SCHEMA_0];
const TOKEN_KEYS: &str = "token.keys.";
/// What an access token can be for beside its scopes: an API, or a key.
const MEANT: [&str; 5] = ["resource", "additionalCacheKeyComponents", "keyId", "requestedClaimsHash", "userAssertionHash"];
