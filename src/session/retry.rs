//! What the fetch wrapper does with a response.
//!
//! ```text
//! Start -> Acquire -> Acquired -> Send -> Responded -> Return
//!                                              \-> CatchUp -> CaughtUp -> Send -> ...    the cache has another token by now
//!                                                       \-> Current -> Renew -> Acquired -> Send -> ...
//!                                                                  \-> Interact -> ...   a refresh cannot bring what is wanted
//!                               Acquire or Renew -> Refused -> Interact -> Acquired -> Send -> ...
//! ```
//!
//! | demand | answer |
//! |---|---|
//! | claims | the refused token is forgotten; one with the claims, silently, else of the user |
//! | step-up | of the user, who signs in as the API asks; the token stays, other requests may do with it |
//! | scope | of the user, with the resource's scopes and the new ones: a refresh cannot widen (RFC 6749 section 6) |
//! | new token | the refused token is forgotten; a renewal |
//! | a scope of another API of the app's | none: a token for both would be good there, too |
//! | anything else | none: the response is the caller's |
//!
//! Demands of one response are met together. Each kind is answered once for each request, three in all, and the user is asked once; whatever the
//! API says after that is the caller's. So an API that always challenges causes neither a loop nor a second question; and where the user was asked in
//! vain, the next request does not ask for the same.

use super::{
    config::InteractionType,
    need::{CacheLookupPolicy, Need},
    questions::Questions,
    resources::{Listed, Resource, Resources},
};
use crate::{
    error::{Error, ErrorCode},
    protocol::{
        challenge::parse_challenges,
        demand::{Demand, can_demand, demands},
        scope::Scopes,
        url::Url,
    },
};

/// What the driver must do next.
#[derive(Debug, PartialEq, Eq)]
pub enum RetryStep {
    /// Get a token, from the cache or silently.
    Acquire(Need),
    /// Take a token for this from the cache, if it is another one than was sent. Answer: [`RetryInput::CaughtUp`] or [`RetryInput::Current`].
    CatchUp(Need),
    /// The caller gets this error.
    Fail(Error),
    /// The caller gets the response. What it asks for is hidden from this page: the app's developer should know.
    Hidden,
    /// Ask the user, for a token with the claims of this error.
    Interact(Need, Error),
    /// Get a better one silently.
    Renew(Need),
    /// The caller gets the response.
    Return,
    /// The caller gets the response, for its request cannot be sent again; the next one is to find a token that meets this.
    ReturnAndRenew(Need),
    /// Send the request with the token.
    Send,
}

/// What happened.
#[derive(Debug)]
pub enum RetryInput<'a> {
    /// There is a token.
    Acquired,
    /// There is another token than the one that was sent, which somebody else has got: it is tried, and if it is the first time, that counts for
    /// nothing.
    CaughtUp,
    /// The cache has no other token than the one that was sent.
    Current,
    /// There is none, and why.
    Refused(Error),
    /// The API answered.
    Responded(Answer<'a>),
    /// Nothing yet.
    Start,
}

/// A response, as far as it matters.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answer<'a> {
    /// The status.
    pub status: u16,
    /// Where it came from: a redirect may have led elsewhere. `None`: the transport does not say.
    pub url: Option<&'a str>,
    /// The `WWW-Authenticate` field, as far as the browser shows it.
    pub challenge: Option<&'a str>,
    /// Whether the browser shows only the fields that the API exposes (CORS).
    pub is_filtered: bool,
    /// Whether the request can be sent again.
    pub is_replayable: bool,
}

/// The policy for one request.
#[derive(Debug)]
pub struct Retry<'a> {
    resources: &'a Resources,
    listed: &'a Listed,
    resource: &'a Resource,
    method: Box<str>,
    url: Box<str>,
    interaction: InteractionType,
    progress: Progress,
    /// What it was before the answer that is under way.
    before: Option<Progress>,
    /// What the response demands.
    demands: Vec<Demand>,
    /// What one token would have to be to meet them, and their kinds.
    wanted: Option<Need>,
    kinds: u8,
    has_response: bool,
    /// The response that is there is the caller's, whatever comes.
    is_over: bool,
    has_caught_up: bool,
    is_asking: bool,
    is_new: bool,
}

#[derive(Clone, Debug)]
struct Progress {
    need: Need,
    answered: u8,
    answers: u8,
    has_interacted: bool,
}

