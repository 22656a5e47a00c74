//! Sign-in by redirect: two pages, and a text that waits between them.

use countersign::{
    error::{Error, ErrorCode},
    protocol::{authorize::Pending, callback::Callback, state::Flow},
    session::{
        Input, Machine, Step,
        config::RawConfig,
        login::{Login, LoginRequest},
    },
};
use serde_json::json;

use crate::world::{ADA, CODE, TOKEN_ENDPOINT, VERIFIER, World, ask, fragment, need, raw};

fn answer(state: &str) -> String {
    fragment(&[("code", CODE), ("state", state)])
}

#[test]
fn a_sign_in_goes_on_in_another_page() {
    let mut world = World::aad();
    let visit = world.redirect(LoginRequest { state: Some("/cart".into()), ..ask(&["api.read"]) }).unwrap();
    assert!(world.provider.requests.is_empty() && world.cache.accounts().count() == 0);
    world.reload();
    world.wait(120);
    let granted = world.come_back(&answer(visit.state())).unwrap();
    assert_eq!((&*granted.account.home_account_id, granted.state.as_deref()), (ADA, Some("/cart")));
    assert_eq!(granted.access_token.cached_on, world.now, "time has passed on the provider's page");
    assert_eq!(world.provider.last().get("code_verifier"), Some(VERIFIER));
    assert_eq!(world.cached(ADA, need(ADA, &["api.read"], None).scopes()).as_deref(), Some("access-1-SECRET"));
}

#[test]
fn the_answer_is_for_the_page_itself_and_for_no_window() {
    let visit = World::aad().redirect(ask(&[])).unwrap();
    let callback = Callback::parse(&answer(visit.state())).unwrap();
    assert_eq!(callback.state().flow(), Flow::Redirect);
    assert_eq!(visit.channel, None);
}

#[test]
fn an_answer_that_is_not_for_this_request_is_refused() {
    let redeemed = |parameters: &[(&str, &str)]| {
        let mut world =
            World::new(raw("OIDC"), |document| document["authorization_response_iss_parameter_supported"] = json!(true));
        let visit = world.redirect(ask(&[])).unwrap();
        let state = [("state", visit.state())];
        let given = parameters.iter().any(|(name, _)| *name == "state");
        let parameters = [parameters, if given { &[] } else { &state }].concat();
        let before = world.cache.accounts().count();
        let error = world.come_back(&fragment(&parameters)).map(drop).unwrap_err();
        assert_eq!((world.cache.accounts().count(), world.provider.requests.len()), (before, 0));
        error
    };
    let issuer = ("iss", "https://login.example.com/tenant");
    let code = ("code", CODE);
    assert_eq!(redeemed(&[code, issuer, ("state", "r.BBBBBBBBBBBBBBBBBBBBBB")]).code, ErrorCode::StateMismatch);
    assert_eq!(redeemed(&[code]), Error::about(ErrorCode::IssuerMismatch, "iss"));
    assert_eq!(redeemed(&[code, ("iss", "https://evil.com")]), Error::about(ErrorCode::IssuerMismatch, "iss"));
    assert_eq!(redeemed(&[code, code, issuer]), Error::about(ErrorCode::HashNotDeserialized, "code"));
    assert_eq!(redeemed(&[("error", "login_required"), issuer]).code, ErrorCode::InteractionRequired);
    assert_eq!(redeemed(&[("code", ""), issuer]).code, ErrorCode::AuthorizationCodeMissingFromServerResponse);
}

#[test]
fn an_answer_that_is_played_again_reaches_nothing() {
    let mut world = World::aad();
    let visit = world.redirect(ask(&[])).unwrap();
    let text = world.store.get(&world.pending_key()).unwrap().to_owned();
    let callback = || Callback::parse(&answer(visit.state())).unwrap();
    let mut login = Login::resume(Pending::from_text(&text).unwrap());
    world.run(&mut login, Input::Returned(callback())).unwrap();
    assert_eq!(login.step(Input::Returned(callback())).unwrap_err().code, ErrorCode::UnexpectedError);

    // The text of the next sign-in does not take the answer to the one before it.
    world.redirect(ask(&[])).unwrap();
    assert_eq!(world.come_back(&answer(visit.state())).unwrap_err().code, ErrorCode::StateMismatch);
    assert_eq!(world.provider.requests.len(), 1);
}

#[test]
fn a_page_that_is_loaded_again_with_its_answer_in_the_url_leaves_it_alone() {
    let mut world = World::aad();
    let visit = world.redirect(ask(&[])).unwrap();
    world.come_back(&answer(visit.state())).unwrap();
    assert!(world.open(&answer(visit.state())).unwrap().is_none());
    assert_eq!(world.provider.requests.len(), 1, "the code is sent once");
}

