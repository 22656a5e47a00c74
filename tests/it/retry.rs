//! What the fetch wrapper does with a response.

use base64::{Engine, prelude::BASE64_STANDARD};
use countersign::{
    error::{Error, ErrorCode},
    session::retry::{Retry, RetryInput, RetryStep},
};
use proptest::prelude::*;
use serde_json::{Value, json};

const CLAIMS: &str = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;

/// The field that asks for these claims, as Microsoft's APIs write it.
fn challenge(claims: &str) -> String {
    format!(
        r#"Bearer realm="", authorization_uri="https://login.example.com/authorize", error="insufficient_claims", claims="{}""#,
        BASE64_STANDARD.encode(claims)
    )
}

fn responded(status: u16, challenge: Option<&str>) -> RetryInput<'_> {
    RetryInput::Responded { status, challenge, is_superseded: false, is_replayable: true }
}

/// A policy whose request has been sent with a first token.
fn sent() -> Retry {
    let mut retry = Retry::default();
    assert_eq!(retry.step(RetryInput::Start), RetryStep::Acquire);
    assert_eq!(retry.step(RetryInput::Acquired), RetryStep::Send);
    retry
}

/// A policy that has been challenged and is about to get a better token.
fn challenged() -> Retry {
    let mut retry = sent();
    let step = retry.step(responded(401, Some(&challenge(CLAIMS))));
    assert_eq!(step, RetryStep::Renew { claims: CLAIMS.into() });
    retry
}

fn wants_user(claims: Option<&str>) -> Error {
    Error::new(ErrorCode::InteractionRequired).asking(claims.map(Into::into))
}

