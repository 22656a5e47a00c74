//! The `state` parameter.

use countersign::protocol::state::{Flow, State};
use proptest::prelude::*;

const ID: &str = "p.AAAAAAAAAAAAAAAAAAAAAA";

#[test]
fn a_state_says_which_flow_waits_and_carries_the_apps_own() {
    for (flow, start) in [(Flow::Popup, "p."), (Flow::Redirect, "r.")] {
        let state = State::new(flow, &[0xff; 16], Some("where the user was|/cart?a=1"));
        assert_eq!(state.flow(), flow);
        assert_eq!(state.id(), format!("{start}_____________________w"), "all 128 bits of it");
        assert_eq!(state.user(), Some("where the user was|/cart?a=1"));
        assert_eq!(State::parse(state.as_str()), Some(state));
    }
    assert_eq!(State::new(Flow::Popup, &[0; 16], None).user(), None);
    assert_eq!(State::new(Flow::Popup, &[0; 16], Some("")).user(), Some(""));
}

#[test]
fn what_another_library_or_an_attacker_writes_is_no_state() {
    for text in [
        "",
        "|",
        "p.",
        "p.|p.AAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAA",
        "x.AAAAAAAAAAAAAAAAAAAAAA",
        "P.AAAAAAAAAAAAAAAAAAAAAA",
        "p.AAAAAAAAAAAAAAAAAAAAA",
        "p.AAAAAAAAAAAAAAAAAAAAAAA",
        "p.AAAAAAAAAAAAAAAAAAAAA=",
        "p.AAAAAAAAAAAAAAAAAAAAA.",
        "p.AAAAAAAAAAAAAAAAAAAAé",
        " p.AAAAAAAAAAAAAAAAAAAAAA",
        "eyJpZCI6IjAxOTBiMWQyIiwibWV0YSI6e319",
    ] {
        assert_eq!(State::parse(text), None, "{text}");
    }
    assert!(State::parse(ID).is_some());
}

#[test]
fn the_same_id_with_another_app_state_is_another_state() {
    let sent = State::parse(&format!("{ID}|cart")).unwrap();
    for other in [ID.to_owned(), format!("{ID}|"), format!("{ID}|cart "), format!("{ID}|cart|")] {
        assert_ne!(State::parse(&other).unwrap(), sent, "{other}");
    }
}

proptest! {
    #[test]
    fn any_state_of_the_app_comes_back(random: [u8; 16], user in prop::option::of(".*")) {
        let state = State::new(Flow::Redirect, &random, user.as_deref());
        prop_assert_eq!(state.user(), user.as_deref());
        prop_assert_eq!(State::parse(state.as_str()), Some(state));
    }

    #[test]
    fn what_is_read_is_kept_whole(text in "([pr]\\.[A-Za-z0-9_-]{20,24}(\\|.*)?)|.*") {
        if let Some(state) = State::parse(&text) {
            prop_assert_eq!(state.as_str(), text.as_str());
            prop_assert!(state.id().len() == 24 && text.starts_with(state.id()));
        }
    }
}
