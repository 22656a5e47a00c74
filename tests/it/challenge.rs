//! What a challenge is: our own vectors, which the JavaScript tests read too, and what no vector can show. What holds of any text
//! stands in `challenge_properties.rs`.

use std::sync::LazyLock;

use countersign::protocol::{
    challenge::{
        Challenge, Kind, MAX_PARAMETERS, Pieces, Unwritable, format_challenge, parse_challenges, parse_challenges_strict,
    },
    claims::claims_challenge,
    demand::{Demand, demands},
};
use serde_json::{Value, json};

/// `id`; `headers`: the field lines; `strict`: what RFC 9110 reads, or null with `refused_at` `[line, position]`; `tolerant`:
/// what the tolerant reader gives, where it is not `strict`; `claims`: what `getClaimsChallenge` answers, or null; `demands` of
/// `status` (401 unless said).
pub(crate) static VECTORS: LazyLock<Vec<Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../vectors/challenges.json")).unwrap());

pub(crate) fn lines(case: &Value) -> Vec<&str> {
    case["headers"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect()
}

/// A demand as JavaScript sees it.
fn as_json(demand: &Demand) -> Value {
    serde_json::from_str(&demand.to_json().to_text()).unwrap()
}

fn expected(list: &Value) -> Vec<Challenge> {
    let params = |challenge: &Value| {
        let params = challenge["params"].as_object().unwrap();
        params.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
    };
    let challenge = |challenge: &Value| Challenge {
        scheme: challenge["scheme"].as_str().unwrap().to_owned(),
        token68: challenge["token68"].as_str().map(str::to_owned),
        params: params(challenge),
        recovered: challenge["recovered"].as_bool().unwrap_or(false),
    };
    list.as_array().unwrap().iter().map(challenge).collect()
}

#[test]
fn every_vector_is_read_strictly_as_it_says() {
    let mut wrong = Vec::new();
    for case in &*VECTORS {
        let strict = parse_challenges_strict(&lines(case));
        let right = match &strict {
            Ok(challenges) => !case["strict"].is_null() && *challenges == expected(&case["strict"]),
            Err(at) => json!([at.line, at.position]) == case["refused_at"],
        };
        if !right {
            wrong.push((case["id"].clone(), case["headers"].clone(), strict));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_vector_is_read_tolerantly_as_it_says() {
    let mut wrong = Vec::new();
    for case in &*VECTORS {
        let tolerant = parse_challenges(&lines(case));
        if tolerant != expected(case.get("tolerant").unwrap_or_else(|| &case["strict"])) {
            wrong.push((case["id"].clone(), case["headers"].clone(), tolerant));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_vector_gives_the_claims_and_demands_it_says() {
    let mut wrong = Vec::new();
    for case in &*VECTORS {
        let challenges = parse_challenges(&lines(case));
        let claims = claims_challenge(&challenges);
        if case.get("claims").is_some_and(|expected| expected.as_str() != claims.as_deref()) {
            wrong.push((case["id"].clone(), json!(claims)));
        }
        let status = case["status"].as_u64().unwrap_or(401);
        let demands = Value::from_iter(demands(status.try_into().unwrap(), &challenges).iter().map(as_json));
        if case.get("demands").is_some_and(|expected| *expected != demands) {
            wrong.push((case["id"].clone(), demands));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn there_are_enough_vectors_and_no_two_alike() {
    let vectors = &*VECTORS;
    for field in ["id", "headers"] {
        let mut values: Vec<_> = vectors.iter().map(|case| case[field].to_string()).collect();
        values.sort();
        values.dedup();
        assert_eq!(values.len(), vectors.len(), "{field}");
    }
    assert!(vectors.len() >= 150);
    assert!(vectors.iter().filter(|case| case["strict"].is_null()).count() >= 60);
}

#[test]
fn schemes_compare_without_regard_to_case() {
    let challenges = parse_challenges(&["bEARER a=b"]);
    assert!(challenges[0].is("Bearer") && !challenges[0].is("Bearer2"));
}

#[test]
fn a_parameter_too_many_is_refused_and_dropped() {
    let many = |count: usize| ["Bearer ", &(0..count).map(|n| format!("n{n}=v")).collect::<Vec<_>>().join(",")].concat();
    let most = many(MAX_PARAMETERS);
    assert_eq!(parse_challenges_strict(&[&most]).unwrap()[0].params.len(), MAX_PARAMETERS);
    let too_many = many(MAX_PARAMETERS + 1);
    assert_eq!(parse_challenges_strict(&[&too_many]).unwrap_err().position, most.len() + 1);
    let recovered = &parse_challenges(&[&too_many])[0];
    assert_eq!((recovered.params.len(), recovered.recovered), (MAX_PARAMETERS, true));
}

/// Kinds and texts of the pieces of a line.
fn pieces(line: &str) -> Vec<(Kind, &str)> {
    let mut pieces = Pieces::default();
    pieces.read(line.as_bytes()).iter().map(|piece| (piece.kind, &line[piece.start..piece.end])).collect()
}

#[test]
fn pieces_stand_in_the_order_of_the_line_and_its_own_is_the_last() {
    use Kind::{CapitalName, Name, Nothing, Refused, Scheme, Sound, Token68, Value};

    assert_eq!(pieces(""), [(Sound, "")]);
    assert_eq!(pieces(" , "), [(Sound, "")]);
    assert_eq!(pieces("NTLM, A b=="), [(Scheme, "NTLM"), (Scheme, "A"), (Token68, "b=="), (Sound, "")]);
    let sound = [(Scheme, "A"), (CapitalName, "Realm"), (Value, ""), (Name, "b"), (Value, "c"), (Sound, "")];
    assert_eq!(pieces(r#"A Realm = "", b=c"#), sound);
    // What escapes stands between pieces.
    let escaped = [(Scheme, "A"), (Name, "b"), (Value, "c"), (Value, "\"d"), (Value, "\\"), (Value, "é")];
    assert_eq!(pieces(r#"A b="c\"d\\\é""#), [&escaped[..], &[(Sound, "")]].concat());
    // What is dropped leaves no piece.
    assert_eq!(pieces(r#"A b="c\"d"e, f=g"#), [(Scheme, "A"), (Name, "f"), (Value, "g"), (Refused, "")]);
    assert_eq!(pieces("A b=c, B=\"d\""), [(Scheme, "A"), (Name, "b"), (Value, "c"), (Refused, "")]);
    assert_eq!(pieces("a=b, @"), [(Refused, "")]);
    assert_eq!(pieces("A b=, c=d"), [(Scheme, "A"), (Nothing, "b="), (Name, "c"), (Value, "d"), (Refused, "")]);
    assert_eq!(pieces("A b/=, c=d"), [(Scheme, "A"), (Token68, "b/="), (Refused, "")]);
}

#[test]
fn a_line_is_read_in_place_of_the_one_before() {
    let mut pieces = Pieces::default();
    for line in [&b"A b=, c=d, e=f"[..], b"", b"c=d", b"A c=d, C=d", b"A b=, c=d"] {
        assert_eq!(pieces.read(line), Pieces::default().read(line));
    }
}

fn owned(params: &[(&str, &str)]) -> Vec<(String, String)> {
    params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn format_quotes_where_the_grammar_needs_it_and_nowhere_else() {
    let params =
        owned(&[("realm", "o"), ("Error", "invalid_token"), ("scope", "a b"), ("x", ""), ("d", "\"\\"), ("u", "https://é")]);
    let text = format_challenge("Bearer", &params).unwrap();
    assert_eq!(text, r#"Bearer realm="o", error=invalid_token, scope="a b", x="", d="\"\\", u="https://é""#);
    assert_eq!(format_challenge("Negotiate", &[]).as_deref(), Ok("Negotiate"));
}

#[test]
fn format_refuses_what_the_grammar_cannot_hold() {
    let format = |scheme, params: &[(&str, &str)]| format_challenge(scheme, &owned(params));
    for scheme in ["", "Bea rer", "Bearer,", "Bérer", "Bearer\r\nX: y"] {
        assert_eq!(format(scheme, &[]), Err(Unwritable::Scheme), "{scheme:?}");
    }
    for name in ["", "a b", "a=", "é", "a\"", "a\n"] {
        assert_eq!(format("Bearer", &[("ok", "v"), (name, "v")]), Err(Unwritable::Name(1)), "{name:?}");
    }
    for value in ["\r", "\n", "a\0b", "\u{7f}", "\u{1f}", "x\r\nSet-Cookie: a=b"] {
        assert_eq!(format("Bearer", &[("a", value)]), Err(Unwritable::Value(0)), "{value:?}");
    }
    assert_eq!(format("Bearer", &[("a", "1"), ("b", "2"), ("A", "3")]), Err(Unwritable::Repeated(2)));
    assert_eq!(format("Bearer", &[("a", "\t")]).as_deref(), Ok("Bearer a=\"\t\""));
}

/// Time, not a benchmark: a quadratic reader needs minutes for one of these.
#[test]
fn long_hostile_lines_are_read_in_linear_time() {
    let size = 1 << 20;
    let closing = "}".repeat(size / 7);
    let escapes = ["Bearer a=\"", &"\\a".repeat(size / 4), "\""].concat();
    for (before, unit, after) in [
        ("", "a", ""),
        ("Bearer ", "a", ""),
        ("Bearer ", ",", ""),
        ("", "A,", ""),
        ("", "A b=c, ", ""),
        ("A ", "a b ", ""),
        ("Bearer a=", "\"", ""),
        ("Bearer ", "a=\"\" ", ""),
        ("Bearer a=\"", "\\\\", "\""),
        ("Bearer a=\"", "\\", ""),
        ("Bearer a=", "\\", ""),
        ("Bearer ", "a={,", ""),
        ("Bearer ", "a=\"{\"x,", ""),
        ("Bearer ", "a=\"{\"b ", &*closing),
        ("Bearer ", "a={b/ ", &*closing),
        ("Bearer ", "a='b c,", ""),
        ("Bearer ", "a='b ", ""),
        ("Bearer ", "a='b/", ""),
        ("Bearer ", "scope=a b\"", ""),
        ("Bearer scope=", "a ", "="),
        ("Bearer a=b", ";x", ""),
        ("Bearer", " ", "a=b"),
        ("A ", "a/ ", ""),
        ("A ", "=", ""),
        ("Bearer a=b", "\r\n", ""),
        ("Bearer a=\"", "\u{1}", ""),
        ("A a=\"", "é", "\""),
        ("Bearer a=", "{", ""),
        ("Bearer ", "a=\"b\"c ", ""),
        ("Bearer ", "@ ", ""),
        ("", "@ a ", ""),
        ("", "a ", ""),
        (&*escapes, ",a=b", ""),
    ] {
        let line = [before, &unit.repeat(size / unit.len()), after].concat();
        let start = std::time::Instant::now();
        let _ = (parse_challenges(&[&line]), parse_challenges_strict(&[&line]));
        assert!(start.elapsed().as_secs() < 10, "{unit:?}");
    }
    let names: String = (0..size / 8).map(|n| format!("n{n}=v,")).collect();
    let start = std::time::Instant::now();
    assert_eq!(parse_challenges(&[&["Bearer ", &names].concat()])[0].params.len(), MAX_PARAMETERS);
    assert!(start.elapsed().as_secs() < 10);
}
