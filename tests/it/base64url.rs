use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use countersign::protocol::base64url::{decode, decode_any, encode};
use proptest::prelude::*;

const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// The `base64` crate as the reader that ours must agree with.
fn peer(text: &str) -> Option<Vec<u8>> {
    GeneralPurpose::new(&URL_SAFE, CONFIG).decode(text).ok()
}

fn lenient_peer(text: &str) -> Option<Vec<u8>> {
    let one_alphabet = text.replace('+', "-").replace('/', "_");
    GeneralPurpose::new(&URL_SAFE, CONFIG.with_decode_allow_trailing_bits(true)).decode(one_alphabet).ok()
}

#[test]
fn what_is_no_base64_is_refused_and_only_claims_may_be_careless() {
    for (text, strict, lenient) in [
        ("", Some(""), Some("")),
        ("QUI", Some("AB"), Some("AB")),
        ("QUI=", Some("AB"), Some("AB")),
        ("QUI==", None, None),
        ("QQ", Some("A"), Some("A")),
        ("QQ=", Some("A"), Some("A")),
        ("QQ==", Some("A"), Some("A")),
        ("QR", None, Some("A")),
        ("Q", None, None),
        ("QUJD=", None, None),
        ("Q=Q", None, None),
        ("Pj8-", Some(">?>"), Some(">?>")),
        ("Pj8+", None, Some(">?>")),
        ("QU JD", None, None),
        ("=", None, None),
    ] {
        let bytes = |text: &str| text.as_bytes().to_vec();
        assert_eq!((decode(text), decode_any(text)), (strict.map(bytes), lenient.map(bytes)), "{text}");
    }
}

proptest! {
    #[test]
    fn it_reads_as_the_crate_does(text in "[A-Za-z0-9_-]{0,12}={0,3}|[AQ/+_=-]{0,9}|.{0,9}") {
        prop_assert_eq!(decode(&text), peer(&text));
        prop_assert_eq!(decode_any(&text), lenient_peer(&text));
    }

    #[test]
    fn what_is_written_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        let mut text = String::new();
        encode(&mut text, &bytes);
        prop_assert_eq!(decode(&text), Some(bytes));
    }
}
