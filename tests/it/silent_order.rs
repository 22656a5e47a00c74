//! What is tried, and in which order, for a token without the user.

use countersign::{
    error::{Error, ErrorCode, ServerAnswer},
    protocol::{
        authority::{Authority, ProtocolMode},
        scope::Scopes,
        state::Flow,
    },
    session::{
        Input,
        acquire::{Next, absent, after_frame, is_frame_hopeless},
        login::LoginRequest,
        need::{CacheLookupPolicy, Known, Need, Realm},
    },
};

use crate::world::{ADA, End, World, ask, need};

fn by(policy: CacheLookupPolicy) -> Need {
    Need::new(ADA, Scopes::parse("api.read"), None).unwrap().from(policy, false)
}

/// What the provider refused with.
fn refusal(code: ErrorCode, error: &str, suberror: Option<&str>) -> Error {
    let server = ServerAnswer { error: error.into(), suberror: suberror.map(String::from), ..ServerAnswer::default() };
    Error::new(code).answered(server)
}

fn dead() -> Error {
    refusal(ErrorCode::InteractionRequired, "invalid_grant", None)
}

/// The same, with Microsoft Entra's number for it.
fn coded(number: u32) -> Error {
    let server = ServerAnswer { error: "invalid_grant".into(), error_codes: vec![number], ..ServerAnswer::default() };
    Error::new(ErrorCode::InteractionRequired).answered(server)
}

#[test]
fn each_policy_tries_what_msal_tries_in_its_order() {
    use CacheLookupPolicy::{AccessToken, AccessTokenAndRefreshToken, Default, RefreshToken, RefreshTokenAndNetwork, Skip};
    let refresh_required = || Next::Fail(ErrorCode::TokenRefreshRequired.into());
    for (number, policy, uses_cache, first, after_refresh) in [
        (0, Default, true, Next::Refresh, Next::Frame),
        (1, AccessToken, true, refresh_required(), Next::Fail(dead())),
        (2, AccessTokenAndRefreshToken, true, Next::Refresh, Next::Fail(dead())),
        (3, RefreshToken, false, Next::Refresh, Next::Fail(dead())),
        (4, RefreshTokenAndNetwork, false, Next::Refresh, Next::Frame),
        (5, Skip, false, Next::Frame, Next::Frame),
    ] {
        assert_eq!(CacheLookupPolicy::from_number(number), Some(policy));
        let need = by(policy);
        assert_eq!(
            (need.may_use_cache(), need.first(), need.after_refresh(dead(), false)),
            (uses_cache, first, after_refresh),
            "{policy:?}"
        );
    }
    assert_eq!(CacheLookupPolicy::from_number(6), None);
}

#[test]
fn a_frame_is_tried_where_it_can_help_and_nowhere_else() {
    let need = by(CacheLookupPolicy::Default);
    for (error, helps) in [
        (Error::new(ErrorCode::NoTokensFound), true),
        (dead(), true),
        (refusal(ErrorCode::InteractionRequired, "invalid_grant", Some("bad_token")), true),
        (refusal(ErrorCode::InteractionRequired, "invalid_grant", Some("basic_action")), false),
        (coded(700_084), true),
        (coded(70_008), true),
        (coded(50_173), false),
        (refusal(ErrorCode::InteractionRequired, "interaction_required", None), false),
        (refusal(ErrorCode::ServerError, "invalid_client", None), false),
        (Error::new(ErrorCode::PostRequestFailed), false),
        (Error::new(ErrorCode::NoNetworkConnectivity), false),
        (Error::new(ErrorCode::FailedToParseResponse), false),
    ] {
        let expected = if helps { Next::Frame } else { Next::Fail(error.clone()) };
        assert_eq!(need.after_refresh(error.clone(), false), expected, "{error:?}");
        assert_eq!(need.after_refresh(error.clone(), true), Next::Fail(error), "once it has failed here it is not tried again");
    }
}

#[test]
fn a_frame_that_fails_says_that_the_user_is_wanted_or_leaves_the_word_to_the_refresh() {
    let login_required = || refusal(ErrorCode::InteractionRequired, "login_required", None);
    assert_eq!(after_frame(Some(dead()), login_required()), login_required());
    for failed in [ErrorCode::TimedOut, ErrorCode::AccountMismatch, ErrorCode::PostRequestFailed, ErrorCode::StateMismatch] {
        assert_eq!(after_frame(Some(dead()), failed.into()), dead(), "{failed:?}");
        assert_eq!(after_frame(None, failed.into()), Error::new(failed), "{failed:?}");
    }
}

