//! `WWW-Authenticate`: what an API asks of the client, read and written (RFC 9110 section 11.6.1).
//!
//! One byte-level state machine serves both ways of reading. It takes a recovery step at the first byte the grammar does not allow;
//! [`parse_challenges_strict`] answers with that byte's place, and [`parse_challenges`] with what came of it: every challenge of a field
//! line that RFC 9110 refuses is `recovered`. What carries `recovered: false` is therefore exactly what strict reading gives for the lines it accepts.
//! This module does not know what a challenge means: that is `demand`; nor what is in `claims`: that is `claims`.
//!
//! Field lines come as a list and stay apart: a broken line never costs its neighbours, and parameters are never carried from one
//! challenge to another. Time is linear in the length of the input.
//!
//! # Strict reading, where it differs from the grammar
//! * A parameter name that occurs twice in a challenge is refused. The grammar allows it; section 11.2 says it must not occur.
//! * More than [`MAX_PARAMETERS`] parameters in a challenge are refused (section 5.4 allows a limit), because the search for
//!   repeated names has to be bounded.
//! * A line of empty list elements alone, the empty line among them, is no challenge and no error (section 5.6.1.2).
//! * `name=` straight after the scheme is token68, as the grammar has it, not a parameter without value.
//!
//! # Recovery, each with what sends it
//! * An unquoted value runs to the next comma, blank or `; `, whatever it is made of: URLs, URNs, paths, base64 with `=`
//!   (Microsoft Graph, Dynamics, Azure Storage, Azure Arc, Okta). A quote or a control character in it spoils it.
//! * In `scope`, `acr_values` and `error_description`, which hold blanks by definition, it runs on over words to the comma.
//! * A blank stands for a missing comma before `name=` (Azure Storage, Auth0) and before `scheme name=`; `;` stands for a comma.
//! * A tab, or a folded line, stands for the space after the scheme; a line break is white space unless it glues two words.
//! * A comma after the scheme does not part it from its parameters: `Bearer, error="x"` (Django OAuth Toolkit).
//! * Single quotes quote a value where the grammar refuses it: `error='a b'`. In `error='a'` they belong to the token.
//! * A last quote that is never closed closes at the end of the line (Chromium and Firefox read it so).
//! * JSON in braces is read to its last brace, unquoted or in quotes that are not escaped (what MSAL for Android expects).
//! * Of a repeated parameter the first counts.
//! * A parameter that cannot be read is dropped, and its challenge kept: an empty unquoted value, text right after a closing
//!   quote, a control character in a value, `==`. So are parameters after token68, and parameters before any scheme.
//! * Unreadable text is skipped to the next blank or comma outside quotes. After it a scheme counts only if a `name=` follows,
//!   and unreadable text in the place of a scheme ends the challenge before it, so that nobody's parameters become another's.
//!
//! ```
//! use countersign::protocol::challenge::{parse_challenges, parse_challenges_strict};
//!
//! let sent = r#"Basic realm="a", Bearer error=insufficient_claims, claims=e30="#;
//! let challenges = parse_challenges(&[sent]);
//! assert!(challenges[1].is("bearer") && challenges[1].recovered);
//! assert_eq!(challenges[1].param("claims"), Some("e30="));
//! assert_eq!(parse_challenges_strict(&[sent]).unwrap_err().position, 61);
//! ```
//!
//! # An API that challenges
//! With axum, and tested without a server:
//!
//! ```
//! use axum::{Extension, Router, body::Body, http::{Request, header}, response::IntoResponse, routing::get};
//! use base64::{Engine, engine::general_purpose::STANDARD};
//! use countersign::protocol::{challenge::{format_challenge, parse_challenges}, demand::{Demand, demands}};
//! use tower::ServiceExt;
//!
//! /// `acrs` is what the layer that verifies tokens read in this one. Orders need authentication context c1.
//! async fn orders(Extension(acrs): Extension<Vec<&str>>) -> impl IntoResponse {
//!     if acrs.contains(&"c1") { return "three orders".into_response() }
//!     let claims = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;
//!     let params = [("error", "insufficient_claims".into()), ("claims", STANDARD.encode(claims))];
//!     let challenge = format_challenge("Bearer", &params.map(|(name, value)| (name.into(), value))).unwrap();
//!     // A page of another origin sees the challenge only where the API exposes it.
//!     let headers = [(header::WWW_AUTHENTICATE, challenge.as_str()), (header::ACCESS_CONTROL_EXPOSE_HEADERS, "WWW-Authenticate")];
//!     (axum::http::StatusCode::UNAUTHORIZED, headers).into_response()
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let api = |acrs: &[&'static str]| Router::new().route("/orders", get(orders)).layer(Extension(acrs.to_vec()));
//! let refused = api(&[]).oneshot(Request::get("/orders").body(Body::empty()).unwrap()).await.unwrap();
//! let challenges = parse_challenges(&[refused.headers()[header::WWW_AUTHENTICATE].to_str().unwrap()]);
//! assert!(matches!(&demands(refused.status().as_u16(), &challenges)[..], [Demand::Claims { claims, .. }] if claims.contains("c1")));
//! # assert!(!challenges[0].recovered);
//! let served = api(&["c1"]).oneshot(Request::get("/orders").body(Body::empty()).unwrap()).await.unwrap();
//! assert_eq!(served.status(), 200);
//! # });
//! ```

mod classes;
mod format;
mod piece;
mod reader;

use core::ops::Range;

pub use format::{Unwritable, format_challenge};
pub use piece::{Kind, Piece};

use reader::Reader;

/// One challenge: a scheme and either nothing, a token68 or parameters.
///
/// See RFC 9110 section 11.3.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    /// The authentication scheme as sent. Compare with [`Challenge::is`].
    pub scheme: String,
    /// The token68, for schemes such as Negotiate.
    pub token68: Option<String>,
    /// Names in lower case and unquoted values, in the order sent. No name occurs twice.
    pub params: Vec<(String, String)>,
    /// RFC 9110 refuses the field line this stood in; this is the useful reading.
    pub recovered: bool,
}

