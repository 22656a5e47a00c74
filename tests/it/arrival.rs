//! What a page that starts finds in its URL.

use countersign::{
    error::{Error, ErrorCode},
    protocol::{state::Flow, time::UnixSeconds},
    session::{
        arrival::{Arrival, Return, arrive, choose, for_frame, go_back, is_waited_for, signed_out, without_answer_in},
        login::LoginRequest,
    },
};

use crate::world::{CODE, World, ask, fragment};

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

/// What the browser says of where the user comes from.
const PROVIDER: &str = "https://login.example.com/";

const OTHER: &str = "r.BBBBBBBBBBBBBBBBBBBBBB";

fn answer(state: &str) -> String {
    fragment(&[("code", CODE), ("state", state)])
}

/// A state whose sign-in by redirect waits, and the text that waits for it.
fn waiting() -> (String, String) {
    let mut world = World::aad();
    let visit = world.redirect(LoginRequest { state: Some("cart".into()), ..ask(&[]) }).unwrap();
    (visit.state().to_owned(), world.store.take(&world.pending_key()).unwrap())
}

/// What is found where this text waits, or none.
fn found(fragment: &str, waits: Option<&str>) -> Arrival {
    arrive(fragment, None, NOW, || Ok(waits.map(String::from))).unwrap()
}

fn not_read() -> Result<Option<String>, Error> {
    panic!("what waits for an answer is nobody's business where there is none for this page")
}

#[test]
fn a_page_without_an_answer_finds_nothing_and_reads_nothing() {
    for fragment in
        ["", "#", "#/cart", "#section-2", "#code=1", "#code=1&state=another-library", "#state=r.AQEBAQEBAQEBAQEBAQEBAQ", "#%"]
    {
        assert!(matches!(arrive(fragment, None, NOW, not_read), Ok(Arrival::Nothing)), "{fragment}");
    }
}

#[test]
fn an_answer_that_nothing_waits_for_is_left_alone() {
    assert!(matches!(found(&answer(OTHER), None), Arrival::Nothing));
}

#[test]
fn an_answer_in_a_window_goes_to_the_one_that_opened_it() {
    let mut world = World::aad();
    world.popup(LoginRequest { state: Some("cart".into()), ..ask(&[]) }).unwrap();
    let visit = &world.provider.visits[0];
    let Ok(Arrival::ForOpener(Flow::Popup, channel)) = arrive(&answer(visit.state()), None, NOW, not_read) else {
        panic!("it is the opener's")
    };
    assert_eq!(Some(channel), visit.channel, "that is where it listens");
}

#[test]
fn the_answer_to_the_request_that_waits_is_found_with_it() {
    let (state, text) = waiting();
    for fragment in [answer(&state), fragment(&[("error", "access_denied"), ("state", &state)])] {
        let Arrival::Expected(pending, callback) = found(&fragment, Some(&text)) else { panic!("it is expected") };
        assert_eq!(callback.state(), pending.state());
        assert_eq!(pending.state().as_str(), state);
    }
}

#[test]
fn an_answer_that_comes_after_an_hour_is_too_late_and_one_within_it_is_not() {
    let (state, text) = waiting();
    let found = |now| arrive(&answer(&state), None, now, || Ok(Some(text.clone()))).unwrap();
    assert!(matches!(found(NOW.plus(3600)), Arrival::Expected(..)));
    let Arrival::Broken(error) = found(NOW.plus(3601)) else { panic!("it is too late") };
    assert_eq!(error, Error::new(ErrorCode::StateExpired));
    assert!(matches!(found(UnixSeconds(0)), Arrival::Expected(..)), "a clock that was turned back is no reason to refuse");
    let forged = arrive(&answer(OTHER), None, NOW.plus(3601), || Ok(Some(text.clone()))).unwrap();
    assert!(matches!(forged, Arrival::Forged(_)), "what is not the answer says nothing about the request");
}