impl<'a> Retry<'a> {
    /// A request of this method and URL to `resource`, one of `resources`. `listed`: what these and the app's other maps have.
    pub fn new(
        need: Need,
        resources: &'a Resources,
        listed: &'a Listed,
        resource: &'a Resource,
        (method, url): (&str, &str),
        interaction: InteractionType,
    ) -> Self {
        Self {
            resources,
            listed,
            resource,
            method: method.into(),
            url: url.into(),
            interaction,
            progress: Progress { need, answered: 0, answers: 0, has_interacted: false },
            before: None,
            demands: Vec::new(),
            wanted: None,
            kinds: 0,
            has_response: false,
            is_over: false,
            has_caught_up: false,
            is_asking: false,
            is_new: false,
        }
    }

    /// What to do next. `questions` is what the users of this session are and were asked.
    pub fn step(&mut self, input: RetryInput<'_>, questions: &mut Questions) -> RetryStep {
        let was_asking = std::mem::take(&mut self.is_asking);
        match input {
            RetryInput::Start => {
                let need = self.progress.need.clone();
                // Who said no is left alone by the provider too: what the cache has will do, or nothing.
                let is_declined = questions.is_declined(&need);
                RetryStep::Acquire(if is_declined { need.from(CacheLookupPolicy::AccessToken, false) } else { need })
            }
            RetryInput::Acquired => {
                if !self.has_response {
                    // Whoever has brought it: what was declined is there.
                    questions.met(&self.progress.need);
                }
                self.go_on()
            }
            RetryInput::CaughtUp => {
                // Once: what others get again and again must not keep this one going without end.
                if !std::mem::replace(&mut self.has_caught_up, true)
                    && let Some(before) = self.before.take()
                {
                    self.progress = before;
                }
                self.go_on()
            }
            RetryInput::Current => self.answer(questions),
            RetryInput::Refused(error) => self.on_refused(error, was_asking, questions),
            RetryInput::Responded(answer) => self.on_response(answer, questions),
        }
    }

    /// Whether the API's challenge is being answered, rather than a first token fetched.
    pub fn is_answering(&self) -> bool {
        self.progress.answers > 0
    }

    /// Whether the challenge that is being answered was not told of yet. True once for each.
    pub fn take_news(&mut self) -> bool {
        std::mem::take(&mut self.is_new)
    }

    /// Whether a token that another request has got meanwhile is tried before anything else. [`RetryInput::CaughtUp`] says that it is.
    pub fn may_catch_up(&self) -> bool {
        !self.has_caught_up
    }

    /// The token that would do.
    pub fn need(&self) -> &Need {
        &self.progress.need
    }

    /// What the last response demands.
    pub fn demands(&self) -> &[Demand] {
        &self.demands
    }

    /// Whether the token that was refused is of no use to anybody. One that is merely too weak, or too narrow, is.
    pub fn is_token_refused(&self) -> bool {
        self.kinds & (CLAIMS | INVALID_TOKEN) != 0
    }

    fn go_on(&self) -> RetryStep {
        if self.is_over { RetryStep::Return } else { RetryStep::Send }
    }

    fn on_response(&mut self, answer: Answer<'_>, questions: &mut Questions) -> RetryStep {
        self.has_response = true;
        self.is_over = !answer.is_replayable;
        self.before = None;
        // A redirect may have led elsewhere, and what an origin that is not listed demands is not answered.
        if answer.url.is_some_and(|url| !self.is_of_same(url)) {
            return RetryStep::Return;
        }
        if answer.status == 401 && answer.challenge.is_none() && answer.is_filtered {
            return RetryStep::Hidden;
        }
        self.demands = demands(answer.status, &parse_challenges(answer.challenge.as_slice()));
        let (need, kinds) = self.meeting_all();
        self.kinds = kinds;
        if kinds == 0 && answer.status < 400 {
            questions.succeeded(&self.url);
        }
        if kinds & !self.progress.answered == 0 || self.progress.answers >= MOST_ANSWERS {
            // The user was asked in vain: the next request does not ask for the same. A renewal may still help against an invalid token.
            if self.progress.has_interacted && kinds & self.progress.answered & !INVALID_TOKEN != 0 {
                questions.decline(&self.progress.need);
            }
            return RetryStep::Return;
        }
        let plain = need.plain();
        self.wanted = Some(need);
        if self.has_caught_up { self.answer(questions) } else { RetryStep::CatchUp(plain) }
    }