impl Challenge {
    /// Whether this is a challenge of that scheme. Schemes are compared without regard to case, RFC 9110 section 11.1.
    // Compiled once: in line it would be bytes of wasm for each call.
    #[inline(never)]
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// The value of the parameter, whose name is given in lower case.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Where a field stops being what RFC 9110 section 11.6.1 allows: no ending could save what goes on from here.
///
/// For a parameter name that occurs twice it is where the second one starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Which field line, counted from 0.
    pub line: usize,
    /// Where in the line, counted from 0 in UTF-16 code units, as JavaScript counts. Its length if more should have followed.
    pub position: usize,
}

/// Reads field lines, each with any number of challenges, as usefully as it can. A joined value is a list of one.
///
/// Never fails: what cannot be read is dropped, what only recovery can read says `recovered`.
///
/// See RFC 9110 section 11.6.1.
pub fn parse_challenges(lines: &[&str]) -> Vec<Challenge> {
    let mut challenges = Vec::new();
    for line in lines {
        read(line, &mut challenges);
    }
    challenges
}

/// Reads field lines by the grammar alone.
///
/// # Errors
/// The place of the first byte that RFC 9110 does not allow.
///
/// See RFC 9110 section 11.6.1.
pub fn parse_challenges_strict(lines: &[&str]) -> Result<Vec<Challenge>, Malformed> {
    let mut challenges = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if let Some(at) = read(line, &mut challenges) {
            let before = line.get(..at).unwrap_or(line);
            return Err(Malformed { line: index, position: before.encode_utf16().count() });
        }
    }
    Ok(challenges)
}

/// The pieces of a field line. To read one line after the other into it takes no new memory.
#[derive(Debug, Default)]
pub struct Pieces {
    list: Vec<Piece>,
    names: Vec<Range<usize>>,
}

impl Pieces {
    /// None yet.
    pub const fn new() -> Self {
        Self { list: Vec::new(), names: Vec::new() }
    }

    /// Reads one field line, in place of the one before, in the order of the line: the whole of it as [`parse_challenges`] reads it, and where it
    /// is refused.
    ///
    /// A byte that is not ASCII is like any other: the line may be UTF-8, or have one such byte in place of each UTF-16 code unit.
    pub fn read(&mut self, line: &[u8]) -> &[Piece] {
        self.list.clear();
        Reader::new(line, &mut self.list, &mut self.names).read();
        &self.list
    }
}

/// Appends the challenges of the line. Answers the offset of the first byte that the grammar does not allow, if there is one.
fn read(line: &str, challenges: &mut Vec<Challenge>) -> Option<usize> {
    let first = challenges.len();
    for Piece { kind, start, end } in Pieces::default().read(line.as_bytes()).iter().copied() {
        let text = line.get(start..end).unwrap_or_default();
        if kind == Kind::Scheme {
            challenges.push(Challenge { scheme: text.to_owned(), ..Challenge::default() });
        } else if kind == Kind::Refused {
            challenges.iter_mut().skip(first).for_each(|challenge| challenge.recovered = true);
            return Some(start);
        }
        let Some(challenge) = challenges.last_mut() else { continue };
        match kind {
            Kind::Token68 => challenge.token68 = Some(text.to_owned()),
            Kind::Name | Kind::CapitalName => challenge.params.push((text.to_ascii_lowercase(), String::new())),
            Kind::Value => {
                if let Some((_, value)) = challenge.params.last_mut() {
                    value.push_str(text);
                }
            }
            Kind::Nothing | Kind::Refused | Kind::Scheme | Kind::Sound => {}
        }
    }
    None
}

/// How many parameters a challenge may have.
pub const MAX_PARAMETERS: usize = 1024;
