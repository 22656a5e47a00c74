//! Who somebody is, and who is signed in.

use std::rc::Rc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use countersign::{
    protocol::{
        authority::{Authority, ProtocolMode},
        id_token::IdToken,
        logout::EndSession,
    },
    session::{
        Granted,
        account::{Account, AccountFilter},
    },
};
use serde_json::{Value, json};

use crate::world::{ADA, Grant, SUB_ADA, World, ask, id_token, need};

const BOB: &str = "uid-bob.tenant-1";

fn account(claims: &Value, client_info: Option<&str>) -> Account {
    Account::new(Rc::new(IdToken::from_cache(&id_token(claims)).unwrap()), client_info, "login.example.com")
}

fn client_info(json: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(json)
}

fn homes(world: &World) -> Vec<&str> {
    world.cache.accounts().map(|account| &*account.home_account_id).collect()
}

/// What another tenant says of her: there she is a guest.
fn as_guest(grant: &mut Grant) {
    for (claim, value) in [("tid", "tenant-2"), ("oid", "oid-guest"), ("sub", "sub-guest")] {
        grant.claims[claim] = json!(value);
    }
}

/// A world where these have signed in, one after the other.
fn with(people: &[&'static str]) -> World {
    let mut world = World::aad();
    for person in people {
        world.provider.person = person;
        world.popup(ask(&["api.read"])).unwrap();
    }
    world
}

#[test]
fn microsofts_client_info_says_who_somebody_is_and_the_subject_where_there_is_none_to_use() {
    let claims = json!({ "sub": "sub-1" });
    let info = client_info(r#"{"uid":"u","utid":"t","more":1}"#);
    assert_eq!(&*account(&claims, Some(&info)).home_account_id, "u.t");
    for broken in [
        None,
        Some(String::new()),
        Some("!".into()),
        Some(client_info("<html>")),
        Some(client_info("[]")),
        Some(client_info(r#"{"uid":"u"}"#)),
        Some(client_info(r#"{"utid":"t"}"#)),
        Some(client_info(r#"{"uid":"","utid":"t"}"#)),
        Some(client_info(r#"{"uid":"u","utid":""}"#)),
        Some(client_info(r#"{"uid":1,"utid":2}"#)),
    ] {
        assert_eq!(&*account(&claims, broken.as_deref()).home_account_id, "sub-1", "{broken:?}");
    }
}

#[test]
fn the_client_info_of_other_providers_is_not_looked_at() {
    let mut world = World::oidc();
    world.provider.grants(|grant| grant.body["client_info"] = json!(client_info(r#"{"uid":"u","utid":"t"}"#)));
    world.popup(ask(&[])).unwrap();
    assert_eq!(homes(&world), [SUB_ADA]);
}

#[test]
fn what_is_known_of_an_account_is_read_from_its_id_token() {
    let whole = json!({
        "sub": "s", "oid": "o", "tid": "t", "preferred_username": "p", "upn": "u", "email": "e", "name": "n", "login_hint": "h",
    });
    let known = account(&whole, None);
    assert_eq!((known.local_account_id(), known.tenant_id(), known.username()), ("o", "t", "p"));
    assert_eq!((known.name(), known.login_hint()), (Some("n"), Some("h")));
    let known = account(&json!({ "sub": "s" }), None);
    assert_eq!((known.local_account_id(), known.tenant_id(), known.username()), ("s", "", ""));
    assert_eq!((known.name(), known.login_hint()), (None, None));
    assert_eq!(account(&json!({ "sub": "s", "upn": "u", "email": "e" }), None).username(), "u");
    assert_eq!(account(&json!({ "sub": "s", "email": "e" }), None).username(), "e");
    assert_eq!(account(&json!({ "sub": "s", "email": ["e"] }), None).username(), "", "only text is a name");
    let known = account(&json!({ "sub": "s", "oid": "", "preferred_username": "", "upn": "u" }), None);
    assert_eq!((known.local_account_id(), known.username()), ("s", "u"), "an empty claim says nothing");
}

#[test]
fn accounts_are_ordered_and_nobody_is_there_twice() {
    let world = with(&["cy", "ada", "bob", "ada"]);
    assert_eq!(homes(&world), [ADA, BOB, "uid-cy.tenant-1"]);
}

#[test]
fn accounts_are_shown_in_the_order_in_which_they_came() {
    let shown = |world: &World| -> Vec<String> {
        let found = world.cache.find_accounts(&AccountFilter::default());
        found.iter().map(|account| account.home_account_id.split('.').next().unwrap().to_owned()).collect()
    };
    let mut world = with(&["cy", "ada", "bob", "ada"]);
    assert_eq!(shown(&world), ["uid-cy", "uid-ada", "uid-bob"]);
    world.provider.person = "cy";
    world.refresh(&need("uid-cy.tenant-1", &["api.write"], None)).unwrap();
    world.reload();
    assert_eq!(
        shown(&world),
        ["uid-cy", "uid-ada", "uid-bob"],
        "a page that is loaded again knows it, and a refresh is no sign-in"
    );
    world.apply(world.cache.remove(Some(ADA))).unwrap();
    world.provider.person = "ada";
    world.popup(ask(&[])).unwrap();
    world.provider.person = "bob";
    world.popup(ask(&[])).unwrap();
    world.reload();
    assert_eq!(
        shown(&world),
        ["uid-cy", "uid-bob", "uid-ada"],
        "who has signed out comes anew, and who is there stays where he is"
    );

    // Those of an earlier version come first, by their ids.
    for home in ["uid-ada.tenant-1", BOB] {
        let key = format!("{}account.{home}", world.cache.prefix());
        let mut entry: Value = serde_json::from_str(world.store.get(&key).unwrap()).unwrap();
        entry.as_object_mut().unwrap().remove("place").unwrap();
        world.store.put(&key, &entry.to_string());
    }
    assert!(world.reload().is_empty());
    assert_eq!(shown(&world), ["uid-ada", "uid-bob", "uid-cy"]);
    // A number that nobody has counted to is no reason to stop.
    let key = format!("{}account.{BOB}", world.cache.prefix());
    let mut entry: Value = serde_json::from_str(world.store.get(&key).unwrap()).unwrap();
    entry["place"] = json!(u64::MAX);
    world.store.put(&key, &entry.to_string());
    world.reload();
    world.provider.person = "dan";
    world.popup(ask(&[])).unwrap();
    assert_eq!(shown(&world).len(), 4);
}

#[test]
fn the_only_account_is_the_one_to_use_and_of_several_the_active_one() {
    let default = |world: &World| {
        let home = world.cache.default_account().map(|account| account.home_account_id.into_string());
        assert_eq!(world.cache.default_account_id(), home.as_deref());
        home
    };
    assert_eq!(default(&World::aad()), None);
    let mut world = with(&["ada"]);
    assert_eq!(default(&world).as_deref(), Some(ADA));
    assert!(world.cache.active().is_none(), "being the only one makes nobody the active one");
    world.provider.person = "bob";
    world.popup(ask(&[])).unwrap();
    assert_eq!(default(&world), None, "nobody is chosen for the app");
    world.apply(world.cache.activate(Some((BOB, None)))).unwrap();
    assert_eq!(default(&world).as_deref(), Some(BOB));
    world.apply(world.cache.activate(None)).unwrap();
    assert_eq!(default(&world), None);
}

#[test]
fn the_active_account_outlives_the_page() {
    let mut world = with(&["ada", "bob"]);
    world.apply(world.cache.activate(Some((BOB, None)))).unwrap();
    assert!(world.reload().is_empty());
    assert_eq!(world.cache.active().map(|account| account.home_account_id).as_deref(), Some(BOB));
    world.apply(world.cache.activate(None)).unwrap();
    assert!(world.reload().is_empty() && world.cache.active().is_none());
}

#[test]
fn the_active_account_is_the_tenant_profile_that_was_set() {
    let mut world = with(&["ada"]);
    world.provider.grants(as_guest);
    world.popup(ask(&[])).unwrap();
    for (set, expected) in [(Some("tenant-2"), "tenant-2"), (Some("tenant-1"), "tenant-1"), (None, "tenant-1")] {
        world.apply(world.cache.activate(Some((ADA, set)))).unwrap();
        for _ in 0..2 {
            let active = world.cache.active().unwrap();
            assert_eq!((&*active.home_account_id, active.tenant_id()), (ADA, expected));
            assert_eq!(active.local_account_id(), if expected == "tenant-2" { "oid-guest" } else { "oid-ada" });
            assert_eq!(active.profiles().len(), 2, "the other tenant is known of it too");
            assert_eq!(world.cache.default_account().unwrap().tenant_id(), expected);
            assert_eq!(world.cache.default_account_id(), Some(ADA));
            assert!(world.reload().is_empty());
        }
    }
    world.apply(world.cache.activate(Some((ADA, Some("tenant-3"))))).unwrap();
    assert!(world.cache.active().is_none(), "a tenant where she is not known");
    assert_eq!(world.cache.default_account_id(), Some(ADA), "the only account there is");
    world.apply(world.cache.remove(Some(ADA))).unwrap();
    assert!(world.store.items().is_empty(), "signed out in one tenant, signed out");
}

#[test]
fn an_active_account_as_it_was_written_before_there_were_tenants_is_read() {
    let mut world = with(&["ada", "bob"]);
    world.store.put(&format!("{}active", world.cache.prefix()), BOB);
    assert!(world.reload().is_empty());
    assert_eq!(world.cache.active().map(|account| account.home_account_id).as_deref(), Some(BOB));
    world.apply(world.cache.remove(Some(BOB))).unwrap();
    assert!(world.store.get(&format!("{}active", world.cache.prefix())).is_none());
}

#[test]
fn the_result_of_a_sign_in_and_of_a_refresh_has_the_profiles_of_the_other_tenants() {
    let profiles = |granted: &Granted| -> Vec<(String, bool)> {
        let all = granted.account.profiles();
        all.iter().map(|profile| (profile.tenant_id().to_owned(), profile.is_at_home())).collect()
    };
    let (home, guest) = (("tenant-1".to_owned(), true), ("tenant-2".to_owned(), false));
    let mut world = World::aad();
    let first = world.popup(ask(&["api.read"])).unwrap();
    assert_eq!(profiles(&first), std::slice::from_ref(&home));
    world.provider.grants(as_guest);
    let second = world.popup(ask(&["api.read"])).unwrap();
    assert_eq!(profiles(&second), [guest.clone(), home.clone()], "that of the result is the first");
    assert_eq!(second.account.local_account_id(), "oid-guest");
    let refreshed = world.refresh(&need(ADA, &["api.read"], None)).unwrap();
    assert_eq!(profiles(&refreshed), [home.clone(), guest.clone()]);
    world.provider.grants(as_guest);
    let other = Authority::new("https://login.example.com/tenant-2", ProtocolMode::Aad).unwrap();
    let refreshed = world.refresh(&need(ADA, &["api.read"], None).at(Some(other))).unwrap();
    assert_eq!(profiles(&refreshed), [guest, home]);
    assert_eq!(refreshed.account.id_token.raw().reveal(), world.cache.complete(&refreshed.account).id_token.raw().reveal());
    assert_eq!(world.cache.entry(ADA).unwrap().account.tenant_id(), "tenant-1", "which tenant came first stays as it was");
}

#[test]
fn an_account_of_a_provider_without_tenants_is_at_home() {
    assert!(account(&json!({ "sub": "a.b" }), None).is_at_home());
    assert!(!account(&json!({ "sub": "a.b", "tid": "c" }), None).is_at_home());
}

#[test]
fn an_active_account_that_is_not_there_is_none() {
    let mut world = with(&["ada"]);
    world.apply(world.cache.activate(Some((BOB, None)))).unwrap();
    assert!(world.cache.active().is_none());
    assert_eq!(world.cache.default_account().map(|account| account.home_account_id).as_deref(), Some(ADA));
}

#[test]
fn signing_one_out_leaves_the_others_and_the_active_one() {
    let mut world = with(&["ada", "bob"]);
    world.apply(world.cache.activate(Some((BOB, None)))).unwrap();
    world.apply(world.cache.remove(Some(ADA))).unwrap();
    assert_eq!(homes(&world), [BOB]);
    assert!(world.cache.active().is_some());
    assert!(
        world.store.items().iter().all(|(key, text)| !(key.contains("ada") || text.contains("ada"))),
        "nothing of her is left"
    );
}

#[test]
fn signing_the_active_one_out_leaves_no_active_one() {
    let mut world = with(&["ada", "bob"]);
    world.apply(world.cache.activate(Some((BOB, None)))).unwrap();
    world.apply(world.cache.remove(Some(BOB))).unwrap();
    assert!(world.cache.active().is_none());
    // She does not become the active one again by signing in.
    world.popup(ask(&[])).unwrap();
    assert!(world.cache.active().is_none());
    world.reload();
    assert!(world.cache.active().is_none());
}

#[test]
fn signing_all_out_leaves_nothing() {
    let mut world = with(&["ada", "bob"]);
    world.apply(world.cache.activate(Some((BOB, None)))).unwrap();
    world.store.put("other", "not ours");
    world.apply(world.cache.remove(None)).unwrap();
    assert!(homes(&world).is_empty() && world.cache.active().is_none());
    assert_eq!(world.store.items(), [("other".to_owned(), "not ours".to_owned())]);
}

#[test]
fn signing_all_out_leaves_no_name_of_an_account_that_could_not_be_read() {
    let mut world = with(&["ada"]);
    world.apply(world.cache.activate(Some((ADA, None)))).unwrap();
    world.store.put(&format!("{}account.{ADA}", world.cache.prefix()), "{");
    for key in world.reload() {
        world.store.take(&key).unwrap();
    }
    world.apply(world.cache.remove(None)).unwrap();
    assert!(world.store.items().is_empty(), "she does not become the active one by signing in again");
}

#[test]
fn signing_out_needs_no_room() {
    let mut world = with(&["ada"]);
    world.apply(world.cache.activate(Some((ADA, None)))).unwrap();
    world.store.is_full = true;
    world.apply(world.cache.remove(None)).unwrap();
    assert!(world.store.items().is_empty());
}

#[test]
fn signing_out_somebody_who_is_not_there_changes_nothing() {
    let mut world = with(&["ada"]);
    world.apply(world.cache.activate(Some((ADA, None)))).unwrap();
    let before = world.snapshot();
    world.apply(world.cache.remove(Some(BOB))).unwrap();
    assert_eq!(world.snapshot(), before);
}

#[test]
fn a_hint_that_came_with_the_sign_in_can_end_the_providers_session() {
    let mut world = World::aad();
    world.provider.grants(|grant| grant.claims["login_hint"] = json!("opaque"));
    world.popup(ask(&[])).unwrap();
    let account = world.cache.default_account().unwrap();
    let hint = account.login_hint();
    let end = EndSession {
        client_id: "spa",
        post_logout_redirect_uri: None,
        id_token_hint: None,
        logout_hint: hint,
        state: None,
        correlation_id: "c",
        extra: &[],
    };
    assert!(end.encode(&world.metadata, world.config.authority.mode()).unwrap().contains("logout_hint=opaque"));
}

#[test]
fn an_account_is_found_by_anything_that_is_known_of_it_and_by_nothing_that_is_not() {
    let claims = json!({
        "sub": "s", "oid": "o", "tid": "t", "preferred_username": "Ada@Example.com", "name": "Ada", "login_hint": "h", "sid": "1",
        "upn": "Ada.Upn@Example.com",
    });
    let info = client_info(r#"{"uid":"u","utid":"t"}"#);
    let known = Account::new(Rc::new(IdToken::from_cache(&id_token(&claims)).unwrap()), Some(&info), "login.microsoftonline.com");
    let text = |text: &str| Some(text.to_owned());
    let any = AccountFilter::default;
    assert!(any().matches(&known));
    for (filter, expected) in [
        (AccountFilter { home_account_id: text("u.t"), ..any() }, true),
        (AccountFilter { home_account_id: text("u.T"), ..any() }, false),
        (AccountFilter { local_account_id: text("o"), ..any() }, true),
        (AccountFilter { local_account_id: text("s"), ..any() }, false),
        (AccountFilter { username: text("ada@EXAMPLE.com"), ..any() }, true),
        (AccountFilter { username: text("ada"), ..any() }, false),
        (AccountFilter { username: text("ada.upn@EXAMPLE.com"), ..any() }, true),
        (AccountFilter { upn: text("Ada.Upn@Example.com"), ..any() }, true),
        (AccountFilter { upn: text("ada.upn@example.com"), ..any() }, false),
        (AccountFilter { upn: text("Ada@Example.com"), ..any() }, false),
        (AccountFilter { is_nobodys: true, ..any() }, false),
        (AccountFilter { environment: text("login.windows.net"), ..any() }, true),
        (AccountFilter { environment: text("login.microsoftonline.us"), ..any() }, false),
        (AccountFilter { tenant_id: text("t"), ..any() }, true),
        (AccountFilter { tenant_id: text("u"), ..any() }, false),
        (AccountFilter { login_hint: text("h"), ..any() }, true),
        (AccountFilter { login_hint: text("Ada@Example.com"), ..any() }, true),
        (AccountFilter { login_hint: text("Ada"), ..any() }, false),
        (AccountFilter { sid: text("1"), ..any() }, true),
        (AccountFilter { sid: text("2"), ..any() }, false),
        (AccountFilter { name: text("Ada"), ..any() }, true),
        (AccountFilter { name: text("ada"), ..any() }, false),
        (AccountFilter { is_home_tenant: Some(true), ..any() }, true),
        (AccountFilter { is_home_tenant: Some(false), ..any() }, false),
        (AccountFilter { name: text("Ada"), sid: text("2"), ..any() }, false),
    ] {
        assert_eq!(filter.matches(&known), expected, "{filter:?}");
    }
}
