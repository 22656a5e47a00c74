//! Signing out at the provider.

use countersign::protocol::{authority::ProtocolMode, logout::EndSession};
use serde_json::{Value, json};

use crate::world::{END_SESSION_ENDPOINT, Form, World, raw};

const PLAIN: EndSession<'_> = EndSession {
    client_id: "spa",
    post_logout_redirect_uri: None,
    id_token_hint: None,
    logout_hint: None,
    state: None,
    correlation_id: "c-1",
    extra: &[],
};

fn encode(end: &EndSession<'_>, endpoint: Value, mode: ProtocolMode) -> Option<String> {
    end.encode(&World::new(raw("AAD"), |document| document["end_session_endpoint"] = endpoint).metadata, mode)
}

fn query(end: &EndSession<'_>, mode: ProtocolMode) -> Form {
    let url = encode(end, json!(END_SESSION_ENDPOINT), mode).unwrap();
    let (endpoint, query) = url.split_once('?').unwrap();
    assert_eq!(endpoint, END_SESSION_ENDPOINT);
    Form::read(query)
}

#[test]
fn a_plain_sign_out_says_who_asks_and_nothing_about_the_user() {
    assert_eq!(query(&PLAIN, ProtocolMode::Oidc).names(), ["client_id"]);
    let query = query(&PLAIN, ProtocolMode::Aad);
    assert_eq!(query.names(), ["client-request-id", "client_id"]);
    assert_eq!(query.get("client-request-id"), Some("c-1"));
}

#[test]
fn what_the_app_says_is_passed_on_and_escaped() {
    let end = EndSession {
        post_logout_redirect_uri: Some("https://app.example.com/bye?x=1&y=2"),
        id_token_hint: Some("h.p.s"),
        logout_hint: Some("ada+1@example.com"),
        state: Some("a&b"),
        ..PLAIN
    };
    let query = query(&end, ProtocolMode::Oidc);
    for (name, value) in [
        ("client_id", "spa"),
        ("post_logout_redirect_uri", "https://app.example.com/bye?x=1&y=2"),
        ("id_token_hint", "h.p.s"),
        ("logout_hint", "ada+1@example.com"),
        ("state", "a&b"),
    ] {
        assert_eq!(query.get(name), Some(value), "{name}");
    }
}

#[test]
fn more_parameters_are_added_and_replace_none() {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let extra = [pair("returnTo", "https://app.example.com/"), pair("client_id", "other"), pair("state", "of the app")];
    let end = EndSession { extra: &extra, ..PLAIN };
    let query = query(&end, ProtocolMode::Oidc);
    assert_eq!(query.names(), ["client_id", "returnTo", "state"]);
    assert_eq!((query.get("client_id"), query.get("returnTo")), (Some("spa"), Some("https://app.example.com/")));
    assert_eq!(query.get("state"), Some("of the app"), "this sign-out has none of its own");
}

#[test]
fn an_endpoint_that_has_a_query_keeps_it() {
    let url = encode(&PLAIN, json!("https://login.example.com/logout?p=b2c_1"), ProtocolMode::Oidc).unwrap();
    assert_eq!(url, "https://login.example.com/logout?p=b2c_1&client_id=spa");
}

#[test]
fn a_provider_without_such_an_endpoint_is_not_visited() {
    for none in [json!(null), json!("http://login.example.com/logout"), json!("javascript:alert(1)")] {
        assert_eq!(encode(&PLAIN, none, ProtocolMode::Aad), None);
    }
}
