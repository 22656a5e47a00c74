//! What the fetch wrapper does with a response: what happens on the left, what is decided on the right.

use base64::{Engine, prelude::BASE64_STANDARD};
use countersign::{
    error::ErrorCode,
    session::{
        config::InteractionType,
        questions::Questions,
        retry::{Answer, RetryInput, is_callers},
    },
};
use proptest::prelude::*;

use crate::world::{ADA, need, request::*};

#[test]
fn a_first_response_is_the_callers_unless_it_asks_for_something_that_a_token_can_meet() {
    let plain = claims(A);
    let azure = plain.replace("insufficient_claims", "invalid_token");
    let no_object = format!(r#"Bearer error="insufficient_claims", claims="{}""#, BASE64_STANDARD.encode("[]"));
    let contradiction = format!("{plain}, {}", claims(r#"{"a":2}"#));
    let renews = r#"renew api.read {"a":1}"#;
    for (status, header, decision) in [
        (200, &*plain, "return"),
        (302, &plain, "return"),
        (400, &plain, "return"),
        (404, &plain, "return"),
        (500, &plain, "return"),
        (0, &plain, "return"),
        (401, "", "return"),
        (401, "Bearer", "return"),
        (401, NONCE, "return"),
        (401, r#"Bearer resource_metadata="https://evil.example/""#, "return"),
        (401, r#"Bearer error="insufficient_claims", claims="%%%""#, "return"),
        (401, &no_object, "return"),
        (401, &plain.replace("Bearer", "PoP"), "return"),
        (401, &contradiction, "return"),
        (401, &format!("{contradiction}, {INVALID}"), "return"),
        (403, r#"Bearer error="insufficient_scope""#, "return"),
        (401, r#"Bearer error="insufficient_user_authentication""#, "return"),
        (401, INVALID, "renew api.read"),
        (401, &plain, renews),
        (403, &plain, renews),
        (401, &azure, renews),
        (401, &format!(r#"Basic realm="a, b", {plain}"#), renews),
        (401, &format!("{INVALID}, {plain}"), renews),
        (401, &format!("{NONCE}, {plain}"), renews),
        (401, STEP_UP, "ask api.read gold silver within 60; -"),
        (401, r#"Bearer error="insufficient_user_authentication", max_age=0"#, "ask api.read within 0; -"),
        (403, SCOPE, "ask api.read api.write; -"),
        (401, SCOPE, "ask api.read api.write; -"),
    ] {
        let mut request = Request::sent();
        let mut decided = request.says(status, header);
        if decided.starts_with("catch up") {
            decided = request.step(RetryInput::Current);
        }
        assert_eq!(decided, decision, "{status} {header}");
    }
}

#[test]
fn several_kinds_at_once_are_met_by_one_token() {
    let (a, b) = (claims(A), claims(B));
    for (header, decision) in [
        (format!("{a}, {SCOPE}"), r#"ask api.read api.write {"a":1}; {"a":1}"#),
        (format!("{STEP_UP}, {a}"), r#"ask api.read gold silver {"a":1} within 60; {"a":1}"#),
        (format!("{SCOPE}, {STEP_UP}"), "ask api.read api.write gold silver within 60; -"),
        (format!(r#"{STEP_UP}, scope="x y""#), "ask api.read x y gold silver within 60; -"),
        (format!("{INVALID}, {SCOPE}"), "ask api.read api.write; -"),
        // Alternatives: the first one of a kind will do; claims that agree are one request.
        (format!(r#"{SCOPE}, Bearer error="insufficient_scope", scope="other""#), "ask api.read api.write; -"),
        (format!("{a}, {b}"), r#"renew api.read {"a":1,"b":2}"#),
    ] {
        let mut request = Request::sent();
        assert!(request.says(401, &header).starts_with("catch up"), "{header}");
        assert_eq!(request.step(RetryInput::Current), decision, "{header}");
    }
}

#[test]
fn each_kind_is_answered_once_three_in_all_and_what_comes_then_is_the_callers() {
    let (a, b) = (claims(A), claims(B));
    let renew = [(Same, r#"renew api.read {"a":1}"#), (Got, "send")];
    let [same, got] = renew;
    Request::sent().plays("the same again", &[(Says(401, &a), "catch up api.read"), same, got, (Says(401, &a), "return")]);
    for (name, second) in [("other claims", &*b), ("nothing readable", "Bearer"), ("a nonce", NONCE), ("an invalid token", &a)] {
        let answered = [(Says(401, &a), "catch up api.read"), (Same, r#"renew api.read {"a":1}"#), (Got, "send")];
        Request::sent().plays(name, &answered);
        let mut request = Request::sent();
        request.says(401, &a);
        request.step(RetryInput::Current);
        request.step(RetryInput::Acquired);
        assert_eq!(request.says(401, second), "return", "{name}");
    }
    Request::sent().plays(
        "an invalid token, then claims, then a scope, then a step-up",
        &[
            (Says(401, INVALID), "catch up api.read"),
            (Same, "renew api.read"),
            (Got, "send"),
            (Says(401, &a), "catch up api.read"),
            (Same, r#"renew api.read {"a":1}"#),
            (Got, "send"),
            (Says(403, SCOPE), "catch up api.read api.write"),
            (Same, r#"ask api.read api.write {"a":1}; {"a":1}"#),
            (Got, "send"),
            (Says(401, STEP_UP), "return"),
        ],
    );
    Request::sent().plays(
        "a second question",
        &[
            (Says(403, SCOPE), "catch up api.read api.write"),
            (Same, "ask api.read api.write; -"),
            (Got, "send"),
            (Says(401, STEP_UP), "catch up api.read api.write"),
            (Same, "return"),
        ],
    );
    Request::sent().plays(
        "a second question, of the provider",
        &[
            (Says(401, STEP_UP), "catch up api.read"),
            (Same, "ask api.read gold silver within 60; -"),
            (Got, "send"),
            (Says(401, &a), "catch up api.read"),
            (Same, r#"renew api.read gold silver {"a":1} within 60"#),
            (Wants(None), "return"),
        ],
    );
}

#[test]
fn a_token_that_was_replaced_meanwhile_is_tried_once_before_anybody_is_asked() {
    let a = claims(A);
    Request::sent().plays(
        "at once",
        &[
            (Says(401, &a), "catch up api.read"),
            (Other, "send"),
            // Then it is answered for itself.
            (Says(401, &a), r#"renew api.read {"a":1}"#),
            (Got, "send"),
            (Says(401, &a), "return"),
        ],
    );
    Request::sent().plays(
        "while the renewal waits for its turn",
        &[
            (Says(401, &a), "catch up api.read"),
            (Same, r#"renew api.read {"a":1}"#),
            (Other, "send"),
            (Says(401, &a), r#"renew api.read {"a":1}"#),
            (Got, "send"),
            (Says(401, &a), "return"),
        ],
    );
    Request::sent().plays(
        "while the question waits for its turn: it was not asked",
        &[
            (Says(403, SCOPE), "catch up api.read api.write"),
            (Same, "ask api.read api.write; -"),
            (Other, "send"),
            (Says(403, SCOPE), "ask api.read api.write; -"),
            (Got, "send"),
            (Says(403, SCOPE), "return"),
        ],
    );
    Request::sent().plays("no reason to ask again for what has come", &[(Says(200, ""), "return")]);
}

#[test]
fn a_request_that_cannot_be_sent_again_is_not_but_the_next_one_gets_a_better_token() {
    let a = claims(A);
    let renewed = [(SaysOnce(401, &a), "catch up api.read"), (Same, r#"return and renew api.read {"a":1}"#)];
    Request::sent().plays("silently", &renewed);
    Request::sent().plays("it is there", &[(SaysOnce(401, &a), "catch up api.read"), (Other, "return")]);
    Request::sent().plays("nobody is asked", &[(SaysOnce(403, SCOPE), "catch up api.read api.write"), (Same, "return")]);
    Request::sent().plays("it is fine", &[(SaysOnce(200, ""), "return")]);
}

#[test]
fn a_scope_that_the_map_gives_to_another_api_is_not_asked_for_this_one() {
    for (scope, decision) in [
        ("other.admin", "return"),
        ("OTHER.admin", "return"),
        ("api.write other.admin", "return"),
        // Of the same API by another path, of both, or of nobody that is known.
        ("admin", "catch up api.read admin"),
        ("api.read", "catch up api.read"),
        ("shared", "catch up api.read shared"),
        ("api.write openid", "catch up api.read api.write openid"),
    ] {
        for error in ["insufficient_scope", "insufficient_user_authentication\", acr_values=\"gold"] {
            let header = format!(r#"Bearer error="{error}", scope="{scope}""#);
            assert_eq!(Request::sent().says(403, &header), decision, "{header}");
        }
    }
}

#[test]
fn what_an_origin_demands_that_is_not_listed_or_another_resource_is_not_answered() {
    let a = claims(A);
    for (url, is_answered) in [
        (None, true),
        (Some(API), true),
        (Some("https://api.example.com/orders?a=1"), true),
        (Some("https://api.example.com/twin/1"), true),
        (Some("https://api.example.com/admin"), false),
        (Some("https://api.example.com/public"), false),
        // Listed with the same scopes, elsewhere.
        (Some("https://same.example.com/"), false),
        (Some("https://api.example.com.evil.example/"), false),
        (Some("https://evil.example/"), false),
        (Some("data:text/plain,"), false),
    ] {
        let mut request = Request::sent();
        let decided = request.step(RetryInput::Responded(Answer { url, ..answer(401, Some(&a)) }));
        assert_eq!(decided, if is_answered { "catch up api.read" } else { "return" }, "{url:?}");
    }
}

#[test]
fn a_401_whose_challenge_the_browser_hides_is_told_and_returned() {
    for (status, challenge, is_filtered, decision) in [
        (401, None, true, "hidden"),
        (401, None, false, "return"),
        (401, Some("Bearer"), true, "return"),
        (403, None, true, "return"),
        (200, None, true, "return"),
    ] {
        let answer = Answer { is_filtered, ..answer(status, challenge) };
        assert_eq!(Request::sent().step(RetryInput::Responded(answer)), decision, "{status} {challenge:?} {is_filtered}");
    }
    let elsewhere = Answer { url: Some("https://evil.example/"), ..answer(401, None) };
    assert_eq!(Request::sent().step(RetryInput::Responded(elsewhere)), "return", "nobody's developer can mend it");
}

#[test]
fn a_refused_token_is_of_no_use_to_anybody_and_one_that_is_too_weak_or_too_narrow_is() {
    for (header, is_refused) in [
        (claims(A), true),
        (INVALID.into(), true),
        (SCOPE.into(), false),
        (STEP_UP.into(), false),
        (format!("{SCOPE}, {}", claims(A)), true),
    ] {
        let mut request = Request::sent();
        assert!(!request.retry.is_answering() && !request.retry.take_news());
        request.says(401, &header);
        request.step(RetryInput::Current);
        assert_eq!(request.retry.is_token_refused(), is_refused, "{header}");
        assert!(request.retry.is_answering() && request.retry.take_news() && !request.retry.take_news());
    }
}

#[test]
fn a_response_that_nobody_has_to_look_into_is_the_callers_and_changes_nothing() {
    for status in 0..=u16::MAX {
        if !is_callers(status, &Questions::default()) {
            continue;
        }
        for challenge in [None, Some(&*claims(A)), Some(INVALID), Some(STEP_UP)] {
            let mut request = Request::new(InteractionType::Popup);
            assert_eq!(request.step(RetryInput::Responded(answer(status, challenge))), "return", "{status}");
            assert!(request.questions.is_empty() && !request.retry.take_news());
        }
    }
}

#[test]
fn where_a_question_is_open_only_what_is_no_response_is_the_callers_at_once() {
    let mut questions = Questions::default();
    questions.decline(&need(ADA, &["api.read"], None));
    let callers: Vec<u16> = (0..=u16::MAX).filter(|status| is_callers(*status, &questions)).collect();
    assert_eq!(callers, [0]);
}

#[test]
fn where_no_question_is_open_it_makes_no_difference_whether_the_first_token_was_asked_for() {
    for header in ["", &*claims(A), INVALID, STEP_UP, SCOPE, NONCE] {
        let (mut sent, mut at_once) = (Request::sent(), Request::new(InteractionType::Popup));
        assert_eq!(at_once.says(401, header), sent.says(401, header));
        assert_eq!(format!("{:?}{:?}", at_once.retry, at_once.questions), format!("{:?}{:?}", sent.retry, sent.questions));
    }
}

/// Any answer that the world can give to a step.
fn anything() -> impl Strategy<Value = (u8, u16, Vec<usize>, bool, u8)> {
    let status = prop::sample::select(vec![200, 401, 401, 403, 500]);
    let headers = prop::collection::vec(0..6_usize, 0..3);
    (0..4_u8, status, headers, any::<bool>(), 0..3_u8)
}

proptest! {
    #[test]
    fn whatever_the_world_answers_a_request_is_sent_five_times_at_most_the_user_asked_once_and_no_kind_renewed_twice(
        answers in prop::collection::vec(anything(), 40)
    ) {
        let headers = [&*claims(A), &claims(B), INVALID, STEP_UP, SCOPE, NONCE];
        let mut request = Request::new(InteractionType::Popup);
        let mut decided = request.step(RetryInput::Start);
        let (mut sends, mut questions, mut renewals, mut is_over) = (0, 0, 0, false);
        for (outcome, status, chosen, is_once, newer) in answers {
            let field = chosen.iter().map(|index| headers[*index]).collect::<Vec<_>>().join(", ");
            let input = match decided.split(' ').next() {
                Some("send") => {
                    sends += 1;
                    RetryInput::Responded(Answer { is_replayable: !is_once, ..answer(status, Some(&field)) })
                }
                Some("catch") if newer == 0 => RetryInput::CaughtUp,
                Some("catch") => RetryInput::Current,
                Some("acquire" | "renew" | "ask") => {
                    questions += u32::from(decided.starts_with("ask"));
                    renewals += u32::from(decided.starts_with("renew"));
                    match outcome {
                        0 => RetryInput::Refused(wants_user(None)),
                        1 => RetryInput::Refused(ErrorCode::UserCancelled.into()),
                        2 if !decided.starts_with("acquire") => {
                            // It was another's: the first time neither the user nor the provider was asked by this one.
                            let is_first = u32::from(request.retry.may_catch_up());
                            questions -= is_first * u32::from(decided.starts_with("ask"));
                            renewals -= is_first * u32::from(decided.starts_with("renew"));
                            RetryInput::CaughtUp
                        }
                        _ => RetryInput::Acquired,
                    }
                }
                _ => {
                    is_over = true;
                    break;
                }
            };
            decided = request.step(input);
        }
        prop_assert!(is_over);
        // The first token, one that another request got meanwhile, and three answers.
        prop_assert!(sends <= 5 && questions <= 1 && renewals <= 2, "{sends} {questions} {renewals}");
    }
}
