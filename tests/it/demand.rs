//! What single responses demand stands in `vectors/challenges.json`, which `challenge.rs` reads. Here is what holds for all.

use countersign::protocol::{
    challenge::{Challenge, parse_challenges},
    claims::NotClaims,
    demand::{Demand, demands},
};
use proptest::prelude::*;

fn demanded(status: u16, line: &str) -> Vec<Demand> {
    demands(status, &parse_challenges(&[line]))
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn only_401_and_403_demand_anything() {
    let line = r#"Bearer error="insufficient_claims", claims="e30", resource_metadata="https://api.example/m""#;
    for status in [0, 200, 302, 400, 402, 404, 407, 500] {
        assert_eq!(demanded(status, line), []);
    }
    assert_eq!(demanded(401, line), demanded(403, line));
    assert_eq!(demanded(401, line).len(), 2);
}

#[test]
fn a_response_without_challenges_demands_nothing() {
    assert_eq!(demands(401, &[]), []);
}

#[test]
fn claims_that_contradict_each_other_are_refused_and_say_why() {
    let line = "Bearer error=insufficient_claims, claims=eyJhIjoxfQ, Bearer error=insufficient_claims, claims=eyJhIjoyfQ";
    assert_eq!(demanded(401, line), [Demand::ClaimsRefused { error: "insufficient_claims", reason: NotClaims::Conflict }]);
}

#[test]
fn a_refusal_of_the_gate_is_not_circumvented_by_claims_of_invalid_token() {
    let line = "Bearer error=insufficient_claims, claims=eyJhIjoxfQ, Bearer error=insufficient_claims, claims=eyJhIjoyfQ, Bearer error=invalid_token, claims=e30";
    assert_eq!(demanded(401, line), [Demand::ClaimsRefused { error: "insufficient_claims", reason: NotClaims::Conflict }]);
}

#[test]
fn unusable_claims_of_the_gate_yield_to_usable_ones_of_invalid_token() {
    let line = "Bearer error=insufficient_claims, claims=x, Bearer error=invalid_token, claims=e30";
    assert_eq!(demanded(401, line), [Demand::Claims { claims: "{}".into(), error: "invalid_token" }]);
}

#[test]
fn max_age_zero_is_a_value_and_nonsense_is_none() {
    for (max_age, expected) in [
        ("0", Some(0)),
        ("\"3600\"", Some(3600)),
        ("007", Some(7)),
        ("-1", None),
        ("1.5", None),
        ("+1", None),
        ("\"\"", None),
        ("99999999999999999999", None),
    ] {
        let line = ["Bearer error=insufficient_user_authentication, max_age=", max_age].concat();
        assert_eq!(
            demanded(401, &line),
            [Demand::StepUp { acr_values: Vec::new(), max_age: expected, scope: Vec::new() }],
            "{max_age}"
        );
    }
}

#[test]
fn lists_keep_their_order_and_lose_their_blanks() {
    let line = r#"Bearer error="insufficient_user_authentication", acr_values=" c  a b ", scope="z y""#;
    assert_eq!(
        demanded(401, line),
        [Demand::StepUp { acr_values: words(&["c", "a", "b"]), max_age: None, scope: words(&["z", "y"]) }]
    );
}

#[test]
fn a_token_is_required_only_where_no_bearer_challenge_has_an_error() {
    assert_eq!(demanded(401, "Basic realm=x, bearer"), [Demand::TokenRequired]);
    assert_eq!(demanded(401, "Bearer realm=x, Bearer error=teapot"), []);
    assert_eq!(demanded(403, "Bearer realm=x"), []);
    assert_eq!(demanded(401, "Basic realm=x, DPoP algs=ES256"), []);
}

#[test]
fn a_nonce_is_demanded_by_dpop_only() {
    assert_eq!(demanded(401, "DPoP error=use_dpop_nonce"), [Demand::DpopNonce]);
    assert_eq!(demanded(401, "Bearer error=use_dpop_nonce"), []);
}

#[test]
fn metadata_is_taken_from_bearer_and_dpop_and_no_other_scheme() {
    let line = |scheme: &str| [scheme, r#" error=teapot, resource_metadata="https://api.example/m""#].concat();
    for scheme in ["Bearer", "DPoP", "dpop"] {
        assert_eq!(demanded(401, &line(scheme)), [Demand::ResourceMetadata { url: "https://api.example/m".into() }]);
    }
    for scheme in ["Basic", "Negotiate", "XBearer"] {
        assert_eq!(demanded(401, &line(scheme)), []);
    }
}

#[test]
fn every_kind_has_its_own_name() {
    let line = "Bearer error=insufficient_claims, claims=e30, Bearer error=insufficient_user_authentication, Bearer error=insufficient_scope, \
                Bearer error=invalid_token, DPoP error=use_dpop_nonce, resource_metadata=x";
    let kinds: Vec<_> = demanded(401, line).iter().map(Demand::kind).collect();
    assert_eq!(kinds, ["claims", "step_up", "scope", "invalid_token", "dpop_nonce", "resource_metadata"]);
    assert_eq!(Demand::TokenRequired.kind(), "token_required");
    assert_eq!(Demand::ClaimsRefused { error: "", reason: NotClaims::Missing }.kind(), "claims_refused");
}

fn challenges() -> impl Strategy<Value = Vec<Challenge>> {
    let scheme = prop::sample::select(vec!["Bearer", "bearer", "DPoP", "Basic"]);
    let param = prop::sample::select(vec![
        ("error", "insufficient_claims"),
        ("error", "invalid_token"),
        ("error", "insufficient_scope"),
        ("error", "insufficient_user_authentication"),
        ("error", "use_dpop_nonce"),
        ("error", "x"),
        ("claims", "e30"),
        ("claims", "eyJhIjoxfQ"),
        ("claims", "eyJhIjoyfQ"),
        ("claims", "x"),
        ("scope", "a b"),
        ("acr_values", "a"),
        ("max_age", "0"),
        ("resource_metadata", "https://api.example/m"),
    ]);
    let challenge = (scheme, prop::collection::vec(param, 0..4)).prop_map(|(scheme, params)| Challenge {
        scheme: scheme.to_owned(),
        params: params.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        ..Challenge::default()
    });
    prop::collection::vec(challenge, 0..5)
}

proptest! {
    #[test]
    fn demands_are_ordered_by_kind_and_none_is_said_twice(challenges in challenges(), status in prop::sample::select(vec![401_u16, 403])) {
        let rank = |demand: &Demand| match demand {
            Demand::Claims { .. } | Demand::ClaimsRefused { .. } => 0,
            Demand::StepUp { .. } => 1,
            Demand::Scope { .. } => 2,
            Demand::InvalidToken => 3,
            Demand::TokenRequired => 4,
            Demand::DpopNonce => 5,
            Demand::ResourceMetadata { .. } => 6,
        };
        let demands = demands(status, &challenges);
        prop_assert!(demands.is_sorted_by_key(rank), "{:?}", &demands);
        for (index, demand) in demands.iter().enumerate() {
            prop_assert!(!demands[..index].contains(demand), "{:?}", &demands);
        }
        prop_assert!(demands.iter().filter(|demand| rank(demand) == 0).count() < 2);
    }

    #[test]
    fn challenges_of_other_schemes_change_nothing(challenges in challenges()) {
        let known: Vec<_> = challenges.iter().filter(|challenge| !challenge.is("Basic")).cloned().collect();
        prop_assert_eq!(demands(401, &challenges), demands(401, &known));
    }
}
