//! What the user is asked for on behalf of requests, and has said no to.
//!
//! A question is open from the moment a challenge turns out to need the user until an interaction that asked for it has brought a token. As long as it is
//! open, what the app itself asks for the same resource asks for this too, so that a button which says `acquireTokenPopup({ scopes })` is
//! enough. Who has said no, or was asked in vain, is not asked again before the app asks by itself. What the app itself has refused on the user's behalf
//! widens none of its calls.

use super::{login::LoginRequest, need::Need};
use crate::{
    error::{Error, ErrorCode, ServerAnswer},
    protocol::{claims, list, scope::Scopes, time::UnixSeconds},
};

/// The open questions of a session. In memory: another page may ask again.
#[derive(Debug, Default)]
pub struct Questions(Vec<Question>);

#[derive(Debug)]
struct Question {
    need: Need,
    /// What the API and the provider ask for together.
    claims: Option<Box<str>>,
    state: State,
    /// The app's own call asks for it, too.
    is_carried: bool,
    /// How many of the app's own calls that asked for it came to nothing.
    failures: u8,
    /// The app was asked, and did not want it put to the user.
    is_unwanted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// The user has said no.
    Declined,
    /// Nobody can grant it.
    Hopeless,
    /// The page was left for it, by the request to this URL, and the answer is here or about to be. Who asks for the same again, before that request has
    /// succeeded, or for a while, is not content with what there is: the page would be left without end.
    Answered(Box<str>, UnixSeconds),
}

impl Questions {
    /// Whether nobody is, or was, asked for anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The user is wanted for this. What was declined stays declined.
    pub fn open(&mut self, need: &Need, claims: Option<&str>) {
        let known = self.0.iter().position(|question| question.need == *need).map(|position| self.0.remove(position));
        // An API can ask for something new each time.
        if self.0.len() == MOST {
            // A no is remembered for longest.
            self.0.remove(self.0.iter().position(|question| question.state == State::Open).unwrap_or_default());
        }
        let known = known.unwrap_or_else(|| Question {
            need: need.clone(),
            claims: None,
            state: State::Open,
            is_carried: false,
            failures: 0,
            is_unwanted: false,
        });
        self.0.push(Question { claims: claims.map(Into::into), is_carried: false, ..known });
    }

    /// An interaction for this came to nothing.
    pub fn failed(&mut self, need: &Need, error: &Error) {
        if is_denial(error) {
            self.close(need, State::Declined);
        } else if is_unmeetable(error) {
            self.close(need, State::Hopeless);
        }
    }

    /// The app does not want this put to the user.
    pub fn refused(&mut self, need: &Need) {
        self.close(need, State::Declined);
        for question in self.0.iter_mut().filter(|question| question.need == *need) {
            question.is_unwanted = true;
        }
    }

    /// An interaction for this has brought a token.
    pub fn met(&mut self, need: &Need) {
        list::retain(&mut self.0, |question| !question.need.is_met_by(need));
    }

    /// The app's own call came to nothing. Where that may be because of what it asked for on behalf of requests, it does not ask for it again: an API that wants what
    /// nobody can grant must not keep the user from signing in. Where a provider shows its own page of errors, nothing says why the user gave up: twice is enough.
    pub fn app_failed(&mut self, error: &Error) {
        for question in self.0.iter_mut().filter(|question| question.is_carried) {
            question.failures = question.failures.saturating_add(1);
        }
        list::retain(&mut self.0, |question| !question.is_carried || !is_unmeetable(error));
    }

    /// The app's own call has brought a token: what it asked for on behalf of requests is over.
    pub fn app_succeeded(&mut self) {
        list::retain(&mut self.0, |question| !question.is_carried);
    }

    /// The page was left for this, by the request to this URL, and is back. `outcome`: what came of it, or `Ok` where that is still on its way; `None`: there is no
    /// answer, for the user came back with the back button, which is a no. An answer that came to nothing for a reason of its own (a token endpoint that cannot be
    /// reached) stays on trial.
    pub fn returned(&mut self, need: &Need, url: &str, outcome: Option<Result<(), &Error>>, now: UnixSeconds) {
        match outcome {
            None => self.close(need, State::Declined),
            Some(Ok(())) => {
                self.met(need);
                self.close(need, State::Answered(url.into(), now.plus(TRIAL)));
            }
            Some(Err(error)) => self.failed(need, error),
        }
    }

