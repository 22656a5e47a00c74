//! Performs steps: the loop between a machine of `session` and the browser.

use super::{clock, digest, location, net, popup::Popup, storage};
use crate::{
    error::{Error, ErrorCode},
    protocol::callback::Callback,
    session::{Granted, Input, Step, acquire::Acquire, login::Login},
};

/// A machine of `session`.
pub trait Machine {
    /// What to do next.
    fn step(&mut self, input: Input) -> Result<Step, Error>;
}

impl Machine for Login {
    fn step(&mut self, input: Input) -> Result<Step, Error> {
        Self::step(self, input)
    }
}

impl Machine for Acquire {
    fn step(&mut self, input: Input) -> Result<Step, Error> {
        Self::step(self, input)
    }
}

/// What the steps of a flow are performed on.
#[derive(Debug)]
pub enum Stage<'a> {
    /// Nothing to see: a token request.
    Silent,
    /// The page leaves; what must be there on return waits under this key.
    Page(&'a str),
    /// A popup, which may take this many milliseconds.
    Popup(&'a Popup, u64),
}

/// Runs a machine to its end.
pub async fn run(machine: &mut dyn Machine, stage: &Stage<'_>, mut input: Input) -> Result<Box<Granted>, Error> {
    loop {
        input = match (machine.step(input)?, stage) {
            (Step::Done(granted), _) => return Ok(granted),
            (Step::Digest(text), _) => Input::Digested(digest::sha256(&text).await?),
            (Step::Send(request), _) => {
                let response = net::send(&request).await?;
                Input::Answered(response, clock::now())
            }
            (Step::Visit { url, channel }, Stage::Popup(popup, limit)) => {
                let fragment = popup.visit(&url, &channel, *limit).await?;
                Input::Returned(Callback::parse(&fragment).ok_or(ErrorCode::HashNotDeserialized)?)
            }
            (Step::Leave { url, pending }, Stage::Page(key)) => {
                storage::session()?.set_item(key, &pending).map_err(|_| ErrorCode::CacheQuotaExceeded)?;
                location::leave(&url).await?;
                return Err(ErrorCode::UnexpectedError.into());
            }
            _ => return Err(ErrorCode::UnexpectedError.into()),
        };
    }
}
