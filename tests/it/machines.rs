//! The contract of every machine: `Start` first, then the answer to each step, and after the end or an error nothing more.

use countersign::{
    error::{Error, ErrorCode},
    protocol::{callback::Callback, state::Flow},
    session::{Input, Machine, Step},
};
use proptest::prelude::*;
use serde_json::json;

use crate::world::{ADA, CODE, DIGEST, World, ask, fragment, need, response};

/// What can be told to a machine.
#[derive(Clone, Copy, Debug)]
enum Told {
    Answered(u16, &'static str),
    Digested,
    Returned(&'static str),
    Start,
}

/// The state of the second sign-in, by popup and by redirect.
const POPUP: &str = "p.AgICAgICAgICAgICAgICAg";
const REDIRECT: &str = "r.AgICAgICAgICAgICAgICAg";
const TOKEN: &str = r#"{"token_type":"Bearer","access_token":"x"}"#;

fn told() -> impl Strategy<Value = Told> {
    prop_oneof![
        Just(Told::Start),
        Just(Told::Digested),
        prop::sample::select(vec![POPUP, REDIRECT, "p.BBBBBBBBBBBBBBBBBBBBBB"]).prop_map(Told::Returned),
        prop::sample::select(vec![(200, TOKEN), (200, ""), (400, r#"{"error":"invalid_grant"}"#), (502, "<html>")])
            .prop_map(|(status, body)| Told::Answered(status, body)),
    ]
}

fn input(told: Told, world: &World) -> Input {
    match told {
        Told::Answered(status, body) => Input::Answered(response(status, body), world.now),
        Told::Digested => Input::Digested(DIGEST),
        Told::Returned(state) => Input::Returned(Callback::parse(&fragment(&[("code", CODE), ("state", state)])).unwrap()),
        Told::Start => Input::Start,
    }
}

/// The machines there are, fresh.
fn machines() -> (World, Vec<Box<dyn Machine>>) {
    let mut world = World::aad();
    world.popup(ask(&["api.read"])).unwrap();
    let mut other = World::aad();
    other.popup(ask(&["api.read"])).unwrap();
    let machines: Vec<Box<dyn Machine>> = vec![
        Box::new(world.login(ask(&["api.read"]), Flow::Popup).unwrap()),
        Box::new(other.login(ask(&["api.read"]), Flow::Redirect).unwrap()),
        Box::new(world.acquire(&need(ADA, &["api.read"], None)).unwrap()),
    ];
    (world, machines)
}

#[test]
fn the_states_of_this_file_are_those_of_its_sign_ins() {
    let (mut world, _) = machines();
    let visit = world.redirect(ask(&[])).unwrap();
    assert_ne!(visit.state(), REDIRECT, "that is the third");
    let mut world = World::aad();
    world.popup(ask(&[])).unwrap();
    assert_eq!(world.redirect(ask(&[])).unwrap().state(), REDIRECT);
    assert_eq!(POPUP[1..], REDIRECT[1..]);
}

#[test]
fn a_machine_that_was_told_something_else_first_does_not_start_any_more() {
    let (world, all) = machines();
    for mut machine in all {
        assert_eq!(machine.step(input(Told::Digested, &world)).unwrap_err(), Error::new(ErrorCode::UnexpectedError));
        assert_eq!(machine.step(Input::Start).unwrap_err(), Error::new(ErrorCode::UnexpectedError));
    }
}

#[test]
fn a_refusal_by_the_provider_ends_a_refresh() {
    let (world, mut all) = machines();
    let refresh = all.last_mut().unwrap();
    refresh.step(Input::Start).unwrap();
    let refused = refresh.step(Input::Answered(response(400, &json!({ "error": "invalid_grant" }).to_string()), world.now));
    assert_eq!(refused.unwrap_err().code, ErrorCode::InteractionRequired);
    let better = refresh.step(input(Told::Answered(200, TOKEN), &world));
    assert_eq!(better.unwrap_err(), Error::new(ErrorCode::UnexpectedError), "a later answer is nobody's");
}

proptest! {
    #[test]
    fn after_the_end_or_an_error_there_is_nothing_more(script in prop::collection::vec(told(), 1..12)) {
        let (world, all) = machines();
        for mut machine in all {
            let mut is_spent = false;
            for (index, told) in script.iter().enumerate() {
                let step = machine.step(input(*told, &world));
                if is_spent {
                    prop_assert_eq!(step.unwrap_err(), Error::new(ErrorCode::UnexpectedError));
                    continue;
                }
                prop_assert!(step.is_err() || (index == 0) == matches!(told, Told::Start), "only Start starts");
                is_spent = matches!(step, Err(_) | Ok(Step::Done(_) | Step::Leave { .. }));
            }
        }
    }
}
