//! What the user is asked for, and has said no to.

use countersign::{
    error::{Error, ErrorCode, ServerAnswer},
    protocol::time::UnixSeconds,
    session::{
        login::LoginRequest,
        need::{Need, StepUp},
        questions::{Questions, is_denial},
    },
};

use crate::world::{ADA, ask, need};

const A: &str = r#"{"a":1}"#;
const B: &str = r#"{"b":2}"#;

/// A session in which the user is wanted for this.
fn open(need: &Need, claims: Option<&str>) -> Questions {
    let mut questions = Questions::default();
    questions.open(need, claims);
    questions
}

/// What an interactive call of the app asks for then: scopes, claims, `acr_values`, `max_age`.
fn asked(questions: &mut Questions, request: LoginRequest) -> (String, Option<String>, String, Option<u64>) {
    let request = questions.asked_by_app(request, Some(ADA));
    (request.scopes.as_str().to_owned(), request.claims, request.acr_values, request.max_age)
}

fn scopes(text: &str) -> (String, Option<String>, String, Option<u64>) {
    (text.into(), None, String::new(), None)
}

#[test]
fn only_a_no_is_remembered_as_one() {
    let server = |error: &str| {
        Error::new(ErrorCode::ServerError).answered(ServerAnswer { error: error.into(), ..ServerAnswer::default() })
    };
    for (error, is_no) in [
        (ErrorCode::UserCancelled.into(), true),
        (server("access_denied"), true),
        (server("server_error"), false),
        (ErrorCode::PopupWindowError.into(), false),
        (ErrorCode::TimedOut.into(), false),
        (ErrorCode::AccountMismatch.into(), false),
        (ErrorCode::InteractionInProgressCancelled.into(), false),
        (ErrorCode::PostRequestFailed.into(), false),
    ] {
        let (wanted, mut questions) = (need(ADA, &["api.read"], Some(A)), Questions::default());
        questions.failed(&wanted, &error);
        assert_eq!((is_denial(&error), questions.is_declined(&wanted)), (is_no, is_no), "{error:?}");
    }
}

#[test]
fn a_no_is_to_one_question_of_one_account_for_one_resource() {
    let mut questions = Questions::default();
    let declined = need(ADA, &["api.read"], Some(A));
    questions.decline(&declined);
    assert!(questions.is_declined(&declined));
    let stepped = |max_age| declined.clone().after(StepUp { acr_values: String::new(), max_age });
    for other in [
        need(ADA, &["api.read"], Some(B)),
        need(ADA, &["api.read"], None),
        need(ADA, &["api.write"], Some(A)),
        need("bob", &["api.read"], Some(A)),
        stepped(Some(0)),
    ] {
        assert!(!questions.is_declined(&other), "{other:?}");
    }
    // Still open does not mean: asked again.
    questions.open(&declined, Some(B));
    assert!(questions.is_declined(&declined));
}

