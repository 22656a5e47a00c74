//! When a provider is left alone, and for how long.

use countersign::{
    error::{Error, ErrorCode, ServerAnswer},
    protocol::{http::HttpResponse, time::UnixSeconds, token::TokenResponse},
    session::throttle::Throttle,
};
use proptest::prelude::*;

use crate::world::{ADA, World, ask, need};

const NOW: UnixSeconds = UnixSeconds(784_111_777);
/// RFC 9110 section 5.6.7, and the moment above.
const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

fn failure(status: u16, retry_after: Option<&str>, body: &str) -> Error {
    let response = HttpResponse { status, body: body.into(), retry_after: retry_after.map(String::from) };
    TokenResponse::decode(&response, &[]).map(drop).unwrap_err()
}

/// For how many seconds an answer of this status closes the door.
fn closed(status: u16, retry_after: Option<&str>) -> u64 {
    let error = failure(status, retry_after, r#"{"error":"temporarily_unavailable"}"#);
    let mut throttle = Throttle::default();
    throttle.failed("ada", &error, NOW);
    let is_closed = |seconds| throttle.refusal("ada", NOW.plus(seconds)).is_some();
    (0..=4000).find(|seconds| !is_closed(*seconds)).expect("nothing is for ever")
}

#[test]
fn the_wait_is_what_the_provider_says_in_seconds_or_as_a_date_and_an_hour_at_most() {
    for (retry_after, seconds) in [
        ("1", 1),
        ("120", 120),
        (" 120 ", 120),
        ("0", 0),
        ("3600", 3600),
        ("3601", 3600),
        ("99999999999999999999999999", 3600),
        ("Sun, 06 Nov 1994 08:50:37 GMT", 60),
        ("Sun, 06 Nov 1994 09:49:37 GMT", 3600),
        ("Mon, 07 Nov 1994 08:49:37 GMT", 3600),
        (DATE, 0),
        ("Sun, 06 Nov 1994 08:49:36 GMT", 0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ] {
        for status in [429, 500, 502, 503, 504] {
            assert_eq!(closed(status, Some(retry_after)), seconds, "{status} {retry_after}");
        }
    }
}

#[test]
fn without_a_word_that_can_be_read_only_too_many_requests_wait_a_minute() {
    for unreadable in [None, Some(""), Some("soon"), Some("-5"), Some("+5"), Some("1.5"), Some("Sunday, 06-Nov-94 08:49:37 GMT")]
    {
        assert_eq!(closed(429, unreadable), 60, "{unreadable:?}");
        for status in [500, 503] {
            assert_eq!(closed(status, unreadable), 0, "{status} {unreadable:?}");
        }
    }
}

#[test]
fn no_other_answer_closes_the_door() {
    for status in [200, 400, 401, 403, 404, 428, 499] {
        assert_eq!(closed(status, Some("120")), 0, "{status}");
    }
    let mut throttle = Throttle::default();
    throttle.failed("ada", &ErrorCode::PostRequestFailed.into(), NOW);
    assert_eq!(throttle.refusal("ada", NOW), None, "a network that is down asks for nothing");
}

#[test]
fn while_the_door_is_closed_the_answer_is_the_one_that_closed_it() {
    let body =
        r#"{"error":"invalid_request","error_description":"slow down","suberror":"s","error_codes":[50196],"trace_id":"t-1"}"#;
    let error = failure(429, Some("60"), body);
    let mut throttle = Throttle::default();
    throttle.failed("ada", &error, NOW);
    assert_eq!(throttle.refusal("ada", NOW.plus(59)), Some(error.clone()));
    let answer = error.server.clone().unwrap();
    assert_eq!((error.code, &*answer.error, answer.status), (ErrorCode::ServerError, "invalid_request", 429));
    assert_eq!((answer.error_codes, answer.suberror.as_deref()), (vec![50196], Some("s")));

    // Also one that says nothing, and one that wants the user.
    for body in ["", "<html>", r#"{"error":"interaction_required"}"#] {
        let error = failure(503, Some("60"), body);
        throttle.failed("ada", &error, NOW);
        assert_eq!(throttle.refusal("ada", NOW), Some(error), "{body}");
    }
}

#[test]
fn each_account_has_its_own_door() {
    let mut throttle = Throttle::default();
    throttle.failed("ada", &failure(429, Some("60"), ""), NOW);
    assert_eq!(throttle.refusal("bob", NOW), None);
    throttle.failed("bob", &failure(503, Some("120"), ""), NOW);
    let status =
        |account, seconds| throttle.refusal(account, NOW.plus(seconds)).map(|error| error.server.clone().unwrap().status);
    assert_eq!((status("ada", 0), status("bob", 0)), (Some(429), Some(503)));
    assert_eq!((status("ada", 60), status("bob", 60)), (None, Some(503)));
}

#[test]
fn the_last_answer_counts() {
    let mut throttle = Throttle::default();
    throttle.failed("ada", &failure(503, Some("600"), ""), NOW);
    throttle.failed("ada", &failure(429, Some("60"), ""), NOW);
    assert_eq!(throttle.refusal("ada", NOW).unwrap().server.clone().unwrap().status, 429);
    assert_eq!(throttle.refusal("ada", NOW.plus(60)), None);
}

#[test]
fn a_sign_in_opens_the_door_of_its_account() {
    let mut throttle = Throttle::default();
    for account in ["ada", "bob"] {
        throttle.failed(account, &failure(429, Some("600"), ""), NOW);
    }
    throttle.lift("ada");
    assert_eq!(throttle.refusal("ada", NOW), None);
    assert!(throttle.refusal("bob", NOW).is_some());
}

#[test]
fn a_provider_that_wants_to_be_left_alone_gets_no_request_for_that_account_until_it_is_time() {
    let mut world = World::aad();
    for person in ["bob", "ada"] {
        world.provider.person = person;
        world.popup(ask(&["api.read"])).unwrap();
    }
    let before = world.snapshot();
    world.provider.defers(429, "90");
    let first = world.refresh(&need(ADA, &["api.read"], None)).unwrap_err();
    let sent = world.provider.requests.len();
    world.wait(89);
    for scopes in [["api.read"], ["API.Read"], ["other"]] {
        assert_eq!(world.refresh(&need(ADA, &scopes, None)).unwrap_err(), first, "whatever it is for");
    }
    assert_eq!((world.provider.requests.len(), world.snapshot()), (sent, before));
    assert_eq!(world.silent(&need(ADA, &["api.read"], None)).unwrap(), "access-2-SECRET", "the cache needs no provider");
    world.provider.person = "bob";
    world.refresh(&need("uid-bob.tenant-1", &["api.read"], None)).expect("Bob may");
    world.provider.person = "ada";
    world.wait(1);
    world.refresh(&need(ADA, &["api.read"], None)).expect("and then Ada may");
}

#[test]
fn a_user_who_signs_in_ends_the_wait() {
    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    world.provider.defers(503, "3600");
    world.refresh(&need(ADA, &["api.read"], None)).unwrap_err();
    world.popup(ask(&["api.read"])).unwrap();
    world.refresh(&need(ADA, &["api.read"], None)).unwrap();
}

#[test]
fn what_is_good_for_one_request_is_never_repeated() {
    for (world, may_refresh_again) in [(World::aad(), true), (World::oidc(), false)] {
        let mut world = world;
        let home = world.popup(ask(&["api.read"])).unwrap().account.home_account_id;
        world.refresh(&need(&home, &["api.read"], None)).unwrap();
        assert_eq!(world.provider.repeatable, [false, may_refresh_again], "a code, and a refresh token");
        assert!(world.config.authority.discovery_request().is_repeatable);
    }
}

#[test]
fn what_the_provider_sent_beside_its_answer_is_kept_short() {
    let error = failure(429, Some(&"9".repeat(5000)), "");
    let ServerAnswer { retry_after, .. } = *error.server.clone().unwrap();
    assert_eq!(retry_after.unwrap().len(), 1024);
}

#[test]
fn a_date_is_read_as_servers_must_write_it() {
    for (text, seconds) in [
        (DATE, 784_111_777),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
        ("Wed, 01 Mar 2000 00:00:00 GMT", 951_868_800),
        ("Sun, 28 Feb 2100 23:59:59 GMT", 4_107_542_399),
        ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
        ("Thu, 31 Dec 2026 23:59:59 GMT", 1_798_761_599),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
    ] {
        assert_eq!(UnixSeconds::from_http_date(text), Some(UnixSeconds(seconds)), "{text}");
    }
    for text in [
        "",
        "GMT",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Wed, 31 Dec 1969 23:59:59 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "1994-11-06T08:49:37Z",
    ] {
        assert_eq!(UnixSeconds::from_http_date(text), None, "{text}");
    }
}

proptest! {
    /// The days are counted one by one here.
    #[test]
    fn every_day_is_one_later_than_the_day_before(year in 1970_u64..2500, month in 0_usize..12, day in 1_u64..=31) {
        const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let is_leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let length = |year, month| match month {
            1 => 28 + u64::from(is_leap(year)),
            3 | 5 | 8 | 10 => 30,
            _ => 31,
        };
        prop_assume!(day <= length(year, month));
        let years: u64 = (1970..year).map(|year| 365 + u64::from(is_leap(year))).sum();
        let months: u64 = (0..month).map(|month| length(year, month)).sum();
        let text = format!("Mon, {day:02} {} {year} 00:00:00 GMT", NAMES[month]);
        prop_assert_eq!(UnixSeconds::from_http_date(&text), Some(UnixSeconds((years + months + day - 1) * 86_400)));
    }

    #[test]
    fn no_date_makes_it_panic(text in ".*|[A-Z][a-z]{2}, [0-9]{1,20} [A-Z][a-z]{2} [0-9]{1,20} [0-9:]{0,40} GMT") {
        let _ = UnixSeconds::from_http_date(&text);
    }
}
