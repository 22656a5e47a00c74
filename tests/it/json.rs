use countersign::protocol::json::{Json, MAX_DEPTH, push_string};
use proptest::prelude::*;

fn text(json: &str) -> Option<String> {
    Json::parse(json).map(|json| json.to_text())
}

#[test]
fn numbers_null_order_and_unknown_members_survive_byte_for_byte() {
    for same in [
        r#"{"z":1.50,"a":null,"m":-0,"e":1E+05,"big":123456789012345678901234567890,"t":true,"f":false}"#,
        r#"{"__proto__":{"constructor":1},"":[],"o":{}}"#,
        r#"[[],[[1e-2]],"",{"a":[{}]}]"#,
        r#""caf\"é\\ ☃ 🔑""#,
        "0",
    ] {
        assert_eq!(text(same).as_deref(), Some(same));
    }
}

#[test]
fn insignificant_white_space_is_dropped_and_no_other_space_is_skipped() {
    assert_eq!(text(" \t\r\n{ \"a\" :\n[ 1 ,\t2 ] } ").as_deref(), Some(r#"{"a":[1,2]}"#));
    for bad in ["\u{a0}1", "1\u{c}", "\u{feff}{}", "{\u{2003}}"] {
        assert_eq!(Json::parse(bad), None, "{bad:?}");
    }
}

#[test]
fn a_number_must_have_the_form_of_section_6() {
    for bad in ["01", "-", "+1", "1.", ".5", "1.e3", "1e", "1e+", "0x1", "--1", "NaN", "Infinity", "1_0", "-01", "١"] {
        assert_eq!(Json::parse(bad), None, "{bad}");
    }
}

#[test]
fn what_is_not_json_is_refused() {
    for bad in [
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "{]",
        "[}",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{'a':1}",
        "[,1]",
        "[1 2]",
        "tru",
        "True",
        "nul",
        "nulll",
        "1 2",
        "{}{}",
        "\"a",
        "\"\\",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\u+123\"",
        "\"a\tb\"",
        "\"a\nb\"",
        "\"\u{0}\"",
        "// x\n1",
    ] {
        assert_eq!(Json::parse(bad), None, "{bad:?}");
    }
}

#[test]
fn every_character_can_be_written_as_escapes() {
    for character in '\0'..=char::MAX {
        let escapes: String = character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
        assert_eq!(Json::parse(&format!("\"{escapes}\"")), Some(Json::String(character.into())), "{escapes}");
    }
}

#[test]
fn surrogate_pairs_are_joined_and_lone_halves_refused() {
    assert_eq!(Json::parse(r#""\ud83D\uDD11""#), Some(Json::String("🔑".into())));
    for bad in [
        r#""\ud83d""#,
        r#""\udd11""#,
        r#""\ud83dx""#,
        r#""\ud83d\n""#,
        r#""\ud83d\u0041""#,
        r#""\ud83d\ud83d""#,
        r#""\udd11\ud83d""#,
    ] {
        assert_eq!(Json::parse(bad), None, "{bad}");
    }
}

#[test]
fn a_name_that_occurs_twice_is_kept_twice_and_read_as_the_last() {
    let json = Json::parse(r#"{"a":1,"b":2,"a":3}"#).unwrap();
    assert_eq!(json.get("a").and_then(Json::as_u64), Some(3));
    assert_eq!(json.to_text(), r#"{"a":1,"b":2,"a":3}"#);
}

#[test]
fn nesting_is_limited() {
    let deep = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
    assert!(Json::parse(&deep(usize::from(MAX_DEPTH))).is_some());
    assert!(Json::parse(&deep(usize::from(MAX_DEPTH) + 1)).is_none());
    assert!(Json::parse(&"[".repeat(1_000_000)).is_none());
    assert!(Json::parse(&"{\"a\":".repeat(1_000_000)).is_none());
}

#[test]
fn seconds_are_numbers_or_strings_of_digits() {
    let seconds = |text: &str| Json::parse(text).and_then(|json| json.as_seconds());
    assert_eq!(seconds("3600"), Some(3600));
    assert_eq!(seconds("\"3599\""), Some(3599));
    assert_eq!(seconds("0"), Some(0));
    assert_eq!(seconds("18446744073709551615"), Some(u64::MAX));
    assert_eq!(seconds("3599.99"), Some(3599));
    for not in [
        "18446744073709551616",
        "-1",
        "-1.5",
        "1e3",
        "1.5e3",
        "\"1.5\"",
        "\"\"",
        "\" 1\"",
        "\"-1\"",
        "null",
        "true",
        "[]",
        "\"١\"",
    ] {
        assert_eq!(seconds(not), None, "{not}");
    }
    assert_eq!(Json::parse("\"1\"").and_then(|json| json.as_u64()), None);
}

#[test]
fn accessors_answer_only_for_their_own_kind() {
    let json = Json::parse(r#"{"s":"x","b":true,"a":[1],"n":null,"o":{}}"#).unwrap();
    assert_eq!(json.get("s").and_then(Json::as_str), Some("x"));
    assert_eq!(json.get("b").and_then(Json::as_bool), Some(true));
    assert_eq!(json.get("a").and_then(Json::as_array).map(<[Json]>::len), Some(1));
    assert!(json.get("n").is_some_and(Json::is_null));
    assert_eq!(json.get("o").and_then(Json::as_object).map(<[_]>::len), Some(0));
    assert_eq!(json.get("x"), None);
    assert_eq!(Json::Null.get("x"), None);
    for name in ["b", "a", "n", "o"] {
        assert_eq!(json.get(name).and_then(Json::as_str), None);
    }
}

#[test]
fn control_characters_are_written_escaped() {
    let mut out = String::new();
    push_string(&mut out, "\u{0}\u{8}\u{b}\u{1f}\u{7f}\n\r\t\"\\/");
    assert_eq!(out, "\"\\u0000\\u0008\\u000b\\u001f\u{7f}\\n\\r\\t\\\"\\\\/\"");
}

/// The tree that serde_json sees, from ours.
fn as_serde(json: &Json) -> serde_json::Value {
    use serde_json::Value;
    match json {
        Json::Array(elements) => Value::Array(elements.iter().map(as_serde).collect()),
        Json::Bool(value) => Value::Bool(*value),
        Json::Null => Value::Null,
        Json::Number(text) => serde_json::from_str(text).unwrap(),
        Json::Object(members) => Value::Object(members.iter().map(|(name, value)| (name.clone(), as_serde(value))).collect()),
        Json::String(text) => Value::String(text.clone()),
    }
}

fn agrees_with_serde_json(text: &str) -> Result<(), TestCaseError> {
    let theirs = serde_json::from_str::<serde_json::Value>(text).ok();
    let ours = Json::parse(text);
    prop_assert_eq!(ours.as_ref().map(as_serde), theirs, "{}", text);
    if let Some(ours) = ours {
        let written = ours.to_text();
        prop_assert_eq!(Json::parse(&written), Some(ours));
    }
    Ok(())
}

fn values() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::Array),
            prop::collection::vec((any::<String>(), inner), 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_serde_json_writes_is_read_and_written_back_unchanged(value in values()) {
        let written = value.to_string();
        let ours = Json::parse(&written);
        prop_assert_eq!(ours.as_ref().map(as_serde), Some(value));
        // serde_json has short forms for \b and \f, and no other difference.
        let expected = written.replace("\\b", "\\u0008").replace("\\f", "\\u000c");
        if !written.contains("\\\\") {
            prop_assert_eq!(ours.map(|json| json.to_text()), Some(expected));
        }
    }

    #[test]
    fn texts_that_look_like_json_are_read_or_refused_as_serde_json_does(
        text in r#"([\[\]{}:,"]|\\|u|d83d|dc00|00e9|true|false|null|-|0|12|\.|e|E|\+| |é|\t){0,14}"#
    ) {
        agrees_with_serde_json(&text)?;
    }

    #[test]
    fn strings_with_any_escapes_are_read_or_refused_as_serde_json_does(
        inside in r#"(a|é|🔑|\\["\\/bfnrtux]|\\u[0-9a-fD]{4}|\\ud[89a-f][0-9a-f]{2}|"|\x01){0,8}"#
    ) {
        agrees_with_serde_json(&["\"", &inside, "\""].concat())?;
    }

    #[test]
    fn numbers_are_read_or_refused_as_serde_json_does(text in r"[-+]?[0-9]{0,3}(\.[0-9]{0,3})?([eE][-+]?[0-9]{0,2})?") {
        agrees_with_serde_json(&text)?;
    }

    #[test]
    fn a_damaged_text_is_read_or_refused_as_serde_json_does(value in values(), cut in any::<prop::sample::Index>(), put in any::<char>()) {
        let mut text: Vec<char> = value.to_string().chars().collect();
        let at = cut.index(text.len());
        text[at] = put;
        agrees_with_serde_json(&text.into_iter().collect::<String>())?;
    }

    #[test]
    fn any_text_at_all_is_read_or_refused(text in any::<String>()) {
        agrees_with_serde_json(&text)?;
    }
}
