//! Signatures of ID tokens, where the app wants them checked: which key, which algorithm, and when the keys are asked for.

use countersign::{
    error::{Error, ErrorCode},
    protocol::{json::Json, jwks, secret::Secret},
    session::{Granted, config::RawConfig},
};
use serde_json::{Value, json};

use crate::world::{Grant, JWKS_URI, SUB_ADA, World, ask, fragment, need, raw, response, unsigned};

fn rsa(kid: &str) -> Value {
    json!({ "kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256", "n": "bg", "e": "AQAB", "x5c": ["MII"], "d": "private" })
}

fn token(header: &Value, claims: &Value) -> String {
    // "sig", in base64url.
    unsigned(header, claims).replace(".SECRET", ".c2ln")
}

/// The ID token names this key.
fn signed_by(kid: &'static str) -> impl Fn(&mut Grant) + Clone + 'static {
    move |grant| grant.body["id_token"] = json!(token(&json!({ "alg": "RS256", "kid": kid }), &grant.claims))
}

/// An app that wants signatures checked, and whose provider has these keys.
fn world(kids: &[&str]) -> World {
    let mut world = World::new(RawConfig { verify_signature: true, ..raw("OIDC") }, |_| {});
    world.provider.jwks = json!({ "keys": kids.iter().map(|kid| rsa(kid)).collect::<Vec<_>>() });
    world
}

fn key_requests(world: &World) -> usize {
    world.provider.urls.iter().filter(|url| **url == JWKS_URI).count()
}

fn proof(keys: &Value, header: &Value) -> Result<Option<jwks::Proof>, Error> {
    jwks::proof(&Json::parse(&keys.to_string()).unwrap(), &token(header, &json!({})))
}

#[test]
fn nobody_asks_for_keys_where_the_app_does_not() {
    let mut world = World::oidc();
    world.popup(ask(&["api.read"])).unwrap();
    assert_eq!((key_requests(&world), world.proofs.len()), (0, 0));
}

#[test]
fn a_sign_in_is_checked_with_the_key_that_its_token_names_and_the_keys_are_asked_for_once() {
    let mut world = world(&["k1", "k2"]);
    for _ in 0..3 {
        world.provider.grants(signed_by("k2"));
        world.popup(ask(&["api.read"])).unwrap();
    }
    assert_eq!((key_requests(&world), world.proofs.len()), (1, 3));
    let proof = &world.proofs[0];
    assert_eq!(proof.algorithm, r#"{"name":"RSASSA-PKCS1-v1_5","hash":"SHA-256"}"#);
    assert_eq!(proof.key, r#"{"kty":"RSA","n":"bg","e":"AQAB"}"#, "the public key and nothing beside it");
    assert_eq!((proof.signed.split('.').count(), &*proof.signature), (2, &b"sig"[..]));
}

#[test]
fn a_signature_that_does_not_hold_leaves_no_token_in_any_cache() {
    let mut world = world(&["k1"]);
    world.provider.grants(signed_by("k1"));
    world.popup(ask(&["api.read"])).unwrap();
    let before = world.snapshot();
    world.are_signatures_good = false;
    let refused = Error::new(ErrorCode::SignatureMismatch);

    world.provider.grants(signed_by("k1"));
    assert_eq!(world.popup(ask(&["api.read"])).unwrap_err(), refused);
    assert_eq!(world.snapshot(), before, "by popup");

    let visit = world.redirect(ask(&["api.read"])).unwrap();
    world.provider.grants(signed_by("k1"));
    assert_eq!(world.come_back(&fragment(&[("code", "code-SECRET"), ("state", visit.state())])).unwrap_err(), refused);
    assert_eq!(world.snapshot(), before, "by redirect");

    world.provider.grants(signed_by("k1"));
    assert_eq!(world.refresh(&need(SUB_ADA, &["api.read"], None)).unwrap_err(), refused);
    assert_eq!(world.snapshot(), before, "by refresh");
}

#[test]
fn a_refresh_without_a_new_token_has_nothing_to_check() {
    let mut world = world(&["k1"]);
    world.provider.grants(signed_by("k1"));
    world.popup(ask(&["api.read"])).unwrap();
    world.provider.jwks = json!({ "keys": [] });
    world.provider.grants(|grant| grant.body["id_token"] = json!(null));
    world.refresh(&need(SUB_ADA, &["api.read"], None)).unwrap();
    assert_eq!((key_requests(&world), world.proofs.len()), (1, 1));
}

#[test]
fn a_key_that_is_not_known_is_asked_for_once() {
    let mut world = world(&["old"]);
    world.provider.grants(signed_by("old"));
    world.popup(ask(&["api.read"])).unwrap();
    world.provider.jwks = json!({ "keys": [rsa("new")] });
    world.provider.grants(signed_by("new"));
    world.popup(ask(&["api.read"])).unwrap();
    assert_eq!((key_requests(&world), world.proofs.len()), (2, 2));

    let before = world.snapshot();
    world.provider.grants(signed_by("unknown"));
    assert_eq!(world.popup(ask(&["api.read"])).unwrap_err(), Error::new(ErrorCode::SigningKeyNotFound));
    assert_eq!((key_requests(&world), world.proofs.len(), world.snapshot()), (3, 2, before));
}

#[test]
fn the_keys_are_there_before_a_code_or_a_refresh_token_is_spent() {
    let mut world = world(&["k1"]);
    world.provider.grants(signed_by("k1"));
    world.popup(ask(&["api.read"])).unwrap();
    let visit = world.redirect(ask(&["api.read"])).unwrap();
    let (before, spent) = (world.snapshot(), world.provider.requests.len());
    let need = need(SUB_ADA, &["api.read"], None);
    let wrong = Error::about(ErrorCode::OpenidConfigError, "jwks_uri");
    for (status, error) in [(Err(ErrorCode::GetRequestFailed.into()), ErrorCode::GetRequestFailed.into()), (Ok(503), wrong)] {
        world.forget_keys();
        world.provider.jwks_status = status;
        assert_eq!(world.refresh(&need).unwrap_err(), error);
        assert_eq!(world.popup(ask(&["api.read"])).unwrap_err(), error);
        assert_eq!(world.provider.requests.len(), spent, "nothing was redeemed");
    }
    let answer = fragment(&[("code", "code-SECRET"), ("state", visit.state())]);
    assert_eq!(world.come_back(&answer).unwrap_err().code, ErrorCode::OpenidConfigError);
    assert_eq!(world.provider.requests.len(), spent, "nor on the page the user comes back to");
    assert_eq!(world.cache.accounts().count(), 1);
    assert_eq!(world.snapshot().0, before.0);

    world.provider.jwks_status = Ok(200);
    world.provider.grants(signed_by("k1"));
    world.refresh(&need).unwrap();
    assert_eq!(world.provider.last().get("refresh_token"), Some("refresh-1-SECRET"));
}

#[test]
fn a_new_key_that_cannot_be_had_costs_the_answer_but_not_the_refresh_token_in_it() {
    let gone = |status: Result<u16, Error>| {
        let mut world = world(&["k1"]);
        world.provider.grants(signed_by("k1"));
        world.popup(ask(&["api.read"])).unwrap();
        world.provider.jwks_status = status;
        world
    };
    let need = need(SUB_ADA, &["api.read"], None);
    for (status, code) in [
        (Err(ErrorCode::GetRequestFailed.into()), ErrorCode::GetRequestFailed),
        (Ok(503), ErrorCode::OpenidConfigError),
        (Ok(200), ErrorCode::SigningKeyNotFound),
    ] {
        let mut world = gone(status);
        let before = world.snapshot().0.concat();
        world.provider.grants(signed_by("k2"));
        assert_eq!(world.refresh(&need).unwrap_err().code, code);
        let after = world.snapshot().0.concat();
        assert_eq!(after, before.replace("refresh-1-SECRET", "refresh-2-SECRET"), "nothing that nobody vouched for");
        assert!(world.proofs.len() == 1 && after != before);

        world.reload();
        world.provider.jwks = json!({ "keys": [rsa("k2")] });
        world.provider.jwks_status = Ok(200);
        world.provider.grants(signed_by("k2"));
        world.refresh(&need).unwrap();
        assert_eq!(world.provider.last().get("refresh_token"), Some("refresh-2-SECRET"), "the one that is not spent");
    }

    let mut world = gone(Ok(503));
    let before = world.snapshot();
    world.provider.grants(signed_by("k2"));
    world.popup(ask(&["api.read"])).unwrap_err();
    assert_eq!(world.snapshot(), before, "a sign-in is none of this: it spends no refresh token");
}

#[test]
fn a_session_that_has_moved_on_takes_no_refresh_token_of_an_unproven_answer() {
    let mut world = world(&["k1"]);
    world.provider.grants(signed_by("k1"));
    let first = world.popup(ask(&["api.read"])).unwrap();
    let renewed = |granted: &Granted| Granted { redeemed: granted.refresh_token.clone(), ..granted.clone() };
    let late = Granted { refresh_token: Some(Secret::new("refresh-late-SECRET")), ..renewed(&first) };
    assert!(world.cache.rotate(&late).is_some());
    assert!(world.cache.rotate(&Granted { refresh_token: None, ..late.clone() }).is_none(), "there is no new one");
    world.provider.grants(signed_by("k1"));
    world.popup(ask(&["api.read"])).unwrap();
    assert!(world.cache.rotate(&late).is_none(), "signed in again");
    let change = world.cache.remove(None);
    world.apply(change).unwrap();
    assert!(world.cache.rotate(&late).is_none(), "signed out");
}

#[test]
fn a_provider_whose_keys_cannot_be_had_signs_nobody_in() {
    let wrong = || Error::about(ErrorCode::OpenidConfigError, "jwks_uri");
    let config = || RawConfig { verify_signature: true, ..raw("OIDC") };
    for none in [json!(null), json!(""), json!("http://login.example.com/keys")] {
        let mut world = World::new(config(), |document| document["jwks_uri"] = none);
        assert_eq!(world.popup(ask(&[])).unwrap_err(), wrong());
    }
    for keys in [json!([]), json!(null), json!({})] {
        let mut world = world(&[]);
        world.provider.jwks = keys;
        assert_eq!(world.popup(ask(&[])).unwrap_err(), wrong());
    }
    for status in [304, 404, 500] {
        assert_eq!(jwks::decode(&response(status, r#"{"keys":[]}"#)).unwrap_err(), wrong());
    }
    assert_eq!(jwks::decode(&response(200, "<html>")).unwrap_err(), wrong());
}

#[test]
fn a_key_is_taken_for_its_own_kind_and_purpose_only() {
    let header = json!({ "alg": "RS256", "kid": "k1" });
    let with = |edit: &dyn Fn(&mut Value)| {
        let mut key = rsa("k1");
        edit(&mut key);
        proof(&json!({ "keys": [key] }), &header).unwrap().is_some()
    };
    assert!(with(&|_| {}) && with(&|key| key["alg"] = json!(null)) && with(&|key| key["use"] = json!(null)));
    assert!(!with(&|key| key["use"] = json!("enc")), "to encrypt");
    assert!(!with(&|key| key["alg"] = json!("PS256")), "for another algorithm");
    assert!(!with(&|key| key["kty"] = json!("EC")), "of another kind");
    assert!(!with(&|key| key["kid"] = json!("K1")), "of another name");
    for keys in [json!({ "keys": {} }), json!({ "keys": ["k1", null, 1] })] {
        assert_eq!(proof(&keys, &header), Ok(None), "{keys}");
    }
}

#[test]
fn a_token_that_names_no_key_is_checked_with_the_only_one_of_its_kind() {
    let header = json!({ "alg": "RS256" });
    let ec = json!({ "kty": "EC", "crv": "P-256", "x": "eA", "y": "eQ", "kid": "e" });
    assert!(proof(&json!({ "keys": [ec, rsa("k1")] }), &header).unwrap().is_some());
    assert_eq!(proof(&json!({ "keys": [rsa("k1"), rsa("k2")] }), &header), Ok(None), "which?");
}

#[test]
fn four_algorithms_are_known_and_no_other_is_tried() {
    let keys = json!({ "keys": [
        { "kty": "RSA", "n": "bg", "e": "AQAB" },
        { "kty": "EC", "crv": "P-256", "x": "eA", "y": "eQ" },
        { "kty": "EC", "crv": "P-384", "x": "eA", "y": "eQ" },
        { "kty": "OKP", "crv": "Ed25519", "x": "eA" },
        { "kty": "oct", "k": "aw" },
    ] });
    for (alg, algorithm, key) in [
        ("RS256", r#"{"name":"RSASSA-PKCS1-v1_5","hash":"SHA-256"}"#, r#"{"kty":"RSA","n":"bg","e":"AQAB"}"#),
        ("PS256", r#"{"name":"RSA-PSS","hash":"SHA-256","saltLength":32}"#, r#"{"kty":"RSA","n":"bg","e":"AQAB"}"#),
        ("ES256", r#"{"name":"ECDSA","namedCurve":"P-256","hash":"SHA-256"}"#, r#"{"kty":"EC","crv":"P-256","x":"eA","y":"eQ"}"#),
        ("EdDSA", r#"{"name":"Ed25519"}"#, r#"{"kty":"OKP","crv":"Ed25519","x":"eA"}"#),
    ] {
        let proof = proof(&keys, &json!({ "alg": alg })).unwrap().unwrap();
        assert_eq!((proof.algorithm, &*proof.key), (algorithm, key));
        serde_json::from_str::<Value>(proof.algorithm).unwrap();
    }
    for alg in [json!("none"), json!("HS256"), json!("RS1"), json!("ES384"), json!("rs256"), json!(null), json!(["RS256"])] {
        assert_eq!(proof(&keys, &json!({ "alg": alg })), Err(Error::about(ErrorCode::TokenParsingError, "alg")), "{alg}");
    }
}