#[test]
fn cookies_that_are_kept_from_the_provider_and_a_page_that_does_not_answer_stay_so() {
    for (error, hopeless) in [
        (refusal(ErrorCode::InteractionRequired, "login_required", None), true),
        (Error::new(ErrorCode::TimedOut), true),
        (refusal(ErrorCode::InteractionRequired, "interaction_required", None), false),
        (refusal(ErrorCode::InteractionRequired, "consent_required", None), false),
        (Error::new(ErrorCode::PostRequestFailed), false),
    ] {
        assert_eq!(is_frame_hopeless(&error), hopeless, "{error:?}");
    }
}

#[test]
fn a_frame_asks_for_no_prompt_and_takes_none_that_shows_something() {
    let request = |prompt: Option<&str>| LoginRequest { prompt: prompt.map(String::from), ..ask(&["api.read"]) };
    for (given, sent) in [(None, "none"), (Some("none"), "none"), (Some("no_session"), "no_session")] {
        let mut world = World::aad();
        let mut login = world.login(request(given).silently().unwrap(), Flow::Silent).unwrap();
        let End::Granted(granted) = world.run(&mut login, Input::Start).unwrap() else {
            panic!("a frame does not leave the page")
        };
        assert_eq!(granted.account.home_account_id.as_ref(), ADA);
        assert!(granted.redeemed.is_none(), "it is a sign-in of its own, not a refresh");
        let visit = &world.provider.visits[0];
        assert_eq!(visit.get("prompt"), sent);
        assert!(visit.state().starts_with("s."));
        assert_eq!(visit.channel.as_deref(), visit.state().split('|').next(), "the answer comes on the channel of its state");
    }
    for shown in ["login", "select_account", "consent", "create", "None", ""] {
        let error = request(Some(shown)).silently().map(drop).unwrap_err();
        assert_eq!(error, Error::about(ErrorCode::SilentPromptValueError, "request.prompt"), "{shown}");
    }
}

#[test]
fn claims_and_scopes_reach_the_frame_as_they_reach_a_refresh() {
    const CLAIMS: &str = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;
    let need = need(ADA, &["api.read"], Some(CLAIMS)).of_stranger();
    let mut world = World::aad();
    let request = need.framed(LoginRequest::default()).unwrap();
    let mut login = world.login(request, Flow::Silent).unwrap();
    world.run(&mut login, Input::Start).unwrap();
    let visit = &world.provider.visits[0];
    assert_eq!(visit.get("claims"), CLAIMS);
    assert_eq!(visit.get("scope"), "api.read openid profile offline_access");
}

#[test]
fn a_frame_that_answers_for_somebody_else_is_no_answer() {
    let mut world = World::aad();
    let request = need("uid-eve.tenant-1", &["api.read"], None).of_stranger().framed(LoginRequest::default()).unwrap();
    let before = world.snapshot();
    let mut login = world.login(request, Flow::Silent).unwrap();
    let error = world.run(&mut login, Input::Start).map(drop).unwrap_err();
    assert_eq!(error, Error::new(ErrorCode::AccountMismatch));
    assert_eq!(world.snapshot(), before);
}

#[test]
fn a_frame_is_tried_for_an_account_that_was_not_in_the_cache_and_signs_in_nobody_else() {
    let known = by(CacheLookupPolicy::Default);
    let stranger = absent(&known.clone().of_stranger());
    assert_eq!(stranger, Error::new(ErrorCode::NoTokensFound));
    assert_eq!(known.after_refresh(stranger, false), Next::Frame);
    let gone = absent(&known);
    assert_eq!(by(CacheLookupPolicy::Default).after_refresh(gone.clone(), false), Next::Fail(gone), "signed out meanwhile");

    for person in ["ada", "bob"] {
        let mut world = World::aad();
        world.provider.person = person;
        let request = need(ADA, &["api.read"], None).of_stranger().framed(known_as("ada@example.com")).unwrap();
        let mut login = world.login(request, Flow::Silent).unwrap();
        let outcome = world.run(&mut login, Input::Start);
        let visit = &world.provider.visits[0];
        assert_eq!((visit.get("prompt"), visit.get("login_hint")), ("none", "ada@example.com"));
        match outcome {
            Ok(End::Granted(granted)) => assert!(person == "ada" && world.cache.keep(&granted).is_some()),
            outcome => assert_eq!((person, outcome.map(drop)), ("bob", Err(ErrorCode::AccountMismatch.into()))),
        }
    }
}

