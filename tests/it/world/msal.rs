//! What msal-browser leaves in storage.

use countersign::session::{
    cache::Change,
    config::RawConfig,
    take_over::{sweep, take_over},
};
use serde_json::{Value, json};

use super::{ADA, CLIENT_ID, SUB_ADA, World, id_token, raw};

pub(crate) const TENANT: &str = "11111111-2222-4333-8444-555555555555";
pub(crate) const OTHER_TENANT: &str = "99999999-2222-4333-8444-555555555555";
pub(crate) const CLOUD: &str = "https://login.microsoftonline.com/common";

/// An app at Microsoft's, where nobody is signed in.
pub(crate) fn cloud() -> World {
    World::new(RawConfig { authority: Some(CLOUD.into()), ..raw("AAD") }, |_| {})
}

/// An ID token of hers, from this tenant.
pub(crate) fn of_tenant(world: &World, tenant: &str) -> Value {
    json!({
        "iss": format!("https://login.microsoftonline.com/{tenant}/v2.0"), "aud": CLIENT_ID, "sub": SUB_ADA, "oid": "uid-ada", "tid": tenant,
        "iat": world.now.0 - 90_000, "exp": world.now.0 - 86_400, "preferred_username": "ada@example.com",
    })
}

/// Storage as msal-browser writes it.
pub(crate) struct Left<'a> {
    world: &'a mut World,
    schema: &'a str,
    index: Value,
    accounts: Vec<String>,
}

impl<'a> Left<'a> {
    pub(crate) fn of(world: &'a mut World, schema: &'a str) -> Self {
        Self { world, schema, index: json!({ "idToken": [], "accessToken": [], "refreshToken": [] }), accounts: Vec::new() }
    }

    /// A credential, with what `more` says differently.
    pub(crate) fn put(&mut self, list: &str, kind: &str, more: Value) -> String {
        let mut credential = json!({
            "homeAccountId": ADA, "environment": "login.windows.net", "clientId": CLIENT_ID, "credentialType": kind, "lastUpdatedAt": "1799990000000",
        });
        merge(&mut credential, more);
        let parts = ["homeAccountId", "environment", "credentialType", "clientId", "realm", "target"];
        let parts: Vec<_> = parts.iter().map(|part| credential[part].as_str().unwrap_or_default()).collect();
        let key = format!("{}{}|", self.schema.replace("msal.3.", "msal.3|"), parts.join("|")).to_lowercase();
        self.world.store.put(&key, &credential.to_string());
        self.index[list].as_array_mut().unwrap().push(json!(key));
        key
    }

    pub(crate) fn id_token(&mut self, claims: &Value, more: Value) -> String {
        let mut credential = json!({ "secret": id_token(claims), "realm": claims["tid"] });
        merge(&mut credential, more);
        self.put("idToken", "IdToken", credential)
    }

    pub(crate) fn refresh_token(&mut self, more: Value) -> String {
        let mut credential = json!({ "secret": "refresh-left-SECRET" });
        merge(&mut credential, more);
        self.put("refreshToken", "RefreshToken", credential)
    }

    pub(crate) fn access_token(&mut self, more: Value) -> String {
        let now = self.world.now.0;
        let mut credential = json!({
            "secret": "access-left-SECRET", "realm": TENANT, "target": "api.read openid profile", "tokenType": "Bearer",
            "cachedAt": (now - 60).to_string(), "expiresOn": format!("{}.25", now + 3540), "extendedExpiresOn": (now + 7000).to_string(),
        });
        merge(&mut credential, more);
        self.put("accessToken", "AccessToken", credential)
    }

    pub(crate) fn account(&mut self, home: &str) {
        let key = format!("msal.3|{home}|login.windows.net|{TENANT}");
        let account =
            json!({ "homeAccountId": home, "environment": "login.windows.net", "realm": TENANT, "username": "ada@example.com" });
        self.world.store.put(&key, &account.to_string());
        self.accounts.push(key);
    }

    /// The account of what was put so far, where the test does not say otherwise, and the indices.
    pub(crate) fn end(mut self) {
        if self.accounts.is_empty() {
            self.account(ADA);
        }
        self.done();
    }

    pub(crate) fn done(self) {
        self.world.store.put(&format!("{}token.keys.{CLIENT_ID}", self.schema), &self.index.to_string());
        self.world.store.put(&format!("{}account.keys", self.schema), &json!(self.accounts).to_string());
    }
}

pub(crate) fn merge(object: &mut Value, more: Value) {
    if let Value::Object(more) = more {
        object.as_object_mut().unwrap().extend(more);
    }
}

/// What one signed-in user leaves, in a schema.
pub(crate) fn leave(world: &mut World, schema: &str) {
    let claims = of_tenant(world, TENANT);
    let mut left = Left::of(world, schema);
    left.account(ADA);
    left.id_token(&claims, json!({}));
    left.refresh_token(json!({}));
    left.access_token(json!({}));
    left.end();
}

/// What `browser/session` does at the first start.
pub(crate) fn start(world: &mut World) {
    let store = world.store.clone();
    let changes = take_over(&world.config, &world.cache, |key| store.get(key).map(String::from), world.now);
    let homes: Vec<_> = changes.iter().filter_map(Change::account).map(String::from).collect();
    for change in changes {
        world.apply(change).unwrap();
    }
    homes.iter().for_each(|home| remove(world, Some(home)));
}

/// What it does after that, and at a sign-out.
pub(crate) fn remove(world: &mut World, home: Option<&str>) {
    let keys: Vec<_> = world.store.items().iter().map(|(key, _)| key.clone()).filter(|key| key.starts_with("msal.")).collect();
    let writes = sweep(CLIENT_ID, home, &keys, |key| world.store.get(key).map(String::from));
    world.store.write(&writes).unwrap();
}

/// Storage without the entries of this library.
pub(crate) fn left(world: &World) -> Vec<&str> {
    world.store.items().iter().map(|(key, _)| &**key).filter(|key| !key.starts_with("countersign.")).collect()
}
