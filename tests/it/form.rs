//! `application/x-www-form-urlencoded`.

use countersign::protocol::form::{decode, push};
use proptest::prelude::*;

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
}

fn encoded(list: &[(String, String)]) -> String {
    let mut text = String::new();
    for (name, value) in list {
        push(&mut text, name, value);
    }
    text
}

#[test]
fn everything_but_the_unreserved_characters_is_escaped() {
    for (value, text) in [
        ("AZaz09-._~", "AZaz09-._~"),
        ("a b", "a%20b"),
        ("a+b", "a%2Bb"),
        ("a&b=c", "a%26b%3Dc"),
        ("100%", "100%25"),
        ("#/?\\", "%23%2F%3F%5C"),
        ("é€😀", "%C3%A9%E2%82%AC%F0%9F%98%80"),
        ("\0\r\n", "%00%0D%0A"),
        ("{\"a\":null}", "%7B%22a%22%3Anull%7D"),
        ("", ""),
    ] {
        assert_eq!(encoded(&pairs(&[("n", value)])), format!("n={text}"));
        assert_eq!(encoded(&pairs(&[(value, "v")])), format!("{text}=v"), "names are escaped like values");
    }
}

#[test]
fn pairs_are_joined_by_ampersands_and_none_follows_a_question_mark() {
    let mut url = String::from("https://login.example.com/authorize?");
    push(&mut url, "a", "1");
    push(&mut url, "b", "2");
    assert_eq!(url, "https://login.example.com/authorize?a=1&b=2");
}

#[test]
fn what_others_write_is_read() {
    for (text, expected) in [
        ("", pairs(&[])),
        ("&&", pairs(&[])),
        ("a=1&b=2", pairs(&[("a", "1"), ("b", "2")])),
        ("a=1&a=2", pairs(&[("a", "1"), ("a", "2")])),
        ("a", pairs(&[("a", "")])),
        ("a=", pairs(&[("a", "")])),
        ("=v", pairs(&[("", "v")])),
        ("a=b=c", pairs(&[("a", "b=c")])),
        ("a=x+y", pairs(&[("a", "x y")])),
        ("a=x%2By", pairs(&[("a", "x+y")])),
        ("a=%c3%A9", pairs(&[("a", "é")])),
        ("%61=1", pairs(&[("a", "1")])),
        ("a=é", pairs(&[("a", "é")])),
    ] {
        assert_eq!(decode(text), Some(expected), "{text}");
    }
}

#[test]
fn what_cannot_be_read_exactly_is_not_read_at_all() {
    for text in ["a=%", "a=%4", "a=%4g", "a=%g4", "a=%+4", "a=%é", "a=%ff", "a=%c3", "a=%ed%a0%80", "%=1", "ok=1&a=%zz"] {
        assert_eq!(decode(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(list in prop::collection::vec((".*", ".*"), 0..6)) {
        prop_assert_eq!(decode(&encoded(&list)), Some(list));
    }

    #[test]
    fn what_is_written_is_safe_in_a_query_and_in_a_fragment(name in ".*", value in ".*") {
        let text = encoded(&[(name, value)]);
        prop_assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%=".contains(&byte)), "{}", text);
        prop_assert_eq!(text.matches('=').count(), 1);
    }

    #[test]
    fn reading_never_makes_more_pairs_than_there_are_parts(text in "([a-c%+&=]|.){0,40}") {
        if let Some(list) = decode(&text) {
            prop_assert_eq!(list.len(), text.split('&').filter(|part| !part.is_empty()).count());
        }
    }
}
