//! The token endpoint: what it is asked, and what is made of its answers.

use countersign::{
    error::{Error, ErrorCode, ServerAnswer},
    protocol::{secret::Secret, token::TokenResponse},
    session::config::RawConfig,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::{CODE, REDIRECT_URI, SDK, VERIFIER, World, ask, assert_no_secret, raw, response};

fn decode(status: u16, body: &str) -> Result<TokenResponse, Error> {
    TokenResponse::decode(&response(status, body), &[]).inspect_err(|error| assert_no_secret(&format!("{error:?}")))
}

/// A whole response with this member, or without it where the value is `null`.
fn with(member: &str, value: Value) -> Result<TokenResponse, Error> {
    let mut body = json!({ "token_type": "Bearer", "access_token": "access-SECRET", "expires_in": 3599 });
    if value.is_null() {
        body.as_object_mut().unwrap().remove(member);
    } else {
        body[member] = value;
    }
    decode(200, &body.to_string())
}

fn wrong(member: &str) -> Error {
    Error::about(ErrorCode::FailedToParseResponse, member)
}

#[test]
fn a_code_is_redeemed_with_the_verifier_and_microsofts_dialect_adds_its_own() {
    let common = ["client_id", "code", "code_verifier", "grant_type", "redirect_uri", "scope"];
    let mut world = World::oidc();
    world.popup(ask(&["api.read"])).unwrap();
    let form = world.provider.last();
    assert_eq!(form.names(), common);
    for (name, value) in [
        ("client_id", "spa"),
        ("grant_type", "authorization_code"),
        ("code", CODE),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
        ("scope", "api.read openid profile offline_access"),
    ] {
        assert_eq!(form.get(name), Some(value), "{name}");
    }

    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    let form = world.provider.last();
    let mut names = [&common[..], &["client-request-id", "client_info", "x-ms-lib-capability"], &SDK].concat();
    names.sort_unstable();
    assert_eq!(form.names(), names);
    assert_eq!((form.get("client_info"), form.get("client-request-id")), (Some("1"), Some("correlation-login")));
}

#[test]
fn the_claims_and_the_redirect_uri_of_the_request_are_said_again_to_the_token_endpoint() {
    let mut world = World::new(RawConfig { client_capabilities: vec!["CP1".into()], ..raw("OIDC") }, |_| {});
    let mut request = ask(&["api.read"]);
    request.claims = Some(r#"{"access_token":{"acrs":{"value":"c1"}}}"#.into());
    request.redirect_uri = Some("https://app.example.com/other".into());
    world.popup(request).unwrap();
    let (visit, form) = (&world.provider.visits[0], world.provider.last());
    assert_eq!(form.claims(), json!({ "access_token": { "acrs": { "value": "c1" }, "xms_cc": { "values": ["CP1"] } } }));
    assert_eq!(form.get("claims"), Some(visit.get("claims")));
    assert_eq!(form.get("redirect_uri"), Some("https://app.example.com/other"));
}

#[test]
fn a_whole_response_is_read() {
    let body = json!({
        "token_type": "bearer",
        "access_token": "access-SECRET",
        "expires_in": 3599,
        "scope": "api.read  openid",
        "refresh_token": "refresh-SECRET",
        "id_token": "h.p.s",
        "client_info": "e30",
        "ext_expires_in": 7199,
        "foci": { "unknown": [] },
    });
    let tokens = decode(200, &body.to_string()).unwrap();
    assert_eq!(tokens.access_token.reveal(), "access-SECRET");
    assert_eq!(tokens.refresh_token.unwrap().reveal(), "refresh-SECRET");
    assert_eq!(tokens.expires_in, 3599);
    assert_eq!(tokens.scopes.unwrap().as_str(), "api.read openid");
    assert_eq!((tokens.id_token.as_ref().map(Secret::reveal), tokens.client_info.as_deref()), (Some("h.p.s"), Some("e30")));
}

#[test]
fn what_need_not_be_there_may_be_missing_or_empty() {
    for value in [json!(null), json!("")] {
        for member in ["scope", "refresh_token", "id_token", "client_info"] {
            let tokens = with(member, value.clone()).unwrap();
            assert!(tokens.scopes.is_none() && tokens.refresh_token.is_none());
            assert!(tokens.id_token.is_none() && tokens.client_info.is_none());
        }
    }
    assert_eq!(with("expires_in", json!(null)).unwrap().expires_in, 3600, "what providers mean by silence");
}

#[test]
fn a_lifetime_is_a_number_or_a_text_of_digits_and_a_year_at_most() {
    for (value, seconds) in [
        (json!(0), 0),
        (json!(3599), 3599),
        (json!("3599"), 3599),
        (json!("00060"), 60),
        (json!(3599.9), 3599),
        (json!(31_536_001), 31_536_000),
        (json!(u64::MAX.to_string()), 31_536_000),
    ] {
        assert_eq!(with("expires_in", value.clone()).unwrap().expires_in, seconds, "{value}");
    }
    for value in
        [json!(-1), json!("-1"), json!("1.5"), json!("1e3"), json!(""), json!(" 60"), json!("soon"), json!([60]), json!(true)]
    {
        assert_eq!(with("expires_in", value.clone()).unwrap_err(), wrong("expires_in"), "{value}");
    }
    let too_long = r#"{"token_type":"Bearer","access_token":"a","expires_in":18446744073709551616}"#;
    assert_eq!(decode(200, too_long).unwrap_err(), wrong("expires_in"));
    let exponent = r#"{"token_type":"Bearer","access_token":"a","expires_in":3.6e3}"#;
    assert_eq!(decode(200, exponent).unwrap_err(), wrong("expires_in"));
    let null = r#"{"token_type":"Bearer","access_token":"a","expires_in":null}"#;
    assert_eq!(decode(200, null).unwrap().expires_in, 3600, "as if it were not there");
}

#[test]
fn only_bearer_tokens_are_taken() {
    for kind in ["Bearer", "bearer", "BEARER"] {
        assert!(with("token_type", json!(kind)).is_ok());
    }
    // A DPoP token sent as a bearer token would be refused by every API, or worse, not be.
    for kind in [json!(null), json!(""), json!("DPoP"), json!("mac"), json!("Bearer "), json!(1), json!(["Bearer"])] {
        assert_eq!(with("token_type", kind.clone()).unwrap_err(), wrong("token_type"), "{kind}");
    }
}

#[test]
fn a_token_that_cannot_be_a_header_is_refused() {
    for token in [
        json!(null),
        json!(""),
        json!("a b"),
        json!("a\nX-Evil: 1"),
        json!("a\r\n"),
        json!("a\t"),
        json!("a\u{0}"),
        json!("tökén"),
        json!("a\u{7f}"),
        json!(1),
        json!({ "token": "a" }),
    ] {
        assert_eq!(with("access_token", token.clone()).unwrap_err(), wrong("access_token"), "{token}");
    }
}

/// A failure that the provider did not explain.
fn unexplained(status: u16) -> Error {
    let answer = ServerAnswer { error: "server_error".into(), status, ..ServerAnswer::default() };
    Error::new(ErrorCode::ServerError).answered(answer)
}

#[test]
fn a_failure_without_a_word_is_a_server_error_with_its_status() {
    let page = "<!doctype html><title>502 Bad Gateway</title>";
    let whole = r#"{"token_type":"Bearer","access_token":"access-SECRET","expires_in":60}"#;
    for body in ["", page, "{", "null", "[]", "{}", r#"{"error":null}"#, r#"{"error":1}"#, r#"{"error":{"code":"x"}}"#, whole] {
        for status in [400, 401, 404, 429, 500, 502, 503] {
            assert_eq!(decode(status, body).unwrap_err(), unexplained(status), "{status} {body}");
        }
    }
}

#[test]
fn a_body_that_is_no_token_response_is_refused() {
    let page = "<!doctype html><title>502 Bad Gateway</title>";
    for (body, member) in
        [("", "JSON"), (page, "JSON"), ("{", "JSON"), ("access_token=x", "JSON"), ("\u{feff}{}", "JSON"), ("NaN", "JSON")]
    {
        assert_eq!(decode(200, body).unwrap_err(), wrong(member), "{body}");
    }
    for body in ["null", "[]", "\"x\"", "1", "{}"] {
        assert_eq!(decode(200, body).unwrap_err(), wrong("token_type"), "{body}");
    }
    let whole = r#"{"token_type":"Bearer","access_token":"access-SECRET","expires_in":60}"#;
    for status in [0, 201, 204, 302] {
        assert_eq!(decode(status, whole).unwrap_err(), wrong("status"), "{status}");
    }
}

#[test]
fn a_refusal_means_what_its_code_says() {
    for (body, code) in [
        (json!({ "error": "interaction_required" }), ErrorCode::InteractionRequired),
        (json!({ "error": "login_required" }), ErrorCode::InteractionRequired),
        (json!({ "error": "invalid_grant", "suberror": "consent_required" }), ErrorCode::InteractionRequired),
        (json!({ "error": "invalid_grant" }), ErrorCode::ServerError),
        (json!({ "error": "invalid_client", "error_description": "login_required" }), ErrorCode::ServerError),
        (json!({ "error": "access_denied", "suberror": "cancel" }), ErrorCode::UserCancelled),
        (json!({ "error": "slow_down", "suberror": 7 }), ErrorCode::ServerError),
        (json!({ "error": "" }), ErrorCode::ServerError),
    ] {
        assert_eq!(decode(400, &body.to_string()).unwrap_err().code, code, "{body}");
        assert_eq!(decode(200, &body.to_string()).unwrap_err().code, code, "some say so with a 200: {body}");
    }
}

#[test]
fn a_refusal_that_repeats_the_verifier_or_the_code_is_not_passed_on_as_it_is() {
    for member in ["error_description", "suberror", "error", "correlation_id", "trace_id", "timestamp"] {
        for secret in [VERIFIER, CODE] {
            let mut world = World::aad();
            let mut error = json!({ "error": "invalid_grant" });
            error[member] = json!(format!("code_verifier={secret} does not match"));
            world.provider.refuses(error);
            let error = world.popup(ask(&[])).unwrap_err();
            assert_eq!(error.code, ErrorCode::ServerError);
            assert_no_secret(&format!("{error:?}"));
        }
    }
}

#[test]
fn what_the_provider_said_is_kept_with_its_claims() {
    let body = json!({
        "error": "interaction_required",
        "error_description": "AADSTS50076",
        "suberror": "basic_action",
        "error_codes": [50076, 50079, "x", -1, 4_294_967_296_u64],
        "trace_id": "t-1",
        "timestamp": "2026-11-22 01:02:03Z",
        "correlation_id": "c-1",
        "claims": "{\"access_token\":{}}",
    });
    let error = decode(400, &body.to_string()).unwrap_err();
    let server = ServerAnswer {
        error: "interaction_required".into(),
        description: Some("AADSTS50076".into()),
        suberror: Some("basic_action".into()),
        error_codes: vec![50076, 50079],
        trace_id: Some("t-1".into()),
        timestamp: Some("2026-11-22 01:02:03Z".into()),
        correlation_id: Some("c-1".into()),
        status: 400,
        retry_after: None,
    };
    assert_eq!(error.server.as_deref(), Some(&server));
    assert_eq!(error.claims.as_deref(), Some("{\"access_token\":{}}"));
    assert_eq!(error.detail, None);
}

proptest! {
    #[test]
    fn no_body_is_taken_that_has_no_bearer_token(body in ".*|[{}\\[\\]:,\"a-z_0-9]{0,60}", status in prop::sample::select(vec![200, 400, 500])) {
        prop_assert!(decode(status, &body).is_err());
    }

    #[test]
    fn a_token_is_taken_exactly_where_a_header_could_hold_it(token in "[\\x20-\\x7e]{0,20}|.{0,20}") {
        let is_header = !token.is_empty() && token.chars().all(|character| ('!'..='~').contains(&character));
        prop_assert_eq!(with("access_token", json!(token)).is_ok(), is_header);
    }
}
