//! What storage holds: a key's end on the first line, the text on the rest. Or two numbers on the first line, and the text takes the place of so much of
//! a whole entry, from there.
#![no_main]

mod app;

use std::rc::Rc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use countersign::{
    protocol::{authorize::Pending, id_token::IdToken, scope::Scopes, secret::Secret, time::UnixSeconds},
    session::{
        Granted,
        account::Account,
        cache::{AccessToken, Cache, Entry},
        memo::Memo,
    },
};
use libfuzzer_sys::fuzz_target;

thread_local! {
    /// A text of each kind as it is stored today.
    static SAMPLES: [String; 2] = [app::pending(true).to_text(), entry()];
}

const NAME: &str = "spa https://login.example.com/tenant";
const HOME: &str = "sub-1";

fuzz_target!(|data: &[u8]| {
    let Ok(input) = str::from_utf8(data) else { return };
    let (key, text) = input.split_once('\n').unwrap_or(("", input));
    pending(text);
    load(key, text);
    // The text in the place of some of a whole one: the key says of what.
    let Some((from, length)) = key.split_once(' ') else { return };
    let (Ok(from), Ok(length)) = (from.parse::<usize>(), length.parse::<usize>()) else { return };
    SAMPLES.with(|samples| {
        for sample in samples {
            let Some((before, rest)) = sample.split_at_checked(from % sample.len()) else { continue };
            let after = rest.get(length.min(rest.len())..).unwrap_or_default();
            let edited = format!("{before}{text}{after}");
            pending(&edited);
            load(&format!("account.{HOME}"), &edited);
        }
    });
});

fn load(key: &str, text: &str) {
    let key = format!("{}{key}", Cache::new(NAME).prefix());
    let (mut cache, corrupt) = Cache::load(NAME, [(key.clone(), text.to_owned())]);
    assert!(corrupt.iter().all(|corrupt| *corrupt == key), "only what cannot be read is removed");
    assert!(corrupt.is_empty() || cache.accounts().count() == 0);

    let homes: Vec<String> = cache.accounts().map(|account| account.home_account_id.to_string()).collect();
    for home in homes {
        let entry = cache.entry(&home).expect("an account has an entry").clone();
        assert!(key.ends_with(&home), "an entry is found under its own name");
        // Whatever changes it writes it anew.
        if let Some(token) = entry.access_tokens().first()
            && let Some(change) = cache.purge(&home, token.secret.reveal())
        {
            let writes: Vec<_> = change.writes.iter().filter_map(|(key, text)| Some((key.clone(), text.clone()?))).collect();
            cache.commit(change);
            let (again, corrupt) = Cache::load(NAME, writes);
            assert!(corrupt.is_empty(), "what was written cannot be read");
            let read = again.entry(&home).expect("what was written is there");
            assert_eq!(describe(read), describe(cache.entry(&home).expect("it is still there")));
        }
        let change = cache.remove(Some(&home));
        assert!(change.writes.iter().any(|(removed, text)| *removed == key && text.is_none()));
        cache.commit(change);
        assert!(cache.entry(&home).is_none());
    }
}

fn pending(text: &str) {
    if let Some(pending) = Pending::from_text(text) {
        let written = pending.to_text();
        let again = Pending::from_text(&written).expect("what is written can be read");
        assert_eq!(again.to_text(), written);
        assert_eq!(format!("{again:?}"), format!("{pending:?}"));
        assert_eq!(again.verifier().reveal(), pending.verifier().reveal());
    }
}

/// All of it, secrets too.
fn describe(entry: &Entry) -> String {
    let tokens: Vec<_> = entry.access_tokens().iter().map(|token| (token.secret.reveal(), token)).collect();
    let refresh_token = entry.refresh_token.as_ref().map(|token| token.reveal());
    let account = &entry.account;
    let id_tokens: Vec<_> = account.others.iter().chain([&account.id_token]).map(|token| token.raw().reveal()).collect();
    format!("{account:?} {id_tokens:?} {refresh_token:?} {tokens:?}")
}

/// An entry as a sign-in writes it.
fn entry() -> String {
    let encode = |part: &str| BASE64_URL_SAFE_NO_PAD.encode(part);
    let raw = format!("{}.{}.c2ln", encode(r#"{"alg":"RS256"}"#), encode(&format!(r#"{{"sub":"{HOME}","nonce":"nonce-1"}}"#)));
    let granted = Granted {
        account: Account::new(Rc::new(IdToken::from_cache(&raw).expect("it is an ID token")), None, "login.example.com"),
        access_token: AccessToken {
            secret: Secret::new("access-1"),
            scopes: Scopes::parse("api.read openid"),
            realm: "tenant-1".into(),
            cached_on: UnixSeconds(1_800_000_000),
            expires_on: UnixSeconds(1_800_003_600),
            refresh_on: Some(UnixSeconds(1_800_001_800)),
            memo: Memo::default(),
        },
        refresh_token: Some(Secret::new("refresh-1")),
        redeemed: None,
        is_renewal: false,
        state: None,
        correlation_id: Box::default(),
        jwks_uri: None,
    };
    let change = Cache::new(NAME).keep(&granted).expect("it is new");
    let (_, text) = change.writes.into_iter().find(|(key, _)| key.ends_with(HOME)).expect("it is written");
    text.expect("it is put")
}
