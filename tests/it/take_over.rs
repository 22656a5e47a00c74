//! What msal-browser left in storage, and what becomes of it.

use countersign::{
    protocol::scope::Scopes,
    session::{
        cache::Change,
        config::RawConfig,
        take_over::{is_any, sweep, take_over},
    },
};
use serde_json::{Value, json};

use crate::world::{ADA, CLIENT_ID, SUB_ADA, World, describe, id_token, need, raw};

const TENANT: &str = "11111111-2222-4333-8444-555555555555";
const OTHER_TENANT: &str = "99999999-2222-4333-8444-555555555555";
const CLOUD: &str = "https://login.microsoftonline.com/common";

/// An app at Microsoft's, where nobody is signed in.
fn cloud() -> World {
    World::new(RawConfig { authority: Some(CLOUD.into()), ..raw("AAD") }, |_| {})
}

/// An ID token of hers, from this tenant.
fn of_tenant(world: &World, tenant: &str) -> Value {
    json!({
        "iss": format!("https://login.microsoftonline.com/{tenant}/v2.0"), "aud": CLIENT_ID, "sub": SUB_ADA, "oid": "uid-ada", "tid": tenant,
        "iat": world.now.0 - 90_000, "exp": world.now.0 - 86_400, "preferred_username": "ada@example.com",
    })
}

/// Storage as msal-browser writes it.
struct Left<'a> {
    world: &'a mut World,
    schema: &'a str,
    index: Value,
    accounts: Vec<String>,
}

impl<'a> Left<'a> {
    fn of(world: &'a mut World, schema: &'a str) -> Self {
        Self { world, schema, index: json!({ "idToken": [], "accessToken": [], "refreshToken": [] }), accounts: Vec::new() }
    }

