//! ID tokens, fresh from the token endpoint.

use base64::{Engine, prelude::*};
use countersign::{
    error::{Error, ErrorCode},
    protocol::{
        id_token::{Expected, IdToken, decode},
        time::{CLOCK_SKEW, UnixSeconds},
    },
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::{assert_no_secret, id_token, unsigned};

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);
const EXPECTED: Expected<'_> = Expected {
    issuer: "https://login.example.com/tenant",
    client_id: "spa",
    nonce: Some("nonce-1"),
    max_age: None,
    acr_values: "",
    claims: "",
    now: NOW,
};

fn claims() -> Value {
    json!({ "iss": EXPECTED.issuer, "aud": "spa", "sub": "sub-ada", "nonce": "nonce-1", "exp": NOW.0 + 3600, "iat": NOW.0 })
}

fn verify(raw: &str) -> Result<IdToken, Error> {
    IdToken::verify(raw, &EXPECTED).inspect_err(|error| assert_no_secret(&format!("{error:?}")))
}

/// What becomes of a token whose claim has this value; of one without it, where the value is `null`.
fn with(claim: &str, value: Value) -> Result<IdToken, Error> {
    let mut claims = claims();
    if value.is_null() {
        claims.as_object_mut().unwrap().remove(claim);
    } else {
        claims[claim] = value;
    }
    verify(&id_token(&claims))
}

fn refused(claim: &str, value: Value) -> Error {
    with(claim, value.clone()).map(drop).expect_err(&format!("{claim}: {value}"))
}

#[test]
fn a_token_that_agrees_with_the_request_is_taken_as_it_came() {
    let raw = id_token(&claims());
    let token = verify(&raw).unwrap();
    assert!(token.raw().is(&raw));
    assert_eq!(serde_json::from_str::<Value>(token.payload()).unwrap(), claims());
    assert_eq!((token.text("sub"), token.text("iat"), token.text("nothing")), (Some("sub-ada"), None, None));
}

#[test]
fn another_issuer_is_refused() {
    for issuer in ["https://evil.com", "https://login.example.com/tenant/", "https://login.example.com", ""] {
        assert_eq!(refused("iss", json!(issuer)), Error::about(ErrorCode::IssuerMismatch, "iss"));
    }
    for none in [json!(null), json!([EXPECTED.issuer]), json!(1)] {
        assert_eq!(refused("iss", none), Error::about(ErrorCode::TokenParsingError, "iss"));
    }
}

#[test]
fn a_token_for_anybody_beside_this_client_is_refused() {
    for audience in [
        json!("other"),
        json!("SPA"),
        json!("spa "),
        json!(""),
        json!([]),
        json!(["other"]),
        json!(["spa", "other"]),
        json!(["other", "spa"]),
        json!(["spa", 1]),
        json!([["spa"]]),
        json!({ "spa": true }),
        json!(true),
    ] {
        assert_eq!(refused("aud", audience), Error::about(ErrorCode::AudienceMismatch, "aud"));
    }
    assert_eq!(refused("aud", json!(null)), Error::about(ErrorCode::TokenParsingError, "aud"));
    for ours in [json!("spa"), json!(["spa"]), json!(["spa", "spa"])] {
        assert!(with("aud", ours).is_ok());
    }
}

#[test]
fn a_token_issued_to_another_party_is_refused() {
    for other in [json!("other"), json!(""), json!(1), json!(true), json!(["spa"]), json!({})] {
        assert_eq!(refused("azp", other), Error::about(ErrorCode::AudienceMismatch, "azp"));
    }
    assert!(with("azp", json!("spa")).is_ok());
}

#[test]
fn an_expired_token_is_taken_as_long_as_the_clocks_may_differ() {
    assert!(with("exp", json!(NOW.0 - CLOCK_SKEW + 1)).is_ok());
    assert_eq!(refused("exp", json!(NOW.0 - CLOCK_SKEW)), Error::about(ErrorCode::IdTokenExpired, "exp"));
    assert_eq!(refused("exp", json!(0)), Error::about(ErrorCode::IdTokenExpired, "exp"));
    assert!(with("exp", json!(u64::MAX)).is_ok(), "no overflow makes it old");
    for none in [json!(null), json!("soon"), json!(-1), json!([]), json!(true)] {
        assert_eq!(refused("exp", none), Error::about(ErrorCode::TokenParsingError, "exp"));
    }
}