/// What else a frame is asked for on behalf of an app that knows the account by this name.
fn known_as(username: &str) -> LoginRequest {
    LoginRequest { username: Some(username.into()), ..LoginRequest::default() }
}

#[test]
fn a_frame_for_an_account_that_was_signed_out_meanwhile_brings_nobody_back() {
    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    let request = need(ADA, &["api.read"], None).framed(LoginRequest::default()).unwrap();
    let mut login = world.login(request, Flow::Silent).unwrap();
    let End::Granted(granted) = world.run(&mut login, Input::Start).unwrap() else { panic!("a frame does not leave the page") };
    assert!(world.cache.keep(&granted).is_some(), "while the account is there");
    let change = world.cache.remove(Some(ADA));
    world.apply(change).unwrap();
    assert!(world.cache.keep(&granted).is_none());
}

#[test]
fn a_frame_or_a_popup_that_begins_after_the_sign_out_is_none() {
    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    let framed = need(ADA, &["api.read"], None).framed(LoginRequest::default()).unwrap();
    let asked = need(ADA, &["api.read"], None).interactive(LoginRequest::default());
    let change = world.cache.remove(Some(ADA));
    world.apply(change).unwrap();
    for (request, flow) in [(framed, Flow::Silent), (asked, Flow::Popup)] {
        assert_eq!(world.login(request, flow).map(drop), Err(ErrorCode::NoAccountFound.into()), "{flow:?}");
    }
    // The app's own sign-in for whoever it likes to offer.
    let own = LoginRequest { account: Some(ADA.into()), is_known: true, ..ask(&["api.read"]) };
    assert!(world.login(own, Flow::Popup).is_ok());
}

const GUID: &str = "11111111-2222-3333-4444-555555555555";

fn tenant(name: &str) -> Authority {
    Authority::new(&format!("https://login.microsoftonline.com/{name}"), ProtocolMode::Aad).unwrap()
}

#[test]
fn a_cached_token_is_looked_for_in_the_tenant_that_was_asked_and_in_no_other() {
    let known: [Known; 1] = [(tenant("fabrikam.example").as_str().into(), GUID.into())];
    let plain = by(CacheLookupPolicy::Default);
    for (configured, named, expected) in [
        ("common", None, Some(Realm::Home)),
        ("contoso.example", None, Some(Realm::Home)),
        (GUID, None, Some(Realm::Tenant(GUID))),
        ("contoso.example", Some(GUID), Some(Realm::Tenant(GUID))),
        ("contoso.example", Some("common"), Some(Realm::Home)),
        (GUID, Some("organizations"), Some(Realm::Home)),
        // By its name: once it has answered.
        ("contoso.example", Some("fabrikam.example"), Some(Realm::Tenant(GUID))),
        ("contoso.example", Some("other.example"), None),
    ] {
        let need = plain.clone().at(named.map(tenant));
        assert_eq!(need.realm(&tenant(configured), &known), expected, "{configured} {named:?}");
    }
}

#[test]
fn who_needs_the_user_asks_for_what_the_caller_and_the_provider_want() {
    let claims = |text: Option<&str>| Need::new(ADA, Scopes::parse("api.read"), text).unwrap();
    for (own, asked, both) in [
        (Some(r#"{"a":1}"#), Some(r#"{"b":2}"#), Some(r#"{"a":1,"b":2}"#)),
        (Some(r#"{"a":1}"#), Some(r#"{"a":2}"#), Some(r#"{"a":2}"#)),
        (Some(r#"{"a":1}"#), None, Some(r#"{"a":1}"#)),
        (Some(r#"{"a":1}"#), Some("<html>"), Some(r#"{"a":1}"#)),
        (None, Some(r#"{"b":2}"#), Some(r#"{"b":2}"#)),
        (None, None, None),
    ] {
        for code in [ErrorCode::InteractionRequired, ErrorCode::NoTokensFound] {
            let error = claims(own).asking(Error::new(code).asking(asked.map(Into::into)));
            assert_eq!((error.code, error.claims.as_deref()), (code, both));
        }
    }
    let network = Error::from(ErrorCode::PostRequestFailed);
    assert_eq!(claims(Some(r#"{"a":1}"#)).asking(network.clone()), network, "nobody is wanted");
}
