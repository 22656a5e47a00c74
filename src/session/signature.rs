//! A flow whose ID token's signature is checked too, where the app asks for that: before what it was granted is let through.
//!
//! ```text
//! Keys::request, before the flow; ... -> Done of the flow -> (Send -> Answered, for a new key) -> Verify -> Verified -> Done
//! ```
//!
//! The keys are asked for before anything is redeemed: a refresh token that rotates is spent by then, and the new one is not to be lost with
//! a provider that does not say what its keys are.

use std::cell::RefCell;

use super::{Granted, Input, Machine, Step};
use crate::{
    error::{Error, ErrorCode},
    protocol::{
        http::{HttpRequest, HttpResponse},
        json::Json,
        jwks,
    },
};

/// The keys of the provider that was asked last, and where they are from.
#[derive(Debug, Default)]
pub struct Keys(Option<(Box<str>, Json)>);

impl Keys {
    /// The request for the keys that are there. `None`: they are known. Error: `openid_config_error` where the provider says of none.
    pub fn request(&self, uri: &str) -> Result<Option<HttpRequest>, Error> {
        if uri.is_empty() {
            return Err(Error::about(ErrorCode::OpenidConfigError, "jwks_uri"));
        }
        let is_known = self.0.as_ref().is_some_and(|(from, _)| **from == *uri);
        Ok((!is_known).then(|| request(uri)))
    }

    /// What came of that request. Error: `openid_config_error`.
    pub fn answered(uri: &str, response: &HttpResponse) -> Result<Self, Error> {
        Ok(Self(Some((uri.into(), jwks::decode(response)?))))
    }
}

fn request(uri: &str) -> HttpRequest {
    HttpRequest { url: uri.into(), form: None, is_repeatable: true }
}

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
    Unproven(Box<Granted>),
    Over,
}

impl<'a, M: Machine + ?Sized> Signed<'a, M> {
    /// A flow that has not begun. `keys` are kept from one flow to the next.
    pub fn new(flow: &'a mut M, keys: &'a RefCell<Keys>) -> Self {
        Self { flow, keys, stage: Stage::Flow }
    }

    /// What was granted by a flow that failed after it, where nobody has said that the signature is wrong: the key could not be had. Nothing of it
    /// counts but that the refresh token it was got with is spent.
    pub fn unproven(&self) -> Option<&Granted> {
        match &self.stage {
            Stage::Fetching(granted) | Stage::Checking(granted) | Stage::Unproven(granted) => Some(granted),
            Stage::Flow | Stage::Over => None,
        }
    }

    /// Keys change: one that is not known is asked for, once.
    fn check(&mut self, granted: Box<Granted>, is_fetched: bool) -> Result<Step, Error> {
        let Some(uri) = &granted.jwks_uri else { return Ok(Step::Done(granted)) };
        let proof = match &self.keys.borrow().0 {
            Some((from, keys)) if from == uri => jwks::proof(keys, granted.account.id_token.raw().reveal())?,
            _ => None,
        };
        match proof {
            Some(proof) => {
                self.stage = Stage::Checking(granted);
                Ok(Step::Verify(proof))
            }
            None if is_fetched => {
                self.stage = Stage::Unproven(granted);
                Err(ErrorCode::SigningKeyNotFound.into())
            }
            None => {
                let request = request(uri);
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
                match Keys::answered(granted.jwks_uri.as_deref().unwrap_or_default(), &response) {
                    Ok(keys) => {
                        self.keys.replace(keys);
                        self.check(granted, true)
                    }
                    Err(error) => {
                        self.stage = Stage::Unproven(granted);
                        Err(error)
                    }
                }
            }
            (Stage::Checking(granted), Input::Verified(true)) => Ok(Step::Done(granted)),
            (Stage::Checking(_), Input::Verified(false)) => Err(ErrorCode::SignatureMismatch.into()),
            _ => Err(ErrorCode::UnexpectedError.into()),
        }
    }
}
