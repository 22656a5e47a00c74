//! What msal-browser left in storage becomes the session.

use countersign::{
    protocol::scope::Scopes,
    session::{config::RawConfig, take_over::is_any},
};
use serde_json::json;

use crate::world::{
    ADA, CLIENT_ID, SUB_ADA, World,
    msal::{Left, OTHER_TENANT, TENANT, cloud, leave, left, of_tenant, start},
    need, raw,
};

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
