//! The OpenID Foundation's tests of relying parties, played by the harness. `tests/README.md` says which module is which test, and why some are
//! none. A test that a module fails must, beside the error, leave nothing of the answer behind.

use std::{fs, path::Path};

use countersign::{
    error::{Error, ErrorCode},
    protocol::{
        authority::{Authority, ProtocolMode},
        metadata::Metadata,
    },
};
use serde_json::{Value, json};

use crate::world::{
    AUTHORITY, AUTHORIZATION_ENDPOINT, CODE, SUB_ADA, TOKEN_ENDPOINT, World, ask, discovery, fragment, need, raw, response,
    unsigned,
};

/// What a sign-in ends with whose ID token has its claims edited. Nobody is signed in, and no token is in any cache.
fn sign_in(edit: impl Fn(&mut Value) + 'static) -> Result<World, Error> {
    let mut world = World::oidc();
    world.provider.grants(move |grant| edit(&mut grant.claims));
    signed_in(world)
}

fn signed_in(mut world: World) -> Result<World, Error> {
    match world.popup(ask(&["api.read"])) {
        Ok(_) => Ok(world),
        Err(error) => {
            assert_eq!(world.cache.accounts().count(), 0, "nobody is signed in");
            assert!(world.store.items().is_empty(), "nothing is stored");
            Err(error)
        }
    }
}

fn refused(edit: impl Fn(&mut Value) + 'static) -> Error {
    sign_in(edit).map(drop).expect_err("the ID token is refused")
}

fn without(claim: &'static str) -> Error {
    refused(move |claims| {
        claims.as_object_mut().unwrap().remove(claim);
    })
}

/// As the suite makes a wrong value of a right one.
fn and_1(claim: &'static str) -> Error {
    refused(move |claims| claims[claim] = json!(format!("{}1", claims[claim].as_str().unwrap())))
}

/// What a sign-in ends with that comes back with this, or with what `answer` makes of the state.
fn comes_back(sends_iss: bool, answer: impl Fn(&str) -> String + 'static) -> Result<World, Error> {
    let mut world = World::new(raw("OIDC"), |document| {
        document["authorization_response_iss_parameter_supported"] = json!(sends_iss);
    });
    world.returns(move |visit| answer(visit.state()));
    let outcome = world.popup(ask(&["api.read"])).map(drop);
    assert_eq!(world.provider.requests.len(), usize::from(outcome.is_ok()), "a code that is refused is redeemed nowhere");
    outcome.map(|()| world)
}

#[test]
fn a_user_signs_in_with_a_code() {
    let world = sign_in(|_| {}).unwrap();
    let [visit] = &*world.provider.visits else { panic!("one visit") };
    assert_eq!((visit.endpoint.as_str(), visit.get("response_type")), (AUTHORIZATION_ENDPOINT, "code"));
    assert_eq!(world.provider.last().get("grant_type"), Some("authorization_code"));
    assert!(world.cache.entry(SUB_ADA).is_some());
    assert_eq!(world.cached(SUB_ADA, need(SUB_ADA, &["api.read"], None).scopes()).as_deref(), Some("access-1-SECRET"));
}

#[test]
fn the_scopes_that_are_asked_for_are_sent_and_nothing_more_than_openid_needs() {
    let mut world = World::oidc();
    world.popup(ask(&["profile", "email", "address", "phone"])).unwrap();
    let mut scopes: Vec<_> = world.provider.visits[0].get("scope").split(' ').collect();
    scopes.sort_unstable();
    assert_eq!(scopes, ["address", "email", "offline_access", "openid", "phone", "profile"]);
}

#[test]
fn an_id_token_of_another_issuer_is_refused() {
    assert_eq!(and_1("iss"), Error::about(ErrorCode::IssuerMismatch, "iss"));
}

#[test]
fn an_id_token_without_an_issuer_is_refused() {
    assert_eq!(without("iss"), Error::about(ErrorCode::TokenParsingError, "iss"));
}

#[test]
fn an_id_token_about_nobody_is_refused() {
    assert_eq!(without("sub"), Error::about(ErrorCode::TokenParsingError, "sub"));
}

#[test]
fn an_id_token_for_another_client_is_refused() {
    assert_eq!(and_1("aud"), Error::about(ErrorCode::AudienceMismatch, "aud"));
}

#[test]
fn an_id_token_for_nobody_is_refused() {
    assert_eq!(without("aud"), Error::about(ErrorCode::TokenParsingError, "aud"));
}

#[test]
fn an_id_token_for_an_unknown_client_too_is_refused() {
    let error = refused(|claims| claims["aud"] = json!([claims["aud"], "unknown-client"]));
    assert_eq!(error, Error::about(ErrorCode::AudienceMismatch, "aud"));
}

