//! Which provider may be spoken to, and what its discovery document must say.

use countersign::{
    error::{Error, ErrorCode},
    protocol::{
        authority::{Authority, ProtocolMode},
        metadata::Metadata,
    },
};
use serde_json::{Value, json};

use crate::world::{AUTHORITY, AUTHORIZATION_ENDPOINT, END_SESSION_ENDPOINT, TOKEN_ENDPOINT, discovery, response};

fn oidc(url: &str) -> Authority {
    Authority::new(url, ProtocolMode::Oidc).unwrap()
}

fn decode(document: &Value) -> Result<Metadata, Error> {
    Metadata::decode(&oidc(AUTHORITY), &response(200, &document.to_string()))
}

fn edited(edit: impl FnOnce(&mut Value)) -> Result<Metadata, Error> {
    let mut document = discovery(AUTHORITY);
    edit(&mut document);
    decode(&document)
}

#[test]
fn the_discovery_document_is_under_the_issuer() {
    for (url, mode, issuer) in [
        ("https://a.example/t", ProtocolMode::Oidc, "https://a.example/t"),
        ("https://a.example/t/", ProtocolMode::Oidc, "https://a.example/t"),
        ("https://a.example/", ProtocolMode::Oidc, "https://a.example"),
        ("https://a.example/t", ProtocolMode::Aad, "https://a.example/t/v2.0"),
        ("https://a.example/t/v2.0/", ProtocolMode::Aad, "https://a.example/t/v2.0"),
        ("https://a.example/t/v2.0", ProtocolMode::Oidc, "https://a.example/t/v2.0"),
        ("http://localhost:4000/op", ProtocolMode::Oidc, "http://localhost:4000/op"),
    ] {
        let authority = Authority::new(url, mode).unwrap();
        let request = authority.discovery_request();
        assert_eq!(authority.issuer(), issuer, "{url}");
        assert_eq!(request.url, format!("{issuer}/.well-known/openid-configuration"));
        assert_eq!(request.form, None, "it is a GET");
        assert_eq!(authority.mode(), mode);
    }
    assert_eq!(oidc("https://login.example.com:444/t").host(), "login.example.com");
}

#[test]
fn an_authority_that_others_could_listen_to_is_refused() {
    for url in ["http://login.example.com/t", "http://localhost.evil.com", "http://127.0.0.1.evil.com", "http://192.168.0.1"] {
        let error = Authority::new(url, ProtocolMode::Aad).unwrap_err();
        assert_eq!(error.code, ErrorCode::AuthorityUriInsecure, "{url}");
        assert!(url.starts_with(error.detail.as_deref().unwrap()));
    }
}

#[test]
fn what_is_no_url_of_an_authority_is_refused() {
    for url in [
        "",
        "login.example.com",
        "//login.example.com",
        "ftp://login.example.com",
        "https://localhost@evil.com",
        "https://login.example.com/t?p=b2c_1",
        "https://login.example.com/t#x",
        "https://login.example.com/t?",
    ] {
        let error = Authority::new(url, ProtocolMode::Oidc).unwrap_err();
        assert_eq!(error, Error::about(ErrorCode::UrlParseError, "auth.authority"), "{url}");
    }
}

#[test]
fn a_discovery_document_says_where_everything_is() {
    let metadata = edited(|_| {}).unwrap();
    assert_eq!(metadata.issuer(), AUTHORITY);
    assert_eq!(metadata.authorization_endpoint(), AUTHORIZATION_ENDPOINT);
    assert_eq!(metadata.token_endpoint(), TOKEN_ENDPOINT);
    assert_eq!(metadata.end_session_endpoint(), Some(END_SESSION_ENDPOINT));
    assert!(!metadata.sends_iss());
}

#[test]
fn a_provider_that_calls_itself_something_else_is_refused() {
    for issuer in [
        "https://evil.com/tenant",
        "https://login.example.com",
        "https://login.example.com/other",
        "https://login.example.com/tenant/v2.0",
        "https://login.example.com/tenant//",
        "https://login.example.com/Tenant",
        "http://login.example.com/tenant",
        "",
    ] {
        let error = decode(&discovery(issuer)).unwrap_err();
        assert_eq!(error, Error::about(ErrorCode::IssuerValidationFailed, issuer));
    }
}