#[test]
fn a_moment_may_have_a_fraction() {
    // RFC 7519 section 2.
    assert!(with("exp", json!(1_800_003_600.25)).is_ok() && with("iat", json!(1_799_999_999.5)).is_ok());
}

#[test]
fn a_token_that_does_not_say_when_it_was_made_is_refused() {
    for none in [json!(null), json!("now"), json!(-1)] {
        assert_eq!(refused("iat", none), Error::about(ErrorCode::TokenParsingError, "iat"));
    }
}

#[test]
fn a_token_of_a_time_to_come_is_taken_as_far_as_the_clocks_may_differ() {
    for claim in ["iat", "nbf"] {
        assert!(with(claim, json!(NOW.0 + CLOCK_SKEW)).is_ok());
        assert_eq!(refused(claim, json!(NOW.0 + CLOCK_SKEW + 1)), Error::about(ErrorCode::IdTokenNotYetValid, claim));
        assert_eq!(refused(claim, json!(u64::MAX)), Error::about(ErrorCode::IdTokenNotYetValid, claim));
    }
    assert!(with("iat", json!(1)).is_ok(), "its age is what exp is for");
    for broken in [json!("soon"), json!(-1), json!([]), json!(true)] {
        assert_eq!(refused("nbf", broken), Error::about(ErrorCode::TokenParsingError, "nbf"));
    }
}

#[test]
fn with_a_max_age_a_token_says_when_the_user_signed_in_and_that_is_recent() {
    let verdict = |max_age, auth_time: Value| {
        let mut claims = claims();
        claims["auth_time"] = auth_time;
        IdToken::verify(&id_token(&claims), &Expected { max_age: Some(max_age), ..EXPECTED }).map(drop)
    };
    for max_age in [0, 60, 86_400] {
        let oldest = NOW.0 - max_age - CLOCK_SKEW;
        for recent in [oldest, NOW.0, NOW.0 + CLOCK_SKEW] {
            assert_eq!(verdict(max_age, json!(recent)), Ok(()), "{max_age}");
        }
        assert_eq!(verdict(max_age, json!(oldest - 1)), Err(ErrorCode::MaxAgeTranspired.into()), "{max_age}");
        let future = verdict(max_age, json!(NOW.0 + CLOCK_SKEW + 1));
        assert_eq!(future, Err(Error::about(ErrorCode::IdTokenNotYetValid, "auth_time")));
        assert_eq!(verdict(max_age, json!(null)), Err(ErrorCode::AuthTimeNotFound.into()));
        for broken in [json!("today"), json!(-1), json!({})] {
            assert_eq!(verdict(max_age, broken), Err(Error::about(ErrorCode::TokenParsingError, "auth_time")));
        }
    }
    assert_eq!(verdict(u64::MAX, json!(0)), Ok(()));
    assert!(with("auth_time", json!("today")).is_ok(), "nobody asked");
}

#[test]
fn where_acr_values_must_be_met_the_token_names_one_of_them() {
    for (asked, acr, is_met) in [
        ("", json!(null), true),
        ("", json!("pwd"), true),
        ("gold", json!("gold"), true),
        ("gold silver", json!("silver"), true),
        ("gold silver", json!("gold silver"), false),
        ("gold silver", json!("bronze"), false),
        ("gold silver", json!("Gold"), false),
        ("gold", json!(""), false),
        ("gold", json!(null), false),
        ("gold", json!(["gold"]), false),
        ("0", json!(0), false),
    ] {
        let mut claims = claims();
        claims["acr"] = acr.clone();
        let verdict = IdToken::verify(&id_token(&claims), &Expected { acr_values: asked, ..EXPECTED }).map(drop);
        assert_eq!(verdict, if is_met { Ok(()) } else { Err(ErrorCode::AcrMismatch.into()) }, "{asked}: {acr}");
    }
}