    /// A credential, with what `more` says differently.
    fn put(&mut self, list: &str, kind: &str, more: Value) -> String {
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

    fn id_token(&mut self, claims: &Value, more: Value) -> String {
        let mut credential = json!({ "secret": id_token(claims), "realm": claims["tid"] });
        merge(&mut credential, more);
        self.put("idToken", "IdToken", credential)
    }

    fn refresh_token(&mut self, more: Value) -> String {
        let mut credential = json!({ "secret": "refresh-left-SECRET" });
        merge(&mut credential, more);
        self.put("refreshToken", "RefreshToken", credential)
    }

    fn access_token(&mut self, more: Value) -> String {
        let now = self.world.now.0;
        let mut credential = json!({
            "secret": "access-left-SECRET", "realm": TENANT, "target": "api.read openid profile", "tokenType": "Bearer",
            "cachedAt": (now - 60).to_string(), "expiresOn": format!("{}.25", now + 3540), "extendedExpiresOn": (now + 7000).to_string(),
        });
        merge(&mut credential, more);
        self.put("accessToken", "AccessToken", credential)
    }

    fn account(&mut self, home: &str) {
        let key = format!("msal.3|{home}|login.windows.net|{TENANT}");
        let account =
            json!({ "homeAccountId": home, "environment": "login.windows.net", "realm": TENANT, "username": "ada@example.com" });
        self.world.store.put(&key, &account.to_string());
        self.accounts.push(key);
    }

    /// The account of what was put so far, where the test does not say otherwise, and the indices.
    fn end(mut self) {
        if self.accounts.is_empty() {
            self.account(ADA);
        }
        self.done();
    }

    fn done(self) {
        self.world.store.put(&format!("{}token.keys.{CLIENT_ID}", self.schema), &self.index.to_string());
        self.world.store.put(&format!("{}account.keys", self.schema), &json!(self.accounts).to_string());
    }
}

fn merge(object: &mut Value, more: Value) {
    if let Value::Object(more) = more {
        object.as_object_mut().unwrap().extend(more);
    }
}

/// What one signed-in user leaves, in a schema.
fn leave(world: &mut World, schema: &str) {
    let claims = of_tenant(world, TENANT);
    let mut left = Left::of(world, schema);
    left.account(ADA);
    left.id_token(&claims, json!({}));
    left.refresh_token(json!({}));
    left.access_token(json!({}));
    left.end();
}

/// What `browser/session` does at the first start.
fn start(world: &mut World) {
    let store = world.store.clone();
    let changes = take_over(&world.config, &world.cache, |key| store.get(key).map(String::from), world.now);
    let homes: Vec<_> = changes.iter().filter_map(Change::account).map(String::from).collect();
    for change in changes {
        world.apply(change).unwrap();
    }
    homes.iter().for_each(|home| remove(world, Some(home)));
}

/// What it does after that, and at a sign-out.
fn remove(world: &mut World, home: Option<&str>) {
    let keys: Vec<_> = world.store.items().iter().map(|(key, _)| key.clone()).filter(|key| key.starts_with("msal.")).collect();
    let writes = sweep(CLIENT_ID, home, &keys, |key| world.store.get(key).map(String::from));
    world.store.write(&writes).unwrap();
}

/// Storage without the entries of this library.
fn left(world: &World) -> Vec<&str> {
    world.store.items().iter().map(|(key, _)| &**key).filter(|key| !key.starts_with("countersign.")).collect()
}

#[test]
fn a_session_of_each_schema_is_taken_over_and_survives_a_reload() {
    for schema in ["msal.3.", "msal.2.", "msal.1.", "msal."] {
        let mut world = cloud();
        leave(&mut world, schema);
        assert!(is_any(CLIENT_ID, |key| world.store.get(key).map(String::from)), "{schema}");
        start(&mut world);
        for _ in 0..2 {
            let account = world.cache.default_account().unwrap();
            assert_eq!(
                (&*account.home_account_id, account.tenant_id(), account.username()),
                (ADA, TENANT, "ada@example.com"),
                "{schema}"
            );
            assert_eq!(&*account.environment, "login.microsoftonline.com");
            assert_eq!(world.cached(ADA, &Scopes::parse("API.Read")).as_deref(), Some("access-left-SECRET"));
            assert!(world.reload().is_empty());
        }
        assert_eq!(left(&world), [""; 0], "{schema}: nothing is left behind");
        assert!(!is_any(CLIENT_ID, |key| world.store.get(key).map(String::from)));
        world.provider.grants(|grant| {
            grant.claims["iss"] = json!(format!("https://login.microsoftonline.com/{TENANT}/v2.0"));
            grant.claims["tid"] = json!(TENANT);
        });
        world.refresh(&need(ADA, &["api.write"], None)).unwrap();
        assert_eq!(world.provider.last().get("refresh_token"), Some("refresh-left-SECRET"));
    }
}

#[test]
fn a_token_that_msal_got_ends_when_it_ends() {
    let mut world = cloud();
    let claims = of_tenant(&world, TENANT);
    let now = world.now.0;
    let mut left_there = Left::of(&mut world, "msal.3.");
    left_there.id_token(&claims, json!({}));
    left_there.access_token(json!({ "refreshOn": (now + 100).to_string() }));
    left_there.access_token(json!({ "target": "api.old", "secret": "old-SECRET", "expiresOn": now.to_string() }));
    left_there.end();
    start(&mut world);
    assert_eq!(left(&world), [""; 0], "the one that has ended is removed all the same");
    let [token] = world.cache.entry(ADA).unwrap().access_tokens() else { panic!("one token is good") };
    assert_eq!(
        (token.cached_on.0, token.expires_on.0, token.refresh_on.map(|moment| moment.0)),
        (now - 60, now + 3540, Some(now + 100))
    );
    world.wait(3540);
    assert_eq!(world.cached(ADA, &Scopes::parse("api.read")), None);
}

#[test]
fn the_active_account_and_each_tenant_come_along() {
    let mut world = cloud();
    let (home, guest) = (of_tenant(&world, TENANT), of_tenant(&world, OTHER_TENANT));
    let bob = json!({ "homeAccountId": "uid-bob.tenant-1" });
    let mut bobs = home.clone();
    bobs["sub"] = json!("sub-bob");
    let mut left_there = Left::of(&mut world, "msal.3.");
    left_there.account("uid-bob.tenant-1");
    left_there.account(ADA);
    left_there.id_token(&bobs, bob);
    left_there.refresh_token(json!({ "homeAccountId": "uid-bob.tenant-1", "secret": "refresh-bob-SECRET" }));
    left_there.id_token(&home, json!({}));
    left_there.id_token(&guest, json!({}));
    left_there.access_token(json!({}));
    left_there.access_token(json!({ "realm": OTHER_TENANT, "secret": "guest-SECRET" }));
    left_there.end();
    let filters = json!({ "homeAccountId": ADA, "localAccountId": "oid", "tenantId": OTHER_TENANT });
    world.store.put(&format!("msal.{CLIENT_ID}.active-account-filters"), &filters.to_string());
    start(&mut world);
    assert!(world.reload().is_empty());
    assert_eq!(world.cache.accounts().count(), 2);
    let active = world.cache.active().unwrap();
    assert_eq!((&*active.home_account_id, active.tenant_id()), (ADA, OTHER_TENANT));
    assert_eq!(active.profiles().len(), 2);
    let secret = |realm| {
        world.cache.find(ADA, Some(realm), &Scopes::parse("api.read"), world.now, 300).unwrap().1.secret.reveal().to_owned()
    };
    assert_eq!((&*secret(TENANT), &*secret(OTHER_TENANT)), ("access-left-SECRET", "guest-SECRET"));
    assert_eq!(world.cache.entry("uid-bob.tenant-1").unwrap().refresh_token.as_ref().unwrap().reveal(), "refresh-bob-SECRET");
    assert_eq!(left(&world), [""; 0]);
}

#[test]
fn what_was_written_last_counts_where_two_versions_have_left_the_same() {
    // Forward, and back again: the newer version's entries can be the older ones.
    for (first, second) in [("msal.2.", "msal.3."), ("msal.3.", "msal.2."), ("msal.", "msal.3.")] {
        let mut world = cloud();
        leave(&mut world, first);
        let mut claims = of_tenant(&world, TENANT);
        claims["name"] = json!("Ada, later");
        let (now, later) = (world.now.0, json!("1799999999999"));
        let mut left_there = Left::of(&mut world, second);
        left_there.id_token(&claims, json!({ "lastUpdatedAt": later }));
        left_there.refresh_token(json!({ "secret": "newer-refresh-SECRET", "lastUpdatedAt": later }));
        left_there.access_token(json!({ "secret": "newer-SECRET", "lastUpdatedAt": later, "cachedAt": (now - 10).to_string() }));
        left_there.end();
        start(&mut world);
        assert_eq!(world.cached(ADA, &Scopes::parse("api.read")).as_deref(), Some("newer-SECRET"), "{first} {second}");
        let entry = world.cache.entry(ADA).unwrap();
        assert_eq!(entry.refresh_token.as_ref().unwrap().reveal(), "newer-refresh-SECRET");
        assert_eq!(entry.account.name(), Some("Ada, later"));
        assert_eq!(left(&world), [""; 0]);
    }
}

#[test]
fn what_is_not_for_this_client_or_not_from_this_provider_is_left_where_it_is() {
    let issuer = |issuer: &'static str| move |claims: &mut Value| claims["iss"] = json!(issuer);
    type Edit = Box<dyn Fn(&mut Value)>;
    let cases: Vec<(&str, Edit, Value)> = vec![
        ("another audience", Box::new(|claims| claims["aud"] = json!("other")), json!({})),
        ("two audiences", Box::new(|claims| claims["aud"] = json!([CLIENT_ID, "other"])), json!({})),
        ("another azp", Box::new(|claims| claims["azp"] = json!("other")), json!({})),
        ("no subject", Box::new(|claims| claims["sub"] = json!("")), json!({})),
        ("no issuer", Box::new(|claims| claims["iss"] = json!(null)), json!({})),
        ("another provider", Box::new(issuer("https://evil.example/11111111-2222-4333-8444-555555555555/v2.0")), json!({})),
        (
            "another cloud",
            Box::new(issuer("https://login.microsoftonline.us/11111111-2222-4333-8444-555555555555/v2.0")),
            json!({}),
        ),
        (
            "another tenant's issuer",
            Box::new(issuer("https://login.microsoftonline.com/99999999-2222-4333-8444-555555555555/v2.0")),
            json!({}),
        ),
        ("an entry of another client", Box::new(|_| {}), json!({ "clientId": "other" })),
        ("an entry of another environment", Box::new(|_| {}), json!({ "environment": "login.evil.example" })),
        ("an entry of nobody", Box::new(|_| {}), json!({ "homeAccountId": "" })),
        ("no token", Box::new(|_| {}), json!({ "secret": "opaque" })),
        ("a number", Box::new(|_| {}), json!({ "secret": 1 })),
        (
            "encrypted",
            Box::new(|_| {}),
            json!({ "clientId": null, "environment": null, "id": "key", "nonce": "bm9uY2U", "data": "ZGF0YQ" }),
        ),
    ];
    for (case, edit, more) in cases {
        let mut world = cloud();
        let mut claims = of_tenant(&world, TENANT);
        edit(&mut claims);
        let mut left_there = Left::of(&mut world, "msal.3.");
        left_there.account(ADA);
        left_there.id_token(&claims, more);
        left_there.refresh_token(json!({}));
        left_there.access_token(json!({}));
        left_there.end();
        let before = world.snapshot();
        start(&mut world);
        assert_eq!(world.snapshot(), before, "{case}");
    }
}

#[test]
fn an_access_token_that_this_library_would_not_use_as_msal_did_is_not_taken_and_goes_with_the_others() {
    for more in [
        json!({ "secret": "two words" }),
        json!({ "secret": "" }),
        json!({ "expiresOn": "soon" }),
        json!({ "expiresOn": null }),
        json!({ "cachedAt": "-1" }),
        json!({ "target": null }),
        json!({ "realm": OTHER_TENANT }),
        json!({ "tokenType": "pop", "credentialType": "AccessToken_With_AuthScheme" }),
        json!({ "tokenType": "ssh-cert" }),
        json!({ "tokenType": "DPoP" }),
        json!({ "keyId": "key" }),
        json!({ "resource": "https://mcp.example" }),
        json!({ "additionalCacheKeyComponents": { "attributeTokens": "a" } }),
        json!({ "requestedClaimsHash": "hash" }),
    ] {
        let mut world = cloud();
        let claims = of_tenant(&world, TENANT);
        let mut left_there = Left::of(&mut world, "msal.3.");
        left_there.id_token(&claims, json!({}));
        left_there.access_token(more.clone());
        left_there.end();
        start(&mut world);
        assert_eq!(world.cache.entry(ADA).unwrap().access_tokens().len(), 0, "{more}");
        assert_eq!(left(&world), [""; 0], "{more}");
    }
}

#[test]
fn a_token_of_this_very_second_is_used_and_one_from_the_future_is_not() {
    for (ahead, is_used) in [(0, true), (1, true), (2, false), (100_000, false)] {
        let mut world = cloud();
        let (claims, now) = (of_tenant(&world, TENANT), world.now.0);
        let mut left_there = Left::of(&mut world, "msal.3.");
        left_there.id_token(&claims, json!({}));
        left_there.access_token(json!({ "cachedAt": (now + ahead).to_string(), "expiresOn": (now + ahead + 3600).to_string() }));
        left_there.end();
        start(&mut world);
        assert_eq!(world.cached(ADA, &Scopes::parse("api.read")).is_some(), is_used, "{ahead}");
    }
}

#[test]
fn of_two_tokens_for_the_same_the_newer_one_answers() {
    for order in [[60, 30], [30, 60]] {
        let mut world = cloud();
        let (claims, now) = (of_tenant(&world, TENANT), world.now.0);
        let mut left_there = Left::of(&mut world, "msal.3.");
        left_there.id_token(&claims, json!({}));
        for age in order {
            let target = format!("api.read scope-{age}");
            left_there.access_token(
                json!({ "secret": format!("{age}-SECRET"), "cachedAt": (now - age).to_string(), "target": target }),
            );
        }
        left_there.end();
        start(&mut world);
        assert_eq!(world.cached(ADA, &Scopes::parse("api.read")).as_deref(), Some("30-SECRET"));
    }
}

#[test]
fn the_home_tenant_comes_first_whenever_the_other_ones_token_was_written() {
    const HOME: &str = "uid-ada.11111111-2222-4333-8444-555555555555";
    for guests in ["1799980000000", "1799999000000"] {
        let mut world = cloud();
        let (home, guest) = (of_tenant(&world, TENANT), of_tenant(&world, OTHER_TENANT));
        let mut left_there = Left::of(&mut world, "msal.3.");
        left_there.account(HOME);
        left_there.id_token(&home, json!({ "homeAccountId": HOME }));
        left_there.id_token(&guest, json!({ "homeAccountId": HOME, "lastUpdatedAt": guests }));
        left_there.access_token(json!({ "homeAccountId": HOME }));
        left_there.end();
        start(&mut world);
        let account = world.cache.default_account().unwrap();
        assert_eq!((account.tenant_id(), account.is_at_home(), account.profiles().len()), (TENANT, true, 2));
        assert_eq!(world.cached(HOME, &Scopes::parse("api.read")).as_deref(), Some("access-left-SECRET"));
    }
}

#[test]
fn an_id_token_of_the_home_tenant_must_be_of_the_account_that_it_is_kept_for() {
    for (uid, is_taken) in [("uid-ada", true), ("uid-ada-b2c_1_in", true), ("uid-bob", false)] {
        let mut world = cloud();
        let claims = of_tenant(&world, TENANT);
        let home = format!("{uid}.{TENANT}");
        let mut left_there = Left::of(&mut world, "msal.3.");
        left_there.account(&home);
        left_there.id_token(&claims, json!({ "homeAccountId": home }));
        left_there.end();
        start(&mut world);
        assert_eq!(world.cache.entry(&home).is_some(), is_taken, "{uid}");
    }
}

#[test]
fn an_account_that_is_here_already_stays_as_it_is_and_msals_copy_goes() {
    let mut world = cloud();
    leave(&mut world, "msal.3.");
    start(&mut world);
    let before = describe(&world.cache);
    let claims = of_tenant(&world, TENANT);
    let mut left_there = Left::of(&mut world, "msal.3.");
    left_there.id_token(&claims, json!({}));
    left_there.refresh_token(json!({ "secret": "spent-SECRET" }));
    left_there.end();
    start(&mut world);
    assert_eq!(describe(&world.cache), before);
    assert_eq!(left(&world), [""; 0]);
}

#[test]
fn who_is_signed_out_with_msal_is_not_signed_in_by_the_move() {
    let mut world = cloud();
    let claims = of_tenant(&world, TENANT);
    let mut left_there = Left::of(&mut world, "msal.");
    left_there.id_token(&claims, json!({}));
    left_there.refresh_token(json!({}));
    // Another client of the origin signed her out: version 4.0 leaves this client's tokens.
    left_there.done();
    let before = world.snapshot();
    start(&mut world);
    assert_eq!(world.snapshot(), before);
}

#[test]
fn a_sign_out_removes_what_msal_has_of_the_account_or_of_everybody() {
    for home in [Some(ADA), None] {
        let mut world = cloud();
        leave(&mut world, "msal.3.");
        leave(&mut world, "msal.2.");
        let claims = of_tenant(&world, TENANT);
        let mut left_there = Left::of(&mut world, "msal.1.");
        let bob = json!({ "homeAccountId": "uid-bob.tenant-1" });
        left_there.account("uid-bob.tenant-1");
        let bobs = left_there.id_token(&claims, bob);
        let encrypted =
            json!({ "homeAccountId": null, "clientId": null, "secret": null, "id": "key", "nonce": "bm9uY2U", "data": "ZGF0YQ" });
        let sealed = left_there.refresh_token(encrypted);
        left_there.end();
        world.store.put("msal.spa.active-account-filters", &json!({ "homeAccountId": ADA }).to_string());
        world.store.put("msal.version", "5.29.0");
        remove(&mut world, home);
        let account = format!("msal.3|uid-bob.tenant-1|login.windows.net|{TENANT}");
        let others = [&*account, &*bobs, &*sealed, "msal.1.token.keys.spa", "msal.1.account.keys", "msal.version"];
        let mut expected: Vec<_> = if home.is_some() { others.to_vec() } else { vec!["msal.version"] };
        expected.sort_unstable();
        let mut there = left(&world);
        there.sort_unstable();
        assert_eq!(there, expected);
    }
}

#[test]
fn accounts_that_another_client_of_the_origin_may_use_are_left() {
    let mut world = cloud();
    leave(&mut world, "msal.3.");
    world.store.put("msal.3.token.keys.another-spa", r#"{"idToken":[],"accessToken":[],"refreshToken":[]}"#);
    start(&mut world);
    assert_eq!(world.cache.accounts().count(), 1);
    let account = format!("msal.3|{ADA}|login.windows.net|{TENANT}");
    assert_eq!(left(&world), [&*account, "msal.3.account.keys", "msal.3.token.keys.another-spa"]);
}

#[test]
fn an_index_that_lies_takes_nothing_away() {
    for index in [
        json!({ "idToken": ["app.settings"], "accessToken": ["app.settings", 1, null, {}], "refreshToken": "app.settings" })
            .to_string(),
        "[]".into(),
        "{}".into(),
        "{".into(),
    ] {
        let mut world = cloud();
        let settings = r#"{"homeAccountId":"uid-ada.tenant-1","clientId":"spa","theme":"dark"}"#;
        world.store.put("app.settings", settings);
        world.store.put("msal.3.token.keys.spa", &index);
        world.store.put("msal.3.account.keys", r#"["app.settings"]"#);
        start(&mut world);
        assert_eq!(world.cache.accounts().count(), 0);
        assert_eq!(world.store.get("app.settings"), Some(settings), "{index}");
    }
}

#[test]
fn in_openid_connect_an_account_is_its_subject() {
    let mut world = World::new(raw("OIDC"), |_| {});
    let claims = json!({ "iss": world.config.authority.issuer(), "aud": CLIENT_ID, "sub": SUB_ADA, "iat": 1, "exp": 2 });
    let mut left_there = Left::of(&mut world, "msal.3.");
    let theirs = json!({ "homeAccountId": SUB_ADA, "environment": "login.example.com", "realm": "tenant" });
    left_there.account("sub-bob");
    left_there.account(SUB_ADA);
    let forged = left_there.id_token(&claims, json!({ "homeAccountId": "sub-bob", "environment": "login.example.com" }));
    left_there.id_token(&claims, theirs.clone());
    left_there.access_token(theirs);
    left_there.end();
    start(&mut world);
    let account = world.cache.default_account().unwrap();
    assert_eq!((&*account.home_account_id, account.tenant_id()), (SUB_ADA, ""));
    assert_eq!(world.cached(SUB_ADA, &Scopes::parse("api.read")).as_deref(), Some("access-left-SECRET"));
    let bob = format!("msal.3|sub-bob|login.windows.net|{TENANT}");
    assert_eq!(left(&world), [&*bob, &*forged, "msal.3.token.keys.spa", "msal.3.account.keys"]);
}

#[test]
fn policies_of_azure_ad_b2c_and_external_tenants_are_recognized_without_a_request() {
    for (authority, environment, issuer) in [
        (
            "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_in",
            "contoso.b2clogin.com",
            format!("https://contoso.b2clogin.com/{TENANT}/v2.0/"),
        ),
        ("https://contoso.ciamlogin.com/", "contoso.ciamlogin.com", format!("https://{TENANT}.ciamlogin.com/{TENANT}/v2.0")),
        (
            "https://login.microsoftonline.us/contoso.example",
            "login.usgovcloudapi.net",
            format!("https://login.microsoftonline.us/{TENANT}/v2.0"),
        ),
        // A guest of another tenant than the one that the app is configured for.
        (
            "https://login.microsoftonline.com/99999999-2222-4333-8444-555555555555",
            "login.windows.net",
            format!("https://login.microsoftonline.com/{TENANT}/v2.0"),
        ),
    ] {
        let mut world = World::new(RawConfig { authority: Some(authority.into()), ..raw("AAD") }, |_| {});
        let mut claims = of_tenant(&world, TENANT);
        claims["iss"] = json!(issuer);
        let mut left_there = Left::of(&mut world, "msal.3.");
        left_there.id_token(&claims, json!({ "environment": environment }));
        left_there.end();
        start(&mut world);
        assert_eq!(world.cache.accounts().count(), 1, "{authority}");
    }
}

#[test]
fn the_setting_and_the_check_of_signatures_keep_it_out() {
    let takes_over = |edit: fn(&mut RawConfig)| {
        let mut raw = raw("AAD");
        edit(&mut raw);
        World::new(raw, |_| {}).config.takes_over
    };
    assert!(takes_over(|_| {}));
    assert!(!takes_over(|raw| raw.leaves_msal = true));
    assert!(!takes_over(|raw| raw.verify_signature = true), "nobody has checked the signatures of what msal-browser kept");
}
