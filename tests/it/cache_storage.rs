//! The session as text in storage, which others write to as well.

use countersign::{
    protocol::scope::Scopes,
    session::{
        cache::{Cache, prefix},
        config::{Config, RawConfig},
    },
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::{ADA, Store, World, ask, describe, need, raw};

const BOB: &str = "uid-bob.tenant-1";

/// A world where Ada and Bob are signed in and Bob is the active one.
fn signed_in() -> World {
    let mut world = World::aad();
    for person in ["ada", "bob"] {
        world.provider.person = person;
        world.popup(ask(&["api.read"])).unwrap();
    }
    world.provider.person = "ada";
    world.refresh(&need(ADA, &["api.write"], None)).unwrap();
    world.apply(world.cache.activate(Some((BOB, None)))).unwrap();
    world
}

/// The name of the session of that world.
const NAME: &str = "spa@https://login.example.com/tenant";

fn key(home: &str) -> String {
    format!("{}account.{home}", prefix(NAME))
}

fn load(store: &Store) -> (Cache, Vec<String>) {
    Cache::load(NAME, store.items().iter().cloned())
}

/// The entry of Ada in storage.
fn ada(world: &World) -> Value {
    serde_json::from_str(world.store.get(&key(ADA)).unwrap()).expect("another reader of JSON can read it")
}

#[test]
fn the_next_page_knows_what_this_one_knew() {
    let mut world = signed_in();
    let before = world.snapshot();
    assert!(world.reload().is_empty());
    assert_eq!(world.snapshot(), before);
    assert_eq!(world.cached(ADA, &Scopes::parse("api.write")).as_deref(), Some("access-3-SECRET"));
}

#[test]
fn the_order_of_storage_is_no_order() {
    let world = signed_in();
    let (cache, corrupt) = Cache::load(NAME, world.store.items().iter().rev().cloned());
    assert!(corrupt.is_empty());
    assert_eq!(describe(&cache), describe(&world.cache));
}

#[test]
fn an_entry_that_cannot_be_read_is_passed_over_and_reported() {
    let whole = ada(&signed_in());
    let edited = |edit: &dyn Fn(&mut Value)| {
        let mut entry = whole.clone();
        edit(&mut entry);
        entry.to_string()
    };
    let without = |name: &str| {
        edited(&|entry| {
            entry.as_object_mut().unwrap().remove(name);
        })
    };
    for broken in [
        String::new(),
        "null".into(),
        "{}".into(),
        "[object Object]".into(),
        whole.to_string()[1..].into(),
        without("home"),
        without("environment"),
        without("id_token"),
        without("access_tokens"),
        edited(&|entry| entry["home"] = json!("")),
        edited(&|entry| entry["home"] = json!(BOB)),
        edited(&|entry| entry["id_token"] = json!("opaque")),
        edited(&|entry| entry["access_tokens"] = json!({})),
        edited(&|entry| entry["access_tokens"][1] = json!(null)),
        edited(&|entry| entry["access_tokens"][0]["secret"] = json!(1)),
        edited(&|entry| entry["access_tokens"][0]["scope"] = json!(null)),
        edited(&|entry| entry["access_tokens"][0]["expires_on"] = json!(-1)),
        edited(&|entry| entry["access_tokens"][0]["cached_on"] = json!("1")),
    ] {
        let mut world = signed_in();
        world.store.put(&key(ADA), &broken);
        assert_eq!(world.reload(), [key(ADA)], "{broken}");
        assert!(world.cache.entry(ADA).is_none());
        assert_eq!(
            world.cache.active().map(|account| account.home_account_id).as_deref(),
            Some(BOB),
            "the others are as they were"
        );
    }
}

#[test]
fn an_entry_under_another_accounts_key_is_not_believed() {
    let mut world = signed_in();
    let text = world.store.take(&key(ADA)).unwrap();
    let nobodys = text.replace(&format!("\"home\":\"{ADA}\""), "\"home\":\"\"");
    assert_ne!(text, nobodys);
    for (home, text) in [("", &text), ("x", &text), ("uid-ada.tenant-1 ", &text), ("", &nobodys)] {
        let mut store = world.store.clone();
        store.put(&key(home), text);
        let (cache, corrupt) = load(&store);
        assert_eq!(corrupt, [key(home)]);
        assert_eq!(cache.accounts().count(), 1);
    }
}

#[test]
fn what_is_not_ours_is_neither_read_nor_reported() {
    let mut world = signed_in();
    let before = describe(&world.cache);
    let text = world.store.get(&key(ADA)).unwrap().to_owned();
    for foreign in [
        "",
        "account.uid-x.tenant-1",
        "msal.account.keys",
        "countersign",
        "countersign.1.spa.account.uid-x.tenant-1",
        &key("uid-x.tenant-1").replace(".1.", ".2."),
        &key("uid-x.tenant-1").replace("spa", "spa2"),
        &key("uid-x.tenant-1").replace("spa", "SPA"),
        &key("uid-x.tenant-1").replace("/tenant", "/tenant2"),
        &key("uid-x.tenant-1").replace("https", "http"),
        &format!(" {}", key("uid-x.tenant-1")),
        // Ours, and not the cache's.
        &format!("{}generation", prefix(NAME)),
        &format!("{}pending", prefix(NAME)),
        &format!("{}of-a-later-version", prefix(NAME)),
    ] {
        world.store.put(foreign, &text);
        world.store.put(&format!("{foreign}.broken"), "{");
    }
    assert_eq!(world.reload(), [] as [String; 0]);
    assert_eq!(describe(&world.cache), before);
}

#[test]
fn a_session_whose_name_goes_on_where_anothers_ends_is_another_session() {
    for (one, other) in
        [("spa", "spa.account"), ("spa", "spa.account.x"), ("spa", "spa."), ("a.b", "a"), ("a.", "a"), ("a", "a..account")]
    {
        for (one, other) in [(one, other), (other, one)] {
            let theirs = [
                (format!("{}account.{ADA}", prefix(other)), "{".to_owned()),
                (format!("{}active", prefix(other)), ADA.to_owned()),
                (format!("{}account.active", prefix(other)), ADA.to_owned()),
            ];
            let (cache, corrupt) = Cache::load(one, theirs);
            assert!(corrupt.is_empty(), "{one} would remove a key of {other}: {corrupt:?}");
            assert!(cache.remove(None).writes.is_empty(), "{one} took something of {other} for its own");
        }
    }
}

#[test]
fn two_sessions_on_one_page_do_not_see_each_other() {
    let mut world = signed_in();
    let authority = Some("https://login.example.com/other".into());
    for raw in [RawConfig { client_id: "other".into(), ..raw("AAD") }, RawConfig { authority, ..raw("AAD") }] {
        let name = Config::new(raw).unwrap().session_name();
        let (other, corrupt) = Cache::load(&name, world.store.items().iter().cloned());
        assert!(other.accounts().next().is_none() && other.active().is_none() && corrupt.is_empty(), "{name}");
        assert!(other.remove(None).writes.is_empty());
        world.store.write(&other.activate(Some((ADA, None))).writes).unwrap();
        world.reload();
        assert_eq!(world.cache.active().map(|account| account.home_account_id).as_deref(), Some(BOB));
    }
}

#[test]
fn a_session_belongs_to_a_client_and_its_provider_and_a_slash_makes_no_other() {
    assert_eq!(Config::new(raw("AAD")).unwrap().session_name(), NAME);
    let slash = Some("https://login.example.com/tenant/".into());
    assert_eq!(Config::new(RawConfig { authority: slash, ..raw("AAD") }).unwrap().session_name(), NAME);
}

#[test]
fn an_entry_of_the_previous_version_is_read_and_written_in_this_one() {
    let mut world = signed_in();
    let before = describe(&world.cache);
    let mut entry = ada(&world);
    // Version 1: no number, one tenant for each account, no realm, no moment to renew.
    let old = entry.as_object_mut().unwrap();
    assert_eq!(old.remove("version"), Some(json!(2)));
    old.remove("others").unwrap();
    for token in old["access_tokens"].as_array_mut().unwrap() {
        token.as_object_mut().unwrap().remove("realm").unwrap();
    }
    world.store.put(&key(ADA), &entry.to_string());
    assert!(world.reload().is_empty());
    assert_eq!(describe(&world.cache), before);
    assert!(world.cached(ADA, &Scopes::parse("api.read")).is_some());
    world.refresh(&need(ADA, &["api.read"], None)).unwrap();
    assert_eq!(ada(&world)["version"], json!(2));
}

#[test]
fn an_entry_of_a_later_version_is_left_to_it_until_all_are_signed_out() {
    let mut world = signed_in();
    let mut entry = ada(&world);
    entry["version"] = json!(3);
    // What it means is not known: not even what looks broken here is.
    for tokens in [entry["access_tokens"].clone(), json!("in another form")] {
        entry["access_tokens"] = tokens;
        world.store.put(&key(ADA), &entry.to_string());
        assert!(world.reload().is_empty(), "it is not to be removed");
        assert!(world.cache.entry(ADA).is_none());
        assert_eq!(world.cache.accounts().count(), 1, "the others are as they were");
    }
    world.apply(world.cache.remove(Some(BOB))).unwrap();
    assert!(world.store.get(&key(ADA)).is_some());
    world.apply(world.cache.remove(None)).unwrap();
    assert!(world.store.items().is_empty(), "signing out is not for this version only");
}

#[test]
fn an_account_of_a_later_version_signs_in_and_is_known() {
    let mut world = signed_in();
    let mut entry = ada(&world);
    entry["version"] = json!(3);
    world.store.put(&key(ADA), &entry.to_string());
    world.reload();
    world.popup(ask(&["api.read"])).unwrap();
    assert!(world.reload().is_empty());
    assert!(world.cache.entry(ADA).is_some());
    world.apply(world.cache.remove(Some(BOB))).unwrap();
    assert!(world.cache.entry(ADA).is_some());
}

/// One thing that happens to a session.
#[derive(Clone, Debug)]
enum Event {
    SignIn(&'static str, &'static str),
    Refresh(&'static str, &'static str),
    Purge(&'static str),
    SignOut(Option<&'static str>),
    Activate(Option<&'static str>),
    Wait(u64),
    Fill(bool),
}

fn event() -> impl Strategy<Value = Event> {
    let person = || prop::sample::select(vec!["ada", "bob", "cy"]);
    let scope = || prop::sample::select(vec!["a", "b", "a b", "A c"]);
    prop_oneof![
        3 => (person(), scope()).prop_map(|(person, scope)| Event::SignIn(person, scope)),
        3 => (person(), scope()).prop_map(|(person, scope)| Event::Refresh(person, scope)),
        2 => person().prop_map(Event::Purge),
        1 => prop::option::of(person()).prop_map(Event::SignOut),
        1 => prop::option::of(person()).prop_map(Event::Activate),
        1 => (0_u64..5000).prop_map(Event::Wait),
        1 => any::<bool>().prop_map(Event::Fill),
    ]
}

fn happen(world: &mut World, event: Event) {
    let home = |person: &str| format!("uid-{person}.tenant-1");
    let scopes = |scope: &'static str| scope.split(' ').collect::<Vec<_>>();
    match event {
        Event::SignIn(person, scope) => {
            world.provider.person = person;
            let _ = world.popup(ask(&scopes(scope)));
        }
        Event::Refresh(person, scope) => {
            world.provider.person = person;
            let _ = world.refresh(&need(&home(person), &scopes(scope), None));
        }
        Event::Purge(person) => {
            let refused = world.cache.entry(&home(person)).and_then(|entry| entry.access_tokens().first());
            let change = refused.and_then(|token| world.cache.purge(&home(person), token.secret.reveal()));
            let _ = change.map(|change| world.apply(change));
        }
        Event::SignOut(person) => drop(world.apply(world.cache.remove(person.map(home).as_deref()))),
        Event::Activate(person) => drop(world.apply(world.cache.activate(person.map(home).as_deref().map(|home| (home, None))))),
        Event::Wait(seconds) => world.wait(seconds),
        Event::Fill(is_full) => world.store.is_full = is_full,
    }
}

proptest! {
    #[test]
    fn whatever_happens_storage_and_memory_hold_the_same_session(events in prop::collection::vec(event(), 1..25)) {
        let mut world = World::aad();
        for event in events {
            happen(&mut world, event);
            let (cache, corrupt) = load(&world.store);
            prop_assert!(corrupt.is_empty());
            prop_assert_eq!(describe(&cache), describe(&world.cache));
        }
    }

    #[test]
    fn nothing_in_storage_makes_it_panic_and_only_entries_of_ours_are_reported(
        items in prop::collection::vec(("(countersign\\.1\\.spa\\.(account\\.|active)?)?[a-z.]{0,6}", ".*|[{}\\[\\]:,\"a-z]{0,30}"), 0..8)
    ) {
        let (cache, corrupt) = Cache::load("spa", items.clone());
        prop_assert!(cache.accounts().next().is_none());
        let entries = items.iter().map(|(key, _)| key).filter(|key| key.starts_with("countersign.1.spa.account."));
        prop_assert_eq!(corrupt.iter().collect::<Vec<_>>(), entries.collect::<Vec<_>>());
    }
}
