//! Which token answers a request, and which is forgotten.

use countersign::{
    protocol::{
        authority::{Authority, ProtocolMode},
        scope::Scopes,
        time::UnixSeconds,
    },
    session::cache::Cache,
};
use serde_json::json;

use crate::world::{ADA, World, ask, need};

const CLAIMS: Option<&str> = Some(r#"{"access_token":{"acrs":{"value":"c1"}}}"#);

/// A world where Ada is signed in, with a token for these scopes that lasts an hour.
fn signed_in(scopes: &[&str]) -> World {
    let mut world = World::aad();
    world.popup(ask(scopes)).unwrap();
    world
}

fn found(world: &World, scopes: &str) -> Option<String> {
    world.cached(ADA, &Scopes::parse(scopes))
}

/// Every access token that is kept, oldest first.
fn kept(world: &World) -> Vec<&str> {
    world.cache.entry(ADA).unwrap().access_tokens().iter().map(|token| token.secret.reveal()).collect()
}

#[test]
fn a_token_answers_every_request_for_what_it_covers_in_any_case_and_order() {
    let world = signed_in(&["api.Read", "api.write"]);
    for scopes in ["api.read", "API.WRITE api.read", "api.write openid", "api.read profile email offline_access"] {
        assert_eq!(found(&world, scopes).as_deref(), Some("access-1-SECRET"), "{scopes}");
    }
    for scopes in ["api.delete", "api.read api.delete", "api"] {
        assert_eq!(found(&world, scopes), None, "{scopes}");
    }
}

#[test]
fn a_token_answers_for_nobody_else() {
    let world = signed_in(&["api.read"]);
    for home in ["", "uid-bob.tenant-1", "UID-ADA.TENANT-1", "uid-ada"] {
        assert_eq!(world.cached(home, &Scopes::parse("api.read")), None, "{home}");
    }
}

#[test]
fn a_token_that_is_about_to_end_is_none() {
    let mut world = signed_in(&["api.read"]);
    let margin = world.config.token_renewal_offset;
    world.wait(3600 - margin - 1);
    assert!(found(&world, "api.read").is_some());
    world.wait(1);
    assert_eq!(found(&world, "api.read"), None, "the margin has begun");
    let without_margin = |world: &World| world.cache.find(ADA, None, &Scopes::parse("api.read"), world.now, 0).is_some();
    world.wait(margin - 1);
    assert!(without_margin(&world));
    world.wait(1);
    assert!(!without_margin(&world), "at its end it has ended");
}

#[test]
fn a_token_that_lives_for_less_than_the_margin_is_used_for_half_of_its_life() {
    let mut world = World::aad();
    world.provider.grants(|grant| grant.body["expires_in"] = json!(60));
    world.popup(ask(&["api.read"])).unwrap();
    world.wait(29);
    assert!(found(&world, "api.read").is_some());
    world.wait(1);
    assert_eq!(found(&world, "api.read"), None);
}

#[test]
fn a_token_without_a_life_is_none() {
    let mut world = World::aad();
    world.provider.grants(|grant| grant.body["expires_in"] = json!(0));
    world.popup(ask(&["api.read"])).unwrap();
    assert_eq!(found(&world, "api.read"), None);
}

#[test]
fn no_margin_no_lifetime_and_no_clock_is_too_large_to_count_with() {
    let mut world = World::aad();
    world.provider.grants(|grant| grant.body["expires_in"] = json!(u64::MAX));
    world.popup(ask(&["api.read"])).unwrap();
    assert!(world.reload().is_empty() && found(&world, "api.read").is_some());
    assert!(world.cache.find(ADA, None, &Scopes::parse("api.read"), world.now, u64::MAX).is_some(), "half of its life at most");
    assert!(world.cache.find(ADA, None, &Scopes::parse("api.read"), UnixSeconds(u64::MAX), u64::MAX).is_none());
}

#[test]
fn a_token_from_the_future_is_none_because_the_clock_was_turned_back() {
    let mut world = signed_in(&["api.read"]);
    world.now = UnixSeconds(world.now.0 - 1);
    assert_eq!(found(&world, "api.read"), None);
    world.now = UnixSeconds(0);
    assert_eq!(found(&world, "api.read"), None);
}

#[test]
fn a_challenge_token_replaces_the_plain_one() {
    let mut world = signed_in(&["api.read"]);
    world.refresh(&need(ADA, &["api.read"], CLAIMS)).unwrap();
    assert_eq!(found(&world, "api.read").as_deref(), Some("access-2-SECRET"), "the next plain call gets the better token");
    assert_eq!(kept(&world), ["access-2-SECRET"]);
    assert!(world.reload().is_empty());
    assert_eq!(found(&world, "api.read").as_deref(), Some("access-2-SECRET"), "on the next page too");
}

#[test]
fn the_newest_token_answers_and_an_older_one_only_for_what_the_newest_does_not_cover() {
    let mut world = signed_in(&["api.read", "api.write"]);
    world.refresh(&need(ADA, &["api.read"], CLAIMS)).unwrap();
    let answers = |world: &World| ["api.read", "api.write", "api.read api.write"].map(|scopes| found(world, scopes).unwrap());
    let expected = ["access-2-SECRET", "access-1-SECRET", "access-1-SECRET"];
    assert_eq!(answers(&world), expected);
    world.reload();
    assert_eq!(answers(&world), expected, "the order is stored");
    world.refresh(&need(ADA, &["API.write", "api.READ", "api.delete"], None)).unwrap();
    assert_eq!(answers(&world), ["access-3-SECRET"; 3]);
    assert_eq!(kept(&world), ["access-3-SECRET"], "what it covers is not kept any longer");
}

#[test]
fn tokens_that_have_ended_are_not_kept() {
    let mut world = signed_in(&["api.read"]);
    world.wait(3600);
    world.refresh(&need(ADA, &["api.write"], None)).unwrap();
    assert_eq!(kept(&world), ["access-2-SECRET"]);
}

#[test]
fn what_was_granted_counts_not_what_was_asked_for() {
    let mut world = World::aad();
    world.provider.grants(|grant| grant.body["scope"] = json!("api.read openid"));
    world.popup(ask(&["api.read", "api.write"])).unwrap();
    assert!(found(&world, "api.read").is_some());
    assert_eq!(found(&world, "api.write"), None);
}

#[test]
fn the_token_that_an_api_refused_is_forgotten_and_no_other() {
    let mut world = signed_in(&["api.read"]);
    world.refresh(&need(ADA, &["api.write"], None)).unwrap();
    let change = world.cache.purge(ADA, "access-1-SECRET").unwrap();
    world.apply(change).unwrap();
    assert_eq!(kept(&world), ["access-2-SECRET"]);
    assert!(world.cache.entry(ADA).unwrap().refresh_token.is_some(), "the way to a new one stays");
    assert!(world.reload().is_empty());
    assert_eq!(kept(&world), ["access-2-SECRET"]);
}

#[test]
fn a_token_that_came_after_the_refused_one_is_not_forgotten_with_it() {
    let mut world = signed_in(&["api.read"]);
    // Another request was refused first, and has its new token by the time this one forgets.
    world.refresh(&need(ADA, &["api.read"], CLAIMS)).unwrap();
    assert!(world.cache.purge(ADA, "access-1-SECRET").is_none());
    assert_eq!(found(&world, "api.read").as_deref(), Some("access-2-SECRET"));
}

#[test]
fn forgetting_what_is_not_there_is_no_change() {
    let world = signed_in(&["api.read"]);
    for refused in ["", "access", "access-1-SECRET ", "access-1-secret", "refresh-1-SECRET"] {
        assert!(world.cache.purge(ADA, refused).is_none(), "{refused}");
    }
    assert!(world.cache.purge("nobody", "access-1-SECRET").is_none());
}

#[test]
fn a_write_that_fails_leaves_the_cache_as_it_was() {
    let mut world = signed_in(&["api.read"]);
    world.store.is_full = true;
    let before = world.snapshot();
    world.refresh(&need(ADA, &["api.read"], CLAIMS)).unwrap_err();
    let change = world.cache.purge(ADA, "access-1-SECRET").unwrap();
    world.apply(change).unwrap_err();
    world.apply(world.cache.activate(Some((ADA, None)))).unwrap_err();
    assert_eq!(world.snapshot(), before);
    world.reload();
    assert_eq!(world.snapshot(), before, "and what the next page finds");
    world.store.is_full = false;
    world.refresh(&need(ADA, &["api.read"], CLAIMS)).unwrap();
    assert_eq!(found(&world, "api.read").as_deref(), Some("access-3-SECRET"), "with room it goes on");
}

#[test]
fn a_change_is_one_write_of_one_account() {
    let mut world = signed_in(&["api.read"]);
    world.provider.person = "bob";
    let granted = world.popup(ask(&["api.read"])).unwrap();
    let change = world.cache.keep(&granted).unwrap();
    // Half a session cannot be stored, and nobody's tokens are written again for somebody else's.
    let [(key, Some(text))] = &*change.writes else { panic!("{:?}", change.writes) };
    assert_eq!(*key, format!("{}account.uid-bob.tenant-1", world.cache.prefix()));
    assert!(!text.contains("ada"));
}

#[test]
fn an_empty_cache_answers_nothing() {
    let cache = Cache::new("spa");
    assert!(cache.accounts().next().is_none() && cache.active().is_none() && cache.default_account().is_none());
    assert!(cache.find(ADA, None, &Scopes::parse("api.read"), UnixSeconds(1), 0).is_none());
    assert!(cache.purge(ADA, "x").is_none() && cache.remove(None).writes.is_empty());
}

#[test]
fn to_make_room_the_token_that_was_there_first_goes_whoever_it_is_of_and_the_last_one_stays() {
    let mut world = signed_in(&["api.read"]);
    world.wait(1);
    world.provider.person = "bob";
    world.popup(ask(&["api.read"])).unwrap();
    world.wait(1);
    world.provider.person = "ada";
    world.refresh(&need(ADA, &["api.write"], None)).unwrap();
    let left = |world: &World| {
        let homes = [ADA, "uid-bob.tenant-1"].map(|home| world.cache.entry(home).unwrap());
        homes.map(|entry| entry.access_tokens().iter().map(|token| token.secret.reveal().to_owned()).collect::<Vec<_>>())
    };
    let shed = |world: &mut World| {
        let change = world.cache.shed().unwrap();
        world.apply(change).unwrap();
        left(world)
    };
    assert_eq!(shed(&mut world), [vec!["access-3-SECRET"], vec!["access-2-SECRET"]]);
    assert_eq!(shed(&mut world), [vec!["access-3-SECRET"], vec![]]);
    assert!(world.cache.shed().is_none(), "it is about to be used");
    assert!(world.cache.accounts().all(|account| world.cache.entry(&account.home_account_id).unwrap().refresh_token.is_some()));
}

#[test]
fn a_token_of_one_tenant_is_none_for_another() {
    let mut world = signed_in(&["api.read"]);
    world.provider.grants(|grant| {
        grant.claims["tid"] = json!("tenant-2");
        grant.claims["oid"] = json!("oid-guest");
        grant.claims["sub"] = json!("sub-guest");
    });
    let other = Authority::new("https://login.example.com/tenant-2", ProtocolMode::Aad).unwrap();
    world.refresh(&need(ADA, &["api.read"], None).at(Some(other))).unwrap();
    let found = |world: &World, realm| {
        let (_, token) = world.cache.find(ADA, realm, &Scopes::parse("api.read"), world.now, 0)?;
        Some(token.secret.reveal().to_owned())
    };
    for _ in 0..2 {
        assert_eq!(found(&world, None).as_deref(), Some("access-1-SECRET"), "that of the tenant that came first");
        assert_eq!(found(&world, Some("tenant-1")).as_deref(), Some("access-1-SECRET"));
        assert_eq!(found(&world, Some("TENANT-2")).as_deref(), Some("access-2-SECRET"));
        assert_eq!(found(&world, Some("tenant-3")), None);
        let account = &world.cache.entry(ADA).unwrap().account;
        assert_eq!((account.tenant_id(), account.local_account_id()), ("tenant-1", "oid-ada"));
        let guest = account.in_tenant("tenant-2").unwrap();
        assert_eq!((guest.tenant_id(), guest.local_account_id()), ("tenant-2", "oid-guest"));
        assert_eq!(&*guest.home_account_id, ADA);
        assert!(account.in_tenant("tenant-3").is_none());
        assert!(world.reload().is_empty());
    }
}

#[test]
fn when_a_token_should_be_renewed_is_kept_with_it() {
    let mut world = World::aad();
    world.provider.grants(|grant| grant.body["refresh_in"] = json!(1800));
    world.popup(ask(&["api.read"])).unwrap();
    for _ in 0..2 {
        let [token] = world.cache.entry(ADA).unwrap().access_tokens() else { panic!("one token") };
        assert_eq!(token.refresh_on, Some(world.now.plus(1800)));
        assert!(world.reload().is_empty());
    }
}

#[test]
fn a_token_that_is_to_be_renewed_says_so_once_and_serves_to_its_end() {
    let mut world = World::aad();
    world.provider.grants(|grant| grant.body["refresh_in"] = json!(1200));
    world.popup(ask(&["api.read"])).unwrap();
    let token = world.cache.entry(ADA).unwrap().access_tokens()[0].clone();
    let later = |seconds| world.now.plus(seconds);
    let moments = [later(0), later(1199), later(1200), later(1300)];
    assert_eq!(moments.map(|now| world.cache.take_due(ADA, &token, now)), [false, false, true, false]);
    assert!(world.cached(ADA, &Scopes::parse("api.read")).is_some());
    world.reload();
    let moment = world.now.plus(1300);
    assert!(world.cache.take_due(ADA, &token, moment), "the next page asks again");
    assert!(!world.cache.take_due("somebody else", &token, moment));
}

#[test]
fn of_tokens_of_the_same_second_that_of_the_account_with_more_of_them_goes_first() {
    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    world.provider.person = "aaron";
    world.popup(ask(&["api.read"])).unwrap();
    world.popup(ask(&["api.write"])).unwrap();
    world.provider.person = "ada";
    let tokens = |world: &World| -> Vec<usize> {
        let homes = world.cache.accounts().map(|account| account.home_account_id.clone());
        homes.map(|home| world.cache.entry(&home).unwrap().access_tokens().len()).collect()
    };
    assert_eq!(tokens(&world), [2, 1]);
    let change = world.cache.shed().unwrap();
    world.apply(change).unwrap();
    assert_eq!(tokens(&world), [1, 1]);
    // Whichever way their names are ordered.
    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    world.popup(ask(&["api.write"])).unwrap();
    world.provider.person = "aaron";
    world.popup(ask(&["api.read"])).unwrap();
    assert_eq!(tokens(&world), [1, 2]);
    let change = world.cache.shed().unwrap();
    world.apply(change).unwrap();
    assert_eq!(tokens(&world), [1, 1]);
}

#[test]
fn a_token_is_due_from_the_moment_that_the_provider_named_and_never_where_it_named_none() {
    let mut world = signed_in(&["api.read"]);
    world.provider.grants(|grant| grant.body["refresh_in"] = json!(100));
    world.refresh(&need(ADA, &["api.read"], None)).unwrap();
    let token = world.cache.entry(ADA).unwrap().access_tokens()[0].clone();
    let at = |seconds| token.is_due(world.now.plus(seconds));
    assert_eq!([at(0), at(99), at(100), at(101)], [false, false, true, true]);
    let silent = signed_in(&["api.read"]);
    assert!(!silent.cache.entry(ADA).unwrap().access_tokens()[0].is_due(UnixSeconds(u64::MAX)));
}
