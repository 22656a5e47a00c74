//! Nothing of an answer is kept that is not what was asked for: one test per way to be wrong, on every road an ID token comes by.

use countersign::{
    error::{Error, ErrorCode},
    session::login::LoginRequest,
};
use serde_json::{Value, json};

use crate::world::{ADA, Grant, World, ask, fragment, need, unsigned};

const ACR: &str = r#"{"id_token":{"acr":{"essential":true,"values":["mfa"]}}}"#;

/// A world where Ada is signed in and a session can be hurt.
fn signed_in() -> World {
    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    world
}

fn set(claim: &'static str, value: Value) -> impl Fn(&mut Grant) + Clone {
    move |grant| grant.claims[claim] = value.clone()
}

/// What a sign-in ends with whose answer was edited: the same by popup and by redirect, and no trace of it in the cache.
fn sign_in(request: &LoginRequest, edit: impl Fn(&mut Grant) + Clone + 'static) -> Error {
    let mut world = signed_in();
    let before = world.snapshot();
    world.provider.grants(edit.clone());
    let error = world.popup(request.clone()).map(drop).expect_err("by popup");
    assert_eq!(world.snapshot(), before, "by popup: {error:?}");

    let visit = world.redirect(request.clone()).unwrap();
    world.provider.grants(edit);
    let answer = fragment(&[("code", "code-SECRET"), ("state", visit.state())]);
    assert_eq!(world.come_back(&answer).map(drop).expect_err("by redirect"), error);
    assert_eq!(world.snapshot(), before, "by redirect: {error:?}");
    error
}

/// What a refresh ends with whose answer was edited, and no trace of it.
fn refresh(edit: impl Fn(&mut Grant) + 'static) -> Error {
    let mut world = signed_in();
    let before = world.snapshot();
    world.provider.grants(edit);
    let error = world.refresh(&need(ADA, &["api.read"], None)).map(drop).expect_err("by refresh");
    assert_eq!(world.snapshot(), before, "by refresh: {error:?}");
    error
}

/// The same answer on every road.
fn refused(edit: impl Fn(&mut Grant) + Clone + 'static) -> Error {
    let error = sign_in(&ask(&["api.read"]), edit.clone());
    assert_eq!(refresh(edit), error);
    error
}

#[test]
fn a_token_of_another_issuer_leaves_no_trace() {
    assert_eq!(refused(set("iss", json!("https://evil.com"))), Error::about(ErrorCode::IssuerMismatch, "iss"));
}

#[test]
fn a_token_for_another_client_or_for_others_too_leaves_no_trace() {
    for audience in [json!("other"), json!(["spa", "other"])] {
        assert_eq!(refused(set("aud", audience)), Error::about(ErrorCode::AudienceMismatch, "aud"));
    }
    assert_eq!(refused(set("azp", json!("other"))), Error::about(ErrorCode::AudienceMismatch, "azp"));
}

#[test]
fn a_token_that_has_ended_leaves_no_trace() {
    assert_eq!(refused(set("exp", json!(1_799_999_700))), Error::about(ErrorCode::IdTokenExpired, "exp"));
}

#[test]
fn a_token_of_a_time_to_come_leaves_no_trace() {
    for claim in ["iat", "nbf"] {
        assert_eq!(refused(set(claim, json!(1_800_000_301))), Error::about(ErrorCode::IdTokenNotYetValid, claim));
    }
}

#[test]
fn a_token_about_nobody_or_about_somebody_else_leaves_no_trace() {
    assert_eq!(refused(set("sub", json!(""))), Error::about(ErrorCode::TokenParsingError, "sub"));
    assert_eq!(refresh(set("sub", json!("sub-bob"))), Error::new(ErrorCode::AccountMismatch));
    let bound = LoginRequest { account: Some(ADA.into()), is_bound_to_account: true, ..ask(&["api.read"]) };
    let error = sign_in(&bound, |grant| grant.without("client_info"));
    assert_eq!(error, Error::new(ErrorCode::AccountMismatch));
}

#[test]
fn a_token_with_another_nonce_leaves_no_trace() {
    assert_eq!(refused(set("nonce", json!("another"))), Error::new(ErrorCode::NonceMismatch));
    assert_eq!(sign_in(&ask(&[]), set("nonce", json!(null))), Error::new(ErrorCode::NonceMismatch), "a sign-in sent one");
}

#[test]
fn a_token_that_nobody_signed_leaves_no_trace() {
    let error = refused(|grant| grant.body["id_token"] = json!(unsigned(&json!({ "alg": "none" }), &grant.claims)));
    assert_eq!(error, Error::about(ErrorCode::TokenParsingError, "alg"));
}

#[test]
fn a_sign_in_that_is_too_old_for_what_was_asked_leaves_no_trace() {
    let request = LoginRequest { max_age: Some(600), ..ask(&["api.read"]) };
    assert_eq!(sign_in(&request, set("auth_time", json!(1_799_999_099))), Error::new(ErrorCode::MaxAgeTranspired));
    assert_eq!(sign_in(&request, |_| {}), Error::new(ErrorCode::AuthTimeNotFound));
    let mut world = signed_in();
    world.provider.grants(set("auth_time", json!(1_799_999_100)));
    world.popup(request).expect("as far as the clocks may differ");
}

#[test]
fn a_sign_in_of_another_kind_than_was_asked_leaves_no_trace() {
    let request = LoginRequest { claims: Some(ACR.into()), ..ask(&["api.read"]) };
    for acr in [json!("pwd"), json!(null)] {
        assert_eq!(sign_in(&request, set("acr", acr)), Error::new(ErrorCode::AcrMismatch));
    }
    let mut world = signed_in();
    world.provider.grants(set("acr", json!("mfa")));
    world.popup(request).unwrap();
}

#[test]
fn a_token_that_is_no_bearer_token_leaves_no_trace() {
    let error = refused(|grant| grant.body["token_type"] = json!("DPoP"));
    assert_eq!(error, Error::about(ErrorCode::FailedToParseResponse, "token_type"));
    let mut world = World::oidc();
    world.provider.grants(|grant| grant.body["token_type"] = json!("bEARER"));
    world.popup(ask(&["api.read"])).expect("in any case");
}

#[test]
fn a_refreshed_id_token_with_a_weaker_acr_than_was_asked_for_is_refused() {
    const CLAIMS: &str = r#"{"id_token":{"acr":{"essential":true,"value":"mfa"}}}"#;
    let mut world = World::aad();
    world.provider.grants(|grant| grant.claims["acr"] = json!("mfa"));
    world.popup(ask(&["api.read"])).unwrap();
    world.provider.grants(|grant| grant.claims["acr"] = json!("pwd"));
    let before = world.snapshot();
    let error = world.refresh(&need(ADA, &["api.read"], Some(CLAIMS))).unwrap_err();
    assert_eq!(error, Error::new(ErrorCode::AcrMismatch));
    assert_eq!(world.snapshot(), before);
}
