//! The parts of normalized URLs.

use countersign::protocol::url::{Url, is_located, is_whole};
use proptest::prelude::*;

#[test]
fn a_normalized_url_has_an_origin_a_host_and_a_path() {
    for (text, origin, host, path) in [
        ("https://api.example.com", "https://api.example.com", "api.example.com", "/"),
        ("https://api.example.com/", "https://api.example.com", "api.example.com", "/"),
        ("https://api.example.com/v1/a", "https://api.example.com", "api.example.com", "/v1/a"),
        ("https://api.example.com:8443/v1", "https://api.example.com:8443", "api.example.com", "/v1"),
        ("https://api.example.com?q=/x", "https://api.example.com", "api.example.com", "/"),
        ("https://api.example.com#/x", "https://api.example.com", "api.example.com", "/"),
        ("https://api.example.com/v1?u=https://evil.com/", "https://api.example.com", "api.example.com", "/v1"),
        ("https://api.example.com/a@b", "https://api.example.com", "api.example.com", "/a@b"),
        ("http://[::1]:3000/x", "http://[::1]:3000", "[::1]", "/x"),
        ("http://[::1]/x", "http://[::1]", "[::1]", "/x"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example", "xn--bcher-kva.example", "/"),
    ] {
        let url = Url::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!((url.origin, url.host, url.path), (origin, host, path), "{text}");
    }
}

#[test]
fn what_a_browser_would_read_differently_has_no_parts() {
    for text in [
        "",
        "api.example.com",
        "/v1",
        "//evil.com/v1",
        "https:/api.example.com",
        "https:api.example.com",
        "https://",
        "https:///v1",
        "https://?q",
        "https://#f",
        "HTTPS://api.example.com",
        "ftp://api.example.com",
        "javascript://api.example.com/%0aalert(1)",
        "blob:https://api.example.com/x",
        " https://api.example.com",
        "https://user@api.example.com",
        "https://user:pass@api.example.com",
        "https://@api.example.com",
        "https://api.example.com@evil.com",
        "https://api.example.com:443@evil.com",
        "https://api.example.com:",
        "https://api.example.com:80x",
        "https://api.example.com\\@evil.com",
        "https://api.example.com\\v1",
        "https://api.example.com/v1\\..",
        "https://api.example.com/a b",
        "https://api.example.com/\n",
        "https://api.example.com/\t",
        "https://api.example.com\0",
        "https://api%2eexample.com",
        "https://bücher.example",
    ] {
        assert_eq!(Url::parse(text), None, "{text}");
    }
}

#[test]
fn what_browsers_leave_in_a_query_is_no_matter_of_the_path() {
    for text in ["https://api.example.com/orders?q=a\\b", "https://api.example.com/orders#a\\b"] {
        assert_eq!(Url::parse(text).map(|url| url.path), Some("/orders"), "{text}");
    }
}

#[test]
fn a_host_without_its_scheme_is_no_place() {
    for (text, whole, located) in [
        ("https://api.example.com", true, true),
        ("HTTPS://api.example.com", true, true),
        ("/api", false, true),
        ("./api", false, true),
        ("../api", false, true),
        ("//api.example.com", false, true),
        ("api.example.com/v1", false, false),
        ("localhost:3000", false, false),
        ("", false, false),
    ] {
        assert_eq!((is_whole(text), is_located(text)), (whole, located), "{text}");
    }
}

#[test]
fn only_https_and_this_very_machine_are_secure() {
    for (text, is_secure) in [
        ("https://api.example.com", true),
        ("https://localhost", true),
        ("http://localhost", true),
        ("http://localhost:3000/x", true),
        ("http://127.0.0.1:3000", true),
        ("http://[::1]:3000", true),
        ("http://api.example.com", false),
        ("http://localhost.evil.com", false),
        ("http://127.0.0.1.evil.com", false),
        ("http://127.0.0.2", false),
        ("http://mylocalhost", false),
        ("http://0.0.0.0", false),
    ] {
        assert_eq!(Url::parse(text).unwrap().is_secure(), is_secure, "{text}");
    }
}

/// Text that looks more like a URL than random text does.
fn url_like() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "https",
        "http",
        "://",
        ":",
        "/",
        "//",
        "\\",
        "@",
        "?",
        "#",
        "[",
        "]",
        "::1",
        "localhost",
        "api.example.com",
        "evil.com",
        "443",
        "8443",
        "%2f",
        "..",
        ".",
        " ",
        "\t",
        "é",
        "a",
    ]);
    prop_oneof![prop::collection::vec(part, 0..10).prop_map(|parts| parts.concat()), ".*", "https?://.*"]
}

proptest! {
    #[test]
    fn the_parts_of_any_text_are_pieces_of_it_in_order(text in url_like()) {
        if let Some(url) = Url::parse(&text) {
            let rest = text.strip_prefix(url.origin);
            prop_assert!(rest.is_some_and(|rest| rest.starts_with(url.path) || (url.path == "/" && !rest.starts_with('/'))));
            // The end of the origin is where a browser ends it too, or a token could go to another host.
            prop_assert!(rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#'])), "{}", text);
            prop_assert!(url.origin.contains(url.host) && !url.origin.contains(['@', '\\', '?', '#']));
            prop_assert!(url.path.starts_with('/') && !url.path.contains(['?', '#', '\\']));
        }
    }
}
