//! Whether a popup is gone.

use countersign::session::popup::{Sight, Watch};

/// It is open, and not yet sent anywhere.
const EMPTY: Sight = Sight { is_closed: false, is_elsewhere: false, is_sent: false, is_answered: false, is_opener_focused: true };
/// The user is at the provider.
const AWAY: Sight = Sight { is_closed: false, is_elsewhere: true, is_sent: true, is_answered: false, is_opener_focused: false };
/// It has come back with its answer.
const BACK: Sight = Sight { is_elsewhere: false, ..AWAY };
/// The user closed it at the provider, and is on this page again.
const GONE: Sight = Sight { is_closed: true, is_opener_focused: true, ..AWAY };
/// It reads closed, and never read as the provider's.
const CUT: Sight = Sight { is_elsewhere: false, ..GONE };

/// After which of these looks the user is taken to have closed it.
fn looks(sights: &[Sight]) -> Vec<bool> {
    let mut watch = Watch::default();
    sights.iter().map(|sight| watch.is_gone(*sight)).collect()
}

fn is_ever_gone(sights: &[Sight]) -> bool {
    looks(sights).contains(&true)
}

#[test]
fn a_window_that_was_at_the_provider_and_is_closed_there_is_gone_on_the_second_look() {
    assert_eq!(looks(&[EMPTY, AWAY, AWAY, AWAY, GONE, GONE]), [false, false, false, false, false, true]);
}

#[test]
fn a_window_that_is_closed_before_it_is_sent_anywhere_is_gone_because_nobody_can_have_cut_it() {
    let closed = Sight { is_closed: true, ..EMPTY };
    assert_eq!(looks(&[EMPTY, closed, closed]), [false, false, true]);
    let looked_away = Sight { is_opener_focused: false, ..closed };
    assert_eq!(looks(&[looked_away, looked_away]), [false, true], "wherever the user is now");
}

#[test]
fn an_open_window_is_not_gone() {
    assert!(!is_ever_gone(&[EMPTY, EMPTY, AWAY, AWAY, BACK]));
    assert!(
        !is_ever_gone(&[EMPTY, AWAY, Sight { is_opener_focused: true, ..AWAY }, AWAY]),
        "nor is one the user looked away from"
    );
}

#[test]
fn a_handle_that_the_provider_cut_at_once_says_nothing() {
    assert!(!is_ever_gone(&[EMPTY, CUT, CUT, CUT]));
    assert!(!is_ever_gone(&[EMPTY, GONE, GONE, GONE]), "it was never seen open there");
}

#[test]
fn a_handle_that_is_being_cut_may_be_seen_open_for_a_moment() {
    assert!(!is_ever_gone(&[EMPTY, AWAY, GONE, GONE, GONE]));
    assert!(!is_ever_gone(&[EMPTY, AWAY, AWAY, GONE, GONE, GONE]));
    assert!(!is_ever_gone(&[AWAY, AWAY, BACK, AWAY, GONE, GONE]), "looks in a row");
}

#[test]
fn a_handle_that_was_cut_later_says_nothing_while_the_user_is_in_the_window() {
    let typing = Sight { is_opener_focused: false, ..GONE };
    assert!(!is_ever_gone(&[AWAY, AWAY, AWAY, typing, typing, typing]));
    assert_eq!(
        looks(&[AWAY, AWAY, AWAY, typing, GONE, GONE]),
        [false, false, false, false, false, true],
        "until the user comes back to this page"
    );
}

#[test]
fn a_window_that_came_back_and_closes_itself_has_its_answer_on_the_way() {
    assert!(!is_ever_gone(&[AWAY, AWAY, AWAY, BACK, CUT, CUT, CUT]));
    assert!(!is_ever_gone(&[AWAY, AWAY, AWAY, CUT, CUT, CUT]));
}

#[test]
fn one_look_between_two_pages_is_not_enough() {
    assert_eq!(looks(&[AWAY, AWAY, AWAY, GONE, AWAY, GONE, AWAY, GONE]), [false; 8]);
}

#[test]
fn a_window_that_has_answered_is_never_gone_whatever_became_of_its_handle() {
    // Measured where the app's own pages send `Cross-Origin-Opener-Policy: same-origin-allow-popups`.
    let answered = Sight { is_answered: true, ..GONE };
    assert!(!is_ever_gone(&[EMPTY, AWAY, AWAY, AWAY, GONE, answered, answered, answered]));
    assert!(!is_ever_gone(&[EMPTY, AWAY, AWAY, AWAY, answered, answered]));
}