#[test]
fn a_sign_in_that_failed_is_not_tried_again_with_the_same_answer() {
    let mut world = World::aad();
    let visit = world.redirect(ask(&[])).unwrap();
    world.provider.is_unreachable();
    assert_eq!(world.come_back(&answer(visit.state())).unwrap_err().code, ErrorCode::PostRequestFailed);
    assert!(world.open(&answer(visit.state())).unwrap().is_none());
}

#[test]
fn a_forged_answer_does_not_use_up_the_sign_in_that_waits() {
    let mut world = World::aad();
    let visit = world.redirect(ask(&[])).unwrap();
    for forged in [answer("r.BBBBBBBBBBBBBBBBBBBBBB"), fragment(&[("error", "x"), ("state", "r.BBBBBBBBBBBBBBBBBBBBBB")])] {
        assert_eq!(world.open(&forged).unwrap_err(), Error::new(ErrorCode::StateMismatch));
    }
    assert!(world.open("#/a-route-of-the-app").unwrap().is_none());
    assert!(world.come_back(&answer(visit.state())).is_ok(), "the right one still comes");
}

#[test]
fn what_waits_and_cannot_be_read_is_forgotten_and_leaves_the_session_as_it_was() {
    let mut world = World::aad();
    world.popup(ask(&[])).unwrap();
    let visit = world.redirect(ask(&[])).unwrap();
    let key = world.pending_key();
    world.store.put(&key, "{\"v\":0}");
    let error = world.open(&answer(visit.state())).unwrap_err();
    assert_eq!(error, Error::new(ErrorCode::UnableToParseTokenRequestCacheError));
    assert_eq!((world.store.get(&key), world.cache.accounts().count()), (None, 1));
    assert!(world.open(&answer(visit.state())).unwrap().is_none(), "it is said once");
}

#[test]
fn the_answer_is_redeemed_where_it_was_asked_for_whatever_is_known_now() {
    let mut world = World::oidc();
    let visit = world.redirect(ask(&[])).unwrap();
    // A mix-up of providers is what RFC 9700 section 4.4 warns of.
    let mut updated = World::new(raw("OIDC"), |document| document["token_endpoint"] = json!("https://other.example.com/token"));
    updated.store = world.store.clone();
    updated.provider.visits = world.provider.visits.clone();
    updated.come_back(&answer(visit.state())).unwrap();
    assert_eq!(updated.provider.urls, [TOKEN_ENDPOINT]);
}

#[test]
fn a_client_of_another_provider_leaves_the_answer_to_the_one_that_asked() {
    let mut world = World::oidc();
    let visit = world.redirect(ask(&[])).unwrap();
    let mut other = World::new(RawConfig { authority: Some("https://other.example.com".into()), ..raw("OIDC") }, |_| {});
    other.store = world.store.clone();
    assert!(other.open(&answer(visit.state())).unwrap().is_none());
    assert_eq!((other.provider.urls.len(), other.store.items()), (0, world.store.items()));
}

#[test]
fn a_page_that_is_left_takes_no_answer() {
    let mut world = World::aad();
    let mut login = world.login(ask(&[]), Flow::Redirect).unwrap();
    login.step(Input::Start).unwrap();
    let Step::Leave { url, .. } = login.step(Input::Digested([0; 32])).unwrap() else { panic!("it leaves") };
    let visit = world.provider.show(&url, None);
    let callback = Callback::parse(&answer(visit.state())).unwrap();
    assert_eq!(login.step(Input::Returned(callback)).unwrap_err().code, ErrorCode::UnexpectedError);
}

#[test]
fn the_one_who_was_asked_for_is_remembered_while_the_page_is_away() {
    let mut world = World::aad();
    world.popup(ask(&[])).unwrap();
    world.provider.person = "bob";
    let bound = LoginRequest { account: Some(ADA.into()), is_bound_to_account: true, ..ask(&[]) };
    let visit = world.redirect(bound).unwrap();
    assert_eq!(world.come_back(&answer(visit.state())).unwrap_err(), Error::new(ErrorCode::AccountMismatch));
    assert!(world.cache.entry("uid-bob.tenant-1").is_none());
}

#[test]
fn the_verifier_is_in_no_url() {
    let mut world = World::new(RawConfig { client_capabilities: vec!["CP1".into()], ..raw("AAD") }, |_| {});
    world.popup(LoginRequest { state: Some("cart".into()), ..ask(&["api.read"]) }).unwrap();
    let visit = world.redirect(ask(&["api.read"])).unwrap();
    world.come_back(&answer(visit.state())).unwrap();
    world.refresh(&need(ADA, &["api.write"], None)).unwrap();
    let urls = &world.provider.urls;
    assert_eq!(urls.len(), 5, "two authorization requests and three token requests");
    for url in urls {
        assert!(!url.contains(VERIFIER) && !url.contains("verifier"), "{url}");
    }
    assert_eq!(world.provider.requests[0].get("code_verifier"), Some(VERIFIER), "it is where it belongs");
}
