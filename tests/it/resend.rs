//! The request that a page was left for.

use countersign::session::{
    config::{Config, RawConfig},
    need::StepUp,
    resend::{KEPT_HEADERS, Resend},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::{ADA, need, raw};

fn config() -> Config {
    Config::new(raw("AAD")).unwrap()
}

/// One in which everything that can be said is said.
fn full() -> Resend {
    let authority = config().authority_for("https://login.example.com/other").unwrap();
    Resend {
        url: "https://api.example.com/orders?a=\"1\"".into(),
        method: "POST".into(),
        headers: KEPT_HEADERS.iter().map(|name| ((*name).into(), format!("{name}-é"))).collect(),
        body: Some("eyJhIjoxfQ==".into()),
        need: need(ADA, &["api.read"], Some(r#"{"a":"\""}"#))
            .wider(["api.write"])
            .after(StepUp { acr_values: "gold silver".into(), max_age: Some(0) })
            .at(authority),
        is_apps_own: true,
    }
}

fn plain() -> Resend {
    Resend {
        headers: Vec::new(),
        body: None,
        need: need(ADA, &["api.read"], None),
        method: "GET".into(),
        is_apps_own: false,
        ..full()
    }
}

#[test]
fn nothing_is_lost_while_the_page_is_away() {
    for resend in [full(), plain()] {
        assert_eq!(Resend::from_text(&resend.to_text(), &config()), Some(resend));
    }
}

#[test]
fn only_what_changes_nothing_is_safe_to_send_again() {
    for (method, is_safe) in [
        ("GET", true),
        ("HEAD", true),
        ("OPTIONS", true),
        ("POST", false),
        ("PUT", false),
        ("PATCH", false),
        ("DELETE", false),
        ("get", false),
    ] {
        assert_eq!(Resend { method: method.into(), ..full() }.is_safe(), is_safe, "{method}");
    }
}

#[test]
fn what_somebody_else_wrote_there_is_none() {
    let json: Value = serde_json::from_str(&full().to_text()).unwrap();
    for (member, value) in [
        ("url", json!(1)),
        ("url", json!(null)),
        ("method", json!({})),
        ("account", json!(null)),
        ("own_scope", json!(null)),
        ("demanded_scope", json!(null)),
        ("claims", json!("[]")),
        ("claims", json!("{")),
        ("acr_values", json!(1)),
        ("own", json!(null)),
        ("max_age", json!("1")),
        ("max_age", json!(-1)),
        ("authority", json!("https://login.evil.example/tenant")),
        ("authority", json!("javascript:alert(1)")),
    ] {
        let mut other = json.clone();
        other[member] = value.clone();
        assert_eq!(Resend::from_text(&other.to_string(), &config()), None, "{member} {value}");
    }
    for broken in ["", "null", "{}", "[]", &full().to_text()[1..]] {
        assert_eq!(Resend::from_text(broken, &config()), None, "{broken}");
    }
    assert_eq!(Resend::from_text(&full().to_text(), &Config::new(RawConfig { ..raw("OIDC") }).unwrap()), None);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".*", body in prop::option::of("[A-Za-z0-9+/=]{0,40}"), url in ".*") {
        let _ = Resend::from_text(&text, &config());
        let resend = Resend { url, body, ..plain() };
        prop_assert_eq!(Resend::from_text(&resend.to_text(), &config()), Some(resend));
    }
}
