//! What a URL's fragment says, and whether it is believed.

use std::rc::Rc;

use countersign::{
    error::{Error, ErrorCode, ServerAnswer},
    protocol::{authorize::Pending, callback::Callback, state::Flow},
};
use proptest::prelude::*;
use serde_json::json;

use crate::world::{CODE, World, ask, assert_no_secret, fragment, raw, seeds};

/// A request by redirect that waits for its answer, to a provider that promises `iss` or does not.
fn pending(sends_iss: bool) -> Pending {
    let world = World::new(raw("AAD"), |document| document["authorization_response_iss_parameter_supported"] = json!(sends_iss));
    let request = ask(&["api.read"]).plan(&world.config, &world.cache).unwrap();
    request.pending(&world.config.authority, &Rc::clone(&world.metadata), Flow::Redirect, &seeds(1))
}

fn verify(pending: &Pending, parameters: &[(&str, &str)]) -> Result<(), Error> {
    let callback = Callback::parse(&fragment(parameters)).expect("it is a response of ours");
    callback.verify(pending).map(drop).inspect_err(|error| assert_no_secret(&format!("{error:?}")))
}

/// What becomes of a response with this error.
fn judged(parameters: &[(&str, &str)]) -> Error {
    let pending = pending(false);
    let state = pending.state().as_str();
    verify(&pending, &[&[("state", state)], parameters].concat()).unwrap_err()
}

const ISSUER: &str = "https://login.example.com/tenant/v2.0";
const STATE: &str = "r.AQEBAQEBAQEBAQEBAQEBAQ";

#[test]
fn what_is_no_response_of_ours_is_none() {
    for text in [
        "",
        "#",
        "#/route",
        "#/route?code=1",
        "code=1",
        "#code=1&state=",
        "#code=1&state=other-library",
        "#state=r.AQEBAQEBAQEBAQEBAQEBAQ",
        "#access_token=x&state=r.AQEBAQEBAQEBAQEBAQEBAQ",
        "#Code=1&state=r.AQEBAQEBAQEBAQEBAQEBAQ",
        "#code=1&state=r.AQEBAQEBAQEBAQEBAQEBAQ&error_description=%ff",
        "##code=1&state=r.AQEBAQEBAQEBAQEBAQEBAQ",
        "?code=1&state=r.AQEBAQEBAQEBAQEBAQEBAQ",
    ] {
        let callback = Callback::parse(text);
        assert!(callback.is_none(), "{text}: {callback:?}");
    }
}

#[test]
fn a_response_is_read_with_and_without_its_hash() {
    for text in [
        "#code=1&state=r.AQEBAQEBAQEBAQEBAQEBAQ",
        "state=r.AQEBAQEBAQEBAQEBAQEBAQ&error=x",
        "&&code=&state=r.AQEBAQEBAQEBAQEBAQEBAQ%7Cx",
    ] {
        assert_eq!(Callback::parse(text).unwrap().state().id(), STATE, "{text}");
    }
}

#[test]
fn the_answer_to_the_request_is_believed() {
    assert_eq!(verify(&pending(false), &[("code", CODE), ("state", STATE)]), Ok(()));
    assert_eq!(
        verify(&pending(false), &[("code", CODE), ("state", STATE), ("session_state", "x"), ("client_info", "y")]),
        Ok(())
    );
    assert_eq!(verify(&pending(true), &[("code", CODE), ("state", STATE), ("iss", ISSUER)]), Ok(()));
}

#[test]
fn another_state_is_refused() {
    let foreign = "r.AgICAgICAgICAgICAgICAg";
    for state in [
        foreign,
        "p.AQEBAQEBAQEBAQEBAQEBAQ",
        "r.AQEBAQEBAQEBAQEBAQEBAQ|",
        "r.AQEBAQEBAQEBAQEBAQEBAQ|cart",
        "r.AQEBAQEBAQEBAQEBAQEBAq",
    ] {
        let error = verify(&pending(false), &[("code", CODE), ("state", state)]).unwrap_err();
        assert_eq!(error, Error::new(ErrorCode::StateMismatch), "{state}");
    }
    // A forged error must not end a sign-in that is under way, nor bring its text before the user.
    let error =
        verify(&pending(false), &[("error", "access_denied"), ("error_subcode", "cancel"), ("state", foreign)]).unwrap_err();
    assert_eq!(error, Error::new(ErrorCode::StateMismatch));
}

#[test]
fn another_issuer_is_refused_whether_promised_or_not_and_in_errors_too() {
    let issuers = [
        "https://evil.com",
        "",
        "https://login.example.com/tenant/v2.0/",
        "https://login.example.com/tenant",
        "https://LOGIN.example.com/tenant/v2.0",
    ];
    for sends_iss in [true, false] {
        for issuer in issuers {
            for answer in [("code", CODE), ("error", "access_denied")] {
                let error = verify(&pending(sends_iss), &[answer, ("state", STATE), ("iss", issuer)]).unwrap_err();
                assert_eq!(error, Error::about(ErrorCode::IssuerMismatch, "iss"), "{issuer}");
            }
        }
    }
}

#[test]
fn a_promised_issuer_that_is_missing_is_refused() {
    for answer in [("code", CODE), ("error", "server_error")] {
        let error = verify(&pending(true), &[answer, ("state", STATE)]).unwrap_err();
        assert_eq!(error, Error::about(ErrorCode::IssuerMismatch, "iss"));
    }
}

