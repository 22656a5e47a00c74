//! Three lines of what a token endpoint says: a status, the claims of the ID token or a whole one, and the body (all that follows).
#![no_main]

const CLIENT_ID: &str = "spa";
const ISSUER: &str = "https://login.example.com/tenant";

use std::rc::Rc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use countersign::{
    error::ErrorCode,
    protocol::{
        http::HttpResponse,
        id_token::{Expected, IdToken},
        time::{CLOCK_SKEW, UnixSeconds},
        token::TokenResponse,
    },
    session::account::Account,
};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const NOW: u64 = 1_800_000_000;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = str::from_utf8(data) else { return };
    let mut lines = text.splitn(3, '\n');
    let (status, id_token, body) =
        (lines.next().unwrap_or_default(), lines.next().unwrap_or_default(), lines.next().unwrap_or_default());

    match TokenResponse::decode(&HttpResponse { status: status.parse().unwrap_or(200), body: body.into(), retry_after: None }, &[]) {
        Ok(response) => {
            let token = response.access_token.reveal();
            assert!(!token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()), "it can be a header");
            assert!(response.expires_in <= 31_536_000);
            if let Some(theirs) = theirs(body) {
                assert_eq!(theirs["access_token"].as_str(), Some(token));
                assert_eq!(
                    theirs["refresh_token"].as_str().filter(|text| !text.is_empty()),
                    response.refresh_token.as_ref().map(|token| token.reveal())
                );
            }
            if let Some(id_token) = &response.id_token {
                verify(id_token.reveal(), response.client_info.as_deref());
            }
        }
        Err(error) => assert!(
            matches!(
                error.code,
                ErrorCode::FailedToParseResponse
                    | ErrorCode::InteractionRequired
                    | ErrorCode::ServerError
                    | ErrorCode::UserCancelled
            ),
            "{error:?}"
        ),
    }
    verify(id_token, None);
    let encode = |part: &str| BASE64_URL_SAFE_NO_PAD.encode(part);
    verify(&format!("{}.{}.c2ln", encode(r#"{"alg":"RS256"}"#), encode(id_token)), Some(&encode(body)));
});

/// Judges an ID token, and compares the verdict with another reader's view of the same claims.
fn verify(raw: &str, client_info: Option<&str>) {
    for nonce in [Some("nonce-1"), None] {
        for (max_age, acr_values, claims) in [
            (None, "", ""),
            (Some(60), "", r#"{"id_token":{"acr":{"essential":true,"values":["c1","c2"]}}}"#),
            (Some(60), "c1 c2", ""),
        ] {
            let now = UnixSeconds(NOW);
            let expected = Expected { issuer: ISSUER, client_id: CLIENT_ID, nonce, max_age, acr_values, claims, now };
            match IdToken::verify(raw, &expected) {
                Ok(token) => {
                    if let Some(claims) = theirs(token.payload()) {
                        believed(&claims, &expected);
                    }
                    assert!(token.raw().is(raw));
                    let cached = IdToken::from_cache(raw).expect("what was verified can be kept");
                    assert_eq!(cached.payload(), token.payload());
                    token.continues(&cached).expect("it is the same sign-in as itself");
                    let account = Account::new(Rc::new(token), client_info, "login.example.com");
                    assert!(!account.home_account_id.is_empty() && !account.local_account_id().is_empty());
                }
                Err(error) => assert!(
                    matches!(
                        error.code,
                        ErrorCode::AcrMismatch
                            | ErrorCode::AudienceMismatch
                            | ErrorCode::AuthTimeNotFound
                            | ErrorCode::IdTokenExpired
                            | ErrorCode::IdTokenNotYetValid
                            | ErrorCode::IssuerMismatch
                            | ErrorCode::MaxAgeTranspired
                            | ErrorCode::NonceMismatch
                            | ErrorCode::TokenParsingError
                    ),
                    "{error:?}"
                ),
            }
        }
    }
}

/// OpenID Connect Core section 3.1.3.7, said again.
fn believed(claims: &Value, expected: &Expected<'_>) {
    // Some providers write a moment as a text.
    let moment = |claim: &str| claims[claim].as_f64().or_else(|| claims[claim].as_str()?.parse().ok());
    let (now, skew) = (NOW as f64, CLOCK_SKEW as f64);
    assert_eq!(claims["iss"], ISSUER);
    match &claims["aud"] {
        Value::Array(all) => assert!(!all.is_empty() && all.iter().all(|one| one == CLIENT_ID)),
        one => assert_eq!(one, CLIENT_ID),
    }
    assert!(claims["azp"].is_null() || claims["azp"] == CLIENT_ID, "azp: {}", claims["azp"]);
    assert!(claims["sub"].as_str().is_some_and(|sub| !sub.is_empty()));
    assert!(moment("exp").is_some_and(|exp| exp + skew + 1.0 > now));
    assert!(moment("iat").is_some_and(|iat| iat < now + skew + 1.0));
    assert!(moment("nbf").is_none_or(|nbf| nbf < now + skew + 1.0));
    if let Some(nonce) = expected.nonce {
        assert_eq!(claims["nonce"], nonce);
    }
    if let Some(max_age) = expected.max_age {
        assert!(moment("auth_time").is_some_and(|moment| moment + max_age as f64 + skew + 1.0 >= now));
        assert!(claims["acr"] == "c1" || claims["acr"] == "c2", "acr: {}", claims["acr"]);
    }
}

/// What serde_json reads. A name that it keeps for itself, and refuses, is a name like any other.
fn theirs(text: &str) -> Option<Value> {
    (!text.contains("$serde_json::private")).then(|| serde_json::from_str(text).expect("serde_json calls it JSON too"))
}
