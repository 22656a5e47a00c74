//! What the fetch wrapper does with a response: what happens on the left, what is decided on the right.

use std::sync::LazyLock;

use base64::{Engine, prelude::BASE64_STANDARD};
use countersign::{
    error::{Error, ErrorCode},
    protocol::{scope::Scopes, time::UnixSeconds},
    session::{
        config::InteractionType,
        need::{CacheLookupPolicy, Need},
        questions::Questions,
        resources::{Resource, Resources},
        retry::{Answer, Retry, RetryInput, RetryStep},
    },
};
use proptest::prelude::*;

use crate::world::{ADA, need};

const API: &str = "https://api.example.com";
const A: &str = r#"{"a":1}"#;
const B: &str = r#"{"b":2}"#;
const INVALID: &str = r#"Bearer error="invalid_token""#;
const STEP_UP: &str = r#"Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age=60"#;
const SCOPE: &str = r#"Bearer error="insufficient_scope", scope="api.write""#;
const NONCE: &str = r#"DPoP error="use_dpop_nonce""#;

static RESOURCES: LazyLock<Resources> = LazyLock::new(|| {
    let mut resources = Resources::default();
    for (path, scope) in [("", "api.read"), ("/admin", "admin"), ("/twin", "api.read")] {
        let resource = Resource { scopes: Scopes::parse(scope), authority: None };
        resources.add(&format!("{API}{path}"), Some(resource), Vec::new()).unwrap();
    }
    resources.add(&format!("{API}/public"), None, Vec::new()).unwrap();
    for url in ["https://other.example.com", "https://api.example.com:8443"] {
        let resource = Resource { scopes: Scopes::parse("other.admin api.read openid"), authority: None };
        resources.add(url, Some(resource), Vec::new()).unwrap();
    }
    resources
});

/// The field that asks for these claims, as Microsoft's APIs write it.
fn claims(claims: &str) -> String {
    let encoded = BASE64_STANDARD.encode(claims);
    format!(
        r#"Bearer realm="", authorization_uri="https://login.example.com/authorize", error="insufficient_claims", claims="{encoded}""#
    )
}

/// One request, and what its session's users were asked.
struct Request {
    retry: Retry<'static>,
    questions: Questions,
}

impl Request {
    fn new(interaction: InteractionType) -> Self {
        let resource = RESOURCES.find(API, "GET").unwrap();
        let retry = Retry::new(need(ADA, &["api.read"], None), &RESOURCES, resource, "GET", interaction);
        Self { retry, questions: Questions::default() }
    }

    fn step(&mut self, input: RetryInput<'_>) -> String {
        told(&self.retry.step(input, &mut self.questions))
    }

    /// One that was sent with a first token.
    fn sent() -> Self {
        let mut request = Self::new(InteractionType::Popup);
        assert_eq!(request.step(RetryInput::Start), "acquire api.read");
        assert_eq!(request.step(RetryInput::Acquired), "send");
        request
    }

    fn says(&mut self, status: u16, challenge: &str) -> String {
        self.step(RetryInput::Responded(answer(status, Some(challenge))))
    }

    /// Runs a script: what happens, and what is decided.
    fn plays(mut self, name: &str, script: &[(Event<'_>, &str)]) {
        for (index, (event, decision)) in script.iter().enumerate() {
            let told = match event {
                Got => self.step(RetryInput::Acquired),
                Other => self.step(RetryInput::CaughtUp),
                Same => self.step(RetryInput::Current),
                Wants(claims) => self.step(RetryInput::Refused(wants_user(*claims))),
                Says(status, header) => self.says(*status, header),
                SaysOnce(status, header) => {
                    self.step(RetryInput::Responded(Answer { is_replayable: false, ..answer(*status, Some(header)) }))
                }
            };
            assert_eq!(told, *decision, "{name}, {index}");
        }
    }
}

use Event::{Got, Other, Same, Says, SaysOnce, Wants};

/// What happens.
enum Event<'a> {
    /// A token came.
    Got,
    /// Another request has got another token meanwhile.
    Other,
    /// Nobody has.
    Same,
    /// The provider wants the user, with these claims.
    Wants(Option<&'a str>),
    /// The API answers.
    Says(u16, &'a str),
    /// The API answers a request that cannot be sent again.
    SaysOnce(u16, &'a str),
}

fn answer(status: u16, challenge: Option<&str>) -> Answer<'_> {
    Answer { status, url: Some(API), challenge, is_filtered: true, is_replayable: true }
}

fn wants_user(claims: Option<&str>) -> Error {
    Error::new(ErrorCode::InteractionRequired).asking(claims.map(Into::into))
}

fn told(step: &RetryStep) -> String {
    let of = |need: &Need| {
        let mut text = need.scopes().to_text();
        let step_up = need.step_up();
        for part in [&*step_up.acr_values, need.claims().unwrap_or_default()] {
            if !part.is_empty() {
                text = format!("{text} {part}");
            }
        }
        step_up.max_age.map_or_else(|| text.clone(), |seconds| format!("{text} within {seconds}"))
    };
    match step {
        RetryStep::Acquire(need) => format!("acquire {}", of(need)),
        RetryStep::CatchUp(need) => format!("catch up {}", of(need)),
        RetryStep::Fail(error) => format!("fail {} {}", error.code.as_str(), error.claims.as_deref().unwrap_or("-")),
        RetryStep::Hidden => "hidden".into(),
        RetryStep::Interact(need, error) => format!("ask {}; {}", of(need), error.claims.as_deref().unwrap_or("-")),
        RetryStep::Renew(need) => format!("renew {}", of(need)),
        RetryStep::Return => "return".into(),
        RetryStep::ReturnAndRenew(need) => format!("return and renew {}", of(need)),
        RetryStep::Send => "send".into(),
    }
}

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
fn more_scope_that_was_declined_for_one_resource_is_not_declined_for_one_that_is_listed_with_it() {
    let mut request = Request::new(InteractionType::Popup);
    request.questions.decline(&need(ADA, &["api.read"], None).wider(["api.write"]));
    assert!(!request.questions.is_declined(&need(ADA, &["api.read", "api.write"], None)));
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
        request.questions.returned(&wanted, API, UnixSeconds(0));
        request.says(status, header);
        assert_eq!(request.questions.is_declined(&wanted), !is_proved, "{status} {header}");
    }
    let mut request = Request::sent();
    request.questions.returned(&wanted, API, UnixSeconds(0));
    request.says(401, &claims(A));
    assert_eq!(request.step(RetryInput::Current), r#"fail interaction_required {"a":1}"#, "the page is not left without end");
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