#[test]
fn an_id_token_for_a_list_of_this_client_alone_is_taken() {
    assert!(sign_in(|claims| claims["aud"] = json!([claims["aud"]])).is_ok());
}

#[test]
fn an_id_token_that_does_not_say_when_it_was_made_is_refused() {
    assert_eq!(without("iat"), Error::about(ErrorCode::TokenParsingError, "iat"));
}

#[test]
fn an_id_token_that_does_not_end_is_refused() {
    assert_eq!(without("exp"), Error::about(ErrorCode::TokenParsingError, "exp"));
}

#[test]
fn an_id_token_that_ended_more_than_five_minutes_ago_is_refused() {
    let error = refused(|claims| claims["exp"] = json!(claims["iat"].as_u64().unwrap() - 301));
    assert_eq!(error, Error::about(ErrorCode::IdTokenExpired, "exp"));
}

#[test]
fn an_id_token_with_another_nonce_is_refused() {
    assert_eq!(and_1("nonce"), Error::new(ErrorCode::NonceMismatch));
}

#[test]
fn an_id_token_without_the_nonce_is_refused() {
    assert_eq!(without("nonce"), Error::new(ErrorCode::NonceMismatch));
}

/// A sign-in whose ID token has this header.
fn with_header(header: Value) -> Result<World, Error> {
    let mut world = World::oidc();
    world.provider.grants(move |grant| grant.body["id_token"] = json!(unsigned(&header, &grant.claims)));
    signed_in(world)
}

#[test]
fn an_id_token_that_is_not_signed_is_refused() {
    let error = with_header(json!({ "alg": "none" })).map(drop).unwrap_err();
    assert_eq!(error, Error::about(ErrorCode::TokenParsingError, "alg"));
}

#[test]
fn an_id_token_signed_with_a_secret_that_a_public_client_does_not_have_is_refused() {
    for alg in ["HS256", "HS384", "HS512"] {
        let error = with_header(json!({ "alg": alg })).map(drop).unwrap_err();
        assert_eq!(error, Error::about(ErrorCode::TokenParsingError, "alg"));
    }
}

#[test]
fn an_id_token_signed_with_rs256_is_taken() {
    assert!(with_header(json!({ "alg": "RS256", "kid": "key-1" })).is_ok());
}

#[test]
fn an_id_token_that_does_not_name_its_key_is_taken() {
    assert!(with_header(json!({ "alg": "RS256" })).is_ok());
}

#[test]
fn the_providers_configuration_is_read_and_used() {
    let mut world = World::new(raw("OIDC"), |document| {
        document["authorization_endpoint"] = json!("https://login.example.com/elsewhere/authorize");
    });
    let authority = Authority::new(AUTHORITY, ProtocolMode::Oidc).unwrap();
    assert_eq!(authority.discovery_request().url, "https://login.example.com/tenant/.well-known/openid-configuration");
    world.popup(ask(&[])).unwrap();
    assert_eq!(world.provider.visits[0].endpoint, "https://login.example.com/elsewhere/authorize");
    assert_eq!(world.provider.urls.last().map(String::as_str), Some(TOKEN_ENDPOINT));
}

#[test]
fn a_configuration_of_another_issuer_is_refused() {
    let authority = Authority::new(AUTHORITY, ProtocolMode::Oidc).unwrap();
    let document = |issuer: &str| Metadata::decode(&authority, &response(200, &discovery(issuer).to_string()));
    assert!(document(AUTHORITY).is_ok());
    let error = document(&format!("{AUTHORITY}INVALID")).map(drop).unwrap_err();
    assert_eq!(error.code, ErrorCode::IssuerValidationFailed);
}

/// A refresh whose ID token has its claims edited.
fn refresh(edit: impl Fn(&mut Value) + 'static) -> Result<World, Error> {
    let mut world = sign_in(|_| {}).unwrap();
    let before = world.snapshot();
    world.provider.grants(move |grant| edit(&mut grant.claims));
    match world.refresh(&need(SUB_ADA, &["api.read"], None)) {
        Ok(_) => Ok(world),
        Err(error) => {
            assert_eq!(world.snapshot(), before, "nothing of the answer is kept");
            Err(error)
        }
    }
}

#[test]
fn a_refresh_token_brings_a_new_token() {
    let world = refresh(|_| {}).unwrap();
    assert_eq!(world.provider.last().get("refresh_token"), Some("refresh-1-SECRET"));
    assert_eq!(world.cached(SUB_ADA, need(SUB_ADA, &["api.read"], None).scopes()).as_deref(), Some("access-2-SECRET"));
}

#[test]
fn a_refreshed_id_token_of_another_issuer_is_refused() {
    let error = refresh(|claims| claims["iss"] = json!(format!("{AUTHORITY}1"))).map(drop).unwrap_err();
    assert_eq!(error.code, ErrorCode::IssuerMismatch);
}

