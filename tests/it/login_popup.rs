//! Sign-in by popup, from the click to the session.

use countersign::{
    error::{Error, ErrorCode},
    protocol::{callback::Callback, state::Flow},
    session::{Input, Machine, Step, login::LoginRequest},
};
use serde_json::json;

use crate::world::{ADA, CODE, End, World, ask, fragment, need, raw};

/// What a sign-in ends with that does not succeed. It leaves no trace.
fn refused(world: &mut World, request: LoginRequest) -> Error {
    let before = world.snapshot();
    let error = world.popup(request).map(|granted| granted.account).expect_err("it is refused");
    assert_eq!(world.snapshot(), before, "an error leaves the session as it was");
    error
}

#[test]
fn a_sign_in_makes_an_account_and_keeps_its_tokens() {
    let mut world = World::aad();
    let granted = world.popup(LoginRequest { state: Some("cart".into()), ..ask(&["api.read"]) }).unwrap();
    assert_eq!(&*granted.account.home_account_id, ADA);
    assert_eq!(granted.state.as_deref(), Some("cart"));
    assert_eq!(&*granted.correlation_id, "correlation-login");
    assert_eq!(world.cached(ADA, need(ADA, &["api.read"], None).scopes()).as_deref(), Some("access-1-SECRET"));
    let entry = world.cache.entry(ADA).unwrap();
    assert!(entry.refresh_token.as_ref().unwrap().is("refresh-1-SECRET"));
    assert_eq!(world.provider.requests.len(), 1);
}

#[test]
fn the_answer_is_awaited_on_the_channel_of_the_states_id() {
    let mut world = World::aad();
    for state in [None, Some("cart|p.BBBBBBBBBBBBBBBBBBBBBB")] {
        world.popup(LoginRequest { state: state.map(String::from), ..ask(&[]) }).unwrap();
        let visit = world.provider.visits.last().unwrap();
        let callback = Callback::parse(&fragment(&[("code", CODE), ("state", visit.state())])).unwrap();
        assert_eq!(visit.channel.as_deref(), Some(callback.state().id()), "the page in the popup reads it from the state");
        assert_eq!(callback.state().flow(), Flow::Popup);
        assert!(!visit.channel.as_deref().unwrap().contains("cart"), "the app's own is nobody's name");
    }
    let channels: Vec<_> = world.provider.visits.iter().map(|visit| visit.channel.clone()).collect();
    assert_ne!(channels[0], channels[1], "two windows do not hear each other's answer");
}

#[test]
fn an_answer_that_is_not_for_this_request_is_refused_and_no_token_asked_for() {
    let mut world = World::new(raw("AAD"), |document| document["authorization_response_iss_parameter_supported"] = json!(true));
    let issuer = world.metadata.issuer().to_owned();
    let other = "p.BBBBBBBBBBBBBBBBBBBBBB";

    world.returns(move |_| fragment(&[("code", CODE), ("state", other)]));
    assert_eq!(refused(&mut world, ask(&[])).code, ErrorCode::StateMismatch);
    world.returns(|visit| fragment(&[("code", CODE), ("state", visit.state())]));
    assert_eq!(refused(&mut world, ask(&[])).code, ErrorCode::IssuerMismatch);
    world.returns(|visit| fragment(&[("code", CODE), ("state", visit.state()), ("iss", "https://evil.com")]));
    assert_eq!(refused(&mut world, ask(&[])).code, ErrorCode::IssuerMismatch);
    world.returns(move |visit| fragment(&[("code", ""), ("state", visit.state()), ("iss", &issuer)]));
    assert_eq!(refused(&mut world, ask(&[])).code, ErrorCode::AuthorizationCodeMissingFromServerResponse);
    for rubbish in ["", "#", "#/home", "<html>", "#code=%ff&state=p.BBBBBBBBBBBBBBBBBBBBBB"] {
        world.returns(|_| rubbish.to_owned());
        assert_eq!(refused(&mut world, ask(&[])).code, ErrorCode::HashNotDeserialized);
    }
    assert!(world.provider.requests.is_empty(), "no code leaves this page before it is verified");
}

#[test]
fn a_user_who_says_no_keeps_the_old_session() {
    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    world.returns(|visit| fragment(&[("error", "access_denied"), ("error_subcode", "cancel"), ("state", visit.state())]));
    assert_eq!(refused(&mut world, ask(&["api.write"])).code, ErrorCode::UserCancelled);
    world.returns(|visit| fragment(&[("error", "access_denied"), ("state", visit.state())]));
    assert_eq!(refused(&mut world, ask(&["api.write"])).code, ErrorCode::ServerError);
    assert!(world.silent(&need(ADA, &["api.read"], None)).is_ok());
}

#[test]
fn an_id_token_that_does_not_belong_to_this_sign_in_is_refused() {
    for (claim, value, code) in [
        ("nonce", json!("another"), ErrorCode::NonceMismatch),
        ("nonce", json!(null), ErrorCode::NonceMismatch),
        ("iss", json!("https://evil.com"), ErrorCode::IssuerMismatch),
        ("aud", json!("other"), ErrorCode::AudienceMismatch),
        ("aud", json!(["spa", "other"]), ErrorCode::AudienceMismatch),
        ("azp", json!("other"), ErrorCode::AudienceMismatch),
        ("exp", json!(1), ErrorCode::IdTokenExpired),
        ("sub", json!(""), ErrorCode::TokenParsingError),
    ] {
        let mut world = World::aad();
        let name = value.clone();
        world.provider.grants(move |grant| grant.claims[claim] = value);
        assert_eq!(refused(&mut world, ask(&[])).code, code, "{claim} {name}");
    }
}

