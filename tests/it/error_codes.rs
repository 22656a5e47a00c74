//! The two tables of error codes: the one in `error.rs`, and the sentences in `pkg-template/errors.js`.

use countersign::{
    error::ErrorCode,
    session::{
        config::InteractionType,
        questions::Questions,
        retry::{Retry, RetryInput, RetryStep},
    },
};

use crate::world::{ADA, at, listed, listing, need};

const ERRORS_JS: &str = include_str!("../../pkg-template/errors.js");

/// The table in `errors.js`: code, class and sentence.
fn sentences() -> Vec<(&'static str, &'static str, &'static str)> {
    let (_, table) = ERRORS_JS.split_once("export const codes = {").expect("the table begins");
    let (table, _) = table.split_once("\n};").expect("and ends");
    let mut rest = table.trim();
    let mut rows = Vec::new();
    while !rest.is_empty() {
        let (row, after) = row(rest).unwrap_or_else(|| panic!("a row is code: [Class, \"Sentence.\"], and this is not: {rest}"));
        rows.push(row);
        rest = after;
    }
    rows
}

/// `code: [Class, "Sentence."],` and what follows it. Formatters choose the quotes, and where the lines end.
fn row(text: &'static str) -> Option<((&'static str, &'static str, &'static str), &'static str)> {
    let (code, rest) = text.split_once(": [")?;
    let (class, rest) = rest.split_once(',')?;
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let rest = rest.strip_prefix(quote)?;
    let mut before = quote;
    let end = rest.find(|character| {
        let is_end = character == quote && before != '\\';
        before = character;
        is_end
    })?;
    let (sentence, rest) = rest.split_at(end);
    let rest = rest.strip_prefix(quote)?.trim_start_matches([',', '\n', ' ']);
    Some(((code, class.trim(), sentence), rest.strip_prefix("],")?.trim_start()))
}

fn codes() -> Vec<&'static str> {
    ErrorCode::ALL.iter().map(|code| code.as_str()).collect()
}

#[test]
fn codes_are_snake_case() {
    for code in codes() {
        assert!(code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{code}");
        assert!(!(code.starts_with('_') || code.ends_with('_') || code.contains("__") || code.is_empty()), "{code}");
    }
}

#[test]
fn codes_are_in_alphabetical_order_and_none_is_there_twice() {
    let mut sorted = codes();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(codes(), sorted);
}

#[test]
fn every_code_has_a_sentence_and_every_sentence_a_code() {
    assert_eq!(sentences().iter().map(|(code, ..)| *code).collect::<Vec<_>>(), codes());
}

#[test]
fn every_code_has_a_class_that_is_there_and_a_whole_sentence() {
    for (code, class, sentence) in sentences() {
        assert!(ERRORS_JS.contains(&format!("export class {class} extends ")), "{code}: {class}");
        assert!(sentence.ends_with('.') && sentence.contains(' '), "{code}: {sentence}");
        assert!(sentence.matches("{}").count() <= 1, "{code}: there is one detail: {sentence}");
    }
}

#[test]
fn what_the_fetch_wrapper_answers_with_the_user_is_what_apps_know_as_interaction_required() {
    for (code, (name, class, _)) in ErrorCode::ALL.iter().zip(sentences()) {
        let (resources, mut questions) = (listed("https://api.example.com", "api.read"), Questions::default());
        let (need, listing) = (need(ADA, &["api.read"], None), listing(&[&resources]));
        let mut retry = Retry::new(
            need,
            &resources,
            &listing,
            at(&resources, "https://api.example.com"),
            ("GET", "https://api.example.com"),
            InteractionType::Popup,
        );
        retry.step(RetryInput::Start, &mut questions);
        let asks_user = matches!(retry.step(RetryInput::Refused((*code).into()), &mut questions), RetryStep::Interact(..));
        assert_eq!(asks_user, class == "InteractionRequiredAuthError", "{name}");
    }
}