#[test]
fn a_sign_in_that_took_too_long_redeems_nothing_and_is_forgotten() {
    let mut world = World::aad();
    let visit = world.redirect(ask(&[])).unwrap();
    let before = crate::world::describe(&world.cache);
    world.wait(3601);
    assert_eq!(world.come_back(&answer(visit.state())).unwrap_err(), Error::new(ErrorCode::StateExpired));
    assert_eq!((world.provider.requests.len(), crate::world::describe(&world.cache)), (0, before));
    assert!(world.open(&answer(visit.state())).unwrap().is_none(), "and nothing waits for it any more");
}

#[test]
fn an_answer_to_another_request_is_forged_and_what_waits_still_waits() {
    let (state, text) = waiting();
    let id = state.split('|').next().unwrap();
    for other in [OTHER, id, &format!("{state} "), &format!("{id}|")] {
        let Arrival::Forged(error) = found(&answer(other), Some(&text)) else { panic!("{other} is not the state that was sent") };
        assert_eq!(error, Error::new(ErrorCode::StateMismatch));
    }
}

#[test]
fn what_waits_and_cannot_be_read_is_said_and_forgotten() {
    let (state, text) = waiting();
    for broken in ["", "null", "{}", &text.replace("\"v\":3", "\"v\":1"), &text.replace('}', "")] {
        let Arrival::Broken(error) = found(&answer(&state), Some(broken)) else { panic!("{broken}") };
        assert_eq!(error, Error::new(ErrorCode::UnableToParseTokenRequestCacheError));
        // Without an answer in the URL it is nobody's business, wherever the user comes from.
        let arrival = arrive("#/cart", Some(PROVIDER), NOW, || Ok(Some(broken.into())));
        assert!(matches!(arrival, Ok(Arrival::Nothing)), "{broken}");
    }
}

#[test]
fn storage_that_is_blocked_is_said_where_an_answer_came_and_nowhere_else() {
    let blocked = || Err(ErrorCode::StorageNotSupported.into());
    assert_eq!(arrive(&answer(OTHER), None, NOW, blocked).unwrap_err(), Error::new(ErrorCode::StorageNotSupported));
    for referrer in [None, Some(PROVIDER)] {
        assert!(matches!(arrive("#/cart", referrer, NOW, blocked), Ok(Arrival::Nothing)));
    }
}

#[test]
fn an_answer_in_a_hidden_frame_goes_to_the_page_around_it() {
    let state = "s.BBBBBBBBBBBBBBBBBBBBBB";
    let Ok(Arrival::ForOpener(Flow::Silent, channel)) = arrive(&answer(state), None, NOW, not_read) else {
        panic!("it is the page's")
    };
    assert_eq!(channel, state);
}

#[test]
fn a_user_whom_the_provider_sends_back_without_an_answer_is_told_what_is_missing() {
    let (_, text) = waiting();
    for (fragment, expected) in [
        ("", ErrorCode::HashEmptyError),
        ("#/cart", ErrorCode::HashEmptyError),
        ("#code=1", ErrorCode::NoStateInHash),
        ("#error=access_denied", ErrorCode::NoStateInHash),
    ] {
        let Ok(Arrival::Broken(error)) = arrive(fragment, Some(PROVIDER), NOW, || Ok(Some(text.clone()))) else {
            panic!("{fragment}")
        };
        assert_eq!(error, Error::new(expected), "{fragment}");
    }
}

#[test]
fn a_user_who_comes_from_anywhere_else_or_came_for_nothing_is_left_alone() {
    let (_, text) = waiting();
    for (fragment, referrer, waits) in [
        ("", None, Some(&text)),
        ("", Some("https://app.example.com/"), Some(&text)),
        ("", Some("https://login.example.com.evil.example/"), Some(&text)),
        ("#code=1", Some("https://search.example/"), Some(&text)),
        ("#code=1&state=another-library", Some(PROVIDER), Some(&text)),
        ("", Some(PROVIDER), None),
    ] {
        let arrival = arrive(fragment, referrer, NOW, || Ok(waits.cloned()));
        assert!(matches!(arrival, Ok(Arrival::Nothing)), "{fragment} {referrer:?}");
    }
}

