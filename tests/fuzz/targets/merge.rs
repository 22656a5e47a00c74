//! Three lines: a claims request, another one, and capabilities parted by commas.
#![no_main]

use countersign::{
    error::ErrorCode,
    protocol::{
        claims::{merge, merge_agreeing, merge_claims},
        json::Json,
    },
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = str::from_utf8(data) else { return };
    let mut lines = text.splitn(3, '\n').map(str::to_owned);
    let mut line = || lines.next().unwrap_or_default();
    let (one, other, capabilities) = (line(), line(), line());
    let capabilities: Vec<String> = capabilities.split(',').map(str::to_owned).collect();

    match merge_claims(Some(&one), &capabilities) {
        Ok(once) => {
            assert_eq!(merge_claims(Some(&once), &capabilities), Ok(once.clone()), "capabilities were added twice");
            let merged = Json::parse(&once).expect("a merge is JSON");
            for capability in
                capabilities.iter().map(|capability| capability.trim_ascii()).filter(|capability| !capability.is_empty())
            {
                let values =
                    merged.get("access_token").and_then(|token| token.get("xms_cc")).and_then(|claim| claim.get("values"));
                let is_it = |value: &Json| value.as_str().is_some_and(|value| value.eq_ignore_ascii_case(capability));
                assert!(
                    values.and_then(Json::as_array).is_some_and(|values| values.iter().any(is_it)),
                    "{capability} is missing"
                );
            }
        }
        Err(error) => assert_eq!(error.code, ErrorCode::InvalidClaims),
    }

    let object = |text: &str| Json::parse(text).filter(|json| json.as_object().is_some());
    let both = object(&one).is_some() && object(&other).is_some();
    assert_eq!(merge(&one, &other).is_ok(), both);
    if let Ok(merged) = merge(&one, &other) {
        assert!(object(&merged).is_some());
        assert_eq!(merge(&merged, &other).as_ref(), Ok(&merged), "merging again changed something");
    }
    let forth = merge_agreeing(&one, &other);
    assert_eq!(forth.is_some(), merge_agreeing(&other, &one).is_some(), "whether two requests agree depends on their order");
    if let Some(agreed) = forth.filter(|_| one != other) {
        assert_eq!(merge(&one, &other), Ok(agreed));
    }
});
