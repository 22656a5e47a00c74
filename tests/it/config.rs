//! What the app configured.

use countersign::{
    error::{Error, ErrorCode},
    protocol::authority::ProtocolMode,
    session::config::{CacheLocation, Config, RawConfig},
};
use serde_json::{Value, json};

use crate::world::raw;

fn refused(edit: impl FnOnce(&mut RawConfig)) -> Error {
    let mut options = raw("AAD");
    edit(&mut options);
    Config::new(options).unwrap_err()
}

fn with_capabilities(list: &[&str]) -> Config {
    let client_capabilities = list.iter().copied().map(String::from).collect();
    Config::new(RawConfig { client_capabilities, ..raw("AAD") }).unwrap()
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn what_the_app_leaves_out_has_a_default() {
    let config = Config::new(RawConfig {
        client_id: "spa".into(),
        redirect_uri: "https://app.example.com/".into(),
        ..RawConfig::default()
    })
    .unwrap();
    assert_eq!(config.authority.as_str(), "https://login.microsoftonline.com/common");
    assert_eq!(config.authority.mode(), ProtocolMode::Aad);
    assert_eq!(config.cache_location, CacheLocation::SessionStorage);
    assert_eq!((config.token_renewal_offset, config.popup_timeout), (300, 600_000));
    assert_eq!(config.return_from_sign_out(None, "https://app.example.com/here"), Some("https://app.example.com/here"));
}

#[test]
fn what_the_app_says_counts() {
    let config = Config::new(RawConfig {
        cache_location: Some("memoryStorage".into()),
        token_renewal_offset_seconds: Some(0),
        popup_bridge_timeout: Some(1),
        post_logout_redirect_uri: Some("https://app.example.com/bye".into()),
        ..raw("OIDC")
    })
    .unwrap();
    assert_eq!(config.authority.mode(), ProtocolMode::Oidc);
    assert_eq!(config.cache_location, CacheLocation::MemoryStorage);
    assert_eq!((config.token_renewal_offset, config.popup_timeout), (0, 1));
    assert_eq!(config.return_from_sign_out(None, "https://app.example.com/here"), Some("https://app.example.com/bye"));
}

#[test]
fn a_user_who_signs_out_comes_back_to_where_the_request_says_else_the_configuration_else_this_page() {
    let config = |uri: Option<&str>| {
        let post_logout_redirect_uri = uri.map(String::from);
        Config::new(RawConfig { post_logout_redirect_uri, ..raw("AAD") }).unwrap()
    };
    let null = Some("");
    for (configured, request, back) in [
        (None, None, Some("page")),
        (None, Some("request"), Some("request")),
        (None, null, None),
        (Some("configured"), None, Some("configured")),
        (Some("configured"), Some("request"), Some("request")),
        (Some("configured"), null, None),
        (null, None, None),
        (null, Some("request"), Some("request")),
    ] {
        assert_eq!(config(configured).return_from_sign_out(request, "page"), back, "{configured:?} {request:?}");
    }
}

#[test]
fn a_wrong_option_is_named() {
    let about = Error::about;
    assert_eq!(refused(|raw| raw.client_id = String::new()), about(ErrorCode::InvalidOption, "auth.clientId"));
    assert_eq!(refused(|raw| raw.client_id = " ".into()), about(ErrorCode::InvalidOption, "auth.clientId"));
    for mode in ["aad", "", "OAuth2"] {
        assert_eq!(refused(|raw| raw.protocol_mode = Some(mode.into())), about(ErrorCode::InvalidOption, "system.protocolMode"));
    }
    for place in ["localstorage", "cookies", ""] {
        let error = refused(|raw| raw.cache_location = Some(place.into()));
        assert_eq!(error, about(ErrorCode::InvalidCacheType, "cache.cacheLocation"));
    }
    assert_eq!(refused(|raw| raw.redirect_uri = String::new()), Error::new(ErrorCode::RedirectUriEmpty));
    for uri in ["/redirect", "app.example.com", "javascript:alert(1)", "https://app.example.com/#x", "https://app.example.com/#"]
    {
        assert_eq!(refused(|raw| raw.redirect_uri = uri.into()), about(ErrorCode::UrlParseError, "auth.redirectUri"), "{uri}");
    }
    assert_eq!(refused(|raw| raw.authority = Some("nowhere".into())), about(ErrorCode::UrlParseError, "auth.authority"));
    let error = refused(|raw| raw.authority = Some("http://login.example.com/t".into()));
    assert_eq!(error, about(ErrorCode::AuthorityUriInsecure, "http://login.example.com"));
}

#[test]
fn with_nothing_to_ask_for_there_is_no_claims_parameter() {
    let config = with_capabilities(&[]);
    for nothing in [None, Some(""), Some(" "), Some("{}"), Some(" { } ")] {
        assert_eq!(config.claims(nothing).unwrap(), "", "{nothing:?}");
    }
}

#[test]
fn capabilities_join_what_the_caller_asks_for() {
    let config = with_capabilities(&["CP1"]);
    let capable = json!({ "access_token": { "xms_cc": { "values": ["CP1"] } } });
    assert_eq!(json_of(&config.claims(None).unwrap()), capable);
    let merged = config.claims(Some(r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#)).unwrap();
    let expected = json!({ "access_token": { "acrs": { "essential": true, "value": "c1" }, "xms_cc": { "values": ["CP1"] } } });
    assert_eq!(json_of(&merged), expected);
    let merged = config.claims(Some(r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#)).unwrap();
    assert_eq!(json_of(&merged)["access_token"]["xms_cc"]["values"], json!(["cp1"]), "the same capability once");
}

#[test]
fn what_is_no_claims_request_is_refused_with_and_without_capabilities() {
    for config in [with_capabilities(&[]), with_capabilities(&["CP1"])] {
        for claims in ["null", "[]", "\"{}\"", "{", "eyJhY2Nlc3NfdG9rZW4iOnt9fQ==", "<html>"] {
            assert_eq!(config.claims(Some(claims)).unwrap_err().code, ErrorCode::InvalidClaims, "{claims}");
        }
    }
}
