//! What waits in storage while the page is away.

use std::rc::Rc;

use countersign::{
    protocol::{
        authority::ProtocolMode,
        authorize::{Pending, Seeds},
        state::Flow,
        time::UnixSeconds,
    },
    session::login::LoginRequest,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::{ADA, AUTHORITY, VERIFIER, World, ask, raw, seeds};

/// A request in which everything that can be said is said.
fn full() -> LoginRequest {
    LoginRequest {
        claims: Some(r#"{"access_token":{"acrs":{"value":"c\"1"}}}"#.into()),
        account: Some(ADA.into()),
        is_bound_to_account: true,
        state: Some("/cart?a=\"1\"\n|é😀".into()),
        correlation_id: "correlation-1".into(),
        max_age: Some(600),
        acr_values: "gold \"silver\"".into(),
        resend: Some(r#"{"url":"https://api.example.com/"}"#.into()),
        ..ask(&["api.read", "api.write"])
    }
}

fn pending(mode: &str, request: LoginRequest, seeds: &Seeds) -> Pending {
    let world = World::new(raw(mode), |document| document["authorization_response_iss_parameter_supported"] = json!(true));
    let request = request.plan(&world.config, &world.cache).unwrap();
    request.pending(&world.config.authority, &Rc::clone(&world.metadata), Flow::Redirect, seeds)
}

fn text() -> String {
    pending("AAD", full(), &seeds(1)).to_text()
}

fn as_json() -> Value {
    serde_json::from_str(&text()).expect("another reader of JSON can read it")
}

#[test]
fn nothing_is_lost_while_the_page_is_away() {
    for (mode, dialect) in [("AAD", ProtocolMode::Aad), ("OIDC", ProtocolMode::Oidc)] {
        for request in [full(), ask(&[])] {
            let before = pending(mode, request, &seeds(1));
            let after = Pending::from_text(&before.to_text()).unwrap();
            assert_eq!(format!("{after:?}"), format!("{before:?}"));
            assert_eq!(after.verifier().reveal(), VERIFIER);
            assert_eq!(after.mode(), dialect);
            assert_eq!(after.to_text(), before.to_text());
        }
    }
    let after = Pending::from_text(&text()).unwrap();
    assert_eq!(after.state().user(), Some("/cart?a=\"1\"\n|é😀"));
    assert_eq!((after.account(), after.correlation_id(), after.authority()), (Some(ADA), "correlation-1", AUTHORITY));
    assert_eq!(after.resend(), full().resend.as_deref());
    assert_eq!(after.scopes().as_str(), "api.read api.write openid profile offline_access");
}

#[test]
fn the_issuer_and_the_nonce_of_the_request_are_expected_of_its_answer() {
    let after = Pending::from_text(&text()).unwrap();
    let expected = after.expected(UnixSeconds(1));
    assert_eq!((expected.issuer, expected.client_id), ("https://login.example.com/tenant/v2.0", "spa"));
    assert_eq!(expected.nonce, as_json()["nonce"].as_str());
}

#[test]
fn what_its_answer_must_meet_goes_along() {
    let after = Pending::from_text(&text()).unwrap();
    let expected = after.expected(UnixSeconds(1));
    assert_eq!(expected.acr_values, "gold \"silver\"");
    assert_eq!((expected.max_age, expected.claims), (Some(600), r#"{"access_token":{"acrs":{"value":"c\"1"}}}"#));
    let plain = Pending::from_text(&pending("OIDC", ask(&[]), &seeds(1)).to_text()).unwrap();
    assert_eq!((plain.expected(UnixSeconds(1)).max_age, plain.expected(UnixSeconds(1)).claims), (None, ""));
}

#[test]
fn a_text_without_one_of_its_members_is_refused() {
    let whole = as_json();
    for name in whole.as_object().unwrap().keys() {
        let mut broken = whole.clone();
        broken.as_object_mut().unwrap().remove(name);
        assert!(Pending::from_text(&broken.to_string()).is_none(), "without {name}");
        broken[name] = json!({});
        assert!(Pending::from_text(&broken.to_string()).is_none(), "with a strange {name}");
    }
}

#[test]
fn a_text_of_another_version_is_refused() {
    for version in [json!(0), json!(1), json!(2), json!(4), json!("3"), json!(1.0), json!(null)] {
        let mut other = as_json();
        other["v"] = version;
        assert!(Pending::from_text(&other.to_string()).is_none(), "{other}");
    }
}

#[test]
fn a_foreign_or_a_broken_text_is_refused() {
    let whole = text();
    for broken in ["", "null", "{}", "[]", "{\"v\":3}", "undefined", "msal.interaction", &whole[1..], &format!("{whole}}}")] {
        assert!(Pending::from_text(broken).is_none(), "{broken}");
    }
    for end in 0..whole.len() {
        // Cut in the middle of a character it is no text that storage could give back.
        if let Some(cut) = whole.get(..end) {
            assert!(Pending::from_text(cut).is_none(), "cut at {end}");
        }
    }
    let mut other = as_json();
    other["state"] = json!("a state of another library");
    assert!(Pending::from_text(&other.to_string()).is_none());
}

proptest! {
    #[test]
    fn any_request_survives(
        user in prop::option::of(".*"), correlation_id in ".*", scope in ".*", account in prop::option::of(".+"), bytes: [u8; 16]
    ) {
        let request = LoginRequest {
            state: user,
            correlation_id,
            account,
            is_bound_to_account: true,
            ..ask(&[&*scope.split_whitespace().collect::<String>()])
        };
        let before = pending("OIDC", request, &Seeds { state: bytes, ..seeds(1) });
        let after = Pending::from_text(&before.to_text());
        prop_assert_eq!(format!("{:?}", after), format!("{:?}", Some(before)));
    }

    #[test]
    fn a_text_with_a_wrong_byte_is_refused_or_means_what_it_says(at in 0_usize..600, byte in "[\\x20-\\x7e]") {
        let mut text = text();
        let at = at % text.len();
        prop_assume!(text.is_char_boundary(at) && text.is_char_boundary(at + 1));
        text.replace_range(at..=at, &byte);
        if let Some(pending) = Pending::from_text(&text) {
            let again = Pending::from_text(&pending.to_text());
            prop_assert_eq!(format!("{:?}", again), format!("{:?}", Some(pending)));
        }
    }

    #[test]
    fn no_text_at_all_makes_it_panic(text in ".*|[{}\\[\\]:,\"a-z0-9\\\\]{0,60}") {
        prop_assert!(Pending::from_text(&text).is_none());
    }
}
