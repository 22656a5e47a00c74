//! Tokens, codes and verifiers stay out of logs and errors.

use countersign::{
    protocol::{
        callback::Callback,
        http::{HttpRequest, HttpResponse},
        pkce,
        secret::Secret,
        state::Flow,
    },
    session::{Input, Machine},
};
use serde_json::json;

use crate::world::{ADA, CHALLENGE, DIGEST, VERIFIER, VERIFIER_BYTES, World, ask, assert_no_secret, need};

#[test]
fn a_secret_shows_nothing_of_itself() {
    let secret = Secret::new("access-SECRET");
    assert_eq!(format!("{secret:?}"), "<secret>");
    assert_eq!(format!("{:#?}", Some(&secret)), "Some(\n    <secret>,\n)", "nor does what it is part of");
    assert_eq!(secret.reveal(), "access-SECRET");
}

#[test]
fn a_secret_is_itself_and_nothing_like_it() {
    let secret = Secret::new("abc");
    assert!(secret.is("abc") && Secret::new(String::from("abc")).is("abc"));
    for other in ["", "ab", "abcd", "ABC", "abc "] {
        assert!(!secret.is(other), "{other}");
    }
}

#[test]
fn the_proof_key_is_that_of_the_rfc() {
    // RFC 7636 appendix B.
    assert_eq!(pkce::verifier(&VERIFIER_BYTES).reveal(), VERIFIER);
    assert_eq!(pkce::challenge(&DIGEST), CHALLENGE);
    for bytes in [[0; 32], [0xff; 32]] {
        let verifier = pkce::verifier(&bytes);
        assert_eq!(verifier.reveal().len(), 43, "the shortest that section 4.1 allows, and all of 256 bits");
        assert!(verifier.reveal().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)));
    }
}

#[test]
fn what_a_sign_in_ends_with_can_be_logged() {
    let mut world = World::aad();
    let granted = world.popup(ask(&["api.read"])).unwrap();
    assert_no_secret(&format!("{granted:?}"));
    assert_no_secret(&format!("{:?}", world.cache));
    assert_no_secret(&format!("{:?}", world.refresh(&need(ADA, &["api.read"], None)).unwrap()));
}

#[test]
fn what_goes_to_the_provider_and_comes_back_can_be_logged() {
    let fragment = "code=access-SECRET&state=r.AAAAAAAAAAAAAAAAAAAAAA";
    let shown = [
        format!(
            "{:?}",
            HttpRequest {
                url: "https://login.example.com/token".into(),
                form: Some("code=access-SECRET".into()),
                is_repeatable: false
            }
        ),
        format!("{:?}", HttpResponse { status: 200, body: "access-SECRET".into(), retry_after: None }),
        format!("{:?}", Callback::parse(fragment).unwrap()),
    ];
    assert_eq!(shown[0], "HttpRequest { url: \"https://login.example.com/token\", .. }");
    assert_eq!(shown[1], "HttpResponse { status: 200, .. }");
    assert!(shown.iter().all(|text| !text.contains("SECRET")));
}

#[test]
fn a_sign_in_under_way_can_be_logged() {
    let mut world = World::aad();
    let mut login = world.login(ask(&[]), Flow::Popup).unwrap();
    assert_no_secret(&format!("{login:?}"));
    let step = login.step(Input::Start).unwrap();
    assert_no_secret(&format!("{step:?} {login:?}"));
    let step = login.step(Input::Digested(DIGEST)).unwrap();
    assert_no_secret(&format!("{step:?} {login:?}"));
}

#[test]
fn no_error_says_what_was_in_the_answer() {
    let whole = json!({ "token_type": "Bearer", "access_token": "access-SECRET", "id_token": "h.SECRET.s", "expires_in": 60 });
    for (member, value) in [
        ("token_type", json!("SECRET")),
        ("access_token", json!("SECRET\n")),
        ("expires_in", json!("SECRET")),
        ("id_token", json!("SECRET")),
        ("id_token", json!("SECRET.SECRET.SECRET")),
        ("refresh_token", json!("refresh-SECRET")),
    ] {
        let mut world = World::aad();
        let mut body = whole.clone();
        body[member] = value;
        world.provider.says(200, body.to_string());
        assert_no_secret(&format!("{:?}", world.popup(ask(&[])).unwrap_err()));
    }
}
