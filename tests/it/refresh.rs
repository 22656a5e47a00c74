//! A token without the user: what a caller needs, and the redemption of a refresh token.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use countersign::{
    error::{Error, ErrorCode},
    protocol::{
        authority::{Authority, ProtocolMode},
        http::HttpResponse,
        scope::Scopes,
        secret::Secret,
        token::TokenResponse,
    },
    session::{
        Granted, Input, Machine, Step,
        acquire::Acquire,
        config::RawConfig,
        need::{CacheLookupPolicy, Need},
    },
};
use serde_json::json;

use crate::world::{ADA, End, SDK, SUB_ADA, TOKEN_ENDPOINT, World, ask, assert_no_secret, need, raw, response};

const CLAIMS: &str = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;

/// A world where Ada is signed in, for `api.read`.
fn signed_in() -> World {
    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    world
}

/// What a refresh ends with that does not succeed. It leaves no trace.
fn refused(world: &mut World) -> Error {
    let before = world.snapshot();
    let error = world.refresh(&need(ADA, &["api.read"], None)).map(drop).expect_err("it is refused");
    assert_eq!(world.snapshot(), before, "an error leaves the session as it was");
    error
}

fn refresh_token(world: &World) -> &str {
    world.cache.entry(ADA).unwrap().refresh_token.as_ref().unwrap().reveal()
}

/// A refresh whose request is on its way.
fn sent(world: &World) -> Acquire {
    let mut acquire = world.acquire(&need(ADA, &["api.read"], None)).unwrap();
    assert!(matches!(acquire.step(Input::Start), Ok(Step::Send(_))));
    acquire
}

