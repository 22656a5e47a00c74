//! Scopes as sets.

use countersign::protocol::scope::Scopes;
use proptest::prelude::*;

fn list(scopes: &Scopes) -> Vec<&str> {
    scopes.iter().collect()
}

#[test]
fn blanks_are_trimmed_and_empty_ones_and_repetitions_dropped() {
    let scopes = Scopes::from_list([" api.read ", "", "  ", "API.Read", "api.write"]);
    assert_eq!(list(&scopes), ["api.read", "api.write"], "the app's first spelling stays");
    assert!(Scopes::from_list(["", " "]).is_empty() && Scopes::parse(" \t ").is_empty());
}

#[test]
fn the_order_and_the_spelling_of_the_app_are_sent() {
    assert_eq!(Scopes::from_list(["Zeta", "alpha"]).with_openid().to_text(), "Zeta alpha openid profile offline_access");
}

#[test]
fn the_scopes_of_a_sign_in_are_added_once() {
    assert_eq!(Scopes::from_list(["OpenID", "api"]).with_openid().to_text(), "OpenID api profile offline_access");
    assert_eq!(Scopes::default().with_openid().to_text(), "openid profile offline_access");
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
        assert_eq!(Scopes::parse(asked).for_resource().to_text(), looked_up, "{asked}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(text in "[a-zA-Z./: ]{0,40}") {
        let scopes = Scopes::parse(&text);
        prop_assert_eq!(Scopes::parse(&scopes.to_text()), scopes);
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
