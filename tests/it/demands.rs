//! What an API can demand beside claims, to the end: what the provider was asked, what the API was sent, what is in the cache.

use countersign::error::ErrorCode;
use serde_json::json;

use crate::world::{ADA, Api, CODE, World, ask, fetch, fragment, need};

const STEP_UP: &str = r#"Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age=60"#;
const SCOPE: &str = r#"Bearer error="insufficient_scope", scope="api.write""#;

/// A world where Ada is signed in.
fn signed_in() -> World {
    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    world
}

/// The scopes and texts of her access tokens, oldest first.
fn tokens(world: &World) -> Vec<(String, String)> {
    let tokens =
        world.cache.accounts().next().map(|account| world.cache.entry(&account.home_account_id).unwrap().access_tokens());
    let text = |token: &countersign::session::cache::AccessToken| {
        (token.scopes.for_resource().as_str().to_owned(), token.secret.reveal().to_owned())
    };
    tokens.unwrap_or_default().iter().map(text).collect()
}

/// Next: the user signs in so, by this `acr` and so many seconds ago.
fn steps_up(world: &mut World, acr: &'static str, seconds: u64) {
    let now = world.now.0;
    world.provider.grants(move |grant| {
        grant.claims["acr"] = json!(acr);
        grant.claims["auth_time"] = json!(now - seconds);
    });
}

#[test]
fn a_stronger_and_fresher_sign_in_is_asked_of_the_user_at_once() {
    let (mut world, mut api) = (signed_in(), Api::default().demands(401, STEP_UP));
    steps_up(&mut world, "silver", 60);
    assert_eq!(fetch(&mut world, &mut api), Ok(200));
    let visit = world.provider.visits.last().unwrap();
    assert_eq!((visit.get("acr_values"), visit.get("max_age")), ("gold silver", "60"));
    assert_eq!(visit.get("scope"), "api.read openid profile offline_access");
    assert_eq!(visit.query.get("prompt"), None);
    assert_eq!(world.provider.requests.len(), 2, "a refresh would have been in vain, and there was none");
    assert_eq!(api.tokens, ["access-1-SECRET", "access-2-SECRET"]);
    assert_eq!(tokens(&world), [("api.read".into(), "access-2-SECRET".into())], "the next request starts with the better token");
}

#[test]
fn a_sign_in_that_is_not_what_the_api_asked_for_changes_nothing() {
    for (acr, seconds, code) in
        [("bronze", 0, ErrorCode::AcrMismatch), ("", 0, ErrorCode::AcrMismatch), ("gold", 10_000, ErrorCode::MaxAgeTranspired)]
    {
        let (mut world, mut api) = (signed_in(), Api::default().demands(401, STEP_UP));
        steps_up(&mut world, acr, seconds);
        let before = tokens(&world);
        assert_eq!(fetch(&mut world, &mut api).unwrap_err().code, code, "{acr}");
        assert_eq!((api.tokens.len(), tokens(&world)), (1, before), "{acr}");
    }
    let (mut world, mut api) = (signed_in(), Api::default().demands(401, STEP_UP));
    world.provider.grants(|grant| grant.claims["acr"] = json!("gold"));
    assert_eq!(fetch(&mut world, &mut api).unwrap_err().code, ErrorCode::AuthTimeNotFound);
}

#[test]
fn more_scope_is_asked_of_the_user_together_with_what_there_was() {
    let (mut world, mut api) = (signed_in(), Api::default().demands(403, SCOPE));
    assert_eq!(fetch(&mut world, &mut api), Ok(200));
    assert_eq!(world.provider.visits.last().unwrap().get("scope"), "api.read api.write openid profile offline_access");
    assert_eq!(world.provider.requests.len(), 2);
    assert_eq!(tokens(&world), [("api.read api.write".into(), "access-2-SECRET".into())]);
    assert_eq!(fetch(&mut world, &mut api), Ok(200));
    assert_eq!(api.tokens.last().map(String::as_str), Some("access-2-SECRET"));
}