    /// A request to this URL was not challenged.
    pub fn succeeded(&mut self, url: &str) {
        list::retain(&mut self.0, |question| !matches!(&question.state, State::Answered(answered, _) if **answered == *url));
    }

    /// What was to hold until now holds no more.
    pub fn expire(&mut self, now: UnixSeconds) {
        list::retain(&mut self.0, |question| !matches!(&question.state, State::Answered(_, until) if *until <= now));
    }

    /// The user has said no to this, or was asked in vain.
    pub fn decline(&mut self, need: &Need) {
        self.close(need, State::Declined);
    }

    /// Whether the page was left by a request of this account to this URL, which has not succeeded since. Whatever is demanded there next does not send the
    /// user away again.
    pub fn is_on_trial(&self, home_account_id: &str, url: &str) -> bool {
        self.0.iter().any(|question| {
            question.need.account() == home_account_id
                && matches!(&question.state, State::Answered(answered, _) if **answered == *url)
        })
    }

    /// Whether the user is not to be asked for this again.
    pub fn is_declined(&self, need: &Need) -> bool {
        self.find(need).is_some_and(|question| question.state != State::Open)
    }

    /// The account is gone: its questions are nobody's.
    pub fn forget(&mut self, home_account_id: &str) {
        list::retain(&mut self.0, |question| question.need.account() != home_account_id);
    }

    /// The app asks by itself: whoever said no may be asked again. Its request asks for what is open for the same resource, too, if it is about the same
    /// user: the account that it names, or `default_account` where it names nobody.
    pub fn asked_by_app(&mut self, mut request: LoginRequest, default_account: Option<&str>) -> LoginRequest {
        let asked = request.scopes.for_resource();
        let names_nobody =
            request.login_hint.is_none() && request.sid.is_none() && request.prompt.as_deref() != Some("select_account");
        let account = request.account.clone().or_else(|| default_account.filter(|_| names_nobody).map(String::from));
        list::retain(&mut self.0, |question| matches!(question.state, State::Open | State::Declined));
        for question in &mut self.0 {
            question.state = State::Open;
            let need = &question.need;
            let is_about_it = question.failures < MOST_FAILURES
                && account.as_deref() == Some(need.account())
                && request.authority.as_ref() == need.authority()
                && need.looked_up().iter().any(|scope| asked.covers(&Scopes::parse(scope)));
            question.is_carried = is_about_it;
            if !is_about_it {
                continue;
            }
            let scopes = if question.is_unwanted { need.own_scopes() } else { need.scopes() };
            request.scopes = request.scopes.with(scopes.iter());
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
            request.max_age = match (request.max_age, need.step_up().max_age) {
                (Some(own), Some(open)) => Some(own.min(open)),
                (own, open) => own.or(open),
            };
        }
        request
    }

    fn close(&mut self, need: &Need, state: State) {
        if self.find(need).is_none() {
            self.open(need, need.claims());
        }
        for question in self.0.iter_mut().filter(|question| question.need == *need) {
            question.state = state.clone();
        }
    }

    fn find(&self, need: &Need) -> Option<&Question> {
        self.0.iter().find(|question| question.need == *need)
    }
}

/// Whether somebody has said no: a popup that was blocked, or a network that failed, says nothing of the user.
pub fn is_denial(error: &Error) -> bool {
    error.code == ErrorCode::UserCancelled || error.server.as_deref().is_some_and(|server| server.error == "access_denied")
}

/// Whether nobody can grant what was asked for, or this user did not get it in the way that was asked for. A provider that is out of order may be back.
fn is_unmeetable(error: &Error) -> bool {
    let is_refusal = |server: &ServerAnswer| {
        server.status < 500 && !matches!(&*server.error, "access_denied" | "server_error" | "temporarily_unavailable")
    };
    match error.code {
        ErrorCode::AcrMismatch | ErrorCode::AuthTimeNotFound | ErrorCode::MaxAgeTranspired => true,
        ErrorCode::ServerError | ErrorCode::InteractionRequired => error.server.as_deref().is_some_and(is_refusal),
        _ => false,
    }
}

/// How long the answer that a page was left for is on trial, in seconds.
const TRIAL: u64 = 600;

/// That are remembered.
const MOST: usize = 32;

/// Of the app's own calls that asked for one.
const MOST_FAILURES: u8 = 2;
