//! The value of `claims`: decoded to a JSON object, or an answer.
#![no_main]

use countersign::protocol::{
    claims::{MAX_LENGTH, NotClaims, decode_claims, is_empty},
    json::Json,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(value) = str::from_utf8(data) else { return };
    let _ = is_empty(value);
    let theirs = serde_json::from_str::<serde_json::Value>(value.trim_ascii());
    match decode_claims(value) {
        Ok(claims) => {
            assert!(claims.len() <= MAX_LENGTH);
            let json = Json::parse(&claims).expect("claims are JSON");
            assert!(json.as_object().is_some(), "claims are an object");
            // A name that serde_json keeps for itself, and refuses, is a name like any other.
            if !claims.contains("$serde_json::private") {
                let theirs: serde_json::Value = serde_json::from_str(&claims).expect("serde_json calls it JSON too");
                assert!(theirs.is_object());
            }
            let written = json.to_text();
            assert_eq!(Json::parse(&written), Some(json), "what is written is read back");
            assert_eq!(decode_claims(&written), Ok(written.clone()), "claims are claims again");
        }
        Err(NotClaims::Conflict) => panic!("one request cannot contradict itself"),
        Err(NotClaims::NotJson) if value.trim_ascii().starts_with('{') => {
            // The only JSON that is refused is what nests deeper than the limit.
            let deep = value.bytes().filter(|byte| matches!(byte, b'{' | b'[')).count()
                > usize::from(countersign::protocol::json::MAX_DEPTH);
            assert!(theirs.is_err() || deep, "JSON was refused");
        }
        Err(_) => {}
    }
});
