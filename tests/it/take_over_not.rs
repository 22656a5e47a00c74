//! What msal-browser left in storage and does not become the session, and what is removed of it.

use serde_json::{Value, json};

use crate::world::{
    ADA, CLIENT_ID, describe,
    msal::{Left, OTHER_TENANT, TENANT, cloud, leave, left, of_tenant, remove, start},
};

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
