//! The `state` parameter (RFC 6749 section 10.12): a random value that also says which flow waits for the answer.
//!
//! `<flow>.<22 base64url characters>`, and after a `|` what the app gave as its own `state`. A page that receives a response can
//! tell from the state alone whether it is ours and whether to hand it to the window that opened it; `redirect-bridge.js` does so
//! without the wasm.

use super::{base64url, cut};

/// Which flow a response belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// The answer goes to the window that opened this one.
    Popup,
    /// The answer is for this page.
    Redirect,
    /// The answer goes to the page that this one is a hidden frame of.
    Silent,
}

/// A state as it was sent or as it came back: well formed, nothing more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State(Box<str>);

impl State {
    /// A new state. `user` is the app's own and comes back with the result.
    pub fn new(flow: Flow, random: &[u8; 16], user: Option<&str>) -> Self {
        let mut text = String::from(match flow {
            Flow::Popup => POPUP,
            Flow::Redirect => REDIRECT,
            Flow::Silent => SILENT,
        });
        base64url::encode(&mut text, random);
        if let Some(user) = user {
            text.push('|');
            text.push_str(user);
        }
        Self(text.into())
    }

    /// Reads a state that came back. `None`: not one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let id = cut::before(text, b"|");
        let random = [POPUP, REDIRECT, SILENT].iter().find_map(|flow| id.strip_prefix(flow))?;
        let is_ours =
            random.len() == 22 && random.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        is_ours.then(|| Self(text.into()))
    }

    /// Which flow it belongs to.
    pub fn flow(&self) -> Flow {
        match self.0.as_bytes().first() {
            Some(b'p') => Flow::Popup,
            Some(b's') => Flow::Silent,
            _ => Flow::Redirect,
        }
    }

    /// The part that is ours: it names the channel a popup or a frame answers on.
    pub fn id(&self) -> &str {
        cut::before(&self.0, b"|")
    }

    /// The app's own part.
    pub fn user(&self) -> Option<&str> {
        cut::first(&self.0, "|").map(|(_, user)| user)
    }

    /// The whole of it, as sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const POPUP: &str = "p.";
const REDIRECT: &str = "r.";
const SILENT: &str = "s.";
