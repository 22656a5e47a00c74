//! Scopes as sets.

use countersign::protocol::scope::Scopes;
use proptest::prelude::*;

use crate::world::{ADA, World, ask, need};

fn list(scopes: &Scopes) -> Vec<&str> {
    scopes.iter().collect()
}

#[test]
fn blanks_are_trimmed_and_empty_ones_and_repetitions_dropped() {
    let scopes = Scopes::from_list([" api.read ", "", "  ", "API.Read", "api.write"]);
    assert_eq!(list(&scopes), ["api.read", "api.write"], "the app's first spelling stays");
    assert_eq!(list(&Scopes::from_list(["api.read  api.write", "api.write"])), ["api.read", "api.write"], "a blank ends a scope");
    assert!(Scopes::from_list(["", " "]).is_empty() && Scopes::parse(" \t ").is_empty());
}

#[test]
fn of_more_scopes_than_any_url_holds_the_first_are_taken() {
    let endless: String = (0..50_000).map(|number| format!("s{number} ")).collect();
    let scopes = Scopes::parse(&endless);
    assert!(scopes.covers(&Scopes::parse("s0 s1 s2000")));
    assert!((16_384..16_400).contains(&scopes.as_str().len()));
}

#[test]
fn the_order_and_the_spelling_of_the_app_are_sent() {
    assert_eq!(Scopes::from_list(["Zeta", "alpha"]).with_openid().as_str(), "Zeta alpha openid profile offline_access");
}

#[test]
fn the_scopes_of_a_sign_in_are_added_once() {
    assert_eq!(Scopes::from_list(["OpenID", "api"]).with_openid().as_str(), "OpenID api profile offline_access");
    assert_eq!(Scopes::default().with_openid().as_str(), "openid profile offline_access");
}

#[test]
fn a_set_covers_every_subset_in_any_case_and_order() {
    let granted = Scopes::parse("api.Read api.write");
    for wanted in ["", "api.read", "API.WRITE api.READ"] {
        assert!(granted.covers(&Scopes::parse(wanted)), "{wanted}");
    }
    for wanted in ["api", "api.read api.delete", "api.read.all"] {
        assert!(!granted.covers(&Scopes::parse(wanted)), "{wanted}");
    }
}

/// Every form that Microsoft's documentation shows: of Graph, of a resource by its host, whose own slash makes two, by its id, and all of them.
/// <https://learn.microsoft.com/entra/identity-platform/scopes-oidc>
const DOCUMENTED: [&str; 9] = [
    "User.Read",
    "https://graph.microsoft.com/User.Read",
    "https://graph.microsoft.com/.default",
    "https://management.azure.com//user_impersonation",
    "https://contoso.onmicrosoft.com/api/read",
    "api://9122040d-6c67-4c5b-b112-36a304b66dad/access_as_user",
    "api://9122040d-6c67-4c5b-b112-36a304b66dad/.default",
    "9122040d-6c67-4c5b-b112-36a304b66dad/api.read",
    "9122040d-6c67-4c5b-b112-36a304b66dad/.default",
];

#[test]
fn a_scope_of_every_documented_form_is_sent_as_the_app_wrote_it() {
    for scope in DOCUMENTED {
        let mut world = World::aad();
        world.popup(ask(&[scope])).unwrap();
        let sent = format!("{scope} openid profile offline_access");
        assert_eq!(world.provider.visits[0].get("scope"), sent);
        assert_eq!(world.provider.last().get("scope"), Some(&*sent));
        world.refresh(&need(ADA, &[scope], None)).unwrap();
        assert_eq!(world.provider.last().get("scope"), Some(&*sent));
    }
}

#[test]
fn a_token_for_a_scope_of_every_documented_form_is_found_in_any_case_and_for_no_other() {
    for scope in DOCUMENTED {
        let mut world = World::aad();
        world.popup(ask(&["z.last", scope, "A.First"])).unwrap();
        for spelling in [scope.to_lowercase(), scope.to_uppercase()] {
            let token = world.silent(&need(ADA, &["a.first", &spelling], None)).unwrap();
            assert_eq!(token, "access-1-SECRET", "{spelling}");
        }
        for other in
            DOCUMENTED.into_iter().filter(|other| *other != scope).chain(["https://management.azure.com/user_impersonation"])
        {
            assert_eq!(world.cached(ADA, &Scopes::from_list([other])), None, "{other} is not {scope}");
        }
    }
}

#[test]
fn a_token_is_looked_up_without_the_scopes_of_openid_unless_there_are_no_others() {
    for (asked, looked_up) in [
        ("api.read openid profile email offline_access", "api.read"),
        ("OPENID EMail Offline_Access api.read", "api.read"),
        ("OpenID Offline_Access", "OpenID"),
        ("openid profile offline_access", "openid profile"),
        ("email", "email"),
        ("offline_access", ""),
        ("api.read", "api.read"),
    ] {
        assert_eq!(Scopes::parse(asked).for_resource().as_str(), looked_up, "{asked}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(text in "[a-zA-Z./: ]{0,40}") {
        let scopes = Scopes::parse(&text);
        prop_assert_eq!(Scopes::parse(scopes.as_str()), scopes);
    }

    #[test]
    fn a_union_covers_its_parts_and_nothing_new(one in "[a-dA-D ]{0,12}", other in "[a-dA-D ]{0,12}") {
        let union = Scopes::parse(&format!("{one} {other}"));
        prop_assert!(union.covers(&Scopes::parse(&one)) && union.covers(&Scopes::parse(&other)));
        let parts = format!("{one} {other}").to_lowercase();
        let is_old = |scope: &str| parts.split(' ').any(|part| part == scope.to_lowercase());
        prop_assert!(union.iter().all(is_old));
    }
}
