//! `BroadcastChannel`: the answer of a window or a frame at the provider. It comes on a channel named by the state, never by reading the
//! window: a provider that sends `Cross-Origin-Opener-Policy` cuts every other way.

use std::rc::Rc;

use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::BroadcastChannel;

use super::flight::Slot;
use crate::error::{Error, ErrorCode};

#[wasm_bindgen(module = "/pkg-template/page.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn listen(channel: &str, arrived: &Closure<dyn FnMut(JsValue)>) -> Result<BroadcastChannel, JsValue>;

    #[wasm_bindgen(catch)]
    fn post(channel: &str, payload: &str) -> Result<bool, JsValue>;
}

/// An open channel. Dropping it closes it, before its callback goes.
pub struct Listener {
    channel: BroadcastChannel,
    /// The fragment the provider sent the user back with; `None` where what came is not that.
    pub answer: Rc<Slot<Option<String>>>,
    _on_message: Closure<dyn FnMut(JsValue)>,
}

impl Listener {
    /// Listens on the channel of this state.
    pub fn new(name: &str) -> Result<Self, Error> {
        let answer = Slot::new();
        let arrived = Rc::clone(&answer);
        let on_message = Closure::<dyn FnMut(JsValue)>::new(move |payload: JsValue| arrived.put(payload.as_string()));
        let channel = listen(&channel(name), &on_message).map_err(|_| ErrorCode::NonBrowserEnvironment)?;
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
    post(&channel(name), fragment).map_err(|_| ErrorCode::NonBrowserEnvironment.into())
}

/// The channel of a state. `redirect-bridge.js` uses the same name.
fn channel(name: &str) -> String {
    ["countersign.", name].concat()
}
