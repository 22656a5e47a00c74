//! The API, and the loop between it and the policy of the fetch wrapper. The loop has the shape of `browser/transport`.

use std::collections::VecDeque;

use base64::{Engine, prelude::BASE64_STANDARD};
use countersign::{
    error::Error,
    session::{
        config::InteractionType,
        login::LoginRequest,
        retry::{Answer, Retry, RetryInput, RetryStep},
    },
};

use super::{ADA, World, ask, at, listed, listing, need};

const API: &str = "https://api.example.com";

/// An API that answers by script, and what it received.
#[derive(Default)]
pub(crate) struct Api {
    script: VecDeque<(u16, Option<String>)>,
    /// The tokens it was sent.
    pub(crate) tokens: Vec<String>,
}

impl Api {
    /// Next: a challenge for these claims.
    pub(crate) fn challenges(self, claims: &str) -> Self {
        let claims = BASE64_STANDARD.encode(claims);
        self.demands(401, &format!(r#"Bearer realm="", error="insufficient_claims", claims="{claims}""#))
    }

    /// Next: this status, with this challenge.
    pub(crate) fn demands(mut self, status: u16, field: &str) -> Self {
        self.script.push_back((status, Some(field.into())));
        self
    }

    /// Next: this status.
    pub(crate) fn says(mut self, status: u16) -> Self {
        self.script.push_back((status, None));
        self
    }

    fn answer(&mut self, token: &str) -> (u16, Option<String>) {
        self.tokens.push(token.into());
        self.script.pop_front().unwrap_or((200, None))
    }
}

/// Sends a request that needs `api.read`.
pub(crate) fn fetch(world: &mut World, api: &mut Api) -> Result<u16, Error> {
    let resources = listed(API, "api.read");
    let (need, listing) = (need(ADA, &["api.read"], None), listing(&[&resources]));
    let mut retry = Retry::new(need, &resources, &listing, at(&resources, API), ("GET", API), InteractionType::Popup);
    let (mut token, mut response) = (String::new(), (0, None));
    let mut step = retry.step(RetryInput::Start, &mut world.questions);
    for _ in 0..100 {
        if retry.take_news()
            && retry.is_token_refused()
            && let Some(change) = world.cache.purge(ADA, &token)
        {
            world.apply(change)?;
        }
        let outcome = match step {
            RetryStep::Fail(error) => return Err(error),
            RetryStep::Return | RetryStep::ReturnAndRenew(_) | RetryStep::Hidden => return Ok(response.0),
            RetryStep::CatchUp(need) => {
                let newer = world.cached(ADA, need.scopes()).filter(|newer| *newer != token);
                let input = if newer.is_some() { RetryInput::CaughtUp } else { RetryInput::Current };
                token = newer.unwrap_or(token);
                step = retry.step(input, &mut world.questions);
                continue;
            }
            RetryStep::Acquire(need) | RetryStep::Renew(need) => world.silent(&need),
            RetryStep::Interact(need, error) => {
                let claims = error.claims.as_deref().map(String::from);
                let request = LoginRequest { claims, ..need.interactive(ask(&[])) };
                let outcome = world.popup(request).map(|granted| granted.access_token.secret.reveal().to_owned());
                match &outcome {
                    Ok(_) => world.questions.met(&need),
                    Err(error) => world.questions.failed(&need, error),
                }
                outcome
            }
            RetryStep::Send => {
                response = api.answer(&token);
                let challenge = response.1.as_deref();
                let answer = Answer { status: response.0, challenge, is_replayable: true, ..Answer::default() };
                step = retry.step(RetryInput::Responded(answer), &mut world.questions);
                continue;
            }
        };
        let input = match outcome {
            Ok(new) => {
                token = new;
                RetryInput::Acquired
            }
            Err(error) => RetryInput::Refused(error),
        };
        step = retry.step(input, &mut world.questions);
    }
    panic!("100 rounds and no end");
}
