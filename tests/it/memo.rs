//! What was made of a token, kept beside it.

use countersign::session::memo::Memo;

use crate::world::{ADA, World, ask, need};

#[test]
fn the_first_value_stays_and_is_given_as_what_it_is_only() {
    let memo = Memo::default();
    assert_eq!(memo.get::<u32>(), None);
    memo.keep(1_u32);
    memo.keep(2_u32);
    assert_eq!(memo.get::<u32>(), Some(1));
    assert_eq!(memo.get::<String>(), None);
    let copy = memo.clone();
    assert_eq!((memo.get::<u32>(), copy.get::<u32>()), (Some(1), None), "a copy is another thing");
    assert_eq!(format!("{memo:?}"), "<memo>");
}

#[test]
fn every_change_of_an_account_empties_what_was_made_of_its_tokens() {
    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    let kept = |world: &World| world.cache.entry(ADA).unwrap().access_tokens()[0].memo.get::<u32>();
    world.cache.entry(ADA).unwrap().access_tokens()[0].memo.keep(1_u32);
    assert_eq!(kept(&world), Some(1));
    // A token for another scope: the one from before is still there, its account's ID token is not.
    world.refresh(&need(ADA, &["api.write"], None)).unwrap();
    assert_eq!(world.cache.entry(ADA).unwrap().access_tokens().len(), 2);
    assert_eq!(kept(&world), None);
}
