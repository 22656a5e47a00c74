//! Leaving a provider alone that asked for it, one account at a time.
//!
//! Until the time it named, whoever wants a new token for that account gets the error it gave: the same code, the same answer, and no request.
//! Nothing is stored: another page asks once, and is told again.

use crate::{
    error::Error,
    protocol::{json::digits, list, time::UnixSeconds},
};

/// Which accounts are to be left alone, and what the provider said.
#[derive(Debug, Default)]
pub struct Throttle(Vec<Rest>);

#[derive(Debug)]
struct Rest {
    account: Box<str>,
    until: UnixSeconds,
    error: Error,
}

impl Throttle {
    /// What a request for this account is answered with, unsent. `None`: send it.
    pub fn refusal(&self, home_account_id: &str, now: UnixSeconds) -> Option<Error> {
        let is_it = |rest: &&Rest| *rest.account == *home_account_id && now < rest.until;
        self.0.iter().find(is_it).map(|rest| rest.error.clone())
    }

    /// A request for this account failed: where the provider wants to be left alone, it is.
    pub fn failed(&mut self, home_account_id: &str, error: &Error, now: UnixSeconds) {
        let asked = error.server.as_ref().and_then(|answer| seconds(answer.status, answer.retry_after.as_deref(), now));
        let Some(seconds) = asked else { return };
        list::retain(&mut self.0, |rest| now < rest.until);
        self.lift(home_account_id);
        self.0.push(Rest { account: home_account_id.into(), until: now.plus(seconds), error: error.clone() });
    }

    /// The user signed in: whatever was wrong may be right now.
    pub fn lift(&mut self, home_account_id: &str) {
        list::retain(&mut self.0, |rest| *rest.account != *home_account_id);
    }
}

/// How long an answer of this status asks to be left alone, in seconds: what its `Retry-After` says (RFC 9110 section 10.2.3), an hour at most;
/// without one, a minute after `429` (RFC 6585 section 4), and not at all after a `5xx`.
fn seconds(status: u16, retry_after: Option<&str>, now: UnixSeconds) -> Option<u64> {
    if status != 429 && status < 500 {
        return None;
    }
    let said = retry_after.map(str::trim_ascii).and_then(|text| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // More digits than a number holds are a long time, not a mistake.
        let number = || digits(text).unwrap_or(LONGEST);
        if is_number { Some(number()) } else { Some(UnixSeconds::from_http_date(text)?.0.saturating_sub(now.0)) }
    });
    let unsaid = if status == 429 { Some(60) } else { None };
    said.or(unsaid).map(|seconds| seconds.min(LONGEST)).filter(|seconds| *seconds > 0)
}

/// An hour.
const LONGEST: u64 = 3600;