#[test]
fn more_scope_that_is_in_the_cache_is_asked_of_nobody() {
    let (mut world, mut api) = (signed_in(), Api::default().demands(403, SCOPE));
    // A narrower one came last.
    world.popup(ask(&["api.read", "api.write"])).unwrap();
    world.provider.grants(|grant| grant.body["scope"] = json!("api.read"));
    world.refresh(&need(ADA, &["api.read"], None)).unwrap();
    let visits = world.provider.visits.len();
    assert_eq!(fetch(&mut world, &mut api), Ok(200));
    assert_eq!(world.provider.visits.len(), visits);
    assert_eq!(api.tokens, ["access-3-SECRET", "access-2-SECRET"]);
}

#[test]
fn a_user_who_declines_more_than_a_refresh_can_bring_keeps_the_token_that_was_there() {
    for field in [STEP_UP, SCOPE] {
        let (mut world, mut api) = (signed_in(), Api::default().demands(401, field).demands(401, field));
        world.returns(|visit| fragment(&[("error", "access_denied"), ("state", visit.state())]));
        let before = tokens(&world);
        let error = fetch(&mut world, &mut api).unwrap_err();
        assert_eq!(error.code, ErrorCode::ServerError, "the provider's own refusal");
        assert_eq!(tokens(&world), before);

        let (visits, requests) = (world.provider.visits.len(), world.provider.requests.len());
        assert_eq!(fetch(&mut world, &mut api).unwrap_err().code, ErrorCode::InteractionRequired);
        assert_eq!((world.provider.visits.len(), world.provider.requests.len()), (visits, requests), "nobody was asked again");
        assert_eq!(fetch(&mut world, &mut api), Ok(200), "and other requests go on");
    }
}

#[test]
fn claims_and_more_scope_are_one_sign_in() {
    let claims = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;
    let encoded = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, claims);
    let both = format!(r#"Bearer error="insufficient_claims", claims="{encoded}", {SCOPE}"#);
    let (mut world, mut api) = (signed_in(), Api::default().demands(401, &both));
    assert_eq!(fetch(&mut world, &mut api), Ok(200));
    let visit = world.provider.visits.last().unwrap();
    assert_eq!((visit.get("claims"), visit.get("scope")), (claims, "api.read api.write openid profile offline_access"));
    assert_eq!(world.provider.requests.len(), 2);
    assert_eq!(tokens(&world), [("api.read api.write".into(), "access-2-SECRET".into())]);
}

#[test]
fn claims_that_are_declined_wait_for_the_button_of_the_app() {
    let claims = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;
    let (mut world, mut api) = (signed_in(), Api::default().challenges(claims).challenges(claims));
    world.provider.refuses(json!({ "error": "interaction_required" }));
    world.returns(|visit| fragment(&[("error", "access_denied"), ("error_subcode", "cancel"), ("state", visit.state())]));
    assert_eq!(fetch(&mut world, &mut api).unwrap_err().code, ErrorCode::UserCancelled);
    let requests = world.provider.requests.len();
    let error = fetch(&mut world, &mut api).unwrap_err();
    assert_eq!((error.code, error.claims.as_deref()), (ErrorCode::InteractionRequired, Some(claims)));
    assert_eq!(
        world.provider.requests.len(),
        requests + 1,
        "a plain token, which the cache had no more; nothing with these claims"
    );

    let request = world.questions.asked_by_app(ask(&["api.read"]), Some(ADA));
    world.returns(|visit| fragment(&[("code", CODE), ("state", visit.state())]));
    world.popup(request).unwrap();
    world.questions.app_succeeded();
    assert_eq!(world.provider.visits.last().unwrap().get("claims"), claims);
    assert_eq!(fetch(&mut world, &mut api), Ok(200));
    let request = world.questions.asked_by_app(ask(&["api.read"]), Some(ADA));
    assert_eq!(request.claims, None, "a token has come, and they are dropped");
}
