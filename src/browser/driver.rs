//! Performs steps: the loop between a machine of `session` and the browser.

use super::{clock, digest, location, net, popup::Popup, storage};
use crate::{
    error::{Error, ErrorCode},
    protocol::callback::Callback,
    session::{Granted, Input, Machine, Step},
};

/// What the steps of a flow are performed on.
#[derive(Debug)]
pub enum Stage<'a> {
    /// Nothing to see: a token request.
    Silent,
    /// The page leaves; what must be there on return waits under this key.
    Page(&'a str),
    /// A popup.
    Popup(&'a Popup),
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
            (Step::Visit { url, channel }, Stage::Popup(popup)) => {
                let fragment = popup.visit(&url, &channel).await?;
                Input::Returned(Callback::parse(&fragment).ok_or(ErrorCode::HashNotDeserialized)?)
            }
            (Step::Leave { url, pending }, Stage::Page(key)) => {
                storage::session()?.set_item(key, pending.reveal()).map_err(|_| ErrorCode::CacheQuotaExceeded)?;
                location::leave(&url).await?;
                return Err(ErrorCode::UnexpectedError.into());
            }
            _ => return Err(ErrorCode::UnexpectedError.into()),
        };
    }
}