    /// What one token would have to be to meet all demands, and their kinds; none where one of them cannot be met.
    fn meeting_all(&self) -> (Need, u8) {
        let (mut need, mut kinds) = (self.progress.need.clone(), 0);
        for demand in &self.demands {
            let kind = kind(demand);
            match need.meeting(demand) {
                _ if matches!(demand, Demand::ClaimsRefused { .. }) || self.is_greedy(demand) => return (need, 0),
                // Several of one kind are alternatives (RFC 9110 section 11.6.1): the first one will do.
                Some(more) if kinds & kind == 0 => {
                    need = more;
                    kinds |= kind;
                }
                _ => {}
            }
        }
        (need, kinds)
    }

    /// Whether this URL is of the same origin and resource as the request's.
    fn is_of_same(&self, url: &str) -> bool {
        Url::parse(url).is_some_and(|there| {
            let resource = self.resources.find(&there, &self.method);
            there.origin == self.origin() && resource.is_some_and(|resource| **resource == *self.resource)
        })
    }

    fn origin(&self) -> &str {
        Url::parse(&self.url).map_or("", |url| url.origin)
    }

    /// Whether an API asks for a scope that the app's maps give to another origin: its token would be good there, too.
    fn is_greedy(&self, demand: &Demand) -> bool {
        match demand {
            Demand::Scope { scope } | Demand::StepUp { scope, .. } => {
                self.listed.has_others(self.origin(), &Scopes::from_list(scope))
            }
            _ => false,
        }
    }

    fn answer(&mut self, questions: &mut Questions) -> RetryStep {
        let Some(need) = self.wanted.take() else { return RetryStep::Return };
        let kinds = self.kinds;
        let needs_user = kinds & (STEP_UP | SCOPE) != 0;
        let is_declined = questions.is_declined(&need);
        if self.is_over && (needs_user || is_declined) {
            return RetryStep::Return;
        }
        self.before = Some(self.progress.clone());
        self.progress.answered |= kinds;
        self.progress.answers += 1;
        self.progress.need = need.clone();
        self.is_new = true;
        if needs_user || is_declined {
            return self.ask_user(ErrorCode::InteractionRequired.into(), questions);
        }
        if self.is_over { RetryStep::ReturnAndRenew(need) } else { RetryStep::Renew(need) }
    }

    /// Only the provider's word, or a demand that no refresh can meet, sends the user anywhere.
    fn on_refused(&mut self, error: Error, was_asking: bool, questions: &mut Questions) -> RetryStep {
        match error.code {
            ErrorCode::InteractionRequired | ErrorCode::NoTokensFound if !was_asking => self.ask_user(error, questions),
            // The cache has nothing, and nobody else is asked: see the start.
            ErrorCode::TokenRefreshRequired if questions.is_declined(&self.progress.need) => {
                self.ask_user(error.coded(ErrorCode::InteractionRequired), questions)
            }
            _ => RetryStep::Fail(error),
        }
    }

    /// What the provider asks for is asked beside what the API asked for. Where the user is not to be asked, the caller learns what to ask for.
    fn ask_user(&mut self, error: Error, questions: &mut Questions) -> RetryStep {
        if self.progress.has_interacted {
            return if self.has_response { RetryStep::Return } else { RetryStep::Fail(error) };
        }
        let need = self.progress.need.clone();
        let error = need.asking(error);
        let is_declined = questions.is_on_trial(need.account(), &self.url) || questions.is_declined(&need);
        questions.open(&need, error.claims.as_deref());
        if is_declined || self.interaction == InteractionType::None {
            return RetryStep::Fail(error);
        }
        self.progress.has_interacted = true;
        self.is_asking = true;
        RetryStep::Interact(need, error)
    }
}

/// Whether a response of this status is the caller's, and no policy has to look at it; 0: there is none, or none that can be seen.
pub fn is_callers(status: u16, questions: &Questions) -> bool {
    status == 0 || !can_demand(status) && questions.is_empty()
}

/// Which kind of demand it is, as a bit; 0: none that a token meets.
fn kind(demand: &Demand) -> u8 {
    match demand {
        Demand::Claims { .. } => CLAIMS,
        Demand::StepUp { .. } => STEP_UP,
        Demand::Scope { .. } => SCOPE,
        Demand::InvalidToken => INVALID_TOKEN,
        _ => 0,
    }
}

const CLAIMS: u8 = 1;
const STEP_UP: u8 = 2;
const SCOPE: u8 = 4;
const INVALID_TOKEN: u8 = 8;

/// For one request.
const MOST_ANSWERS: u8 = 3;
