//! One request and the policy of the fetch wrapper: what happens, and what is decided, as texts that can be compared.

use base64::{Engine, prelude::BASE64_STANDARD};
use countersign::{
    error::{Error, ErrorCode},
    protocol::scope::Scopes,
    session::{
        config::InteractionType,
        need::Need,
        questions::Questions,
        resources::{Resource, Resources},
        retry::{Answer, Retry, RetryInput, RetryStep},
    },
};

use super::{ADA, at, listing, need};

pub(crate) const API: &str = "https://api.example.com";
pub(crate) const A: &str = r#"{"a":1}"#;
pub(crate) const B: &str = r#"{"b":2}"#;
pub(crate) const INVALID: &str = r#"Bearer error="invalid_token""#;
pub(crate) const STEP_UP: &str = r#"Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age=60"#;
pub(crate) const SCOPE: &str = r#"Bearer error="insufficient_scope", scope="api.write""#;
pub(crate) const NONCE: &str = r#"DPoP error="use_dpop_nonce""#;

/// A map, for a request that borrows it for as long as the test runs.
fn resources() -> &'static Resources {
    let mut resources = Resources::default();
    for (path, scope) in [("", "api.read"), ("/admin", "admin"), ("/twin", "api.read")] {
        let resource = Resource::new(Scopes::parse(scope), None);
        resources.add(&format!("{API}{path}"), Some(resource), Vec::new()).unwrap();
    }
    resources.add(&format!("{API}/public"), None, Vec::new()).unwrap();
    resources.add("https://same.example.com", Some(Resource::new(Scopes::parse("api.read"), None)), Vec::new()).unwrap();
    for url in ["https://other.example.com", "https://api.example.com:8443"] {
        let resource = Resource::new(Scopes::parse("other.admin api.read openid"), None);
        resources.add(url, Some(resource), Vec::new()).unwrap();
    }
    Box::leak(Box::new(resources))
}

/// The field that asks for these claims, as Microsoft's APIs write it.
pub(crate) fn claims(claims: &str) -> String {
    let encoded = BASE64_STANDARD.encode(claims);
    format!(
        r#"Bearer realm="", authorization_uri="https://login.example.com/authorize", error="insufficient_claims", claims="{encoded}""#
    )
}

/// One request, and what its session's users were asked.
pub(crate) struct Request {
    pub(crate) retry: Retry<'static>,
    pub(crate) questions: Questions,
}

impl Request {
    pub(crate) fn new(interaction: InteractionType) -> Self {
        let resources = resources();
        let listed = Box::leak(Box::new(listing(&[resources])));
        let retry = Retry::new(need(ADA, &["api.read"], None), resources, listed, at(resources, API), ("GET", API), interaction);
        Self { retry, questions: Questions::default() }
    }

    pub(crate) fn step(&mut self, input: RetryInput<'_>) -> String {
        told(&self.retry.step(input, &mut self.questions))
    }

    /// One that was sent with a first token.
    pub(crate) fn sent() -> Self {
        let mut request = Self::new(InteractionType::Popup);
        assert_eq!(request.step(RetryInput::Start), "acquire api.read");
        assert_eq!(request.step(RetryInput::Acquired), "send");
        request
    }

    pub(crate) fn says(&mut self, status: u16, challenge: &str) -> String {
        self.step(RetryInput::Responded(answer(status, Some(challenge))))
    }

    /// Runs a script: what happens, and what is decided.
    pub(crate) fn plays(mut self, name: &str, script: &[(Event<'_>, &str)]) {
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

pub(crate) use Event::{Got, Other, Same, Says, SaysOnce, Wants};

/// What happens.
pub(crate) enum Event<'a> {
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

pub(crate) fn answer(status: u16, challenge: Option<&str>) -> Answer<'_> {
    Answer { status, url: Some(API), challenge, is_filtered: true, is_replayable: true }
}

pub(crate) fn wants_user(claims: Option<&str>) -> Error {
    Error::new(ErrorCode::InteractionRequired).asking(claims.map(Into::into))
}

pub(crate) fn told(step: &RetryStep) -> String {
    let of = |need: &Need| {
        let mut text = need.scopes().as_str().to_owned();
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