/// The answer to it arrives now.
fn answered(world: &World, acquire: &mut Acquire) -> Granted {
    let body = json!({ "token_type": "Bearer", "access_token": "late-SECRET", "refresh_token": "late-refresh-SECRET" });
    match acquire.step(Input::Answered(response(200, &body.to_string()), world.now)) {
        Ok(Step::Done(granted)) => *granted,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_refresh_says_who_asks_for_what_and_no_more() {
    let common = ["client_id", "grant_type", "refresh_token", "scope"];
    let mut world = World::oidc();
    world.popup(ask(&["api.read"])).unwrap();
    world.refresh(&need(SUB_ADA, &["api.write"], None)).unwrap();
    let form = world.provider.last();
    assert_eq!(form.names(), common);
    for (name, value) in [
        ("client_id", "spa"),
        ("grant_type", "refresh_token"),
        ("refresh_token", "refresh-1-SECRET"),
        ("scope", "api.write openid profile offline_access"),
    ] {
        assert_eq!(form.get(name), Some(value), "{name}");
    }
    assert_eq!(world.provider.urls.last().map(String::as_str), Some(TOKEN_ENDPOINT));

    let mut world = signed_in();
    world.refresh(&need(ADA, &["api.write"], None)).unwrap();
    let form = world.provider.last();
    assert_eq!(
        form.names(),
        [
            &["X-AnchorMailbox", "client-request-id", "client_id", "client_info", "grant_type", "refresh_token", "scope"][..],
            &SDK,
            &["x-ms-lib-capability"],
        ]
        .concat()
    );
    for (name, value) in [("client-request-id", "correlation-silent"), ("X-AnchorMailbox", "Oid:uid-ada@tenant-1")] {
        assert_eq!(form.get(name), Some(value), "{name}");
    }
}

#[test]
fn claims_are_asked_for_with_the_capabilities() {
    let mut world = World::new(RawConfig { client_capabilities: vec!["CP1".into()], ..raw("AAD") }, |_| {});
    world.popup(ask(&["api.read"])).unwrap();
    world.refresh(&need(ADA, &["api.read"], None)).unwrap();
    assert_eq!(world.provider.last().claims(), json!({ "access_token": { "xms_cc": { "values": ["CP1"] } } }));
    world.refresh(&need(ADA, &["api.read"], Some(CLAIMS))).unwrap();
    let both = json!({ "access_token": { "acrs": { "essential": true, "value": "c1" }, "xms_cc": { "values": ["CP1"] } } });
    assert_eq!(world.provider.last().claims(), both);
}

#[test]
fn a_new_refresh_token_replaces_the_old_one_and_where_none_comes_the_old_one_stays() {
    let mut world = signed_in();
    world.refresh(&need(ADA, &["api.read"], None)).unwrap();
    assert_eq!(refresh_token(&world), "refresh-2-SECRET");
    world.provider.grants(|grant| grant.without("refresh_token"));
    world.refresh(&need(ADA, &["api.read"], None)).unwrap();
    assert_eq!(refresh_token(&world), "refresh-2-SECRET");
    world.refresh(&need(ADA, &["api.read"], None)).unwrap();
    assert_eq!(world.provider.last().get("refresh_token"), Some("refresh-2-SECRET"), "it is used again");
    world.reload();
    assert_eq!(refresh_token(&world), "refresh-4-SECRET", "and so it is on the next page");
}

#[test]
fn a_guest_token_of_the_tenant_that_was_asked_must_be_the_same_persons() {
    let mut world = signed_in();
    for uid in ["uid-bob", ""] {
        world.provider.grants(move |grant| {
            grant.claims["tid"] = json!("tenant-2");
            grant.body["client_info"] =
                json!(BASE64_URL_SAFE_NO_PAD.encode(json!({ "uid": uid, "utid": "tenant-1" }).to_string()));
        });
        let other = Authority::new("https://login.example.com/tenant-2", ProtocolMode::Aad).unwrap();
        let before = world.snapshot();
        let error = world.refresh(&need(ADA, &["api.read"], None).at(Some(other))).unwrap_err();
        assert_eq!(error.code, ErrorCode::AccountMismatch, "{uid}");
        assert_eq!(world.snapshot(), before);
    }
}

#[test]
fn a_token_of_another_tenant_that_nobody_vouches_for_is_refused() {
    let mut world = signed_in();
    world.provider.grants(|grant| grant.body["id_token"] = json!(null));
    let other = Authority::new("https://login.example.com/tenant-2", ProtocolMode::Aad).unwrap();
    let before = world.snapshot();
    let error = world.refresh(&need(ADA, &["api.read"], None).at(Some(other))).unwrap_err();
    assert_eq!(error, Error::about(ErrorCode::FailedToParseResponse, "id_token"));
    assert_eq!(world.snapshot(), before);
}

#[test]
fn an_account_that_came_by_another_tenant_gets_tokens_of_the_configured_one() {
    const HOME: &str = "11111111-2222-3333-4444-555555555555";
    let authority = format!("https://login.example.com/{HOME}");
    let mut world = World::new(RawConfig { authority: Some(authority), ..raw("AAD") }, |_| {});
    // As a guest somewhere else first, where the subject is another one.
    world.provider.grants(|grant| grant.claims["tid"] = json!("tenant-2"));
    world.popup(ask(&["api.read"])).unwrap();
    world.provider.grants(|grant| {
        grant.claims["tid"] = json!(HOME);
        grant.claims["sub"] = json!("sub-of-the-configured-tenant");
    });
    let granted = world.refresh(&need(ADA, &["api.read"], None)).unwrap();
    assert_eq!(&*granted.access_token.realm, HOME);
}

#[test]
fn without_a_refresh_token_only_the_user_can_help() {
    let mut world = World::aad();
    world.provider.grants(|grant| grant.without("refresh_token"));
    world.popup(ask(&["api.read"])).unwrap();
    assert_eq!(refused(&mut world), Error::new(ErrorCode::NoTokensFound));
    assert_eq!(world.provider.requests.len(), 1);
}

#[test]
fn a_refresh_token_that_is_refused_sends_for_the_user_and_other_refusals_do_not() {
    let mut world = signed_in();
    for (error, code) in [
        (json!({ "error": "invalid_grant" }), ErrorCode::InteractionRequired),
        (json!({ "error": "invalid_grant", "suberror": "basic_action" }), ErrorCode::InteractionRequired),
        (json!({ "error": "login_required" }), ErrorCode::InteractionRequired),
        (json!({ "error": "invalid_client" }), ErrorCode::ServerError),
        (json!({ "error": "temporarily_unavailable" }), ErrorCode::ServerError),
        (json!({ "error": "invalid_scope", "error_description": "invalid_grant" }), ErrorCode::ServerError),
    ] {
        world.provider.refuses(error.clone());
        assert_eq!(refused(&mut world).code, code, "{error}");
    }
}

#[test]
fn what_the_provider_wants_of_the_user_comes_with_the_refusal() {
    let mut world = signed_in();
    world.provider.refuses(json!({ "error": "interaction_required", "claims": CLAIMS, "correlation_id": "c-1" }));
    let error = refused(&mut world);
    assert_eq!((error.code, error.claims.as_deref()), (ErrorCode::InteractionRequired, Some(CLAIMS)));
    let server = error.server.clone().unwrap();
    assert_eq!((&*server.error, server.correlation_id.as_deref(), server.status), ("interaction_required", Some("c-1"), 400));
}

#[test]
fn whatever_else_comes_in_place_of_an_answer_leaves_the_session_as_it_was() {
    let mut world = signed_in();
    for body in ["", "<html>", "{\"error\":", "[]", "{\"token_type\":\"Bearer\",\"access_token\":\"a\\nb\"}"] {
        world.provider.says(200, body);
        assert_eq!(refused(&mut world).code, ErrorCode::FailedToParseResponse, "{body}");
    }
    world.provider.is_unreachable();
    assert_eq!(refused(&mut world).code, ErrorCode::PostRequestFailed);
    world.store.is_full = true;
    assert_eq!(refused(&mut world).code, ErrorCode::CacheQuotaExceeded);
}

#[test]
fn a_new_id_token_must_be_about_the_same_user_and_good_in_itself() {
    for (claim, value, code) in [
        ("sub", json!("sub-bob"), ErrorCode::AccountMismatch),
        ("sub", json!(null), ErrorCode::TokenParsingError),
        ("iss", json!("https://evil.com"), ErrorCode::IssuerMismatch),
        ("aud", json!(["spa", "other"]), ErrorCode::AudienceMismatch),
        ("exp", json!(1), ErrorCode::IdTokenExpired),
    ] {
        let mut world = signed_in();
        world.provider.grants(move |grant| grant.claims[claim] = value);
        assert_eq!(refused(&mut world).code, code, "{claim}");
    }
}

#[test]
fn a_new_id_token_renews_what_is_known_of_the_account_and_nothing_changes_who_it_is() {
    let mut world = signed_in();
    world.provider.grants(|grant| {
        grant.claims["preferred_username"] = json!("ada.lovelace@example.com");
        grant.body["client_info"] = json!("eyJ1aWQiOiJldmlsIiwidXRpZCI6ImV2aWwifQ");
    });
    world.refresh(&need(ADA, &["api.read"], None)).unwrap();
    let [account] = world.cache.accounts().collect::<Vec<_>>()[..] else { panic!("one account") };
    assert_eq!((&*account.home_account_id, account.username()), (ADA, "ada.lovelace@example.com"));
    world.provider.grants(|grant| grant.body["id_token"] = json!(null));
    world.refresh(&need(ADA, &["api.read"], None)).unwrap();
    assert_eq!(world.cache.accounts().next().unwrap().username(), "ada.lovelace@example.com");
}

#[test]
fn a_nonce_in_a_new_id_token_is_that_of_the_sign_in_or_none() {
    let mut world = signed_in();
    let own = world.provider.visits[0].get("nonce").to_owned();
    world.provider.grants(move |grant| grant.claims["nonce"] = json!(own));
    world.refresh(&need(ADA, &["api.read"], None)).unwrap();
    world.provider.grants(|grant| grant.claims["nonce"] = json!("another"));
    assert_eq!(refused(&mut world), Error::new(ErrorCode::NonceMismatch));

    // Once an ID token without one has come, the sign-in's is known no more.
    world.refresh(&need(ADA, &["api.read"], None)).unwrap();
    world.provider.grants(|grant| grant.claims["nonce"] = json!("another"));
    assert!(world.refresh(&need(ADA, &["api.read"], None)).is_ok());
}

#[test]
fn a_new_id_token_tells_of_the_same_sign_in() {
    let signed_in = || {
        let mut world = World::oidc();
        world.provider.grants(|grant| grant.claims["auth_time"] = json!(1_799_999_000));
        world.popup(ask(&["api.read"])).unwrap();
        world
    };
    let mut world = signed_in();
    for other in [json!(1_799_999_001), json!("1799999001")] {
        world.provider.grants(move |grant| grant.claims["auth_time"] = other);
        let before = world.snapshot();
        let error = world.refresh(&need(SUB_ADA, &["api.read"], None)).unwrap_err();
        assert_eq!((error, world.snapshot()), (Error::new(ErrorCode::AuthTimeMismatch), before));
    }
    world.provider.grants(|grant| grant.claims["auth_time"] = json!(1_799_999_000));
    world.refresh(&need(SUB_ADA, &["api.read"], None)).unwrap();
    let mut world = signed_in();
    world.refresh(&need(SUB_ADA, &["api.read"], None)).expect("it need not say so again");
}

#[test]
fn a_new_id_token_of_another_tenant_of_the_same_provider_is_refused() {
    let (one, other) = ("9122040d-6c67-4c5b-b112-36a304b66dad", "72f988bf-86f1-41af-91ab-2d7cd011db47");
    let of = |tenant: &'static str| {
        move |grant: &mut crate::world::Grant| {
            grant.claims["iss"] = json!(format!("https://login.microsoftonline.com/{tenant}/v2.0"));
            grant.claims["tid"] = json!(tenant);
        }
    };
    let mut world = World::new(RawConfig { authority: None, ..raw("AAD") }, |_| {});
    world.provider.grants(of(one));
    world.popup(ask(&["api.read"])).unwrap();
    world.provider.grants(of(other));
    assert_eq!(refused(&mut world), Error::about(ErrorCode::IssuerMismatch, "iss"));
    world.provider.grants(of(one));
    assert!(world.refresh(&need(ADA, &["api.read"], None)).is_ok());
}

#[test]
fn an_essential_acr_that_the_sign_in_does_not_have_sends_for_the_user_without_spending_the_refresh_token() {
    let claims = r#"{"id_token":{"acr":{"essential":true,"values":["mfa"]}}}"#;
    let mut world = World::oidc();
    world.popup(ask(&["api.read"])).unwrap();
    let error = world.refresh(&need(SUB_ADA, &["api.read"], Some(claims))).unwrap_err();
    assert_eq!((error.code, error.claims.as_deref()), (ErrorCode::InteractionRequired, Some(claims)));
    assert_eq!(world.provider.requests.len(), 1, "the sign-in's");
    world.provider.grants(|grant| grant.claims["acr"] = json!("mfa"));
    world.popup(ask(&["api.read"])).unwrap();
    world.refresh(&need(SUB_ADA, &["api.read"], Some(claims))).unwrap();
}

#[test]
fn a_refusal_that_repeats_the_refresh_token_is_not_passed_on_as_it_is() {
    for member in ["error_description", "suberror", "error"] {
        let mut world = signed_in();
        let mut error = json!({ "error": "invalid_grant" });
        error[member] = json!("refresh_token=refresh-1-SECRET is unknown");
        world.provider.refuses(error);
        assert_no_secret(&format!("{:?}", refused(&mut world)));
    }
}

#[test]
fn a_long_refresh_token_is_in_no_error_nor_is_a_part_of_it() {
    let token = "part-".repeat(400);
    let sent = Secret::new(&*token);
    for start in [0, 900, 1020] {
        let body = json!({ "error": "invalid_request", "error_description": format!("{}{token}", ".".repeat(start)) });
        let response = HttpResponse { status: 400, body: body.to_string(), retry_after: None };
        let error = TokenResponse::decode(&response, &[&sent]).unwrap_err();
        assert!(!format!("{error:?}").contains("part-"), "{start}");
    }
}

#[test]
fn an_answer_that_comes_after_the_sign_out_is_not_kept() {
    let mut world = signed_in();
    let mut acquire = sent(&world);
    world.apply(world.cache.remove(Some(ADA))).unwrap();
    let granted = answered(&world, &mut acquire);
    assert!(world.cache.keep(&granted).is_none(), "a user who is signed out stays signed out");
}

#[test]
fn an_answer_that_comes_after_a_new_sign_in_is_not_kept() {
    let mut world = signed_in();
    let mut acquire = sent(&world);
    world.popup(ask(&["api.read"])).unwrap();
    let granted = answered(&world, &mut acquire);
    assert!(world.cache.keep(&granted).is_none(), "the new refresh token is not overwritten by the heir of the old one");
    assert_eq!(refresh_token(&world), "refresh-2-SECRET");
}

#[test]
fn an_answer_that_comes_after_a_change_of_another_account_is_kept() {
    let mut world = signed_in();
    let mut acquire = sent(&world);
    world.provider.person = "bob";
    world.popup(ask(&["api.read"])).unwrap();
    let granted = answered(&world, &mut acquire);
    world.keep(granted).unwrap();
    assert_eq!(refresh_token(&world), "late-refresh-SECRET");
}

#[test]
fn a_refresh_is_answered_once() {
    let mut world = signed_in();
    let mut acquire = world.acquire(&need(ADA, &["api.read"], None)).unwrap();
    let End::Granted(_) = world.run(&mut acquire, Input::Start).unwrap() else { panic!("a refresh ends here") };
    let again = Input::Answered(response(200, r#"{"token_type":"Bearer","access_token":"x"}"#), world.now);
    assert_eq!(acquire.step(again).unwrap_err(), Error::new(ErrorCode::UnexpectedError));
    assert_eq!(acquire.step(Input::Start).unwrap_err(), Error::new(ErrorCode::UnexpectedError));
}

#[test]
fn a_need_of_no_scope_is_one_of_those_of_a_sign_in() {
    for scopes in [&[][..], &["", " "], &["offline_access"], &["Offline_Access", "OpenID", "Profile"]] {
        let need = need(ADA, scopes, None);
        assert!(need.scopes().covers(&Scopes::parse("openid profile offline_access")), "{scopes:?}");
        // Looked up by nothing, any token at all would answer it.
        assert_eq!(need.looked_up(), &Scopes::parse("openid profile"), "{scopes:?}");
    }
    let need = need(ADA, &["email"], None);
    assert_eq!((need.scopes().as_str(), need.looked_up().as_str()), ("email", "email"));
    assert_eq!(need.wider(["api.read"]).looked_up().as_str(), "api.read");
}

#[test]
fn who_asks_for_no_scope_gets_a_cached_token_that_covers_a_sign_in_or_a_new_one() {
    for scopes in [&[][..], &["openid", "profile", "offline_access"]] {
        let mut world = World::aad();
        world.provider.grants(|grant| grant.body["scope"] = json!("api.read"));
        world.popup(ask(&["api.read"])).unwrap();
        assert_eq!(world.silent(&need(ADA, scopes, None)).unwrap(), "access-2-SECRET", "a token for an API alone is none");
        assert_eq!(world.provider.last().get("scope"), Some("openid profile offline_access"));
        assert_eq!(world.silent(&need(ADA, scopes, None)).unwrap(), "access-2-SECRET");
        world.provider.grants(|grant| grant.body["scope"] = json!("api.read profile openid email"));
        world.popup(ask(&[])).unwrap();
        assert_eq!(world.silent(&need(ADA, scopes, None)).unwrap(), "access-3-SECRET");
    }
}

#[test]
fn what_is_no_claims_request_is_never_taken_for_none() {
    for claims in ["null", "[]", "{", "\"\"", "eyJhY2Nlc3NfdG9rZW4iOnt9fQ==", "access_token"] {
        let error = Need::new(ADA, Scopes::parse("api.read"), Some(claims)).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidClaims, "{claims}");
    }
}

#[test]
fn a_cached_token_will_do_unless_claims_are_asked_for_or_a_new_one_is() {
    for (claims, force_refresh, may_use_cache) in [
        (None, false, true),
        (Some(""), false, true),
        (Some(" \n"), false, true),
        (Some("{}"), false, true),
        (Some(" { } "), false, true),
        (Some(CLAIMS), false, false),
        (Some(r#"{"access_token":{}}"#), false, false),
        (None, true, false),
        (Some("{}"), true, false),
    ] {
        let need = Need::new(ADA, Scopes::parse("api.read"), claims).unwrap().from(CacheLookupPolicy::Default, force_refresh);
        assert_eq!(need.may_use_cache(), may_use_cache, "{claims:?} {force_refresh}");
    }
    let mut world = signed_in();
    assert_eq!(world.silent(&need(ADA, &["API.read"], Some("{}"))).unwrap(), "access-1-SECRET");
    assert_eq!(world.silent(&need(ADA, &["api.read"], Some(CLAIMS))).unwrap(), "access-2-SECRET");
    let forced = Need::new(ADA, Scopes::parse("api.read"), None).unwrap().from(CacheLookupPolicy::Default, true);
    assert_eq!(world.silent(&forced).unwrap(), "access-3-SECRET");
}

#[test]
fn one_refresh_answers_those_that_need_no_more_than_it_brings() {
    let spaced = CLAIMS.replace(':', " : ");
    let other = r#"{"access_token":{"acrs":{"essential":true,"value":"c2"}}}"#;
    for (waiting, under_way, is_met) in [
        (need(ADA, &["a"], None), need(ADA, &["a"], None), true),
        (need(ADA, &["A"], None), need(ADA, &["b", "a"], None), true),
        (need(ADA, &["a", "b"], None), need(ADA, &["a"], None), false),
        (need("other", &["a"], None), need(ADA, &["a"], None), false),
        (need(ADA, &["a"], None), need(ADA, &["a"], Some(CLAIMS)), true),
        (need(ADA, &["a"], Some("{}")), need(ADA, &["a"], None), true),
        (need(ADA, &["a"], Some(CLAIMS)), need(ADA, &["a"], None), false),
        (need(ADA, &["a"], Some(CLAIMS)), need(ADA, &["a"], Some(other)), false),
        (need(ADA, &["a"], Some(CLAIMS)), need(ADA, &["a"], Some(&spaced)), true),
        (need(ADA, &["a", "b"], Some(CLAIMS)), need(ADA, &["a"], Some(CLAIMS)), false),
    ] {
        assert_eq!(waiting.is_met_by(&under_way), is_met, "{waiting:?} by {under_way:?}");
    }
}
