//! The shared corpus of 642 headers from 36 other parsers' tests, the RFCs and the wild. It is read in place: it is not ours to
//! copy.

use std::io::Write;

use countersign::protocol::{
    challenge::{Challenge, parse_challenges, parse_challenges_strict},
    claims::{NotClaims, claims_challenge, decode_claims},
};
use serde_json::Value;

/// The cases, or `None` and a note on standard error where the folder is absent.
fn corpus() -> Option<Vec<Value>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/vectors/challenges.json");
    match std::fs::read_to_string(path) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(error) => {
            say(&format!("skipped, the shared corpus is absent: {path}: {error}"));
            None
        }
    }
}

/// Past the test harness, which shows what a passing test prints only to those who ask.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn id(case: &Value) -> &str {
    case["id"].as_str().unwrap()
}

fn lines(case: &Value) -> Vec<&str> {
    case["headers"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect()
}

/// Scheme without regard to case, names in lower case, values exactly; parameters as a set.
fn comparable(scheme: &str, token68: Option<&str>, params: &mut Vec<(String, String)>) -> Value {
    params.sort();
    serde_json::json!([scheme.to_ascii_lowercase(), token68, params])
}

fn ours(challenges: &[Challenge]) -> Vec<Value> {
    challenges.iter().map(|c| comparable(&c.scheme, c.token68.as_deref(), &mut c.params.clone())).collect()
}

fn theirs(expected: &Value) -> Option<Vec<Value>> {
    let challenges = expected.get("challenges")?.as_array()?;
    Some(
        challenges
            .iter()
            .map(|challenge| {
                let params = challenge["params"].as_object().unwrap();
                let mut params = params.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
                comparable(challenge["scheme"].as_str().unwrap(), challenge["token68"].as_str(), &mut params)
            })
            .collect(),
    )
}

fn is_malformed(case: &Value) -> bool {
    case["expect"].get("error").is_some()
}

#[test]
fn strict_reads_459_of_459_exactly_and_refuses_174_of_174_or_says_the_corpus_is_absent() {
    let Some(corpus) = corpus() else { return };
    let (mut exact, mut refused) = (0, 0);
    let mut wrong = Vec::new();
    for case in &corpus {
        let strict = parse_challenges_strict(&lines(case));
        if let Some(expected) = theirs(&case["expect"]) {
            match strict {
                Ok(challenges) if ours(&challenges) == expected => exact += 1,
                other => wrong.push((id(case), lines(case), other)),
            }
        } else if is_malformed(case) {
            match strict {
                Err(_) => refused += 1,
                other => wrong.push((id(case), lines(case), other)),
            }
        } else {
            assert!(strict.is_err(), "{}: a repeated name is refused", id(case));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!((exact, refused), (459, 174));
}

#[test]
fn tolerant_reads_459_of_459_exactly_with_nothing_recovered_or_says_the_corpus_is_absent() {
    let Some(corpus) = corpus() else { return };
    let mut exact = 0;
    for case in &corpus {
        let Some(expected) = theirs(&case["expect"]) else { continue };
        let challenges = parse_challenges(&lines(case));
        assert_eq!(ours(&challenges), expected, "{}", id(case));
        assert!(challenges.iter().all(|challenge| !challenge.recovered), "{}", id(case));
        exact += 1;
    }
    assert_eq!(exact, 459);
}

#[test]
fn none_of_the_174_malformed_is_silently_wrong_or_says_the_corpus_is_absent() {
    let Some(corpus) = corpus() else { return };
    let (mut malformed, mut dropped, mut flagged, mut apart) = (0, 0, 0, Vec::new());
    for case in corpus.iter().filter(|case| is_malformed(case)) {
        malformed += 1;
        let lines = lines(case);
        let challenges = parse_challenges(&lines);
        if challenges.is_empty() {
            dropped += 1;
        } else if challenges.iter().all(|challenge| challenge.recovered) {
            flagged += 1;
        } else {
            // Only a line that the grammar accepts on its own, beside a broken one, gives an unflagged challenge.
            let sound: Vec<_> = lines.iter().filter_map(|line| parse_challenges_strict(&[line]).ok()).flatten().collect();
            assert_eq!(
                challenges.into_iter().filter(|challenge| !challenge.recovered).collect::<Vec<_>>(),
                sound,
                "{}",
                id(case)
            );
            apart.push(id(case));
        }
    }
    say(&format!(
        "malformed: {malformed}; nothing left: {dropped}; all recovered: {flagged}; a sound line beside a broken one: {apart:?}"
    ));
    assert_eq!(malformed, 174);
    assert_eq!(apart, ["nasty-line-bad-first", "nasty-line-split-params"]);
}

#[test]
fn a_repeated_name_gives_the_first_value_and_says_recovered_or_says_the_corpus_is_absent() {
    let Some(corpus) = corpus() else { return };
    let mut repeated = 0;
    for case in corpus.iter().filter(|case| case["expect"].is_null()) {
        repeated += 1;
        let challenges = parse_challenges(&lines(case));
        assert!(!challenges.is_empty() && challenges.iter().all(|challenge| challenge.recovered), "{}", id(case));
    }
    assert_eq!(repeated, 9);
}

#[test]
fn the_useful_readings_of_malformed_headers_are_counted_or_says_the_corpus_is_absent() {
    let Some(corpus) = corpus() else { return };
    let (mut exact, mut contained, mut total) = ([0, 0], [0, 0], [0, 0]);
    let mut missed = Vec::new();
    for case in &corpus {
        let Some(expected) = theirs(&case["lenient"]) else { continue };
        let basis = usize::from(case["lenient_basis"] != "source");
        let challenges = ours(&parse_challenges(&lines(case)));
        total[basis] += 1;
        if challenges == expected {
            exact[basis] += 1;
        } else {
            missed.push((id(case), case["lenient_basis"].as_str().unwrap()));
        }
        if expected.iter().all(|challenge| challenges.contains(challenge)) {
            contained[basis] += 1;
        }
    }
    say(&format!(
        "lenient readings, exactly: {}/{} stated by a source, {}/{} by the editor",
        exact[0], total[0], exact[1], total[1]
    ));
    say(&format!("every challenge of the reading among ours: {}/{} and {}/{}", contained[0], total[0], contained[1], total[1]));
    say(&format!("not exactly: {missed:?}"));
    // What Microsoft's services, Auth0, Okta and Django OAuth Toolkit send has to be read exactly.
    for must in [
        "msalnet-unquoted-url",
        "net-storage",
        "arc-basic",
        "arc-win",
        "mcppy-unqurl",
        "okta-acr-unq",
        "auth0-dpop-nocomma",
        "cae-js-noquotes",
        "cae-js-nocomma",
        "wild-django-oauth-toolkit",
        "nasty-tab-after-scheme",
        "adalnet-7",
        "adalandroid-tab-scheme",
        "adalandroid-tab-empty",
        "nasty-claims-unquoted-pad",
        "nasty-claims-unquoted-slash",
        "nasty-claims-nocomma",
        "nasty-storage-style-claims",
        "nasty-unquoted-url-comma",
        "nasty-unquoted-url-query",
        "pycore-two-nocomma",
        "greenbytes-missingquote",
    ] {
        assert!(!missed.iter().any(|(id, _)| *id == must), "{must}");
    }
    assert!(exact[0] >= 25 && exact[1] >= 24, "{exact:?}");
}

/// Expected differences: here the corpus wants the decoded text `{`, which other SDKs pass on, and which is not JSON. We find the
/// challenge, decode it, and answer that it is not JSON.
const NOT_JSON: [&str; 3] = ["cae-more-params", "go-unparseable-first", "go-claims-first"];

#[test]
fn claims_are_found_in_49_of_49_and_nothing_in_39_of_39_or_says_the_corpus_is_absent() {
    let Some(corpus) = corpus() else { return };
    let (mut found, mut none, mut not_json) = (0, 0, 0);
    for case in &corpus {
        let Some(expected) = case.get("claims_gated") else { continue };
        let challenges = parse_challenges(&lines(case));
        let claims = claims_challenge(&challenges);
        if NOT_JSON.contains(&id(case)) {
            let bearer = challenges.iter().find(|challenge| challenge.is("Bearer")).unwrap();
            assert_eq!(bearer.param("error"), Some("insufficient_claims"), "{}", id(case));
            assert_eq!(decode_claims(bearer.param("claims").unwrap()), Err(NotClaims::NotJson), "{}", id(case));
            assert_eq!((claims, expected.as_str()), (None, Some("{")));
            not_json += 1;
        } else {
            assert_eq!(claims.as_deref(), expected.as_str(), "{}", id(case));
            if claims.is_some() { found += 1 } else { none += 1 }
        }
    }
    say(&format!("claims: {found} found, {not_json} found and refused because they are not JSON, {none} rightly none"));
    assert_eq!((found, not_json, none), (46, 3, 39));
}

/// Expected differences: decoded text that the corpus takes from other SDKs, and that is no JSON object.
const NO_OBJECT: [(&str, NotClaims); 6] = [
    ("cae-more-params", NotClaims::NotJson),
    ("go-unparseable-first", NotClaims::NotJson),
    ("go-claims-first", NotClaims::NotJson),
    ("pymgmt-badjson", NotClaims::NotJson),
    ("nasty-claims-notjson", NotClaims::NotJson),
    ("nasty-claims-array", NotClaims::NotObject),
];

#[test]
fn decoded_claims_are_what_the_corpus_says_or_says_the_corpus_is_absent() {
    let Some(corpus) = corpus() else { return };
    let (mut same, mut refused) = (0, 0);
    for case in &corpus {
        let Some(expected) = case.get("claims").and_then(Value::as_str) else { continue };
        let challenges = parse_challenges(&lines(case));
        let decoded: Vec<_> = challenges.iter().filter_map(|c| c.param("claims")).map(decode_claims).collect();
        if let Some((name, reason)) = NO_OBJECT.iter().find(|(name, _)| *name == id(case)) {
            assert_eq!(decoded, [Err(*reason)], "{name}");
            refused += 1;
        } else {
            assert!(decoded.iter().any(|claims| claims.as_deref() == Ok(expected)), "{}: {decoded:?}", id(case));
            same += 1;
        }
    }
    say(&format!("claims decoded as the corpus says: {same}; refused as no JSON object: {refused}"));
    assert_eq!((same, refused), (59, NO_OBJECT.len()));
}