#[test]
fn a_parameter_that_comes_twice_is_refused_even_where_both_agree() {
    for name in ["state", "iss", "error", "code"] {
        let value = match name {
            "state" => STATE,
            "iss" => ISSUER,
            _ => "x",
        };
        let mut parameters = vec![("code", "x"), ("state", STATE), ("iss", ISSUER)];
        if name == "error" {
            parameters.push((name, value));
        }
        for twin in [value, "another"] {
            let error = verify(&pending(true), &[&*parameters, &[(name, twin)]].concat()).unwrap_err();
            assert_eq!(error, Error::about(ErrorCode::HashNotDeserialized, name));
        }
    }
}

#[test]
fn a_response_with_neither_a_code_nor_an_error_is_refused() {
    let error = verify(&pending(false), &[("code", ""), ("state", STATE)]).unwrap_err();
    assert_eq!(error, Error::new(ErrorCode::AuthorizationCodeMissingFromServerResponse));
}

#[test]
fn an_error_beside_a_code_is_an_error() {
    let pending = pending(false);
    let error = verify(&pending, &[("code", CODE), ("error", "temporarily_unavailable"), ("state", STATE)]).unwrap_err();
    assert_eq!(error.code, ErrorCode::ServerError);
}

#[test]
fn the_providers_error_means_what_its_code_says() {
    for (error, subcode, code) in [
        ("interaction_required", "", ErrorCode::InteractionRequired),
        ("login_required", "", ErrorCode::InteractionRequired),
        ("consent_required", "", ErrorCode::InteractionRequired),
        ("invalid_grant", "basic_action", ErrorCode::InteractionRequired),
        ("access_denied", "cancel", ErrorCode::UserCancelled),
        ("access_denied", "", ErrorCode::ServerError),
        ("access_denied", "cancelled", ErrorCode::ServerError),
        ("server_error", "cancel", ErrorCode::ServerError),
        ("invalid_request", "", ErrorCode::ServerError),
        ("Interaction_Required", "", ErrorCode::ServerError),
        ("", "", ErrorCode::ServerError),
    ] {
        assert_eq!(judged(&[("error", error), ("error_subcode", subcode)]).code, code, "{error} {subcode}");
    }
    assert_eq!(judged(&[("error", "access_denied"), ("suberror", "cancel")]).code, ErrorCode::UserCancelled);
}

#[test]
fn a_word_in_a_description_decides_nothing() {
    for words in
        ["login_required", "interaction_required: sign in again", "AADSTS50076 ... consent_required", "the user pressed cancel"]
    {
        let error = judged(&[("error", "access_denied"), ("error_description", words)]);
        assert_eq!(error.code, ErrorCode::ServerError, "{words}");
        assert_eq!(error.server.clone().unwrap().description.as_deref(), Some(words));
    }
}

#[test]
fn what_the_provider_said_is_kept_with_its_claims() {
    let claims = r#"{"access_token":{"acrs":{"value":"c1"}}}"#;
    let error = judged(&[
        ("error", "interaction_required"),
        ("error_description", "step up"),
        ("error_subcode", "s"),
        ("error_uri", "https://login.microsoftonline.com/error?code=50076"),
        ("trace_id", "t-1"),
        ("timestamp", "2026-11-22 01:02:03Z"),
        ("correlation_id", "c-1"),
        ("claims", claims),
    ]);
    let server = ServerAnswer {
        error: "interaction_required".into(),
        description: Some("step up".into()),
        suberror: Some("s".into()),
        error_codes: vec![50076],
        trace_id: Some("t-1".into()),
        timestamp: Some("2026-11-22 01:02:03Z".into()),
        correlation_id: Some("c-1".into()),
        status: 0,
        retry_after: None,
    };
    assert_eq!(error.server.as_deref(), Some(&server));
    assert_eq!(error.claims.as_deref(), Some(claims));
}

#[test]
fn the_number_of_a_refusal_is_read_from_where_it_is_explained() {
    for (uri, numbers) in [
        ("https://login.microsoftonline.com/error?code=50058", &[50058][..]),
        ("https://login.microsoftonline.com/error?code=50058&lc=1031", &[50058]),
        ("https://login.example.com/errors/login_required", &[]),
        ("https://login.example.com/error?code=x", &[]),
        ("https://login.example.com/error?code=4294967296", &[]),
        ("", &[]),
    ] {
        assert_eq!(
            judged(&[("error", "login_required"), ("error_uri", uri)]).server.clone().unwrap().error_codes,
            numbers,
            "{uri}"
        );
    }
}

#[test]
fn a_description_without_end_is_cut_between_characters() {
    let error = judged(&[("error", "server_error"), ("error_description", &"é".repeat(100_000))]);
    assert_eq!(error.server.clone().unwrap().description, Some("é".repeat(1024)));
}

proptest! {
    #[test]
    fn no_text_is_taken_for_the_answer_but_one_with_our_state_and_one_code(text in "(code=[a-z&=]{0,9}|state=r\\.AQEBAQEBAQEBAQEBAQEBA[Qq]|iss=.{0,9}|error=.{0,9}|&|%|.){0,9}") {
        if let Some(callback) = Callback::parse(&text)
            && callback.verify(&pending(false)).is_ok()
        {
            let mut parts = text.split('&').map(|part| part.trim_start_matches('#'));
            prop_assert!(parts.clone().any(|part| part == format!("state={STATE}")), "{}", text);
            prop_assert_eq!(parts.clone().filter(|part| part.starts_with("code=") || *part == "code").count(), 1);
            prop_assert!(!parts.any(|part| part.starts_with("error=")));
        }
    }

    #[test]
    fn a_state_that_differs_in_any_byte_is_refused(at in 2_usize..24, byte in "[A-Za-z0-9_-]") {
        let mut state = STATE.to_owned();
        state.replace_range(at..=at, &byte);
        prop_assume!(state != STATE);
        prop_assert_eq!(verify(&pending(false), &[("code", CODE), ("state", &state)]), Err(ErrorCode::StateMismatch.into()));
    }
}
