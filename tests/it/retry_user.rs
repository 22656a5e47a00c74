//! When the fetch wrapper asks the user, for what, and when it does not any more.

use countersign::{
    error::{Error, ErrorCode},
    protocol::{demand::Demand, scope::Scopes, time::UnixSeconds},
    session::{
        config::InteractionType,
        need::{CacheLookupPolicy, Need, StepUp},
        questions::Questions,
        retry::{RetryInput, RetryStep},
    },
};

use crate::world::{ADA, need, request::*};

/// One whose challenge was answered silently, and could not be.
fn renewing() -> Request {
    let mut request = Request::sent();
    request.says(401, &claims(A));
    request.step(RetryInput::Current);
    request
}

#[test]
fn the_user_is_asked_for_what_the_api_and_the_provider_want_together() {
    for (asked, decision) in [
        (Some(B), r#"ask api.read {"a":1}; {"a":1,"b":2}"#),
        (Some(r#"{"a":3}"#), r#"ask api.read {"a":1}; {"a":3}"#),
        (None, r#"ask api.read {"a":1}; {"a":1}"#),
        (Some("{}"), r#"ask api.read {"a":1}; {"a":1}"#),
        // What is no claims request is not passed on.
        (Some("<html>"), r#"ask api.read {"a":1}; {"a":1}"#),
        (Some("[]"), r#"ask api.read {"a":1}; {"a":1}"#),
        (Some("e30="), r#"ask api.read {"a":1}; {"a":1}"#),
    ] {
        assert_eq!(renewing().step(RetryInput::Refused(wants_user(asked))), decision);
    }
    assert_eq!(renewing().step(RetryInput::Refused(ErrorCode::NoTokensFound.into())), r#"ask api.read {"a":1}; {"a":1}"#);
    let mut first = Request::new(InteractionType::Popup);
    first.step(RetryInput::Start);
    assert_eq!(first.step(RetryInput::Refused(wants_user(Some(B)))), r#"ask api.read; {"b":2}"#);
}

#[test]
fn only_the_providers_word_sends_the_user_anywhere() {
    for code in ErrorCode::ALL {
        let decided = renewing().step(RetryInput::Refused((*code).into()));
        match code {
            ErrorCode::InteractionRequired | ErrorCode::NoTokensFound => assert!(decided.starts_with("ask"), "{code:?}"),
            _ => assert_eq!(decided, format!("fail {} -", code.as_str())),
        }
    }
    let error = Error::about(ErrorCode::ServerError, "detail").asking(Some("{}".into()));
    let step = renewing().retry.step(RetryInput::Refused(error.clone()), &mut Questions::default());
    assert_eq!(step, RetryStep::Fail(error), "what the provider said reaches the caller whole");
}

#[test]
fn a_user_who_was_asked_is_not_asked_again() {
    for refusal in [wants_user(None), wants_user(Some(A)), ErrorCode::NoTokensFound.into(), ErrorCode::UserCancelled.into()] {
        let mut request = renewing();
        assert!(request.step(RetryInput::Refused(wants_user(None))).starts_with("ask"));
        let code = refusal.code.as_str();
        assert!(request.step(RetryInput::Refused(refusal)).starts_with(&format!("fail {code}")));
    }
    let a = claims(A);
    let mut request = Request::new(InteractionType::Popup);
    request.step(RetryInput::Start);
    request.plays(
        "once for a request, not once for a token",
        &[
            (Wants(None), "ask api.read; -"),
            (Got, "send"),
            (Says(401, &a), "catch up api.read"),
            (Same, r#"renew api.read {"a":1}"#),
            (Wants(None), "return"),
        ],
    );
}

#[test]
fn where_the_user_is_not_to_be_asked_the_caller_learns_what_to_ask_for() {
    for (header, needs_refusal, decision) in [
        (claims(A), true, r#"fail interaction_required {"a":1}"#),
        (INVALID.into(), true, "fail interaction_required -"),
        (SCOPE.into(), false, "fail interaction_required -"),
        (format!("{}, {STEP_UP}", claims(A)), false, r#"fail interaction_required {"a":1}"#),
    ] {
        let mut request = Request::new(InteractionType::None);
        request.step(RetryInput::Start);
        request.step(RetryInput::Acquired);
        request.says(401, &header);
        let mut decided = request.step(RetryInput::Current);
        if needs_refusal {
            assert!(decided.starts_with("renew"), "silently all the same");
            decided = request.step(RetryInput::Refused(wants_user(None)));
        }
        assert_eq!(decided, decision, "{header}");
    }
}

#[test]
fn who_has_declined_is_not_asked_for_the_same_again_nor_is_the_provider() {
    let (a, b) = (claims(A), claims(B));
    let declined = |claims: Option<&str>| {
        let mut request = Request::new(InteractionType::Popup);
        request.questions.decline(&need(ADA, &["api.read"], claims));
        request
    };
    let started = |mut request: Request| {
        request.step(RetryInput::Start);
        request.step(RetryInput::Acquired);
        request
    };
    let told = [(Says(401, &a), "catch up api.read"), (Same, r#"fail interaction_required {"a":1}"#)];
    started(declined(Some(A))).plays("the same claims", &told);
    let tried = [(Says(401, &a), "catch up api.read"), (Other, "send"), (Says(200, ""), "return")];
    started(declined(Some(A))).plays("another token is there by now", &tried);
    let asked = [
        (Says(401, &b), "catch up api.read"),
        (Same, r#"renew api.read {"b":2}"#),
        (Wants(None), r#"ask api.read {"b":2}; {"b":2}"#),
    ];
    started(declined(Some(A))).plays("other claims", &asked);
    let once = [(SaysOnce(401, &a), "catch up api.read"), (Same, "return")];
    started(declined(Some(A))).plays("one that cannot be sent again", &once);

    // The sign-in itself was declined: what is in the cache will do, or nothing.
    let mut request = declined(None);
    let step = request.retry.step(RetryInput::Start, &mut request.questions);
    let cached = need(ADA, &["api.read"], None).from(CacheLookupPolicy::AccessToken, false);
    assert_eq!(step, RetryStep::Acquire(cached));
    assert_eq!(request.step(RetryInput::Refused(ErrorCode::TokenRefreshRequired.into())), "fail interaction_required -");
}

#[test]
fn a_token_that_is_there_all_the_same_ends_a_declined_sign_in() {
    let plain = need(ADA, &["api.read"], None);
    let mut request = Request::new(InteractionType::Popup);
    request.questions.decline(&plain);
    request.questions.decline(&need(ADA, &["api.read"], Some(A)));
    request.step(RetryInput::Start);
    assert_eq!(request.step(RetryInput::Acquired), "send");
    assert!(!request.questions.is_declined(&plain), "somebody else has signed her in");
    assert!(request.questions.is_declined(&need(ADA, &["api.read"], Some(A))), "that is another question");
}

#[test]
fn a_scope_that_was_declined_stays_declined_though_the_resource_has_tokens_of_its_own() {
    // The API wants a scope that the map has: the provider has granted less than was asked.
    let demanded = need(ADA, &["api.read"], None).wider(["api.read"]);
    let mut request = Request::new(InteractionType::Popup);
    request.questions.decline(&demanded);
    assert_eq!(request.step(RetryInput::Start), "acquire api.read");
    assert_eq!(request.step(RetryInput::Acquired), "send");
    assert_eq!(request.says(403, r#"Bearer error="insufficient_scope", scope="api.read""#), "catch up api.read");
    assert_eq!(request.step(RetryInput::Current), "fail interaction_required -", "nobody is asked again");
}

#[test]
fn more_scope_that_was_declined_for_one_resource_is_not_declined_for_one_that_is_listed_with_it() {
    let mut request = Request::new(InteractionType::Popup);
    request.questions.decline(&need(ADA, &["api.read"], None).wider(["api.write"]));
    assert!(!request.questions.is_declined(&need(ADA, &["api.read", "api.write"], None)));
    // Nor is the resource itself, where it has had that scope before.
    request.questions.decline(&need(ADA, &["api.read"], None).wider(["api.read"]));
    assert!(!request.questions.is_declined(&need(ADA, &["api.read"], None)));
}

#[test]
fn a_user_who_was_asked_in_vain_is_not_asked_for_the_same_by_the_next_request() {
    let mut request = Request::sent();
    let script = [(403, SCOPE, "return"), (200, "", "return"), (500, "", "return"), (401, "Bearer", "return")];
    for (status, header, decision) in script {
        request.says(403, SCOPE);
        assert_eq!(request.step(RetryInput::Current), "ask api.read api.write; -");
        assert_eq!(request.step(RetryInput::Acquired), "send");
        assert_eq!(request.says(status, header), decision);
        let is_declined = request.questions.is_declined(&need(ADA, &["api.read"], None).wider(["api.write"]));
        assert_eq!(is_declined, header == SCOPE, "{status} {header}");
        request = Request::sent();
    }
    // A plain sign-in was in vain: the next renewal may be not.
    let mut request = Request::sent();
    request.says(401, INVALID);
    request.step(RetryInput::Current);
    assert_eq!(request.step(RetryInput::Refused(wants_user(None))), "ask api.read; -");
    request.step(RetryInput::Acquired);
    assert_eq!(request.says(401, INVALID), "return");
    assert!(!request.questions.is_declined(&need(ADA, &["api.read"], None)));
    // What was renewed in vain says nothing of the user.
    let mut request = Request::sent();
    request.says(401, &claims(A));
    request.step(RetryInput::Current);
    request.step(RetryInput::Acquired);
    request.says(401, &claims(A));
    assert!(!request.questions.is_declined(&need(ADA, &["api.read"], Some(A))));
}

#[test]
fn an_answer_that_the_page_was_left_for_has_proved_itself_once_that_request_succeeds() {
    let wanted = need(ADA, &["api.read"], Some(A));
    for (status, header, is_proved) in
        [(200, "", true), (204, "Bearer", true), (404, "", false), (500, "", false), (401, "Bearer", false)]
    {
        let mut request = Request::sent();
        request.questions.returned(&wanted, API, Some(Ok(())), UnixSeconds(0));
        request.says(status, header);
        assert_eq!(request.questions.is_declined(&wanted), !is_proved, "{status} {header}");
    }
    let mut request = Request::sent();
    request.questions.returned(&wanted, API, Some(Ok(())), UnixSeconds(0));
    request.says(401, &claims(A));
    assert_eq!(request.step(RetryInput::Current), r#"fail interaction_required {"a":1}"#, "the page is not left without end");
}

#[test]
fn a_page_that_was_left_for_a_request_is_not_left_for_whatever_that_is_challenged_with_next() {
    let step_up = |max_age: u64| format!(r#"Bearer error="insufficient_user_authentication", max_age={max_age}"#);
    let left_for = need(ADA, &["api.read"], None).after(StepUp { acr_values: String::new(), max_age: Some(1) });
    let mut request = Request::sent();
    request.questions.returned(&left_for, API, Some(Ok(())), UnixSeconds(0));
    request.says(401, &step_up(2));
    assert_eq!(request.step(RetryInput::Current), "fail interaction_required -");
    // Another request's, or another user's, is.
    for (account, url) in [(ADA, "https://api.example.com/other"), ("bob", API)] {
        let left_for = need(account, &["api.read"], None).after(StepUp { acr_values: String::new(), max_age: Some(1) });
        let mut request = Request::sent();
        request.questions.returned(&left_for, url, Some(Ok(())), UnixSeconds(0));
        request.says(401, &step_up(2));
        assert!(request.step(RetryInput::Current).starts_with("ask"), "{account} {url}");
    }
}

#[test]
fn what_is_demanded_at_such_length_that_no_provider_takes_it_is_the_callers() {
    for (header, decision) in [
        (format!(r#"Bearer error="insufficient_user_authentication", acr_values="{}""#, "a".repeat(2048)), "catch up api.read"),
        (format!(r#"Bearer error="insufficient_user_authentication", acr_values="{}""#, "a".repeat(2049)), "return"),
        (format!(r#"Bearer error="insufficient_scope", scope="{}""#, "s".repeat(2049)), "return"),
        (claims(&format!(r#"{{"access_token":{{"acrs":{{"value":"{}"}}}}}}"#, "c".repeat(2049))), "return"),
    ] {
        assert_eq!(Request::sent().says(401, &header), decision, "{}", header.len());
    }
    // What the app itself asks for may be as long as it likes.
    let scopes: Vec<String> = (0..300).map(|n| format!("https://graph.example.com/{n}")).collect();
    let own = Need::new(ADA, Scopes::from_list(&scopes), None).unwrap();
    for demand in [
        Demand::InvalidToken,
        Demand::Scope { scope: vec!["s".repeat(2048)] },
        Demand::StepUp { acr_values: vec!["mfa".into()], max_age: None, scope: Vec::new() },
    ] {
        assert!(own.meeting(&demand).is_some(), "{demand:?}");
    }
}