#[test]
fn the_nonce_of_an_earlier_sign_in_is_not_taken_again() {
    let mut world = World::aad();
    world.popup(ask(&[])).unwrap();
    let old = world.provider.visits[0].get("nonce").to_owned();
    world.provider.grants(move |grant| grant.claims["nonce"] = json!(old));
    assert_eq!(refused(&mut world, ask(&[])).code, ErrorCode::NonceMismatch);
}

#[test]
fn an_answer_without_an_id_token_signs_nobody_in() {
    let mut world = World::aad();
    world.provider.grants(|grant| grant.body["id_token"] = json!(null));
    assert_eq!(refused(&mut world, ask(&[])), Error::about(ErrorCode::FailedToParseResponse, "id_token"));
}

#[test]
fn whatever_the_token_endpoint_answers_a_failure_leaves_the_session_as_it_was() {
    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    for body in ["", "<html>", "{", "[]", "{}", "{\"access_token\":\"x\"}"] {
        world.provider.says(200, body);
        assert_eq!(refused(&mut world, ask(&["api.read"])).code, ErrorCode::FailedToParseResponse, "{body}");
    }
    world.provider.refuses(json!({ "error": "invalid_grant", "error_description": "the code was used before" }));
    assert_eq!(refused(&mut world, ask(&["api.read"])).code, ErrorCode::ServerError, "of a code, not of a refresh token");
    world.provider.is_unreachable();
    assert_eq!(refused(&mut world, ask(&["api.read"])).code, ErrorCode::PostRequestFailed);
    assert!(world.silent(&need(ADA, &["api.read"], None)).is_ok());
}

#[test]
fn a_store_that_is_full_leaves_the_session_as_it_was() {
    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    world.store.is_full = true;
    assert_eq!(refused(&mut world, ask(&["api.write"])).code, ErrorCode::CacheQuotaExceeded);
    world.provider.person = "bob";
    assert_eq!(refused(&mut world, ask(&["api.read"])).code, ErrorCode::CacheQuotaExceeded);
    assert_eq!(world.cache.accounts().count(), 1);
}

#[test]
fn nobody_else_may_come_back_where_somebody_was_asked_for() {
    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    world.provider.person = "bob";
    let bound = LoginRequest { account: Some(ADA.into()), is_bound_to_account: true, ..ask(&["api.read"]) };
    assert_eq!(refused(&mut world, bound), Error::new(ErrorCode::AccountMismatch));
    // An account that is only offered may be declined for another one.
    let offered = LoginRequest { account: Some(ADA.into()), ..ask(&["api.read"]) };
    assert_eq!(&*world.popup(offered).unwrap().account.home_account_id, "uid-bob.tenant-1");
}

#[test]
fn an_answer_is_used_once() {
    let mut world = World::aad();
    let mut login = world.login(ask(&[]), Flow::Popup).unwrap();
    let End::Granted(_) = world.run(&mut login, Input::Start).unwrap() else { panic!("a popup ends here") };
    let state = world.provider.visits[0].state().to_owned();
    let callback = Callback::parse(&fragment(&[("code", CODE), ("state", &state)])).unwrap();
    let error = login.step(Input::Returned(callback)).unwrap_err();
    assert_eq!(error, Error::new(ErrorCode::UnexpectedError), "a callback that is played again reaches nothing");
    assert_eq!(world.provider.requests.len(), 1);
}

#[test]
fn a_sign_in_that_was_refused_once_takes_no_better_answer() {
    let mut world = World::aad();
    let mut login = world.login(ask(&[]), Flow::Popup).unwrap();
    login.step(Input::Start).unwrap();
    let Step::Visit { url, .. } = login.step(Input::Digested([0; 32])).unwrap() else { panic!("it opens a window") };
    let state = world.provider.show(&url, None).state().to_owned();
    let answer = |state: &str| Input::Returned(Callback::parse(&fragment(&[("code", CODE), ("state", state)])).unwrap());
    assert_eq!(login.step(answer("p.BBBBBBBBBBBBBBBBBBBBBB")).unwrap_err().code, ErrorCode::StateMismatch);
    assert_eq!(login.step(answer(&state)).unwrap_err().code, ErrorCode::UnexpectedError);
}

#[test]
fn what_was_granted_lasts_as_long_as_the_provider_said_from_when_it_said_so() {
    let mut world = World::oidc();
    world.provider.grants(|grant| {
        grant.body["expires_in"] = json!("1200");
        grant.without("scope");
        grant.without("refresh_token");
    });
    let granted = world.popup(ask(&["api.read"])).unwrap();
    assert_eq!(granted.access_token.cached_on, world.now);
    assert_eq!(granted.access_token.expires_on, world.now.plus(1200));
    assert_eq!(granted.access_token.scopes.as_str(), "api.read openid profile offline_access", "silence grants what was asked");
    assert!(granted.refresh_token.is_none());
    assert_eq!(&*granted.account.environment, "login.example.com");
}
