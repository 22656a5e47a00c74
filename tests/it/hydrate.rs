//! A result that was got elsewhere, and becomes part of the session.

use countersign::{
    error::{Error, ErrorCode},
    protocol::{id_token::IdToken, scope::Scopes, secret::Secret, time::UnixSeconds},
    session::{Input, acquire::Acquire, config::RawConfig, hydrate::Hydration},
};
use serde_json::{Value, json};

use crate::world::{ADA, CLIENT_ID, End, JWKS_URI, SUB_ADA, World, ask, id_token, need, raw};

fn claims(world: &World) -> Value {
    json!({
        "iss": world.metadata.issuer(), "aud": CLIENT_ID, "sub": SUB_ADA, "oid": "oid-ada", "tid": "tenant-1",
        "iat": world.now.0, "exp": world.now.0 + 3600, "preferred_username": "ada@example.com", "nonce": "elsewhere",
    })
}

/// What another library got for her, at this moment.
fn got(world: &World) -> Hydration {
    Hydration {
        home_account_id: ADA.into(),
        id_token: Secret::new(id_token(&claims(world))),
        access_token: Secret::new("access-elsewhere-SECRET"),
        token_type: "Bearer".into(),
        scopes: Scopes::parse("openid profile api.read api.write"),
        expires_on: world.now.plus(3600),
        asked: Scopes::parse("api.read"),
        authority: world.config.authority.clone(),
        correlation_id: "correlation-elsewhere".into(),
    }
}

fn hydrate(world: &mut World, hydration: Hydration) -> Result<(), Error> {
    let mut judged = hydration.judge(&world.metadata, &world.config, &world.cache, world.now)?;
    match world.run(&mut judged, Input::Start)? {
        End::Granted(granted) => world.keep(*granted).map(drop),
        End::Left(visit) => panic!("nobody is sent to {}", visit.url),
    }
}

#[test]
fn a_result_from_elsewhere_is_an_account_and_a_token_that_is_used_to_its_end() {
    let mut world = World::aad();
    let hydration = got(&world);
    hydrate(&mut world, hydration).unwrap();
    for _ in 0..2 {
        let account = world.cache.default_account().unwrap();
        assert_eq!((&*account.home_account_id, account.tenant_id(), account.username()), (ADA, "tenant-1", "ada@example.com"));
        assert_eq!(&*account.environment, "login.example.com");
        for scopes in ["api.read", "api.write", "api.write api.read"] {
            assert_eq!(world.cached(ADA, &Scopes::parse(scopes)).as_deref(), Some("access-elsewhere-SECRET"));
        }
        assert_eq!(world.cached(ADA, &Scopes::parse("api.admin")), None);
        assert!(world.reload().is_empty());
    }
    assert!(world.provider.urls.is_empty(), "nobody was asked");
    world.wait(3600);
    assert_eq!(world.cached(ADA, &Scopes::parse("api.read")), None);
    let entry = world.cache.entry(ADA).unwrap();
    let refresh = Acquire::new(need(ADA, &["api.read"], None), entry, world.metadata.clone(), &world.config, "c");
    assert_eq!(refresh.unwrap_err().code, ErrorCode::NoTokensFound, "no refresh token is in a result");
}

#[test]
fn a_result_from_elsewhere_leaves_the_refresh_token_of_a_sign_in_here() {
    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    let hydration = got(&world);
    hydrate(&mut world, hydration).unwrap();
    assert_eq!(world.cached(ADA, &Scopes::parse("api.read")).as_deref(), Some("access-elsewhere-SECRET"));
    world.refresh(&need(ADA, &["api.read"], None)).unwrap();
    assert_eq!(world.provider.last().get("refresh_token"), Some("refresh-1-SECRET"));
}

#[test]
fn whose_a_result_is_says_the_subject_where_the_provider_is_not_microsofts() {
    let mut world = World::oidc();
    let hydration = Hydration { home_account_id: "somebody else".into(), ..got(&world) };
    hydrate(&mut world, hydration).unwrap();
    assert_eq!(&*world.cache.default_account().unwrap().home_account_id, SUB_ADA);
}

