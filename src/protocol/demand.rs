//! What a 401 or 403 asks of the client, from its challenges.
//!
//! Reads the meaning of challenges that `challenge` has parsed. It does not decide what to do about a demand, nor how often:
//! that is `session`.
//!
//! | demand | asked by | see |
//! |---|---|---|
//! | claims | Bearer `insufficient_claims` with `claims`; else `invalid_token` with `claims` | Microsoft's claims challenge |
//! | step-up | Bearer `insufficient_user_authentication` | RFC 9470 section 3 |
//! | scope | Bearer `insufficient_scope`, on 403 and on 401 | RFC 6750 section 3.1 |
//! | new token | Bearer `invalid_token` | RFC 6750 section 3.1 |
//! | a token at all | Bearer without `error`, on 401 | RFC 6750 section 3 |
//! | nonce | DPoP `use_dpop_nonce` | RFC 9449 section 9 |
//! | metadata | Bearer or DPoP with `resource_metadata` | RFC 9728 section 5.1 |
//!
//! Departures and choices:
//! * Azure Resource Manager and Exchange send claims with `invalid_token`: a claims demand, whose `error` says so. That challenge
//!   is then not a demand for a new token as well, for a new token without the claims would be refused again.
//! * `insufficient_authentication_context`, Okta's earlier name, is the step-up of RFC 9470.
//! * `error` is compared exactly, and only within its own challenge. `claims` without `error`, and an unknown `error`, demand
//!   nothing.
//!
//! ```
//! use countersign::protocol::{challenge::parse_challenges, demand::{Demand, demands}};
//!
//! let sent = r#"Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age=0"#;
//! let challenges = parse_challenges(&[sent]);
//! let acr_values = vec!["gold".to_owned(), "silver".to_owned()];
//! assert_eq!(demands(401, &challenges), [Demand::StepUp { acr_values, max_age: Some(0), scope: Vec::new() }]);
//! ```

use super::{
    challenge::Challenge,
    claims::{INSUFFICIENT_CLAIMS, NotClaims, claims_with_error, decode_claims},
    cut,
    json::{Json, digits, push_number},
    list,
};

/// One thing that has to be done before the request can succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demand {
    /// A token that meets a claims request.
    Claims {
        /// The claims request, JSON text.
        claims: String,
        /// The `error` it came with.
        error: &'static str,
    },
    /// A claims challenge that cannot be met, because its claims contradict each other or cannot be read.
    ClaimsRefused {
        /// The `error` it came with.
        error: &'static str,
        /// What is wrong with the claims.
        reason: NotClaims,
    },
    /// A proof that holds the nonce in the response's `DPoP-Nonce` field.
    DpopNonce,
    /// Another token: this one is expired, revoked or otherwise invalid.
    InvalidToken,
    /// The protected resource's metadata may help.
    ResourceMetadata {
        /// Where the metadata is, as the resource says. Not to be followed blindly.
        url: String,
    },
    /// A token with more scope.
    Scope {
        /// The scopes in the order sent; none if the challenge does not say.
        scope: Vec<String>,
    },
    /// A token got by a stronger or fresher authentication of the user.
    StepUp {
        /// Authentication context classes, the preferred one first; none if the challenge does not say.
        acr_values: Vec<String>,
        /// How many seconds the authentication may lie back. 0 is a value.
        max_age: Option<u64>,
        /// Scopes it needs besides; none if the challenge does not say.
        scope: Vec<String>,
    },
    /// A token: the request had none that was recognized.
    TokenRequired,
}

impl Demand {
    /// The kind as JavaScript sees it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Claims { .. } => "claims",
            Self::ClaimsRefused { .. } => "claims_refused",
            Self::DpopNonce => "dpop_nonce",
            Self::InvalidToken => "invalid_token",
            Self::ResourceMetadata { .. } => "resource_metadata",
            Self::Scope { .. } => "scope",
            Self::StepUp { .. } => "step_up",
            Self::TokenRequired => "token_required",
        }
    }

    /// The demand as JavaScript sees it. What it does not say is absent.
    pub fn to_json(&self) -> Json {
        let mut members = vec![("kind".to_owned(), text(self.kind()))];
        let mut put = |name: &str, value| members.push((name.to_owned(), value));
        match self {
            Self::Claims { claims, error } => {
                put("claims", text(claims));
                put("error", text(error));
            }
            Self::ClaimsRefused { error, reason } => {
                put("error", text(error));
                put("reason", text(reason.as_str()));
            }
            Self::ResourceMetadata { url } => put("url", text(url)),
            Self::Scope { scope } => put("scope", list(scope)),
            Self::StepUp { acr_values, max_age, scope } => {
                put("acrValues", list(acr_values));
                if let Some(seconds) = max_age {
                    let mut number = String::new();
                    push_number(&mut number, *seconds);
                    put("maxAge", Json::Number(number.into()));
                }
                if !scope.is_empty() {
                    put("scope", list(scope));
                }
            }
            Self::DpopNonce | Self::InvalidToken | Self::TokenRequired => {}
        }
        Json::Object(members)
    }
}