#[test]
fn microsofts_tenants_may_call_themselves_by_their_id_where_the_authority_does_not() {
    let tenant = "9122040d-6c67-4c5b-b112-36a304b66dad";
    let aad = |url: &str| Authority::new(url, ProtocolMode::Aad).unwrap();
    let common = aad("https://login.example.com/common");
    let domain = aad("https://login.example.com/contoso.example");
    let guid = aad("https://login.example.com/9122040d-6c67-4c5b-b112-36a304b66dad");
    let of = |name: &str| format!("https://login.example.com/{name}/v2.0");
    for (authority, issuer, accepts) in [
        (&common, of("common"), true),
        (&common, of("{tenantid}"), true),
        (&common, of(tenant), true),
        (&domain, of(tenant), true),
        (&domain, of("contoso.example"), true),
        (&domain, of("fabrikam.example"), false),
        (&guid, of(tenant), true),
        (&guid, of("{tenantid}"), false),
        (&guid, of("72f988bf-86f1-41af-91ab-2d7cd011db47"), false),
        (&common, of("{tenantid}").replace("example.com", "evil.com"), false),
        (&common, of("{tenantid}").replace("https", "http"), false),
        (&common, of("{tenantid}").replace(".com", ".com:444"), false),
        (&common, of("{tenantid}").replace("v2.0", "v1.0"), false),
        (&common, of("x/{tenantid}"), false),
        (&common, of("a-tenant-of-thirty-six.fabrikam.test"), false),
        (&common, of(""), false),
        (&common, of(&tenant.replace('-', "/")), false),
        (&aad("https://login.example.com/a/common"), of("a/{tenantid}"), false),
    ] {
        assert_eq!(authority.accepts(&issuer), accepts, "{issuer}");
    }
    let other = Authority::new("https://login.example.com/common/v2.0", ProtocolMode::Oidc).unwrap();
    assert!(other.accepts(&of("common")) && !other.accepts(&of("{tenantid}")) && !other.accepts(&of(tenant)), "Microsoft's only");
}

#[test]
fn one_slash_at_the_end_of_the_issuer_is_the_providers_own_spelling() {
    let metadata = decode(&discovery("https://login.example.com/tenant/")).unwrap();
    assert_eq!(metadata.issuer(), "https://login.example.com/tenant/", "ID tokens will spell it like this");
}

#[test]
fn what_is_no_discovery_document_is_refused() {
    let page = "<!doctype html><title>Sign in to the hotel's network</title>";
    for (status, body, member) in [
        (404, discovery(AUTHORITY).to_string(), "status"),
        (302, String::new(), "status"),
        (500, page.into(), "status"),
        (200, page.into(), "JSON"),
        (200, String::new(), "JSON"),
        (200, "{".into(), "JSON"),
        (200, "[]".into(), "issuer"),
        (200, "null".into(), "issuer"),
        (200, "{}".into(), "issuer"),
        (200, json!({ "issuer": 1 }).to_string(), "issuer"),
    ] {
        let error = Metadata::decode(&oidc(AUTHORITY), &response(status, &body)).unwrap_err();
        assert_eq!(error, Error::about(ErrorCode::OpenidConfigError, member), "{body}");
    }
}

#[test]
fn an_endpoint_that_secrets_may_not_be_sent_to_is_none() {
    for wrong in [
        json!(null),
        json!(1),
        json!([TOKEN_ENDPOINT]),
        json!(""),
        json!("/token"),
        json!("http://login.example.com/token"),
        json!("javascript:alert(1)"),
        json!("https://login.example.com@evil.com/token"),
        json!("https://login.example.com\\token"),
        // RFC 6749 sections 3.1 and 3.2: what follows would not be part of the query.
        json!("https://login.example.com/token#"),
    ] {
        for member in ["authorization_endpoint", "token_endpoint"] {
            let error = edited(|document| document[member] = wrong.clone()).unwrap_err();
            assert_eq!(error, Error::about(ErrorCode::OpenidConfigError, member), "{wrong}");
        }
        let metadata = edited(|document| document["end_session_endpoint"] = wrong.clone()).unwrap();
        assert_eq!(metadata.end_session_endpoint(), None, "signing out here does not need it: {wrong}");
    }
}

#[test]
fn only_a_plain_true_promises_an_issuer_in_every_response() {
    for (value, sends_iss) in [(json!(true), true), (json!(false), false), (json!("true"), false), (json!(1), false)] {
        let metadata = edited(|document| document["authorization_response_iss_parameter_supported"] = value).unwrap();
        assert_eq!(metadata.sends_iss(), sends_iss);
    }
}
