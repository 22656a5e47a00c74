//! Performs steps: the loop between a machine of `session` and the browser.

use super::{
    clock, digest, frame,
    location::{Left, Navigator},
    net,
    popup::Popup,
    signature, storage,
};
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
    /// A hidden frame that may take this many milliseconds.
    Frame(u64),
    /// The page leaves; what must be there on return waits under this key.
    Page(&'a str, &'a Navigator),
    /// A popup.
    Popup(&'a Popup),
}

/// Runs a machine to its end. `None`: it goes on in another page, which the app did not let this one leave for.
pub async fn run(machine: &mut dyn Machine, stage: &Stage<'_>, mut input: Input) -> Result<Option<Box<Granted>>, Error> {
    loop {
        input = match (machine.step(input)?, stage) {
            (Step::Done(granted), _) => return Ok(Some(granted)),
            (Step::Digest(text), _) => Input::Digested(digest::sha256(&text).await?),
            (Step::Send(request), _) => {
                let response = net::send(&request).await?;
                Input::Answered(response, clock::now())
            }
            (Step::Verify(proof), _) => Input::Verified(signature::verify(&proof).await?),
            (Step::Visit { url, channel }, Stage::Popup(popup)) => {
                let fragment = popup.visit(&url, &channel).await?;
                returned(&fragment)?
            }
            (Step::Visit { url, channel }, Stage::Frame(limit)) => returned(&frame::visit(&url, &channel, *limit).await?)?,
            (Step::Leave { url, pending }, Stage::Page(key, navigator)) => {
                storage::session()?.set_item(key, pending.reveal()).map_err(|_| ErrorCode::CacheQuotaExceeded)?;
                let Left::Held = navigator.leave(&url).await?;
                return Ok(None);
            }
            _ => return Err(ErrorCode::UnexpectedError.into()),
        };
    }
}

fn returned(fragment: &str) -> Result<Input, Error> {
    Ok(Input::Returned(Callback::parse(fragment).ok_or(ErrorCode::HashNotDeserialized)?))
}
