//! `BroadcastChannel`: the answer of a window or a frame at the provider. It comes on a channel named by the state, never by reading the
//! window: a provider that sends `Cross-Origin-Opener-Policy` cuts every other way.

use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

use super::flight::Slot;
use crate::error::{Error, ErrorCode};

/// An open channel. Dropping it closes it, before its callback goes.
pub struct Listener {
    channel: BroadcastChannel,
    /// The fragment the provider sent the user back with; `None` where what came is not that.
    pub answer: Rc<Slot<Option<String>>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Listener {
    /// Listens on the channel of this state.
    pub fn new(name: &str) -> Result<Self, Error> {
        let channel = open(name)?;
        let answer = Slot::new();
        let arrived = Rc::clone(&answer);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            arrived.put(Reflect::get(&event.data(), &PAYLOAD.into()).ok().and_then(|payload| payload.as_string()));
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Ok(Self { channel, answer, _on_message: on_message })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

/// Hands the answer to whoever listens on the channel of this state. Returns whether it was sent.
pub fn answer(name: &str, fragment: &str) -> Result<bool, Error> {
    let channel = open(name)?;
    let message = js_sys::Object::new();
    let is_sent = Reflect::set(&message, &PAYLOAD.into(), &fragment.into()).is_ok() && channel.post_message(&message).is_ok();
    channel.close();
    Ok(is_sent)
}

/// The channel of a state. `redirect-bridge.js` uses the same name.
fn open(name: &str) -> Result<BroadcastChannel, Error> {
    let mut channel = String::from("countersign.");
    channel.push_str(name);
    BroadcastChannel::new(&channel).map_err(|_| ErrorCode::NonBrowserEnvironment.into())
}

const PAYLOAD: &str = "payload";
