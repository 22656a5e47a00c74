//! Where a text is cut: as `core::str` would.

use countersign::protocol::{cut, list};
use proptest::prelude::*;

/// Texts in which the same few characters, and none of ASCII alone, come again and again.
const TEXT: &str = "[ab:/?#é🔑]{0,12}";

proptest! {
    #[test]
    fn a_text_is_cut_where_core_cuts_it(text in TEXT, part in "[ab:/é]{1,3}") {
        prop_assert_eq!(cut::find(&text, &part), text.find(&part));
        prop_assert_eq!(cut::first(&text, &part), text.split_once(&part));
        prop_assert_eq!(cut::last(&text, b'/'), text.rsplit_once('/'));
        prop_assert_eq!(cut::before(&text, b"?#"), text.split(['?', '#']).next().unwrap());
        prop_assert_eq!(list::of(cut::parts(&text, b":/")), text.split([':', '/']).collect::<Vec<_>>());
        prop_assert_eq!(cut::trimmed(&text, &part), text.trim_end_matches(&part));
    }

    #[test]
    fn a_list_keeps_what_is_wanted_in_its_order(items: Vec<u8>, more: Vec<u8>) {
        let mut list = list::of(items.iter().copied());
        list::append(&mut list, more.iter().copied());
        let mut expected = [items, more].concat();
        prop_assert_eq!(&list, &expected);
        list::retain(&mut list, |item| item % 3 != 0);
        expected.retain(|item| item % 3 != 0);
        prop_assert_eq!(list, expected);
    }
}
