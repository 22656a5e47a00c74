//! The authorization response: RFC 6749 section 4.1.2, RFC 9207.
//!
//! A [`Callback`] is what a URL's fragment says and is hostile. [`Callback::verify`] alone makes a [`VerifiedCallback`], and only
//! that can be redeemed for tokens (`token::code_grant`): a flow that forgets the check does not compile.
//!
//! ```
//! use countersign::protocol::{callback::Callback, state::{Flow, State}};
//!
//! let state = State::new(Flow::Popup, &[0; 16], None);
//! let fragment = format!("#code=c&state={}", state.as_str());
//! assert_eq!(Callback::parse(&fragment).unwrap().state(), &state);
//! assert!(Callback::parse("#code=c&state=of-another-library").is_none());
//! ```

use core::fmt;

use super::{
    authority,
    authorize::{Pending, Text},
    form, oauth_error,
    secret::Secret,
    state::State,
};
use crate::error::{Error, ErrorCode};

/// A response with a state of our form. Nothing in it has been checked.
#[derive(Clone)]
pub struct Callback {
    parameters: Vec<(String, String)>,
    state: State,
}

/// A response that answers the request it claims to answer.
#[derive(Debug)]
pub struct VerifiedCallback {
    code: Secret,
}

impl Callback {
    /// Reads a URL's fragment, with or without its `#`. `None`: there is no response in it, or it is another library's.
    pub fn parse(fragment: &str) -> Option<Self> {
        let parameters = form::decode(fragment.strip_prefix("#").unwrap_or(fragment))?;
        let has = |wanted: &str| parameters.iter().any(|(name, _)| name == wanted);
        if !(has("code") || has("error")) {
            return None;
        }
        let (_, state) = parameters.iter().find(|(name, _)| name == "state")?;
        let state = State::parse(state)?;
        Some(Self { parameters, state })
    }

    /// The state that came back: which flow waits for this.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Compares the response with the request.
    ///
    /// In this order: no parameter twice (`hash_not_deserialized`; RFC 6749 section 3.1), the state (`state_mismatch`), the issuer, errors
    /// included and whenever the provider promises to send it (`issuer_mismatch`; RFC 9207 section 2.4), the provider's error
    /// (`interaction_required`, `user_cancelled`, `server_error`), and last the code (`authorization_code_missing_from_server_response`).
    pub fn verify(&self, pending: &Pending) -> Result<VerifiedCallback, Error> {
        for name in ["state", "iss", "error", "code"] {
            if self.parameters.iter().filter(|(own, _)| own == name).count() > 1 {
                return Err(Error::about(ErrorCode::HashNotDeserialized, name));
            }
        }
        if self.state != pending.state {
            return Err(ErrorCode::StateMismatch.into());
        }
        match self.get("iss") {
            Some(iss) if !authority::is_from(pending.text(Text::Issuer), iss) => {
                return Err(Error::about(ErrorCode::IssuerMismatch, "iss"));
            }
            None if pending.sends_iss => return Err(Error::about(ErrorCode::IssuerMismatch, "iss")),
            _ => {}
        }
        if let Some(error) = oauth_error::from_parameters(&|name| self.get(name)) {
            return Err(error);
        }
        match self.get("code") {
            Some(code) if !code.is_empty() => Ok(VerifiedCallback { code: Secret::new(code) }),
            _ => Err(ErrorCode::AuthorizationCodeMissingFromServerResponse.into()),
        }
    }

    fn get(&self, wanted: &str) -> Option<&str> {
        self.parameters.iter().find(|(name, _)| name == wanted).map(|(_, value)| &**value)
    }
}

impl VerifiedCallback {
    /// The authorization code.
    pub fn code(&self) -> &Secret {
        &self.code
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callback")
    }
}
