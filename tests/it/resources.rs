//! Which requests carry a token.

use countersign::{
    error::{Error, ErrorCode},
    protocol::{scope::Scopes, url::Url},
    session::resources::{Listed, Resource, Resources},
};
use proptest::prelude::*;

/// A resource with these scopes.
fn of(scopes: &str) -> Option<Resource> {
    Some(Resource::new(Scopes::parse(scopes), None))
}

/// A map of these URLs, each with itself as the scope: what is found says which one it was.
fn map(urls: &[&str]) -> Resources {
    let mut resources = Resources::default();
    for url in urls {
        resources.add(url, of(url), Vec::new()).unwrap();
    }
    resources
}

fn found_for(method: &str, resources: &Resources, url: &str) -> Option<String> {
    resources.find(&Url::parse(url)?, method).map(|resource| resource.scopes().as_str().to_owned())
}

fn found(resources: &Resources, url: &str) -> Option<String> {
    found_for("GET", resources, url)
}

const API: &str = "https://api.example.com";
const V1: &str = "https://api.example.com/v1";

#[test]
fn what_is_under_a_listed_url_carries_a_token() {
    let resources = map(&[V1]);
    for url in [
        V1,
        "https://api.example.com/v1/",
        "https://api.example.com/v1/a/b",
        "https://api.example.com/v1?q=1",
        "https://api.example.com/v1#f",
        "https://api.example.com/v1//a",
    ] {
        assert_eq!(found(&resources, url).as_deref(), Some(V1), "{url}");
    }
}

#[test]
fn a_prefix_ends_on_a_segment_boundary() {
    let resources = map(&[V1]);
    for url in [
        "https://api.example.com",
        "https://api.example.com/",
        "https://api.example.com/v",
        "https://api.example.com/v10",
        "https://api.example.com/v1beta/a",
        "https://api.example.com/v1%2f",
        "https://api.example.com/v1.json",
        "https://api.example.com/V1",
        "https://api.example.com//v1",
        "https://api.example.com/x/v1",
        "https://api.example.com?/v1",
        "https://api.example.com#/v1",
    ] {
        assert_eq!(found(&resources, url), None, "{url}");
    }
}

#[test]
fn no_look_alike_of_the_origin_carries_a_token() {
    let resources = map(&[API, V1]);
    for url in [
        "https://api.example.com.evil.com/v1",
        "https://evil.com/v1",
        "https://evil.com/https://api.example.com/v1",
        "https://evil.com/?https://api.example.com/v1",
        "https://evil.com#https://api.example.com/v1",
        "https://evilapi.example.com/v1",
        "https://example.com/v1",
        "https://api.example.com.:443/v1",
        "https://api.example.com:8443/v1",
        "https://api.example.com:80/v1",
        "https://api.example.com@evil.com/v1",
        "https://api.example.com:443@evil.com/v1",
        "https://user@api.example.com/v1",
        "https://user:pass@api.example.com/v1",
        "http://api.example.com/v1",
        "ftp://api.example.com/v1",
        "wss://api.example.com/v1",
        "blob:https://api.example.com/v1",
        "view-source:https://api.example.com/v1",
        "//api.example.com/v1",
        "//evil.com/v1",
        "/v1",
        "\\\\api.example.com\\v1",
        "https:\\\\api.example.com/v1",
        "https://api.example.com\\.evil.com/v1",
        "https://evil.com\\@api.example.com/v1",
        "https://api.example.com\t.evil.com/v1",
        "https://api.example.com%2eevil.com/v1",
        "https://API.example.com/v1",
        "https://аpi.example.com/v1",
        "",
        "null",
    ] {
        assert_eq!(found(&resources, url), None, "{url}");
    }
}

#[test]
fn a_port_is_part_of_the_origin() {
    let resources = map(&["https://api.example.com:8443/v1", "http://localhost:3000"]);
    assert!(found(&resources, "https://api.example.com:8443/v1/a").is_some());
    assert!(found(&resources, "http://localhost:3000/a").is_some());
    for url in
        ["https://api.example.com/v1/a", "https://api.example.com:84430/v1", "http://localhost/", "http://localhost:30001/"]
    {
        assert_eq!(found(&resources, url), None, "{url}");
    }
}

#[test]
fn the_longest_match_decides_whatever_the_order() {
    let deep = "https://api.example.com/v1/admin";
    for urls in [[API, V1, deep], [deep, V1, API], [V1, deep, API]] {
        let resources = map(&urls);
        for (url, which) in [
            ("https://api.example.com/v1/admin/users", deep),
            ("https://api.example.com/v1/administrators", V1),
            ("https://api.example.com/v2", API),
        ] {
            assert_eq!(found(&resources, url).as_deref(), Some(which), "{url}");
        }
    }
}

#[test]
fn a_subtree_that_is_listed_without_scopes_carries_none() {
    let mut resources = map(&[API]);
    resources.add("https://api.example.com/public/", None, Vec::new()).unwrap();
    resources.add("https://api.example.com/public/me", of("me"), Vec::new()).unwrap();
    assert_eq!(found(&resources, "https://api.example.com/public"), None);
    assert_eq!(found(&resources, "https://api.example.com/public/logo.svg"), None);
    assert_eq!(found(&resources, "https://api.example.com/publications").as_deref(), Some(API));
    assert_eq!(found(&resources, "https://api.example.com/public/me").as_deref(), Some("me"));
}

#[test]
fn a_resource_of_some_methods_is_none_for_the_others_and_nothing_shorter_steps_in() {
    let mut resources = map(&[API]);
    resources.add(V1, of("write"), vec!["POST".into(), "put".into()]).unwrap();
    for (method, scope) in [("POST", Some("write")), ("PUT", Some("write")), ("post", Some("write")), ("GET", None), ("", None)] {
        assert_eq!(found_for(method, &resources, V1).as_deref(), scope, "{method}");
    }
}

