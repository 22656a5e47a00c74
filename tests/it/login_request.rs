//! What an interactive call asks for, as the authorization request says it.

use countersign::{
    error::{Error, ErrorCode},
    protocol::scope::Scopes,
    session::{config::RawConfig, login::LoginRequest},
};
use serde_json::json;

use crate::world::{ADA, AUTHORIZATION_ENDPOINT, CHALLENGE, CLIENT_ID, Form, REDIRECT_URI, SDK, SUB_ADA, World, ask, raw};

/// The authorization request for this, in a world where Ada has signed in before.
fn visit(world: &mut World, request: LoginRequest) -> Form {
    world.redirect(request).unwrap().query
}

fn with_ada(login_hint: Option<&'static str>) -> World {
    let mut world = World::aad();
    world.provider.grants(move |grant| grant.claims["login_hint"] = json!(login_hint));
    world.popup(ask(&["api.read"])).unwrap();
    world
}

#[test]
fn microsofts_dialect_has_its_own_parameters_and_openid_has_none_of_them() {
    let common = [
        "client_id",
        "code_challenge",
        "code_challenge_method",
        "nonce",
        "redirect_uri",
        "response_mode",
        "response_type",
        "scope",
        "state",
    ];
    let visit = World::oidc().redirect(ask(&["api.read"])).unwrap();
    assert_eq!(visit.query.names(), common);
    assert_eq!(visit.endpoint, AUTHORIZATION_ENDPOINT);

    let visit = World::aad().redirect(ask(&["api.read"])).unwrap();
    let mut names = [&common[..], &["client_info", "client-request-id"], &SDK].concat();
    names.sort_unstable();
    assert_eq!(visit.query.names(), names);
    assert_eq!((visit.get("client_info"), visit.get("client-request-id")), ("1", "correlation-login"));
    assert_eq!((visit.get("x-client-SKU"), visit.get("x-client-VER")), ("countersign.js", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_request_is_for_a_code_with_pkce_in_the_fragment() {
    let visit = World::oidc().redirect(ask(&["api.read", "OpenID"])).unwrap();
    for (name, value) in [
        ("client_id", CLIENT_ID),
        ("response_type", "code"),
        ("response_mode", "fragment"),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "api.read OpenID profile offline_access"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(visit.get(name), value, "{name}");
    }
}

#[test]
fn no_two_requests_have_the_same_state_or_nonce() {
    let mut world = World::oidc();
    let (one, other) = (visit(&mut world, ask(&[])), visit(&mut world, ask(&[])));
    assert_ne!(one.get("state"), other.get("state"));
    assert_ne!(one.get("nonce"), other.get("nonce"));
    assert!(!one.get("state").unwrap().contains(one.get("nonce").unwrap()), "a state is seen by more eyes than a nonce");
}

#[test]
fn an_endpoint_that_has_a_query_keeps_it() {
    let endpoint = "https://login.example.com/tenant/authorize?p=b2c_1";
    let mut world = World::new(raw("OIDC"), |document| document["authorization_endpoint"] = json!(endpoint));
    let query = visit(&mut world, ask(&[]));
    assert_eq!((query.get("p"), query.get("client_id")), (Some("b2c_1"), Some(CLIENT_ID)));
}

#[test]
fn what_the_app_asks_for_is_passed_on_and_escaped() {
    let mut world = World::oidc();
    let query = visit(
        &mut world,
        LoginRequest {
            prompt: Some("login".into()),
            login_hint: Some("ada+test@example.com&prompt=none".into()),
            domain_hint: Some("example.com".into()),
            redirect_uri: Some("https://app.example.com/other?x=1".into()),
            state: Some("/cart?a=1&b=2#top".into()),
            extra: vec![("ui_locales".into(), "de fr".into())],
            ..ask(&[])
        },
    );
    for (name, value) in [
        ("prompt", "login"),
        ("login_hint", "ada+test@example.com&prompt=none"),
        ("domain_hint", "example.com"),
        ("redirect_uri", "https://app.example.com/other?x=1"),
        ("ui_locales", "de fr"),
    ] {
        assert_eq!(query.get(name), Some(value), "{name}");
    }
    assert!(query.get("state").unwrap().ends_with("|/cart?a=1&b=2#top"));
}

#[test]
fn extra_parameters_never_replace_own_ones() {
    let own = [
        "client_id",
        "response_type",
        "response_mode",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "claims",
        "prompt",
        "login_hint",
        "domain_hint",
        "max_age",
        "acr_values",
        "client_info",
        "client-request-id",
        "x-client-SKU",
        "x-client-VER",
        "X-AnchorMailbox",
    ];
    let extra: Vec<(String, String)> = own.iter().map(|name| ((*name).into(), "evil".into())).collect();
    let full = || LoginRequest {
        claims: Some(r#"{"id_token":{"x":null}}"#.into()),
        prompt: Some("login".into()),
        login_hint: Some("ada".into()),
        domain_hint: Some("example.com".into()),
        max_age: Some(60),
        acr_values: "gold silver".into(),
        ..ask(&[])
    };
    let plain = visit(&mut World::aad(), full());
    let query = visit(&mut World::aad(), LoginRequest { extra: extra.clone(), ..full() });
    assert_eq!(query.names(), plain.names());
    for name in own {
        assert!(plain.get(name).is_some());
        assert_eq!(query.get(name), plain.get(name), "{name}");
    }
    // Of what is not sent otherwise the app may say what it likes.
    let query = visit(&mut World::oidc(), LoginRequest { extra, ..ask(&[]) });
    let said: Vec<&str> = own.into_iter().filter(|name| query.get(name) == Some("evil")).collect();
    assert_eq!(said, own.split_at(9).1);
}

#[test]
fn whom_the_provider_should_expect_is_said_once_in_msals_order() {
    let full = || LoginRequest {
        account: Some(ADA.into()),
        login_hint: Some("own".into()),
        sid: Some("sid-own".into()),
        domain_hint: Some("example.com".into()),
        ..ask(&[])
    };
    let prompt = |prompt: &str, request| LoginRequest { prompt: Some(prompt.into()), ..request };
    let no_domain = |request| LoginRequest { domain_hint: None, ..request };
    let no_sid = |request| LoginRequest { sid: None, ..request };
    let no_hint = |request| LoginRequest { login_hint: None, ..request };
    let gone = |request| LoginRequest { account: Some("nobody".into()), username: Some("gone@example.com".into()), ..request };
    for (request, login_hint, sid) in [
        (prompt("select_account", full()), None, None),
        (prompt("none", full()), None, Some("sid-own")),
        (no_domain(full()), Some("opaque-hint"), None),
        (no_domain(prompt("login", full())), Some("opaque-hint"), None),
        (no_domain(no_sid(prompt("none", full()))), Some("opaque-hint"), None),
        // Microsoft does not take the claim beside a domain.
        (no_sid(prompt("none", full())), None, Some("sid-ada")),
        (full(), Some("own"), None),
        (no_hint(full()), Some("ada@example.com"), None),
        (LoginRequest { login_hint: Some(String::new()), ..full() }, Some("ada@example.com"), None),
        (LoginRequest { login_hint: Some("own".into()), ..ask(&[]) }, Some("own"), None),
        (LoginRequest { sid: Some("sid-own".into()), ..ask(&[]) }, None, None),
        (LoginRequest { account: Some("nobody".into()), ..ask(&[]) }, None, None),
        // Whom the cache does not know is named by what the app knows.
        (gone(ask(&[])), Some("gone@example.com"), None),
        (gone(prompt("none", ask(&[]))), Some("gone@example.com"), None),
        (gone(prompt("select_account", ask(&[]))), None, None),
        (gone(full()), Some("own"), None),
        (gone(prompt("none", full())), None, Some("sid-own")),
        (LoginRequest { account: Some(ADA.into()), ..gone(ask(&[])) }, Some("opaque-hint"), None),
        (LoginRequest { account: Some(ADA.into()), ..gone(no_hint(full())) }, Some("ada@example.com"), None),
        (ask(&[]), None, None),
    ] {
        let mut world = World::aad();
        world.provider.grants(|grant| {
            grant.claims["login_hint"] = json!("opaque-hint");
            grant.claims["sid"] = json!("sid-ada");
        });
        world.popup(ask(&["api.read"])).unwrap();
        let query = visit(&mut world, request.clone());
        assert_eq!((query.get("login_hint"), query.get("sid")), (login_hint, sid), "{request:?}");
    }
}

#[test]
fn microsoft_is_told_where_the_user_is_at_home_and_nobody_else_is() {
    let of_account = || LoginRequest { account: Some(ADA.into()), ..ask(&[]) };
    let of_hint = || LoginRequest { login_hint: Some("ada@example.com".into()), ..ask(&[]) };
    for (request, anchor) in [
        (of_account(), Some("Oid:uid-ada@tenant-1")),
        (of_hint(), Some("UPN:ada@example.com")),
        (ask(&[]), None),
        (LoginRequest { prompt: Some("select_account".into()), ..of_account() }, None),
        (LoginRequest { prompt: Some("select_account".into()), ..of_hint() }, None),
    ] {
        let mut world = with_ada(None);
        world.popup(request.clone()).unwrap();
        assert_eq!(world.provider.visits.last().unwrap().query.get("X-AnchorMailbox"), anchor, "{request:?}");
        assert_eq!(world.provider.last().get("X-AnchorMailbox"), anchor, "and again to the token endpoint: {request:?}");

        let mut world = World::oidc();
        world.popup(ask(&[])).unwrap();
        world.popup(LoginRequest { account: request.account.as_ref().map(|_| SUB_ADA.into()), ..request }).unwrap();
        assert_eq!(world.provider.visits[1].query.get("X-AnchorMailbox"), None);
        assert_eq!(world.provider.last().get("X-AnchorMailbox"), None);
    }
    // Without client_info the account is a subject, which says nothing of a home.
    let mut world = World::aad();
    world.provider.grants(|grant| grant.without("client_info"));
    world.popup(ask(&[])).unwrap();
    let query = visit(&mut world, LoginRequest { account: Some(SUB_ADA.into()), ..ask(&[]) });
    assert_eq!((query.get("login_hint"), query.get("X-AnchorMailbox")), (Some("ada@example.com"), None));
}

#[test]
fn a_prompt_is_passed_on_as_it_is() {
    for prompt in ["login", "select_account", "consent", "create", "no_session", "login consent", "Future_Prompt"] {
        let query = visit(&mut World::aad(), LoginRequest { prompt: Some(prompt.into()), ..ask(&[]) });
        assert_eq!(query.get("prompt"), Some(prompt));
    }
}

#[test]
fn how_long_ago_the_user_may_have_signed_in_is_said_in_seconds() {
    for mut world in [World::aad(), World::oidc()] {
        for (max_age, text) in [(Some(0), Some("0")), (Some(86_400), Some("86400")), (None, None)] {
            assert_eq!(visit(&mut world, LoginRequest { max_age, ..ask(&[]) }).get("max_age"), text);
        }
    }
}

#[test]
fn the_user_may_be_asked_to_consent_to_more_than_the_token_is_for() {
    let mut world = World::aad();
    let extra_scopes = Scopes::parse("mail.read API.read");
    let granted = world.popup(LoginRequest { extra_scopes, ..ask(&["api.read"]) }).unwrap();
    assert_eq!(world.provider.visits[0].get("scope"), "api.read mail.read openid profile offline_access");
    assert_eq!(world.provider.last().get("scope"), Some("api.read openid profile offline_access"));
    assert!(!granted.access_token.scopes.covers(&Scopes::parse("mail.read")));
}

#[test]
fn claims_are_sent_with_the_capabilities_or_not_at_all() {
    let claims = Some(r#"{"access_token":{"acrs":{"value":"c1"}}}"#.into());
    let mut world = World::new(RawConfig { client_capabilities: vec!["CP1".into()], ..raw("AAD") }, |_| {});
    let capable = json!({ "access_token": { "xms_cc": { "values": ["CP1"] } } });
    assert_eq!(visit(&mut world, ask(&[])).claims(), capable);
    let both = json!({ "access_token": { "acrs": { "value": "c1" }, "xms_cc": { "values": ["CP1"] } } });
    assert_eq!(visit(&mut world, LoginRequest { claims, ..ask(&[]) }).claims(), both);
    assert_eq!(visit(&mut World::aad(), ask(&[])).get("claims"), None);
}

#[test]
fn a_request_that_cannot_be_meant_is_refused_before_anything_is_sent() {
    let mut world = World::aad();
    for claims in ["[]", "e30=", "{"] {
        let error = world.redirect(LoginRequest { claims: Some(claims.into()), ..ask(&[]) }).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidClaims, "{claims}");
    }
    for uri in ["", "/redirect", "javascript:alert(1)", "https://app.example.com/#/route", "https://app.example.com/#"] {
        let error = world.redirect(LoginRequest { redirect_uri: Some(uri.into()), ..ask(&[]) }).unwrap_err();
        assert_eq!(error, Error::about(ErrorCode::UrlParseError, "redirectUri"), "{uri}");
    }
    assert!(world.provider.urls.is_empty());
}

#[test]
fn the_parameters_go_to_the_endpoint_that_was_discovered() {
    let elsewhere = "https://accounts.other.example/o/authorize";
    let mut world = World::new(raw("OIDC"), |document| document["authorization_endpoint"] = json!(elsewhere));
    assert_eq!(world.redirect(ask(&[])).unwrap().endpoint, elsewhere);
}

#[test]
fn plain_openid_connect_names_no_session_of_the_provider_but_the_user() {
    let mut world = World::oidc();
    world.provider.grants(|grant| grant.claims["sid"] = json!("front-channel-session"));
    world.popup(ask(&[])).unwrap();
    let request = LoginRequest { account: Some(SUB_ADA.into()), prompt: Some("none".into()), ..ask(&[]) };
    let query = visit(&mut world, request);
    assert_eq!((query.get("sid"), query.get("login_hint")), (None, Some("ada@example.com")));
}

#[test]
fn a_request_that_names_nobody_is_for_the_active_account_and_for_nobody_where_there_is_none() {
    let mut world = with_ada(None);
    assert_eq!(visit(&mut world, ask(&[])).get("login_hint"), None, "the only account is not the active one");
    world.apply(world.cache.activate(Some((ADA, None)))).unwrap();
    for (request, login_hint) in [
        (ask(&[]), Some("ada@example.com")),
        (LoginRequest { login_hint: Some("bob".into()), ..ask(&[]) }, Some("bob")),
        (LoginRequest { sid: Some("session".into()), ..ask(&[]) }, None),
        (LoginRequest { prompt: Some("select_account".into()), ..ask(&[]) }, None),
    ] {
        assert_eq!(visit(&mut world, request.clone()).get("login_hint"), login_hint, "{request:?}");
    }
    assert_eq!(visit(&mut world, ask(&[]).silently().unwrap()).get("login_hint"), Some("ada@example.com"));
}
