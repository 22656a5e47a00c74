use base64::{Engine, prelude::*};
use countersign::{
    error::ErrorCode,
    protocol::{
        challenge::parse_challenges,
        claims::{
            MAX_LENGTH, NotClaims, claims_challenge, claims_with_error, decode_claims, is_empty, merge, merge_agreeing,
            merge_claims,
        },
        json::Json,
    },
};
use proptest::prelude::*;

fn capabilities(list: &[&str]) -> Vec<String> {
    list.iter().map(|capability| (*capability).to_owned()).collect()
}

fn merged(claims: &str, list: &[&str]) -> String {
    merge_claims(Some(claims), &capabilities(list)).unwrap()
}

#[test]
fn all_four_forms_of_base64_and_the_json_itself_are_decoded() {
    let json = r#"{"access_token":{"x":{"value":"??>>~~é"}}}"#;
    let encoded = [
        BASE64_STANDARD.encode(json),
        BASE64_STANDARD_NO_PAD.encode(json),
        BASE64_URL_SAFE.encode(json),
        BASE64_URL_SAFE_NO_PAD.encode(json),
    ];
    for form in encoded.iter().map(String::as_str).chain([json]) {
        assert_eq!(decode_claims(form).as_deref(), Ok(json), "{form}");
    }
    assert!(encoded[0].contains('/') && encoded[0].ends_with('=') && encoded[2].contains('_'));
}

#[test]
fn the_text_is_handed_on_as_it_was_sent() {
    let json = "{ \"id_token\" : {\"a\":null,\n\"n\":1.50} }";
    assert_eq!(decode_claims(&BASE64_STANDARD.encode(json)).as_deref(), Ok(json));
    assert_eq!(decode_claims(json).as_deref(), Ok(json));
}

#[test]
fn what_is_not_claims_is_an_answer_that_says_why() {
    for (value, reason) in [
        ("", NotClaims::Missing),
        (" \t", NotClaims::Missing),
        ("not base64", NotClaims::NotBase64),
        ("e30%3D", NotClaims::NotBase64),
        ("e30===", NotClaims::NotBase64),
        ("=e30", NotClaims::NotBase64),
        ("e", NotClaims::NotBase64),
        ("e3 0=", NotClaims::NotBase64),
        ("é30=", NotClaims::NotBase64),
        ("/////w==", NotClaims::NotUtf8),
        ("7aCA", NotClaims::NotUtf8),     // a surrogate in UTF-8
        ("ey==", NotClaims::NotJson),     // {
        ("e30gfQ==", NotClaims::NotJson), // {} }
        ("{", NotClaims::NotJson),
        ("{a:1}", NotClaims::NotJson),
        ("W10=", NotClaims::NotObject),     // []
        ("bnVsbA==", NotClaims::NotObject), // null
        ("MQ==", NotClaims::NotObject),     // 1
    ] {
        assert_eq!(decode_claims(value), Err(reason), "{value}");
    }
}

/// Found with the fuzz target `claims`: serde_json, which it compares with, refuses this name.
#[test]
fn a_name_that_another_reader_keeps_for_itself_is_a_name_like_any_other() {
    let json = r#"{"access_token":{"$serde_json::private::Number":true,"l":true}}"#;
    assert_eq!(decode_claims(&BASE64_STANDARD.encode(json)).as_deref(), Ok(json));
}

#[test]
fn claims_may_be_64_kib_long_and_no_longer() {
    let json = |length: usize| ["{\"a\":\"", &"x".repeat(length - 8), "\"}"].concat();
    for encode in [
        |json: &str| json.to_owned(),
        |json: &str| BASE64_STANDARD.encode(json),
        |json: &str| BASE64_URL_SAFE_NO_PAD.encode(json),
    ] {
        assert!(decode_claims(&encode(&json(MAX_LENGTH))).is_ok());
        assert_eq!(decode_claims(&encode(&json(MAX_LENGTH + 1))), Err(NotClaims::TooLong));
        assert_eq!(decode_claims(&encode(&json(MAX_LENGTH * 2))), Err(NotClaims::TooLong));
    }
}

#[test]
fn every_reason_has_its_own_code() {
    use NotClaims::*;
    let mut codes: Vec<_> =
        [Conflict, Missing, NotBase64, NotJson, NotObject, NotUtf8, TooLong].iter().map(|reason| reason.as_str()).collect();
    codes.dedup();
    assert_eq!(codes, ["conflict", "missing", "not_base64", "not_json", "not_object", "not_utf8", "too_long"]);
}