#[test]
fn an_essential_acr_is_met_by_one_of_its_values_only() {
    let verdict = |asked: Value, acr: Value| {
        let mut claims = claims();
        claims["acr"] = acr;
        let asked = json!({ "id_token": { "acr": asked } }).to_string();
        IdToken::verify(&id_token(&claims), &Expected { claims: &asked, ..EXPECTED }).map(drop)
    };
    let (one, many) = (json!({ "essential": true, "value": "mfa" }), json!({ "essential": true, "values": ["mfa", "phr"] }));
    let refused = Err(Error::new(ErrorCode::AcrMismatch));
    for (asked, acr, expected) in [
        (&one, json!("mfa"), Ok(())),
        (&one, json!("phr"), refused.clone()),
        (&one, json!("MFA"), refused.clone()),
        (&one, json!(null), refused.clone()),
        (&one, json!(["mfa"]), refused.clone()),
        (&many, json!("phr"), Ok(())),
        (&many, json!("pwd"), refused.clone()),
        (&many, json!(null), refused),
        // A wish, not a condition.
        (&json!({ "value": "mfa" }), json!("pwd"), Ok(())),
        (&json!({ "essential": false, "value": "mfa" }), json!(null), Ok(())),
        (&json!(null), json!(null), Ok(())),
        (&json!({ "essential": true }), json!(null), Ok(())),
    ] {
        assert_eq!(verdict(asked.clone(), acr.clone()), expected, "{asked} {acr}");
    }
}

#[test]
fn the_issuer_of_a_provider_of_many_tenants_is_that_of_the_users_tenant() {
    let tenant = "9122040d-6c67-4c5b-b112-36a304b66dad";
    let other = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    let many = Expected { issuer: "https://login.example.com/{tenantid}/v2.0", ..EXPECTED };
    let verdict = |iss: &str, tid: Value| {
        let mut claims = claims();
        claims["iss"] = json!(iss);
        claims["tid"] = tid;
        IdToken::verify(&id_token(&claims), &many).map(drop)
    };
    let own = format!("https://login.example.com/{tenant}/v2.0");
    assert_eq!(verdict(&own, json!(tenant)), Ok(()));
    let mismatch = Err(Error::about(ErrorCode::IssuerMismatch, "iss"));
    for tid in [json!(other), json!(null), json!(""), json!("{tenantid}"), json!(1), json!(format!("{tenant}/v2.0/x"))] {
        assert_eq!(verdict(&own, tid.clone()), mismatch, "{tid}");
    }
    for iss in ["https://evil.com/9122040d-6c67-4c5b-b112-36a304b66dad/v2.0", "https://login.example.com/common/v2.0"] {
        assert_eq!(verdict(iss, json!(tenant)), mismatch, "{iss}");
    }
    // Where the provider serves one tenant, a token's word for another changes nothing.
    assert!(with("tid", json!(other)).is_ok());
}

#[test]
fn a_token_about_nobody_is_refused() {
    for none in [json!(null), json!(""), json!(7)] {
        assert_eq!(refused("sub", none), Error::about(ErrorCode::TokenParsingError, "sub"));
    }
}

#[test]
fn another_nonce_or_none_is_refused_where_one_was_sent() {
    for nonce in [json!("nonce-2"), json!("NONCE-1"), json!("nonce-1 "), json!(""), json!(null), json!(1), json!(["nonce-1"])] {
        assert_eq!(refused("nonce", nonce), Error::new(ErrorCode::NonceMismatch));
    }
}

#[test]
fn a_refresh_sent_no_nonce_and_minds_none() {
    let expected = Expected { nonce: None, ..EXPECTED };
    let mut claims = claims();
    assert!(IdToken::verify(&id_token(&claims), &expected).is_ok());
    claims.as_object_mut().unwrap().remove("nonce");
    assert!(IdToken::verify(&id_token(&claims), &expected).is_ok());
}

