//! OAuth error responses: RFC 6749 sections 4.1.2.1 and 5.2, with what Microsoft Entra adds. What they mean is decided by their
//! codes, never by a word in a description.

use super::{
    cut,
    http::HttpResponse,
    json::{Json, digits},
    list,
    secret::Secret,
};
use crate::error::{Error, ErrorCode, ServerAnswer};

/// Reads the body of a token endpoint's refusal. A text that repeats one of these secrets is left out: some echo the request. `None`: it is not an OAuth
/// error.
pub fn from_body(response: &HttpResponse, body: &Json, secrets: &[&Secret]) -> Option<Error> {
    let codes = body.get("error_codes").and_then(Json::as_array).unwrap_or_default();
    let codes = list::of(codes.iter().filter_map(|code| code.as_u64()?.try_into().ok()));
    let error = from_members(codes, "suberror", &|member| body.get(member).and_then(Json::as_str), secrets)?;
    Some(with_response(error, response))
}

/// What a token endpoint said that is neither tokens nor an OAuth error, with a status that means failure: a proxy's page, or nothing.
pub fn from_response(response: &HttpResponse) -> Error {
    let answer = ServerAnswer { error: ErrorCode::ServerError.as_str().into(), ..ServerAnswer::default() };
    with_response(judge(answer, None), response)
}

/// Reads the parameters of an authorization response. `None`: it is not an error.
pub fn from_parameters<'a>(text: &dyn Fn(&str) -> Option<&'a str>) -> Option<Error> {
    let code = text("error_uri").and_then(|uri| digits(cut::before(cut::first(uri, "code=")?.1, b"&"))?.try_into().ok());
    let suberror = if text("error_subcode").is_some() { "error_subcode" } else { "suberror" };
    from_members(list::of(code), suberror, text, &[])
}

fn from_members<'a>(
    error_codes: Vec<u32>,
    suberror: &str,
    text: &dyn Fn(&str) -> Option<&'a str>,
    secrets: &[&Secret],
) -> Option<Error> {
    // The whole text is looked through, and cut after that: a secret may be longer than what is kept.
    let is_clean = |text: &&str| secrets.iter().all(|secret| cut::find(text, secret.reveal()).is_none());
    let clean = |text: &str| Some(text).filter(is_clean).map(capped);
    let member = |name: &str| text(name).and_then(clean);
    let answer = ServerAnswer {
        error: clean(text("error")?).unwrap_or_default(),
        description: member("error_description"),
        suberror: member(suberror),
        error_codes,
        trace_id: member("trace_id"),
        timestamp: member("timestamp"),
        correlation_id: member("correlation_id"),
        ..ServerAnswer::default()
    };
    Some(judge(answer, text("claims")))
}

fn with_response(mut error: Error, response: &HttpResponse) -> Error {
    if let Some(answer) = &mut error.server {
        answer.status = response.status;
        answer.retry_after = response.retry_after.as_deref().map(capped);
    }
    error
}

/// Whether the provider says that it wants the user, whatever else it says.
pub fn wants_user(answer: &ServerAnswer) -> bool {
    let suberror = answer.suberror.as_deref().unwrap_or_default();
    INTERACTION_ERRORS.contains(&&*answer.error) || INTERACTION_SUBERRORS.contains(&suberror)
}

fn judge(answer: ServerAnswer, claims: Option<&str>) -> Error {
    let suberror = answer.suberror.as_deref().unwrap_or_default();
    let code = if wants_user(&answer) {
        ErrorCode::InteractionRequired
    } else if answer.error == "access_denied" && suberror == "cancel" {
        ErrorCode::UserCancelled
    } else {
        ErrorCode::ServerError
    };
    Error::new(code).answered(answer).asking(claims.map(Into::into))
}

/// A server's text for developers, short enough for a message.
fn capped(text: &str) -> String {
    text.char_indices().nth(1024).and_then(|(end, _)| text.get(..end)).unwrap_or(text).into()
}

/// `error` values that ask for the user: OpenID Connect Core section 3.1.2.6, and Microsoft's as MSAL knows them.
const INTERACTION_ERRORS: [&str; 6] =
    ["interaction_required", "consent_required", "login_required", "bad_token", "ui_not_allowed", "interrupted_user"];

/// `suberror` values that ask for the user (Microsoft Entra, as MSAL knows them).
const INTERACTION_SUBERRORS: [&str; 8] = [
    "message_only",
    "additional_action",
    "basic_action",
    "user_password_expired",
    "consent_required",
    "bad_token",
    "ui_not_allowed",
    "interrupted_user",
];