fn text(text: &str) -> Json {
    Json::String(text.to_owned())
}

fn list(texts: &[String]) -> Json {
    Json::Array(list::of(texts.iter().map(|word| text(word))))
}

/// What the challenges of a response demand, the most specific first: claims, step-up, scope, a new token, any token, a nonce,
/// metadata. No demand occurs twice. Any other status than 401 and 403 demands nothing.
pub fn demands(status: u16, challenges: &[Challenge]) -> Vec<Demand> {
    let mut demands = Vec::new();
    if !can_demand(status) {
        return demands;
    }
    list::append(&mut demands, claims(challenges));
    for turn in [Turn::StepUp, Turn::Scope, Turn::Token, Turn::Nonce, Turn::Metadata] {
        for challenge in challenges {
            if let Some(demand) = demand_of(challenge, turn).filter(|demand| !demands.contains(demand)) {
                demands.push(demand);
            }
        }
        if turn == Turn::Token && status == 401 && requires_token(challenges) {
            demands.push(Demand::TokenRequired);
        }
    }
    demands
}

/// Whether a response of this status can demand anything.
pub fn can_demand(status: u16) -> bool {
    matches!(status, 401 | 403)
}

/// The kinds that single challenges demand, the most specific first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    StepUp,
    Scope,
    Token,
    Nonce,
    Metadata,
}

/// What the challenge demands, if it is of the kind whose turn it is.
fn demand_of(challenge: &Challenge, turn: Turn) -> Option<Demand> {
    let is_bearer = challenge.is(BEARER);
    let is_dpop = challenge.is("DPoP");
    let error = challenge.param("error").unwrap_or_default();
    match turn {
        Turn::StepUp if is_bearer && matches!(error, STEP_UP | STEP_UP_OF_OKTA) => Some(Demand::StepUp {
            acr_values: words(challenge, "acr_values"),
            max_age: challenge.param("max_age").and_then(digits),
            scope: words(challenge, "scope"),
        }),
        Turn::Scope if is_bearer && error == INSUFFICIENT_SCOPE => Some(Demand::Scope { scope: words(challenge, "scope") }),
        Turn::Token if is_bearer && error == INVALID_TOKEN && !has_usable_claims(challenge) => Some(Demand::InvalidToken),
        Turn::Nonce if is_dpop && error == USE_DPOP_NONCE => Some(Demand::DpopNonce),
        Turn::Metadata if is_bearer || is_dpop => {
            let url = challenge.param("resource_metadata").filter(|url| !url.is_empty())?;
            Some(Demand::ResourceMetadata { url: url.to_owned() })
        }
        _ => None,
    }
}

/// Whether there is a Bearer challenge, and none says what is wrong with a token.
fn requires_token(challenges: &[Challenge]) -> bool {
    let mut required = false;
    for challenge in challenges {
        if challenge.is(BEARER) {
            if challenge.param("error").is_some() {
                return false;
            }
            required = true;
        }
    }
    required
}

/// Microsoft's gate first; where it finds neither claims nor a contradiction, the one that Azure Resource Manager needs.
fn claims(challenges: &[Challenge]) -> Option<Demand> {
    let mut unusable = None;
    for error in [INSUFFICIENT_CLAIMS, INVALID_TOKEN] {
        match claims_with_error(challenges, error) {
            Some(Ok(claims)) => return Some(Demand::Claims { claims, error }),
            Some(Err(reason @ NotClaims::Conflict)) => return Some(Demand::ClaimsRefused { error, reason }),
            Some(Err(reason)) if error == INSUFFICIENT_CLAIMS => unusable = Some(Demand::ClaimsRefused { error, reason }),
            _ => {}
        }
    }
    unusable
}

fn has_usable_claims(challenge: &Challenge) -> bool {
    challenge.param("claims").is_some_and(|claims| decode_claims(claims).is_ok())
}

/// The words of a list that is delimited by spaces, in the order sent, as far as anybody means them: they are sets, and each is compared with all.
fn words(challenge: &Challenge, name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = challenge.param(name).unwrap_or_default();
    while !rest.is_empty() && words.len() < MOST_WORDS {
        let (word, after) = cut::first(rest, " ").unwrap_or((rest, ""));
        if !word.is_empty() {
            words.push(word.to_owned());
        }
        rest = after;
    }
    words
}

const BEARER: &str = "Bearer";

const MOST_WORDS: usize = 256;
const INSUFFICIENT_SCOPE: &str = "insufficient_scope";

const INVALID_TOKEN: &str = "invalid_token";

const STEP_UP: &str = "insufficient_user_authentication";

const STEP_UP_OF_OKTA: &str = "insufficient_authentication_context";

const USE_DPOP_NONCE: &str = "use_dpop_nonce";
