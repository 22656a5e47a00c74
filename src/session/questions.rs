//! What the user is asked for on behalf of requests, and has said no to.
//!
//! A question is open from the moment a challenge turns out to need the user until a token arrives. As long as it is open, what the app itself asks for
//! the same resource asks for this too, so that a button which says `acquireTokenPopup({ scopes })` is enough. Who has said no is not
//! asked again before the app asks by itself.

use super::{login::LoginRequest, need::Need};
use crate::{
    error::{Error, ErrorCode},
    protocol::{claims, scope::Scopes},
};

/// The open questions of a session. In memory: another page may ask again.
#[derive(Debug, Default)]
pub struct Questions(Vec<Question>);

#[derive(Debug)]
struct Question {
    need: Need,
    /// What the API and the provider ask for together.
    claims: Option<Box<str>>,
    is_declined: bool,
}

impl Questions {
    /// The user is wanted for this. What was declined stays declined.
    pub fn open(&mut self, need: &Need, claims: Option<&str>) {
        let is_declined = self.is_declined(need);
        self.0.retain(|question| question.need != *need);
        // An API can ask for something new each time.
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push(Question { need: need.clone(), claims: claims.map(Into::into), is_declined });
    }

    /// An interaction for this came to nothing.
    pub fn failed(&mut self, need: &Need, error: &Error) {
        if is_denial(error) {
            self.decline(need);
        }
    }

    /// The user has said no to this, or has come back without an answer.
    pub fn decline(&mut self, need: &Need) {
        if !self.0.iter().any(|question| question.need == *need) {
            self.open(need, need.claims());
        }
        for question in &mut self.0 {
            question.is_declined |= question.need == *need;
        }
    }

    /// Whether the user has said no to this.
    pub fn is_declined(&self, need: &Need) -> bool {
        self.0.iter().any(|question| question.is_declined && question.need == *need)
    }

    /// The app asks by itself: whoever said no may be asked again. Its request asks for what is open for the same resource, too.
    pub fn asked_by_app(&mut self, mut request: LoginRequest) -> LoginRequest {
        let asked = Scopes::from_list(&request.scopes).for_resource();
        for question in &mut self.0 {
            question.is_declined = false;
            let need = &question.need;
            let is_about_it = request.account.as_deref().is_none_or(|account| account == need.account())
                && request.authority.as_ref() == need.authority()
                && need.scopes().for_resource().iter().any(|scope| asked.covers(&Scopes::parse(scope)));
            if !is_about_it {
                continue;
            }
            request.scopes = Scopes::from_list(&request.scopes).with(need.scopes().iter()).iter().map(String::from).collect();
            // What the app says itself counts.
            let own = request.claims.as_deref().filter(|own| !claims::is_empty(own));
            request.claims = match (question.claims.as_deref(), own) {
                (Some(open), None) => Some(open.into()),
                (Some(open), Some(own)) => claims::merge(open, own).ok().or_else(|| Some(own.into())),
                (None, own) => own.map(Into::into),
            };
            if request.acr_values.is_empty() {
                request.acr_values.clone_from(&need.step_up().acr_values);
            }
            request.max_age = request.max_age.into_iter().chain(need.step_up().max_age).min();
        }
        request
    }

    /// The user has signed in and a token for these scopes has come: what was open for them is over.
    pub fn answered(&mut self, home_account_id: &str, scopes: &Scopes) {
        self.0.retain(|Question { need, .. }| need.account() != home_account_id || !scopes.covers(&need.scopes().for_resource()));
    }
}

/// Whether somebody has said no: a popup that was blocked, or a network that failed, says nothing of the user.
pub fn is_denial(error: &Error) -> bool {
    error.code == ErrorCode::UserCancelled || error.server.as_deref().is_some_and(|server| server.error == "access_denied")
}

/// That are remembered.
const MOST: usize = 32;