/// The claims that the user is asked for, as JSON; `null` where there are none.
fn asked(step: RetryStep) -> Value {
    match step {
        RetryStep::Interact(error) => error.claims.clone().map_or(Value::Null, |claims| serde_json::from_str(&claims).unwrap()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_first_response_is_the_callers_unless_it_asks_for_another_token() {
    let plain = challenge(CLAIMS);
    let other_line = format!(r#"Basic realm="a, b", {plain}"#);
    let azure = plain.replace("insufficient_claims", "invalid_token");
    let without_claims = r#"Bearer error="invalid_token""#;
    let unreadable = r#"Bearer error="insufficient_claims", claims="%%%""#;
    let no_object = format!(r#"Bearer error="insufficient_claims", claims="{}""#, BASE64_STANDARD.encode("[]"));
    let other_scheme = plain.replace("Bearer", "PoP");
    let contradiction = format!("{plain}, {}", challenge(&CLAIMS.replace("c1", "c2")));
    let renew = || RetryStep::Renew { claims: CLAIMS.into() };
    for (status, header, step) in [
        (200, None, RetryStep::Return),
        (200, Some(&*plain), RetryStep::Return),
        (302, Some(&plain), RetryStep::Return),
        (400, Some(&plain), RetryStep::Return),
        (404, Some(&plain), RetryStep::Return),
        (500, Some(&plain), RetryStep::Return),
        (0, Some(&plain), RetryStep::Return),
        (401, None, RetryStep::Return),
        (401, Some(""), RetryStep::Return),
        (401, Some("Bearer"), RetryStep::Return),
        (401, Some(without_claims), RetryStep::Renew { claims: String::new() }),
        (401, Some(unreadable), RetryStep::Return),
        (401, Some(&no_object), RetryStep::Return),
        (401, Some(&other_scheme), RetryStep::Return),
        (401, Some(&contradiction), RetryStep::Return),
        (403, None, RetryStep::Return),
        (401, Some(&plain), renew()),
        (401, Some(&other_line), renew()),
        (401, Some(&azure), renew()),
        (403, Some(&plain), renew()),
    ] {
        assert_eq!(sent().step(responded(status, header)), step, "{status} {header:?}");
    }
}

#[test]
fn a_challenge_is_answered_once_and_whatever_comes_then_is_the_callers() {
    let again = challenge(&CLAIMS.replace("c1", "c2"));
    for (status, header) in [(200, None), (401, None), (401, Some(&*again)), (401, Some("Bearer")), (403, Some(&again))] {
        let mut retry = challenged();
        assert!(retry.is_answering());
        assert_eq!(retry.step(RetryInput::Acquired), RetryStep::Send);
        assert_eq!(retry.step(responded(status, header)), RetryStep::Return, "{status} {header:?}");
    }
    assert!(!sent().is_answering());
}

#[test]
fn a_request_that_cannot_be_sent_again_is_not_but_the_next_one_gets_a_better_token() {
    let header = challenge(CLAIMS);
    for is_superseded in [false, true] {
        for outcome in [
            RetryInput::Acquired,
            RetryInput::Refused(wants_user(None)),
            RetryInput::Refused(ErrorCode::PostRequestFailed.into()),
        ] {
            let mut retry = sent();
            let input = RetryInput::Responded { status: 401, challenge: Some(&header), is_superseded, is_replayable: false };
            let renew = RetryStep::Renew { claims: CLAIMS.into() };
            assert_eq!(retry.step(input), if is_superseded { RetryStep::Acquire } else { renew });
            assert_eq!(retry.step(outcome), RetryStep::Return, "nobody is asked for a request that is over");
        }
    }
    let fine = RetryInput::Responded { status: 200, challenge: None, is_superseded: false, is_replayable: false };
    assert_eq!(sent().step(fine), RetryStep::Return);
}

#[test]
fn a_token_that_was_replaced_meanwhile_is_caught_up_with_once() {
    let header = challenge(CLAIMS);
    let superseded = || RetryInput::Responded { status: 401, challenge: Some(&header), is_superseded: true, is_replayable: true };
    let mut retry = sent();
    assert_eq!(retry.step(superseded()), RetryStep::Acquire, "another request has had the answer to this challenge");
    assert!(!retry.is_answering());
    assert_eq!(retry.step(RetryInput::Acquired), RetryStep::Send);
    assert_eq!(retry.step(superseded()), RetryStep::Renew { claims: CLAIMS.into() }, "then it is answered for itself");
    assert_eq!(retry.step(RetryInput::Acquired), RetryStep::Send);
    assert_eq!(retry.step(superseded()), RetryStep::Return);

    let fine = RetryInput::Responded { status: 200, challenge: None, is_superseded: true, is_replayable: true };
    assert_eq!(sent().step(fine), RetryStep::Return, "a newer token is no reason to ask again for what has come");
}

#[test]
fn the_user_is_asked_for_what_the_api_and_the_provider_want_together() {
    let api = serde_json::from_str::<Value>(CLAIMS).unwrap();
    let device = r#"{"access_token":{"deviceid":{"essential":true}},"id_token":{"auth_time":null}}"#;
    let both = json!({
        "access_token": { "acrs": { "essential": true, "value": "c1" }, "deviceid": { "essential": true } },
        "id_token": { "auth_time": null },
    });
    assert_eq!(asked(challenged().step(RetryInput::Refused(wants_user(Some(device))))), both);
    assert_eq!(asked(challenged().step(RetryInput::Refused(wants_user(None)))), api);
    assert_eq!(asked(challenged().step(RetryInput::Refused(wants_user(Some("{}"))))), api);
    assert_eq!(asked(challenged().step(RetryInput::Refused(ErrorCode::NoTokensFound.into()))), api);
    let other = CLAIMS.replace("c1", "c2");
    let told = asked(challenged().step(RetryInput::Refused(wants_user(Some(&other)))));
    assert_eq!(told["access_token"]["acrs"]["value"], "c2", "the provider knows what it will grant");
}

#[test]
fn claims_of_the_provider_that_are_none_are_not_passed_on() {
    let api = serde_json::from_str::<Value>(CLAIMS).unwrap();
    for rubbish in ["", "<html>", "{", "[]", "null", "e30="] {
        assert_eq!(asked(challenged().step(RetryInput::Refused(wants_user(Some(rubbish))))), api, "{rubbish}");
        let mut first = Retry::default();
        first.step(RetryInput::Start);
        assert_eq!(asked(first.step(RetryInput::Refused(wants_user(Some(rubbish))))), Value::Null, "{rubbish}");
    }
}

#[test]
fn a_first_token_that_needs_the_user_is_asked_of_the_user() {
    let mut retry = Retry::default();
    retry.step(RetryInput::Start);
    let device = r#"{"access_token":{"deviceid":null}}"#;
    assert_eq!(asked(retry.step(RetryInput::Refused(wants_user(Some(device))))), serde_json::from_str::<Value>(device).unwrap());
    assert_eq!(retry.step(RetryInput::Acquired), RetryStep::Send);
    assert_eq!(retry.step(responded(200, None)), RetryStep::Return);
}

#[test]
fn only_the_providers_word_sends_the_user_anywhere() {
    for code in ErrorCode::ALL {
        let step = challenged().step(RetryInput::Refused((*code).into()));
        match code {
            ErrorCode::InteractionRequired | ErrorCode::NoTokensFound => {
                assert!(matches!(step, RetryStep::Interact(_)), "{code:?}")
            }
            _ => assert_eq!(step, RetryStep::Fail((*code).into()), "{code:?}"),
        }
    }
}

#[test]
fn a_token_that_is_invalid_for_no_reason_is_replaced_by_any_other_and_the_user_asked_for_nothing_more() {
    let mut retry = sent();
    assert_eq!(retry.step(responded(401, Some(r#"Bearer error="invalid_token""#))), RetryStep::Renew { claims: String::new() });
    assert_eq!(asked(retry.step(RetryInput::Refused(wants_user(None)))), Value::Null);
    assert_eq!(retry.step(RetryInput::Acquired), RetryStep::Send);
    assert_eq!(
        retry.step(responded(401, Some(&challenge(CLAIMS)))),
        RetryStep::Return,
        "one challenge is answered for each request"
    );
}

#[test]
fn what_the_provider_said_reaches_the_caller_whole() {
    let error = Error::about(ErrorCode::ServerError, "detail").asking(Some("{}".into()));
    assert_eq!(challenged().step(RetryInput::Refused(error.clone())), RetryStep::Fail(error));
}

#[test]
fn a_user_who_was_asked_is_not_asked_again() {
    for refusal in [wants_user(None), wants_user(Some(CLAIMS)), ErrorCode::NoTokensFound.into(), ErrorCode::UserCancelled.into()]
    {
        let mut retry = challenged();
        assert!(matches!(retry.step(RetryInput::Refused(wants_user(None))), RetryStep::Interact(_)));
        assert_eq!(retry.step(RetryInput::Refused(refusal.clone())), RetryStep::Fail(refusal));
    }
    let mut retry = Retry::default();
    retry.step(RetryInput::Start);
    retry.step(RetryInput::Refused(wants_user(None)));
    retry.step(RetryInput::Acquired);
    assert_eq!(retry.step(responded(401, Some(&challenge(CLAIMS)))), RetryStep::Renew { claims: CLAIMS.into() });
    let refusal = wants_user(None);
    assert_eq!(
        retry.step(RetryInput::Refused(refusal.clone())),
        RetryStep::Fail(refusal),
        "once for a request, not once for a token"
    );
}

/// Any answer that the world can give to a step.
fn answer() -> impl Strategy<Value = (bool, bool, u16, bool, bool, bool)> {
    let status = prop::sample::select(vec![200, 401, 403, 500]);
    (any::<bool>(), any::<bool>(), status, any::<bool>(), any::<bool>(), any::<bool>())
}

proptest! {
    #[test]
    fn whatever_the_world_answers_a_request_is_sent_three_times_at_most_and_the_user_asked_once(
        answers in prop::collection::vec(answer(), 20)
    ) {
        let header = challenge(CLAIMS);
        let (mut retry, mut input) = (Retry::default(), RetryInput::Start);
        let (mut sends, mut questions, mut renewals, mut is_over) = (0, 0, 0, false);
        for (is_granted, wants, status, has_challenge, is_superseded, is_replayable) in answers {
            let refusal = if wants { ErrorCode::InteractionRequired } else { ErrorCode::ServerError };
            let token = if is_granted { RetryInput::Acquired } else { RetryInput::Refused(refusal.into()) };
            let challenge = has_challenge.then_some(&*header);
            input = match retry.step(input) {
                RetryStep::Fail(_) | RetryStep::Return => {
                    is_over = true;
                    break;
                }
                RetryStep::Acquire => token,
                RetryStep::Renew { .. } => {
                    renewals += 1;
                    token
                }
                RetryStep::Interact(_) => {
                    questions += 1;
                    token
                }
                RetryStep::Send => {
                    sends += 1;
                    RetryInput::Responded { status, challenge, is_superseded, is_replayable }
                }
            };
        }
        prop_assert!(is_over);
        // The first token, one that another request got meanwhile, and the answer to the challenge.
        prop_assert!(sends <= 3 && questions <= 1 && renewals <= 1);
    }
}
