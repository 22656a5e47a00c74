//! A flow whose ID token's signature is checked too, where the app asks for that: before what it was granted is let through.
//!
//! ```text
//! ... -> Done of the flow -> (Send -> Answered, where the key is not at hand) -> Verify -> Verified -> Done
//! ```

use std::cell::RefCell;

use super::{Granted, Input, Machine, Step};
use crate::{
    error::{Error, ErrorCode},
    protocol::{http::HttpRequest, json::Json, jwks},
};

/// The keys of the provider that was asked last, and where they are from.
#[derive(Debug, Default)]
pub struct Keys(Option<(Box<str>, Json)>);

/// A flow, and the check of what it ends with.
#[derive(Debug)]
pub struct Signed<'a, M: Machine + ?Sized> {
    flow: &'a mut M,
    keys: &'a RefCell<Keys>,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Flow,
    Fetching(Box<Granted>),
    Checking(Box<Granted>),
    Over,
}

impl<'a, M: Machine + ?Sized> Signed<'a, M> {
    /// A flow that has not begun. `keys` are kept from one flow to the next.
    pub fn new(flow: &'a mut M, keys: &'a RefCell<Keys>) -> Self {
        Self { flow, keys, stage: Stage::Flow }
    }

    /// Keys change: one that is not known is asked for, once.
    fn check(&mut self, granted: Box<Granted>, is_fetched: bool) -> Result<Step, Error> {
        let Some(uri) = &granted.jwks_uri else { return Ok(Step::Done(granted)) };
        if uri.is_empty() {
            return Err(Error::about(ErrorCode::OpenidConfigError, "jwks_uri"));
        }
        let proof = match &self.keys.borrow().0 {
            Some((from, keys)) if from == uri => jwks::proof(keys, granted.account.id_token.raw().reveal())?,
            _ => None,
        };
        match proof {
            Some(proof) => {
                self.stage = Stage::Checking(granted);
                Ok(Step::Verify(proof))
            }
            None if is_fetched => Err(ErrorCode::SigningKeyNotFound.into()),
            None => {
                let request = HttpRequest { url: (**uri).into(), form: None, is_repeatable: true };
                self.stage = Stage::Fetching(granted);
                Ok(Step::Send(request))
            }
        }
    }
}

impl<M: Machine + ?Sized> Machine for Signed<'_, M> {
    /// What to do next. Errors: those of the flow; `openid_config_error` where the provider's keys cannot be had, `signing_key_not_found`,
    /// `signature_mismatch`.
    fn step(&mut self, input: Input) -> Result<Step, Error> {
        match (std::mem::replace(&mut self.stage, Stage::Over), input) {
            (Stage::Flow, input) => match self.flow.step(input)? {
                Step::Done(granted) => self.check(granted, false),
                step => {
                    self.stage = Stage::Flow;
                    Ok(step)
                }
            },
            (Stage::Fetching(granted), Input::Answered(response, _)) => {
                let keys = jwks::decode(&response)?;
                self.keys.replace(Keys(granted.jwks_uri.clone().map(|uri| (uri, keys))));
                self.check(granted, true)
            }
            (Stage::Checking(granted), Input::Verified(true)) => Ok(Step::Done(granted)),
            (Stage::Checking(_), Input::Verified(false)) => Err(ErrorCode::SignatureMismatch.into()),
            _ => Err(ErrorCode::UnexpectedError.into()),
        }
    }
}
