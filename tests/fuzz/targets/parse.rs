//! Field lines, parted by line feeds: nothing panics, and what must hold of every reading holds.
#![no_main]

use countersign::protocol::{
    challenge::{format_challenge, parse_challenges, parse_challenges_strict},
    claims::{claims_challenge, claims_with_error},
    demand::demands,
};
use libfuzzer_sys::fuzz_target;

#[path = "../../it/reference.rs"]
mod reference;

fuzz_target!(|data: &[u8]| {
    // Bytes that are not UTF-8 become what a browser makes of them: Latin-1.
    let text = String::from_utf8(data.to_vec()).unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect());
    let lines: Vec<&str> = text.split('\n').collect();
    let mut apart = Vec::new();
    for line in &lines {
        let tolerant = parse_challenges(&[line]);
        match parse_challenges_strict(&[line]) {
            Ok(strict) => assert_eq!(strict, tolerant, "strict and tolerant reading of a sound line differ"),
            Err(at) => {
                assert!(at.position <= line.encode_utf16().count());
                assert!(tolerant.iter().all(|challenge| challenge.recovered), "silently wrong: {tolerant:?}");
            }
        }
        if line.len() <= LONGEST_FOR_REFERENCE {
            assert_eq!(parse_challenges_strict(&[line]).ok(), reference::challenges(line));
        }
        for challenge in tolerant.iter().filter(|challenge| challenge.token68.is_none()) {
            let written = format_challenge(&challenge.scheme, &challenge.params).expect("what was read can be written");
            let mut sound = challenge.clone();
            sound.recovered = false;
            assert_eq!(parse_challenges_strict(&[&written]), Ok(vec![sound]), "{written}");
        }
        apart.extend(tolerant);
    }
    assert_eq!(parse_challenges(&lines), apart, "a line changed what its neighbours say");
    for status in [200, 401, 403] {
        let _ = demands(status, &apart);
    }
    let gated = claims_with_error(&apart, "insufficient_claims");
    assert_eq!(claims_challenge(&apart), gated.and_then(Result::ok));
});

/// The reference grammar is slow by design.
const LONGEST_FOR_REFERENCE: usize = 48;