#[test]
fn a_refreshed_id_token_about_somebody_else_is_refused() {
    let error = refresh(|claims| claims["sub"] = json!(format!("{SUB_ADA}1"))).map(drop).unwrap_err();
    assert_eq!(error.code, ErrorCode::AccountMismatch);
}

#[test]
fn a_refreshed_id_token_for_another_client_is_refused() {
    let error = refresh(|claims| claims["aud"] = json!("other")).map(drop).unwrap_err();
    assert_eq!(error.code, ErrorCode::AudienceMismatch);
}

#[test]
fn a_refreshed_id_token_issued_to_another_party_is_refused() {
    let error = refresh(|claims| claims["azp"] = json!("other")).map(drop).unwrap_err();
    assert_eq!(error.code, ErrorCode::AudienceMismatch);
}

#[test]
fn each_refresh_uses_the_token_that_the_last_one_brought() {
    let mut world = sign_in(|_| {}).unwrap();
    for spent in ["refresh-1-SECRET", "refresh-2-SECRET"] {
        // The API has refused the token that there is.
        let need = need(SUB_ADA, &["api.read"], None);
        let refused = world.cached(SUB_ADA, need.scopes()).unwrap();
        let change = world.cache.purge(SUB_ADA, &refused).unwrap();
        world.apply(change).unwrap();
        assert_ne!(world.silent(&need).unwrap(), refused);
        assert_eq!(world.provider.last().get("refresh_token"), Some(spent));
    }
    let refresh_token = world.cache.entry(SUB_ADA).unwrap().refresh_token.as_ref().unwrap();
    assert!(refresh_token.is("refresh-3-SECRET"));
    assert_eq!(world.provider.visits.len(), 1, "nobody was asked");
}

#[test]
fn an_answer_of_another_issuer_is_refused() {
    let answer = |state: &str| fragment(&[("code", CODE), ("state", state), ("iss", "https://login.example.com/tenant1")]);
    for is_promised in [true, false] {
        assert_eq!(comes_back(is_promised, answer).map(drop), Err(Error::about(ErrorCode::IssuerMismatch, "iss")));
    }
}

#[test]
fn an_answer_without_the_promised_issuer_is_refused() {
    let answer = |state: &str| fragment(&[("code", CODE), ("state", state)]);
    assert_eq!(comes_back(true, answer).map(drop), Err(Error::about(ErrorCode::IssuerMismatch, "iss")));
    assert!(comes_back(false, answer).is_ok());
}

#[test]
fn an_answer_with_another_state_is_refused() {
    let answer = |_: &str| fragment(&[("code", CODE), ("state", "p.BBBBBBBBBBBBBBBBBBBBBB"), ("iss", AUTHORITY)]);
    assert_eq!(comes_back(true, answer).map(drop), Err(Error::new(ErrorCode::StateMismatch)));
}

#[test]
fn an_answer_without_a_state_is_refused() {
    let answer = |_: &str| fragment(&[("code", CODE), ("iss", AUTHORITY)]);
    assert_eq!(comes_back(true, answer).map(drop).unwrap_err().code, ErrorCode::HashNotDeserialized);
}

#[test]
fn bearer_is_bearer_in_any_case() {
    for kind in ["Bearer", "bearer", "bEaReR"] {
        let mut world = World::oidc();
        world.provider.grants(move |grant| grant.body["token_type"] = json!(kind));
        assert!(signed_in(world).is_ok(), "{kind}");
    }
}

#[test]
fn a_token_whose_life_is_not_said_is_used() {
    let mut world = World::oidc();
    world.provider.grants(|grant| grant.without("expires_in"));
    let world = signed_in(world).unwrap();
    assert!(world.cached(SUB_ADA, need(SUB_ADA, &["api.read"], None).scopes()).is_some());
}

#[test]
fn every_test_that_the_readme_names_is_there_and_every_test_of_this_file_is_named_in_it() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let readme = fs::read_to_string(tests.join("README.md")).unwrap();
    let named: Vec<&str> = readme.split('`').skip(1).step_by(2).filter(|name| name.contains("::")).collect();
    for name in &named {
        let (file, function) = name.split_once("::").unwrap();
        let source = fs::read_to_string(tests.join("it").join(file).with_extension("rs")).unwrap_or_default();
        assert!(source.contains(&format!("#[test]\nfn {function}()")), "tests/it/{file}.rs has no test {function}");
    }
    let own = include_str!("conformance.rs").split("#[test]\nfn ").skip(1).filter_map(|text| text.split_once("()"));
    for (function, _) in own.filter(|(function, _)| !function.starts_with("every_test_that_the_readme_names")) {
        assert!(named.contains(&&*format!("conformance::{function}")), "{function} is in no table");
    }
}
