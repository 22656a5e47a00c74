//! The main job: a request that is challenged, answered and sent again.

use countersign::{error::ErrorCode, session::config::RawConfig};
use serde_json::{Value, json};

use crate::world::{ADA, Api, CODE, World, ask, fetch, fragment, need, raw};

const REVOKED: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1800000100"}}}"#;
const STRONGER: &str = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;

/// A world where Ada is signed in, with a client that can answer challenges.
fn signed_in() -> World {
    let mut world = World::new(RawConfig { client_capabilities: vec!["CP1".into()], ..raw("AAD") }, |_| {});
    world.popup(ask(&["api.read"])).unwrap();
    world
}

/// The claims that were asked for, without the capabilities.
fn asked(mut claims: Value) -> Value {
    let capabilities = claims["access_token"].as_object_mut().and_then(|claims| claims.remove("xms_cc"));
    assert_eq!(capabilities, Some(json!({ "values": ["CP1"] })), "every request says what this client is capable of");
    claims
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_request_that_is_not_challenged_costs_the_provider_nothing() {
    let (mut world, mut api) = (signed_in(), Api::default());
    for _ in 0..3 {
        assert_eq!(fetch(&mut world, &mut api), Ok(200));
    }
    assert_eq!(api.tokens, ["access-1-SECRET"; 3]);
    assert_eq!(world.provider.requests.len(), 1);
}

#[test]
fn a_revoked_token_is_replaced_without_the_user_and_the_request_sent_again() {
    let (mut world, mut api) = (signed_in(), Api::default().challenges(REVOKED));
    assert_eq!(fetch(&mut world, &mut api), Ok(200));
    assert_eq!(api.tokens, ["access-1-SECRET", "access-2-SECRET"]);
    assert_eq!(asked(world.provider.last().claims()), json_of(REVOKED));
    assert_eq!(world.provider.visits.len(), 1, "nobody was asked");
    assert_eq!(fetch(&mut world, &mut api), Ok(200));
    assert_eq!(api.tokens.last().map(String::as_str), Some("access-2-SECRET"), "the next request starts with the better token");
    assert!(world.store.items().iter().all(|(_, text)| !text.contains("access-1-SECRET")), "the refused one is gone");
}

#[test]
fn a_stronger_sign_in_is_asked_of_the_user_with_what_the_api_and_the_provider_want() {
    let (mut world, mut api) = (signed_in(), Api::default().challenges(STRONGER));
    let device = r#"{"access_token":{"deviceid":{"essential":true}}}"#;
    world.provider.refuses(json!({ "error": "interaction_required", "suberror": "basic_action", "claims": device }));
    assert_eq!(fetch(&mut world, &mut api), Ok(200));
    let visit = world.provider.visits.last().unwrap();
    let both = json!({ "access_token": { "acrs": { "essential": true, "value": "c1" }, "deviceid": { "essential": true } } });
    assert_eq!(asked(visit.query.claims()), both);
    assert_eq!(visit.get("login_hint"), "ada@example.com");
    assert_eq!(api.tokens, ["access-1-SECRET", "access-3-SECRET"]);
    assert_eq!(world.cached(ADA, need(ADA, &["api.read"], None).scopes()).as_deref(), Some("access-3-SECRET"));
}

#[test]
fn a_user_who_declines_keeps_the_session_but_for_the_refused_token() {
    let (mut world, mut api) = (signed_in(), Api::default().challenges(STRONGER));
    world.provider.refuses(json!({ "error": "interaction_required" }));
    world.returns(|visit| fragment(&[("error", "access_denied"), ("error_subcode", "cancel"), ("state", visit.state())]));
    assert_eq!(fetch(&mut world, &mut api).unwrap_err().code, ErrorCode::UserCancelled);
    assert_eq!(api.tokens.len(), 1, "without a better token it is not sent again");
    let entry = world.cache.entry(ADA).unwrap();
    assert!(entry.refresh_token.is_some() && entry.access_tokens().is_empty());
}

#[test]
fn somebody_else_who_signs_in_instead_does_not_answer_for_the_one_who_was_asked() {
    let (mut world, mut api) = (signed_in(), Api::default().challenges(STRONGER));
    world.provider.refuses(json!({ "error": "interaction_required" }));
    world.provider.person = "bob";
    assert_eq!(fetch(&mut world, &mut api).unwrap_err().code, ErrorCode::AccountMismatch);
    assert_eq!((api.tokens.len(), world.cache.accounts().count()), (1, 1));
}

#[test]
fn a_second_refusal_is_the_callers() {
    let (mut world, mut api) = (signed_in(), Api::default().challenges(REVOKED).challenges(STRONGER));
    assert_eq!(fetch(&mut world, &mut api), Ok(401));
    assert_eq!(api.tokens.len(), 2);
    assert_eq!(world.provider.visits.len(), 1);
}

#[test]
fn a_refusal_that_asks_for_nothing_is_the_callers() {
    for status in [401, 403, 500] {
        let (mut world, mut api) = (signed_in(), Api::default().says(status));
        assert_eq!(fetch(&mut world, &mut api), Ok(status));
        assert_eq!((api.tokens.len(), world.provider.requests.len()), (1, 1));
    }
}

#[test]
fn a_provider_that_cannot_be_reached_is_an_error_and_asks_nobody() {
    let (mut world, mut api) = (signed_in(), Api::default().challenges(REVOKED));
    world.provider.is_unreachable();
    assert_eq!(fetch(&mut world, &mut api), Err(ErrorCode::PostRequestFailed.into()));
    assert_eq!(world.provider.visits.len(), 1);
    assert_eq!(fetch(&mut world, &mut api), Ok(200), "when it is back it goes on by itself");
}

#[test]
fn a_token_that_has_ended_is_renewed_before_it_is_sent() {
    let (mut world, mut api) = (signed_in(), Api::default());
    world.wait(3600);
    assert_eq!(fetch(&mut world, &mut api), Ok(200));
    assert_eq!(api.tokens, ["access-2-SECRET"]);
}

#[test]
fn a_session_that_has_ended_is_begun_again_by_the_user() {
    let (mut world, mut api) = (signed_in(), Api::default());
    world.wait(90 * 24 * 3600);
    world.provider.refuses(json!({ "error": "invalid_grant", "error_description": "the refresh token has expired" }));
    assert_eq!(fetch(&mut world, &mut api), Ok(200));
    assert_eq!(world.provider.visits.len(), 2);
    assert_eq!(world.provider.last().get("code"), Some(CODE));
}