#[test]
fn an_app_that_asks_by_itself_asks_for_what_is_open_and_nothing_is_declined_any_more() {
    let wanted = need(ADA, &["api.read"], Some(A));
    let mut questions = open(&wanted, Some(r#"{"a":1,"device":1}"#));
    questions.decline(&wanted);
    let (_, claims, ..) = asked(&mut questions, ask(&["api.read"]));
    assert_eq!(claims.as_deref(), Some(r#"{"a":1,"device":1}"#), "with what the provider wants beside it");
    assert!(!questions.is_declined(&wanted));
    let (_, claims, ..) = asked(&mut questions, ask(&["openid", "API.Read", "other"]));
    assert!(claims.is_some(), "until a token arrives, each time");
    let own = LoginRequest { claims: Some(r#"{"a":5,"own":1}"#.into()), ..ask(&["api.read"]) };
    let (_, claims, ..) = asked(&mut questions, own);
    assert_eq!(claims.as_deref(), Some(r#"{"a":5,"device":1,"own":1}"#), "what it says itself counts");
}

#[test]
fn what_has_nothing_to_do_with_it_asks_for_nothing_more_and_lifts_it_all_the_same() {
    let wanted = need(ADA, &["api.read"], Some(A));
    for request in [
        ask(&["mail.read"]),
        ask(&[]),
        ask(&["openid", "profile"]),
        LoginRequest { account: Some("bob".into()), ..ask(&["api.read"]) },
        LoginRequest { login_hint: Some("bob@example.com".into()), ..ask(&["api.read"]) },
        LoginRequest { sid: Some("session-1".into()), ..ask(&["api.read"]) },
        LoginRequest { prompt: Some("select_account".into()), ..ask(&["api.read"]) },
    ] {
        let mut questions = open(&wanted, Some(A));
        questions.decline(&wanted);
        let before = request.scopes.as_str().to_owned();
        assert_eq!(asked(&mut questions, request), scopes(&before));
        assert!(!questions.is_declined(&wanted));
    }
    let mut questions = open(&wanted, Some(A));
    let of_her = LoginRequest { account: Some(ADA.into()), login_hint: Some("ada".into()), ..ask(&["api.read"]) };
    assert!(asked(&mut questions, of_her).1.is_some());
    for other in [None, Some("bob")] {
        assert_eq!(questions.asked_by_app(ask(&["api.read"]), other).claims, None, "somebody else signs in");
    }
}

/// What cannot be met, by whoever asks.
fn unmeetable() -> Vec<Error> {
    let server = |code: ErrorCode, error: &str, status| {
        Error::new(code).answered(ServerAnswer { error: error.into(), status, ..ServerAnswer::default() })
    };
    vec![
        ErrorCode::AcrMismatch.into(),
        ErrorCode::AuthTimeNotFound.into(),
        ErrorCode::MaxAgeTranspired.into(),
        server(ErrorCode::ServerError, "invalid_scope", 0),
        server(ErrorCode::ServerError, "unmet_authentication_requirements", 0),
        server(ErrorCode::ServerError, "invalid_grant", 400),
        server(ErrorCode::InteractionRequired, "interaction_required", 0),
    ]
}

#[test]
fn what_nobody_can_grant_is_neither_asked_again_nor_does_it_keep_the_user_from_signing_in() {
    let wanted = need(ADA, &["api.read", "evil"], Some(A)).after(StepUp { acr_values: "impossible".into(), max_age: Some(0) });
    for error in unmeetable() {
        let mut questions = open(&wanted, Some(A));
        questions.failed(&wanted, &error);
        assert!(questions.is_declined(&wanted) && !is_denial(&error), "{error:?}");
        assert_eq!(asked(&mut questions, ask(&["api.read"])), scopes("api.read"), "{error:?}");
        assert!(!questions.is_declined(&wanted), "who asks by itself lifts this too");

        let mut questions = open(&wanted, Some(A));
        assert_eq!(asked(&mut questions, ask(&["api.read"])).2, "impossible");
        questions.app_failed(&error);
        assert_eq!(asked(&mut questions, ask(&["api.read"])), scopes("api.read"), "once is enough: {error:?}");
    }
}

#[test]
fn a_call_of_the_app_that_failed_for_another_reason_asks_for_it_again() {
    let wanted = need(ADA, &["api.read"], Some(A));
    let server = |error: &str, status| {
        Error::new(ErrorCode::ServerError).answered(ServerAnswer { error: error.into(), status, ..ServerAnswer::default() })
    };
    for error in [
        ErrorCode::UserCancelled.into(),
        ErrorCode::PopupWindowError.into(),
        ErrorCode::PostRequestFailed.into(),
        server("access_denied", 0),
        server("server_error", 0),
        server("temporarily_unavailable", 0),
        server("server_error", 503),
    ] {
        let mut questions = open(&wanted, Some(A));
        asked(&mut questions, ask(&["api.read"]));
        questions.app_failed(&error);
        assert!(asked(&mut questions, ask(&["api.read"])).1.is_some(), "{error:?}");
    }
    // It was about something else.
    let mut questions = open(&wanted, Some(A));
    asked(&mut questions, ask(&["mail.read"]));
    questions.app_failed(&ErrorCode::AcrMismatch.into());
    assert!(asked(&mut questions, ask(&["api.read"])).1.is_some());
}

#[test]
fn what_an_app_asked_for_twice_in_vain_does_not_keep_the_user_from_signing_in_a_third_time() {
    let wanted = need(ADA, &["api.read"], None).after(StepUp { acr_values: "a page of errors".into(), max_age: None });
    let mut questions = open(&wanted, None);
    for _ in 0..2 {
        assert_eq!(asked(&mut questions, ask(&["api.read"])).2, "a page of errors");
        questions.app_failed(&ErrorCode::UserCancelled.into());
        // The next request is challenged for the same.
        questions.open(&wanted, None);
    }
    assert_eq!(asked(&mut questions, ask(&["api.read"])), scopes("api.read"));
    questions.app_succeeded();
    assert!(!questions.is_declined(&wanted), "who is signed in may be asked by the next request");
}

#[test]
fn a_scope_that_the_app_refused_is_in_none_of_its_calls_and_claims_are() {
    let wanted = need(ADA, &["api.read"], Some(A)).wider(["https://evil.example.com/all"]);
    let mut questions = open(&wanted, Some(A));
    questions.refused(&wanted);
    questions.failed(&wanted, &ErrorCode::UserCancelled.into());
    assert!(questions.is_declined(&wanted));
    questions.open(&wanted, Some(A));
    assert_eq!(asked(&mut questions, ask(&["api.read"])), ("api.read".into(), Some(A.into()), String::new(), None));
    // Who was asked, and said nothing of it, wants what it takes.
    let mut questions = open(&wanted, Some(A));
    assert_eq!(asked(&mut questions, ask(&["api.read"])).0, "api.read https://evil.example.com/all");
}

#[test]
fn the_questions_of_an_account_go_with_it() {
    let (hers, his) = (need(ADA, &["api.read"], Some(A)), need("bob", &["api.read"], Some(A)));
    let mut questions = open(&hers, Some(A));
    questions.decline(&hers);
    questions.decline(&his);
    questions.forget(ADA);
    assert!(!questions.is_declined(&hers) && questions.is_declined(&his));
    assert_eq!(asked(&mut questions, ask(&["api.read"])), scopes("api.read"));
}

#[test]
fn a_step_up_and_wider_scopes_stay_open_too() {
    let wanted =
        need(ADA, &["api.read", "api.write"], None).after(StepUp { acr_values: "gold silver".into(), max_age: Some(60) });
    let mut questions = open(&wanted, None);
    assert_eq!(asked(&mut questions, ask(&["api.read"])), ("api.read api.write".into(), None, "gold silver".into(), Some(60)));
    let stricter = LoginRequest { max_age: Some(0), acr_values: "platinum".into(), ..ask(&["api.write"]) };
    assert_eq!(asked(&mut questions, stricter), ("api.write api.read".into(), None, "platinum".into(), Some(0)));
}

#[test]
fn a_token_closes_what_was_asked_for_it_and_nothing_else() {
    let wanted = need(ADA, &["api.read"], Some(A));
    for (brought, is_closed) in [
        (wanted.clone(), true),
        (need(ADA, &["openid", "API.READ"], Some(A)), true),
        (need(ADA, &["api.read", "api.write"], Some(A)), true),
        (need(ADA, &["api.read"], None), false),
        (need(ADA, &["api.read"], Some(B)), false),
        (need(ADA, &["api.write"], Some(A)), false),
        (need("bob", &["api.read"], Some(A)), false),
    ] {
        let mut questions = open(&wanted, Some(A));
        questions.decline(&wanted);
        questions.met(&brought);
        assert_eq!(questions.is_declined(&wanted), !is_closed, "{brought:?}");
    }
    // The app's own call closes what it asked for.
    let other = need(ADA, &["mail.read"], Some(B));
    let mut questions = open(&wanted, Some(A));
    questions.open(&other, Some(B));
    assert!(asked(&mut questions, ask(&["api.read"])).1.is_some());
    questions.app_succeeded();
    assert_eq!(asked(&mut questions, ask(&["api.read"])), scopes("api.read"));
    assert!(asked(&mut questions, ask(&["mail.read"])).1.is_some());
}

#[test]
fn a_page_that_was_left_is_not_left_for_the_same_again_before_the_answer_has_proved_itself() {
    let wanted = need(ADA, &["api.read"], Some(A));
    let (url, now) = ("https://api.example.com/orders", UnixSeconds(1000));
    let returned = || {
        let mut questions = Questions::default();
        questions.returned(&wanted, url, Some(Ok(())), now);
        assert!(questions.is_declined(&wanted));
        questions
    };
    let mut questions = returned();
    questions.succeeded("https://api.example.com/");
    questions.expire(UnixSeconds(1599));
    assert!(questions.is_declined(&wanted), "another request proves nothing");
    questions.expire(UnixSeconds(1600));
    assert!(!questions.is_declined(&wanted));
    let mut questions = returned();
    questions.succeeded(url);
    assert!(!questions.is_declined(&wanted));
    // What came of it in the end.
    for (outcome, is_lifted_by_success) in [
        (ErrorCode::PostRequestFailed, true),
        (ErrorCode::StateMismatch, true),
        (ErrorCode::UserCancelled, false),
        (ErrorCode::AcrMismatch, false),
    ] {
        let mut questions = returned();
        questions.returned(&wanted, url, Some(Err(&outcome.into())), now);
        assert!(questions.is_declined(&wanted), "{outcome:?}: the page is not left again");
        questions.succeeded(url);
        assert_eq!(questions.is_declined(&wanted), !is_lifted_by_success, "{outcome:?}");
    }
    let mut questions = Questions::default();
    questions.returned(&wanted, url, None, now);
    questions.succeeded(url);
    questions.expire(UnixSeconds(u64::MAX));
    assert!(questions.is_declined(&wanted), "the back button is a no");
    let mut questions = returned();
    assert_eq!(asked(&mut questions, ask(&["api.read"])), scopes("api.read"), "it has been answered");
    assert!(!questions.is_declined(&wanted));
}

#[test]
fn an_api_that_asks_for_something_new_each_time_is_not_remembered_without_end() {
    let mut questions = Questions::default();
    let wanted = |n: u32| need(ADA, &["api.read"], Some(&format!(r#"{{"a":{n}}}"#)));
    for n in 0..100 {
        questions.decline(&wanted(n));
    }
    let remembered: Vec<u32> = (0..100).filter(|n| questions.is_declined(&wanted(*n))).collect();
    assert_eq!(remembered, (68..100).collect::<Vec<_>>());
}