#[test]
fn alg_none_is_refused_in_every_spelling_and_so_is_what_cannot_be_right() {
    for alg in [json!("none"), json!("None"), json!("NONE"), json!("nOnE"), json!(null), json!(0), json!(["RS256"])] {
        let error = verify(&unsigned(&json!({ "alg": alg }), &claims())).unwrap_err();
        assert_eq!(error, Error::about(ErrorCode::TokenParsingError, "alg"), "{alg}");
    }
    for alg in ["HS256", "HS384", "HS512"] {
        let error = verify(&unsigned(&json!({ "alg": alg }), &claims())).unwrap_err();
        assert_eq!(error, Error::about(ErrorCode::TokenParsingError, "alg"), "there is no secret that {alg} could be made with");
    }
    assert_eq!(verify(&unsigned(&json!({}), &claims())).unwrap_err().detail.as_deref(), Some("alg"));
    for alg in ["RS256", "PS256", "ES256", "EdDSA"] {
        assert!(verify(&unsigned(&json!({ "alg": alg }), &claims())).is_ok(), "TLS vouches for it: {alg}");
    }
}

#[test]
fn what_is_no_jwt_is_refused() {
    let whole = id_token(&claims());
    let parts: Vec<&str> = whole.split('.').collect();
    let (header, payload) = (parts[0], parts[1]);
    let list = BASE64_URL_SAFE_NO_PAD.encode("[]");
    let not_utf8 = BASE64_URL_SAFE_NO_PAD.encode([b'{', 0xff, b'}']);
    for (raw, part) in [
        (String::new(), "id_token"),
        ("opaque".into(), "id_token"),
        (format!("{header}.{payload}"), "id_token"),
        (format!("{header}.{payload}.x.y"), "id_token"),
        // Encrypted: nobody configured a key.
        ("a.b.c.d.e".into(), "id_token"),
        (format!(".{payload}.x"), "header"),
        (format!("!.{payload}.x"), "header"),
        (format!("{not_utf8}.{payload}.x"), "header"),
        (format!("{list}.{payload}.x"), "alg"),
        (format!("{header}..x"), "payload"),
        (format!("{header}.{list}.x"), "payload"),
        (format!("{header}.{not_utf8}.x"), "payload"),
        (format!("{header}.{payload} .x"), "payload"),
    ] {
        assert_eq!(verify(&raw).unwrap_err(), Error::about(ErrorCode::TokenParsingError, part), "{raw}");
        assert!(IdToken::from_cache(&raw).is_none());
    }
}

#[test]
fn of_a_claim_that_comes_twice_the_last_counts_as_everywhere_else() {
    // RFC 7519 section 4. Two readers that choose differently would be two truths about one token.
    let twice = |first: &str, last: &str| {
        let payload =
            claims().to_string().replace("\"nonce\":\"nonce-1\"", &format!("\"nonce\":\"{first}\",\"nonce\":\"{last}\""));
        let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        verify(&format!("{}.{}.x", part(r#"{"alg":"RS256"}"#), part(&payload)))
    };
    assert_eq!(twice("nonce-1", "nonce-2").unwrap_err().code, ErrorCode::NonceMismatch);
    assert!(twice("nonce-2", "nonce-1").is_ok());
}

#[test]
fn padding_is_tolerated_and_the_other_alphabet_is_not() {
    let text = "{\"name\":\"??>>~~\"}";
    assert_eq!(decode(&BASE64_URL_SAFE.encode(text)).as_deref(), Some(text));
    assert_eq!(decode(&BASE64_URL_SAFE_NO_PAD.encode(text)).as_deref(), Some(text));
    let other = BASE64_STANDARD.encode(text);
    assert!(other.contains(['+', '/']) && decode(&other).is_none());
}

proptest! {
    #[test]
    fn no_text_is_taken_for_a_token(text in ".*|[a-zA-Z0-9_.=-]{0,80}") {
        prop_assert!(verify(&text).is_err());
        prop_assert!(IdToken::from_cache(&text).is_none());
    }

    #[test]
    fn no_payload_is_taken_that_does_not_agree_with_the_request(payload in ".*|\\{(\"(iss|aud|exp|sub|nonce)\":(\"spa\"|1|\\[\\]|null),?){0,5}\\}") {
        let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        let raw = format!("{}.{}.x", part(r#"{"alg":"RS256"}"#), part(&payload));
        prop_assert!(verify(&raw).is_err());
    }
}