#[test]
fn capabilities_are_put_where_microsoft_entra_looks_for_them() {
    let alone = r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#;
    assert_eq!(merge_claims(None, &capabilities(&["cp1"])).as_deref(), Ok(alone));
    for nothing in
        ["", " \n", "{}", "{ }", r#"{"access_token":null}"#, r#"{"access_token":{}}"#, r#"{"access_token":{"xms_cc":null}}"#]
    {
        assert_eq!(merged(nothing, &["cp1"]), alone, "{nothing}");
    }
}

#[test]
fn without_capabilities_and_claims_there_is_nothing_to_ask_for() {
    assert_eq!(merge_claims(None, &[]).as_deref(), Ok("{}"));
    assert_eq!(merge_claims(Some(" "), &capabilities(&["", " "])).as_deref(), Ok("{}"));
    assert_eq!(merged(r#" {"id_token": {"auth_time": null}} "#, &[]), r#"{"id_token":{"auth_time":null}}"#);
    for empty in ["", " ", "{}", " { } "] {
        assert!(is_empty(empty), "{empty:?}");
    }
    for not in [r#"{"id_token":{}}"#, "[]", "null", "x"] {
        assert!(!is_empty(not), "{not:?}");
    }
}

#[test]
fn capabilities_join_the_callers_regardless_of_case() {
    let claims = r#"{"access_token":{"xms_cc":{"values":["CP1","protapp"]}}}"#;
    assert_eq!(
        merged(claims, &["cp1", "llt", "LLT", "ProtApp"]),
        r#"{"access_token":{"xms_cc":{"values":["CP1","protapp","llt"]}}}"#
    );
}

#[test]
fn null_numbers_unknown_members_and_order_survive_a_merge() {
    let claims = r#"{"z":[1.50,null,{"q":-0}],"access_token":{"nbf":{"essential":true,"value":"1"},"xms_cc":{"x":null,"values":[7,"a"],"essential":false},"acrs":null},"id_token":{"__proto__":{"n":1e+2}},"userinfo":null}"#;
    let expected = claims.replace(r#"[7,"a"]"#, r#"[7,"a","cp1"]"#);
    assert_eq!(merged(claims, &["cp1"]), expected);
}

#[test]
fn a_single_value_of_the_caller_stays_and_the_capabilities_stand_beside_it() {
    let claims = r#"{"access_token":{"xms_cc":{"value":"cp1"}}}"#;
    assert_eq!(merged(claims, &["CP1", "llt"]), r#"{"access_token":{"xms_cc":{"values":["cp1","llt"]}}}"#);
}

#[test]
fn of_a_member_that_occurs_twice_the_last_gets_the_capabilities() {
    let claims = r#"{"access_token":{"a":1},"access_token":{"b":2}}"#;
    assert_eq!(merged(claims, &["cp1"]), r#"{"access_token":{"a":1},"access_token":{"b":2,"xms_cc":{"values":["cp1"]}}}"#);
}

#[test]
fn claims_that_are_no_json_object_are_invalid_and_the_error_names_the_member_not_the_value() {
    for (claims, member) in [
        ("secret", "claims"),
        ("[]", "claims"),
        ("null", "claims"),
        ("\"{}\"", "claims"),
        ("{", "claims"),
        ("eyJhIjoxfQ==", "claims"),
        (r#"{"access_token":"secret"}"#, "access_token"),
        (r#"{"access_token":[]}"#, "access_token"),
        (r#"{"access_token":{"xms_cc":"secret"}}"#, "xms_cc"),
        (r#"{"access_token":{"xms_cc":{"values":"secret"}}}"#, "xms_cc"),
    ] {
        let error = merge_claims(Some(claims), &capabilities(&["cp1"])).unwrap_err();
        assert_eq!((error.code, error.detail.as_deref()), (ErrorCode::InvalidClaims, Some(member)), "{claims}");
    }
    assert_eq!(merge("{}", "x").unwrap_err().code, ErrorCode::InvalidClaims);
    assert_eq!(merge("x", "{}").unwrap_err().code, ErrorCode::InvalidClaims);
}

#[test]
fn requests_are_merged_member_by_member_and_the_second_counts() {
    let base =
        r#"{"id_token":{"auth_time":{"essential":true}},"access_token":{"acrs":{"essential":true,"value":"c1"},"nbf":null}}"#;
    let over = r#"{"userinfo":{"name":null},"access_token":{"nbf":{"value":"2"},"acrs":{"value":"c2"}}}"#;
    let both = r#"{"id_token":{"auth_time":{"essential":true}},"access_token":{"acrs":{"essential":true,"value":"c2"},"nbf":{"value":"2"}},"userinfo":{"name":null}}"#;
    assert_eq!(merge(base, over).as_deref(), Ok(both));
    assert_eq!(merge_agreeing(base, over), None);
}

#[test]
fn a_default_request_never_takes_away_what_the_other_asks_for() {
    let essential = r#"{"id_token":{"acr":{"essential":true}}}"#;
    let default = r#"{"id_token":{"acr":null}}"#;
    for (one, other) in [(essential, default), (default, essential), (essential, r#"{"id_token":null}"#)] {
        assert_eq!(merge(one, other).as_deref(), Ok(essential));
        assert_eq!(merge_agreeing(one, other).as_deref(), Some(essential));
    }
}

#[test]
fn requests_agree_unless_one_member_has_two_values() {
    let agree = |one: &str, other: &str| merge_agreeing(one, other);
    assert_eq!(agree(r#"{ "a": 1 }"#, r#"{ "a": 1 }"#).as_deref(), Some(r#"{ "a": 1 }"#));
    assert_eq!(agree(r#"{"a":{"x":1,"y":2}}"#, r#"{"a":{"y":2,"x":1}}"#).as_deref(), Some(r#"{"a":{"x":1,"y":2}}"#));
    assert_eq!(
        agree(r#"{"a":{"values":[1,2]}}"#, r#"{"a":{"values":[1,2]},"b":null}"#).as_deref(),
        Some(r#"{"a":{"values":[1,2]},"b":null}"#)
    );
    for (one, other) in [
        (r#"{"a":{"x":1}}"#, r#"{"a":{"x":2}}"#),
        (r#"{"a":{"values":[1,2]}}"#, r#"{"a":{"values":[2,1]}}"#),
        (r#"{"a":{"values":["x"]}}"#, r#"{"a":{"values":["X"]}}"#),
        (r#"{"a":"x"}"#, r#"{"a":{}}"#),
    ] {
        assert_eq!(agree(one, other), None, "{one} {other}");
    }
}

/// Found with the fuzz target `merge`: whether two requests agreed depended on which came first.
#[test]
fn of_a_member_that_occurs_twice_only_the_last_is_merged() {
    let (twice, once) = (r#"{"a":1,"a":2}"#, r#"{"a":2}"#);
    assert_eq!(merge_agreeing(twice, once).as_deref(), Some(twice));
    assert_eq!(merge_agreeing(once, twice).as_deref(), Some(once));
    assert_eq!(merge(r#"{"a":{"x":1}}"#, r#"{"a":0,"a":{"y":2}}"#).as_deref(), Ok(r#"{"a":{"x":1,"y":2}}"#));
}

#[test]
fn capabilities_of_two_requests_are_a_union() {
    let one = r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#;
    let other = r#"{"access_token":{"xms_cc":{"values":["CP1","llt"]}}}"#;
    let both = r#"{"access_token":{"xms_cc":{"values":["cp1","llt"]}}}"#;
    assert_eq!(merge(one, other).as_deref(), Ok(both));
    assert_eq!(merge_agreeing(one, other).as_deref(), Some(both));
}

#[test]
fn a_gate_looks_at_every_bearer_challenge_and_at_no_other() {
    let claims = |line: &str| claims_challenge(&parse_challenges(&[line]));
    assert_eq!(claims(r#"PoP error="insufficient_claims", claims="e30""#), None);
    assert_eq!(claims(r#"XBearer error="insufficient_claims", claims="e30""#), None);
    assert_eq!(claims(r#"Bearer error="invalid_token", claims="e30""#), None);
    assert_eq!(claims(r#"Bearer, Bearer claims="e30", bearer error="insufficient_claims", claims="e30""#).as_deref(), Some("{}"));
}

#[test]
fn a_conflict_is_a_conflict_whatever_follows() {
    let bearer = |claims: &str| ["Bearer error=insufficient_claims, claims=", &BASE64_URL_SAFE_NO_PAD.encode(claims)].concat();
    let line = [bearer(r#"{"a":1}"#), bearer(r#"{"a":2}"#), bearer(r#"{"a":1}"#)].join(", ");
    let challenges = parse_challenges(&[&line]);
    assert_eq!(claims_with_error(&challenges, "insufficient_claims"), Some(Err(NotClaims::Conflict)));
    assert_eq!(claims_challenge(&challenges), None);
    assert_eq!(claims_with_error(&challenges, "invalid_token"), None);
}

fn requests() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        (0..9_u8).prop_map(|n| Json::Number(n.to_string().into())),
        "[a-zA-Z]{0,2}".prop_map(Json::String),
        prop::collection::vec("[a-cA-C]".prop_map(Json::String), 0..3).prop_map(Json::Array),
    ];
    let object = |inner: BoxedStrategy<Json>| {
        let name =
            prop::sample::select(vec!["access_token", "id_token", "xms_cc", "values", "value", "essential", "acrs", "__proto__"]);
        prop::collection::vec((name, inner), 0..4).prop_map(|mut members| {
            members.sort_by_key(|(name, _)| *name);
            members.dedup_by_key(|(name, _)| *name);
            Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
        })
    };
    object(leaf.prop_recursive(4, 24, 4, move |inner| object(inner.boxed())).boxed())
}

/// Whether everything that `part` asks for is in `whole`.
fn contains(whole: &Json, part: &Json) -> bool {
    match (whole, part) {
        (Json::Object(_), Json::Object(members)) => {
            members.iter().all(|(name, value)| whole.get(name).is_some_and(|whole| contains(whole, value)))
        }
        (Json::Array(whole), Json::Array(part)) => part.iter().all(|value| {
            whole.iter().any(|other| {
                other == value || matches!((other, value), (Json::String(a), Json::String(b)) if a.eq_ignore_ascii_case(b))
            })
        }),
        (_, Json::Null) => true,
        _ => whole == part,
    }
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(request in requests()) {
        let text = request.to_text();
        for form in [BASE64_STANDARD.encode(&text), BASE64_URL_SAFE_NO_PAD.encode(&text), text.clone()] {
            prop_assert_eq!(decode_claims(&form), Ok(text.clone()));
        }
    }

    #[test]
    fn any_value_at_all_is_claims_or_an_answer(value in any::<String>(), bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        for value in [value, BASE64_STANDARD.encode(bytes)] {
            if let Ok(text) = decode_claims(&value) {
                prop_assert!(Json::parse(&text).is_some_and(|json| json.as_object().is_some()));
            }
            let _ = (merge_claims(Some(&value), &capabilities(&["cp1"])), merge(&value, &value), merge_agreeing(&value, "{}"), is_empty(&value));
        }
    }

    #[test]
    fn a_merge_with_capabilities_adds_them_once_and_keeps_the_rest(request in requests(), list in prop::collection::vec("[a-cA-C]", 0..4)) {
        let text = request.to_text();
        if let Ok(once) = merge_claims(Some(&text), &list) {
            prop_assert_eq!(merge_claims(Some(&once), &list), Ok(once.clone()), "{}", &text);
            let json = Json::parse(&once).unwrap();
            let values = json.get("access_token").and_then(|token| token.get("xms_cc")).and_then(|cc| cc.get("values"));
            for capability in &list {
                let found = |value: &Json| value.as_str().is_some_and(|value| value.eq_ignore_ascii_case(capability));
                prop_assert_eq!(values.and_then(Json::as_array).unwrap().iter().filter(|value| found(value)).count().min(1), 1);
            }
            let single = request.get("access_token").and_then(|token| token.get("xms_cc")).and_then(|cc| cc.get("value"));
            if single.is_none() {
                prop_assert!(contains(&json, &request), "{} {}", &text, &once);
            }
        }
    }

    #[test]
    fn a_merge_with_itself_or_with_nothing_changes_nothing(request in requests()) {
        let text = request.to_text();
        prop_assert_eq!(merge("{}", &text), Ok(text.clone()));
        prop_assert_eq!(merge(&text, "{}"), Ok(text.clone()));
        prop_assert_eq!(merge_agreeing(&text, &[" ", &text].concat()), Some(text));
    }

    #[test]
    fn requests_that_agree_are_both_met_in_either_order(one in requests(), other in requests()) {
        let forth = merge_agreeing(&one.to_text(), &other.to_text());
        let back = merge_agreeing(&other.to_text(), &one.to_text());
        prop_assert_eq!(forth.is_some(), back.is_some());
        for merged in forth.iter().chain(&back) {
            let merged = Json::parse(merged).unwrap();
            prop_assert!(contains(&merged, &one) && contains(&merged, &other), "{:?} {:?}", one, other);
        }
        if let Some(forth) = forth {
            prop_assert_eq!(merge(&one.to_text(), &other.to_text()), Ok(forth));
        }
    }

    #[test]
    fn what_the_second_request_asks_for_is_met(one in requests(), other in requests()) {
        let merged = Json::parse(&merge(&one.to_text(), &other.to_text()).unwrap()).unwrap();
        prop_assert!(contains(&merged, &other), "{:?} {:?}", one, other);
    }
}