#[test]
fn a_slash_at_the_end_of_a_listed_url_makes_no_difference() {
    for listed in [V1, "https://api.example.com/v1/", "https://api.example.com/v1?x=1", "https://api.example.com/v1#x"] {
        let resources = map(&[listed]);
        assert!(found(&resources, V1).is_some() && found(&resources, "https://api.example.com/v1/a").is_some(), "{listed}");
        assert!(found(&resources, "https://api.example.com/v10").is_none(), "{listed}");
    }
}

#[test]
fn nothing_is_listed_unless_it_is() {
    assert_eq!(found(&Resources::default(), V1), None);
}

#[test]
fn a_resource_that_tokens_may_not_be_sent_to_is_refused() {
    let add = |url, scopes| Resources::default().add(url, scopes, Vec::new()).unwrap_err();
    let scopes = || of("api.read");
    for url in ["http://api.example.com", "http://localhost.evil.com", "http://10.0.0.1/v1"] {
        let error = add(url, scopes());
        assert_eq!(error.code, ErrorCode::ResourceUriInsecure, "{url}");
        assert!(url.starts_with(error.detail.as_deref().unwrap()));
    }
    for url in ["", "/v1", "api.example.com", "*", "https://*.example.com", "https://user@api.example.com", "data:,x"] {
        assert_eq!(add(url, scopes()), Error::about(ErrorCode::UrlParseError, "fetch.protectedResourceMap"), "{url}");
    }
    assert_eq!(add(V1, of("")), Error::about(ErrorCode::EmptyInputScopesError, API));
}

#[test]
fn a_resource_that_is_listed_twice_is_refused_because_one_entry_would_be_ignored() {
    let mut resources = map(&[V1]);
    for twin in [V1, "https://api.example.com/v1/", "https://api.example.com/v1?x=1"] {
        let error = resources.add(twin, None, vec!["POST".into()]).unwrap_err();
        assert_eq!(error, Error::about(ErrorCode::InvalidOption, "fetch.protectedResourceMap"), "{twin}");
    }
    assert!(found(&resources, V1).is_some(), "the first one is as it was");
}

/// What a URL is made of, and what it is not.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "https://api.example.com",
        "https://",
        "http://",
        "api.example.com",
        "evil.com",
        "@",
        ":",
        "443",
        "8443",
        "/",
        "//",
        "\\",
        "?",
        "#",
        ".",
        "..",
        "%2f",
        "%2e",
        "v1",
        "v",
        "1",
        " ",
        "\t",
        "API",
        "[",
        "]",
    ])
}

/// Where a browser ends the origin of a URL that starts like the resource's.
fn is_of_the_origin(url: &str) -> bool {
    url.strip_prefix(API).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

proptest! {
    #[test]
    fn a_url_of_another_origin_never_carries_a_token(pieces in prop::collection::vec(piece(), 0..9), tail in ".{0,8}") {
        let resources = map(&[API, V1]);
        let url = format!("{}{tail}", pieces.concat());
        for url in [&url, &format!("{API}{url}"), &format!("https://{url}{API}/v1")] {
            if found(&resources, url).is_some() {
                prop_assert!(is_of_the_origin(url), "{}", url);
            }
        }
    }

    #[test]
    fn a_url_of_the_origin_carries_one_exactly_where_its_path_is_below(path in "(/v1|/v10|/v|/|//|\\?|#|[a-z0-9]){0,6}") {
        let url = format!("{API}/{}", path.trim_start_matches('/'));
        let own = url[API.len()..].split(['?', '#']).next().unwrap_or_default();
        let is_below = own == "/v1" || own.starts_with("/v1/");
        prop_assert_eq!(found(&map(&[V1]), &url).is_some(), is_below, "{}", url);
    }
}

#[test]
fn what_a_request_needs_is_of_the_account_that_it_is_sent_as() {
    let resource = of("api.read openid").unwrap();
    for home in ["ada", "ada", "bob", "ada"] {
        let need = resource.need(home).unwrap();
        assert_eq!((need.account(), need.scopes().as_str(), need.looked_up().as_str()), (home, "api.read openid", "api.read"));
        // What becomes of it is nothing to the next one.
        assert_eq!(need.wider(["api.write"]).looked_up().as_str(), "api.read api.write");
    }
}

#[test]
fn a_scope_of_another_origin_is_not_this_ones_whatever_the_two_have_in_common() {
    let mut own = Resources::default();
    own.add("https://a.example.com", of("read"), Vec::new()).unwrap();
    own.add("https://b.example.com/orders", of("read"), Vec::new()).unwrap();
    own.add("https://b.example.com/admin", of("write"), Vec::new()).unwrap();
    let mut other = Resources::default();
    other.add("https://c.example.com", of("delete"), Vec::new()).unwrap();
    let mut listed = Listed::default();
    listed.add(&own);
    listed.add(&other);
    for (origin, scope, is_foreign) in [
        ("https://a.example.com", "write", true),
        ("https://b.example.com", "write", false),
        ("https://a.example.com", "read", false),
        ("https://a.example.com", "read write", true),
        ("https://a.example.com", "unknown", false),
        // Of a map of its own.
        ("https://a.example.com", "delete", true),
        ("https://c.example.com", "read", true),
        ("https://c.example.com", "delete openid", false),
    ] {
        assert_eq!(listed.has_others(origin, &Scopes::parse(scope)), is_foreign, "{origin} {scope}");
    }
}