#[test]
fn the_user_goes_back_to_the_page_that_was_left() {
    let here = "https://app.example.com/redirect?a=1";
    for (start, expected) in [
        (None, Return::Here(None)),
        (Some("https://app.example.com/redirect?a=1"), Return::Here(Some("https://app.example.com/redirect?a=1".into()))),
        (
            Some("https://app.example.com/redirect?a=1#/cart"),
            Return::Here(Some("https://app.example.com/redirect?a=1#/cart".into())),
        ),
        (Some("https://app.example.com/cart?b=2#top"), Return::Go("https://app.example.com/cart?b=2#top".into())),
        (Some("https://app.example.com/redirect"), Return::Go("https://app.example.com/redirect".into())),
    ] {
        assert_eq!(go_back(start, here), expected, "{start:?}");
    }
}

#[test]
fn the_answer_goes_with_the_user_to_no_other_origin() {
    for start in [
        "https://evil.example/redirect",
        "https://app.example.com.evil.example/",
        "http://app.example.com/",
        "https://app.example.com:8443/",
        "https://user@app.example.com/",
        "//evil.example/",
        "javascript:alert(1)",
        "",
    ] {
        assert_eq!(go_back(Some(start), "https://app.example.com/redirect"), Return::Here(None), "{start}");
    }
}

#[test]
fn what_was_kept_of_an_answer_comes_before_what_the_url_says() {
    let (kept, forged) = (answer("r.AAAAAAAAAAAAAAAAAAAAAA"), answer(OTHER));
    let some = |text: &str| Some(String::from(text));
    for (fragments, expected) in [
        ([some(&kept), some(&forged), None], &*kept),
        ([None, some("#/cart"), some(&kept)], &kept),
        ([None, some(&kept), some(&forged)], &kept),
        ([None, some("#/cart"), some("#/other")], "#/cart"),
        ([None, None, None], ""),
    ] {
        assert_eq!(choose(&fragments), expected);
    }
}

#[test]
fn a_page_that_is_come_back_to_brings_no_answer_of_its_own() {
    let page = "https://app.example.com/cart?a=1";
    for (url, expected) in [
        (format!("{page}{}", answer(OTHER)), page.to_owned()),
        (format!("{page}#/cart"), format!("{page}#/cart")),
        (format!("{page}#code=1&state=another-library"), format!("{page}#code=1&state=another-library")),
        (page.to_owned(), page.to_owned()),
    ] {
        assert_eq!(without_answer_in(url), expected);
    }
}

#[test]
fn only_the_answer_of_a_hidden_frame_is_a_frames() {
    let state = "s.BBBBBBBBBBBBBBBBBBBBBB";
    assert_eq!(for_frame(&answer(state)).as_deref(), Some(state));
    for other in [answer(OTHER), answer("p.BBBBBBBBBBBBBBBBBBBBBB"), "#/cart".into(), String::new()] {
        assert_eq!(for_frame(&other), None, "{other}");
    }
}

#[test]
fn a_sign_out_in_a_popup_is_known_by_the_state_in_the_query_and_nothing_else_is() {
    let id = "p.BBBBBBBBBBBBBBBBBBBBBB";
    for query in [format!("?state={id}"), format!("?a=1&state={id}%7Cmine")] {
        assert_eq!(signed_out(&query).as_deref(), Some(id), "{query}");
    }
    for query in [
        String::new(),
        "?".into(),
        "?state=mine".into(),
        format!("?state={OTHER}"),
        format!("?code=1&state={id}"),
        format!("?error=x&state={id}"),
    ] {
        assert_eq!(signed_out(&query), None, "{query}");
    }
}

#[test]
fn an_answer_that_waits_for_another_client_of_the_tab_is_known() {
    let (state, text) = waiting();
    assert!(is_waited_for(&answer(&state), vec!["broken".into(), text.clone()]));
    assert!(!is_waited_for(&answer(OTHER), vec![text.clone()]));
    assert!(!is_waited_for(&answer(&state), Vec::new()));
    assert!(!is_waited_for("#/cart", vec![text]));
}