#[test]
fn a_result_that_cannot_be_right_leaves_no_trace_and_says_what_is_wrong() {
    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    let before = world.snapshot();
    let whole = got(&world);
    let with = |claim: &str, value: Value| {
        let mut claims = claims(&world);
        claims[claim] = value;
        Hydration { id_token: Secret::new(id_token(&claims)), ..whole.clone() }
    };
    let option = |member| Error::about(ErrorCode::InvalidOption, member);
    let scopes = Scopes::parse;
    let past = json!(world.now.0 - 3600);
    let cases = [
        (Hydration { token_type: "pop".into(), ..whole.clone() }, option("result.tokenType")),
        (Hydration { access_token: Secret::new(""), ..whole.clone() }, option("result.accessToken")),
        (Hydration { access_token: Secret::new("a\r\nb"), ..whole.clone() }, option("result.accessToken")),
        (Hydration { scopes: scopes(""), asked: scopes(""), ..whole.clone() }, option("result.scopes")),
        (Hydration { asked: scopes("api.read api.admin"), ..whole.clone() }, option("result.scopes")),
        (Hydration { id_token: Secret::new("opaque"), ..whole.clone() }, Error::about(ErrorCode::TokenParsingError, "id_token")),
        (with("iss", json!("https://evil.example")), Error::about(ErrorCode::IssuerMismatch, "iss")),
        (with("aud", json!("another")), Error::about(ErrorCode::AudienceMismatch, "aud")),
        (with("exp", past), Error::about(ErrorCode::IdTokenExpired, "exp")),
        (with("sub", json!("sub-bob")), ErrorCode::AccountMismatch.into()),
        (Hydration { home_account_id: String::new(), ..whole.clone() }, ErrorCode::AccountMismatch.into()),
    ];
    for (hydration, expected) in cases {
        assert_eq!(hydrate(&mut world, hydration).unwrap_err(), expected);
        assert_eq!(world.snapshot(), before, "{expected:?}");
    }
    hydrate(&mut world, whole).unwrap();
}

#[test]
fn a_result_of_another_tenant_is_a_further_profile_of_the_account() {
    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    let mut claims = claims(&world);
    claims["tid"] = json!("tenant-2");
    claims["sub"] = json!("sub-guest");
    let hydration = Hydration { id_token: Secret::new(id_token(&claims)), ..got(&world) };
    hydrate(&mut world, hydration).unwrap();
    let profiles = world.cache.account(ADA, None).unwrap().profiles();
    assert_eq!(profiles.iter().map(|profile| profile.tenant_id()).collect::<Vec<_>>(), ["tenant-1", "tenant-2"]);
    let found = |realm| world.cache.find(ADA, Some(realm), &Scopes::parse("api.read"), world.now, 0).unwrap().1.secret.clone();
    assert!(found("tenant-1").is("access-1-SECRET") && found("tenant-2").is("access-elsewhere-SECRET"));
}

#[test]
fn where_the_app_wants_signatures_checked_a_result_from_elsewhere_has_one_that_holds() {
    let mut world = World::new(RawConfig { verify_signature: true, ..raw("OIDC") }, |_| {});
    world.provider.jwks = json!({ "keys": [{ "kty": "RSA", "n": "bg", "e": "AQAB" }] });
    let token = id_token(&claims(&world)).replace(".SECRET", ".c2ln");
    assert!(IdToken::from_cache(&token).is_some());
    let hydration = Hydration { id_token: Secret::new(token), ..got(&world) };
    world.are_signatures_good = false;
    assert_eq!(hydrate(&mut world, hydration.clone()).unwrap_err(), Error::new(ErrorCode::SignatureMismatch));
    assert_eq!(world.cache.accounts().count(), 0);
    world.are_signatures_good = true;
    hydrate(&mut world, hydration).unwrap();
    assert_eq!((world.cache.accounts().count(), world.proofs.len()), (1, 2));
    assert_eq!(world.provider.urls, [JWKS_URI]);
}

#[test]
fn a_token_that_ended_elsewhere_is_kept_by_nobody_for_long() {
    let mut world = World::aad();
    let hydration = Hydration { expires_on: UnixSeconds(world.now.0 - 1), ..got(&world) };
    hydrate(&mut world, hydration).unwrap();
    assert_eq!(world.cached(ADA, &Scopes::parse("api.read")), None);
    world.popup(ask(&["api.read"])).unwrap();
    assert_eq!(world.cache.entry(ADA).unwrap().access_tokens().len(), 1);
}
