//! The adapters of `browser/`, each against the real Web API, in a real browser.
#![cfg(target_family = "wasm")]
#![expect(clippy::disallowed_methods, clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may search, and fail")]

use std::rc::Rc;

use countersign::{
    browser::{
        clock, digest,
        events::Events,
        flight::{Slot, first},
        location, net, popup, random,
        session::Session,
        signature,
        storage::Storage,
        vault::{Lock, Vault},
    },
    error::ErrorCode,
    protocol::{http::HttpRequest, json::Json, jwks, pkce, secret::Secret},
    session::config::{CacheLocation, Config, RawConfig},
};
use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test as test, wasm_bindgen_test_configure};
use web_sys::{BroadcastChannel, MessageEvent};

wasm_bindgen_test_configure!(run_in_browser);

#[test]
fn the_clock_gives_seconds_not_milliseconds() {
    let milliseconds = js_sys::Date::now();
    let now = clock::now().0;
    assert!((now as f64 * 1000.0 - milliseconds).abs() < 60_000.0);
}

#[test]
fn random_bytes_differ_and_a_guid_is_of_version_4() {
    assert_ne!(random::bytes::<32>().unwrap(), random::bytes::<32>().unwrap());
    let guid = random::guid().unwrap();
    let parts: Vec<&str> = guid.split('-').collect();
    assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    assert!(parts[2].starts_with('4'));
    assert!(parts[3].starts_with(['8', '9', 'a', 'b']));
    assert_ne!(guid, random::guid().unwrap());
}

/// RFC 7636 appendix B.
#[test]
async fn the_digest_is_the_challenge_of_the_rfcs_example() {
    let digest = digest::sha256(&Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")).await.unwrap();
    assert_eq!(pkce::challenge(&digest), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

#[test]
fn urls_are_normalized_as_the_browser_reads_them() {
    assert_eq!(location::normalize("HTTPS://API.Example.com:443/a/../b\\c").unwrap(), "https://api.example.com/b/c");
    assert!(location::normalize("/x").unwrap().ends_with("/x"), "relative to the page");
    assert!(location::normalize("https://").is_none());
    assert!(!location::page().unwrap().contains(['?', '#']));
}

#[test]
fn the_fragment_leaves_the_address_bar_and_the_state_of_the_history_stays() {
    let window = web_sys::window().unwrap();
    let history = window.history().unwrap();
    let entries = history.length().unwrap();
    history.replace_state_with_url(&"the router's".into(), "", Some("#code=1&state=2")).unwrap();
    assert_eq!(location::fragment().unwrap(), "#code=1&state=2");
    location::clear_fragment("#/another").unwrap();
    assert_eq!(location::fragment().unwrap(), "#code=1&state=2", "not what was used: the app's own");
    location::clear_fragment("#code=1&state=2").unwrap();
    assert_eq!(location::fragment().unwrap(), "");
    assert_eq!(history.state().unwrap(), JsValue::from("the router's"));
    assert_eq!(history.length().unwrap(), entries, "no entry was added");
}

#[test]
fn storage_gives_back_what_is_under_the_prefix_and_nothing_else() {
    let storage = Storage::new(CacheLocation::SessionStorage).unwrap();
    let write = |key: &str, text: Option<&str>| (String::from(key), text.map(String::from));
    storage.write(&[write("t1.a", Some("1")), write("t1.b", Some("2")), write("t10.a", Some("3"))]).unwrap();
    let mut items = storage.items("t1.");
    items.sort();
    assert_eq!(items, [("t1.a".into(), "1".into()), ("t1.b".into(), "2".into())]);
    storage.write(&[write("t1.a", None)]).unwrap();
    assert_eq!(storage.get("t1.a"), None);
}

#[test]
fn writes_happen_all_or_not_at_all() {
    let storage = Storage::new(CacheLocation::SessionStorage).unwrap();
    storage.write(&[("t2.a".into(), Some("before".into()))]).unwrap();
    // Ten million UTF-16 units are more than any browser gives a tab.
    let full = storage.write(&[("t2.a".into(), Some("after".into())), ("t2.b".into(), Some("x".repeat(10_000_000)))]);
    assert_eq!(full.unwrap_err().code, ErrorCode::CacheQuotaExceeded);
    assert_eq!(storage.get("t2.a").as_deref(), Some("before"));
    assert_eq!(storage.get("t2.b"), None);
}

#[test]
fn memory_storage_leaves_nothing_behind() {
    let storage = Storage::new(CacheLocation::MemoryStorage).unwrap();
    storage.write(&[("t3.a".into(), Some("1".into()))]).unwrap();
    assert!(storage.items("t3.").is_empty());
    assert!(Storage::new(CacheLocation::SessionStorage).unwrap().items("t3.").is_empty());
}

fn config(client_id: &str, location: &str) -> Config {
    Config::new(RawConfig {
        client_id: client_id.into(),
        authority: Some("https://login.example.com/tenant".into()),
        redirect_uri: "https://app.example.com/".into(),
        cache_location: Some(location.into()),
        ..RawConfig::default()
    })
    .unwrap()
}

async fn open(client_id: &str, location: &str) -> Rc<Session> {
    let ignore = Function::new_no_args("");
    let events = Events {
        listener: ignore,
        error_to_js: |_| JsValue::NULL,
        account_to_js: |_, _| JsValue::NULL,
        token_to_js: |_, _| JsValue::NULL,
        demand_to_js: |_| JsValue::NULL,
    };
    Session::open(&config(client_id, location), &Rc::new(events)).await.unwrap()
}

#[test]
async fn two_clients_of_one_app_share_a_session_and_others_do_not() {
    for location in ["sessionStorage", "localStorage"] {
        let one = open("t4", location).await;
        assert!(Rc::ptr_eq(&one, &open("t4", location).await));
        assert!(!Rc::ptr_eq(&one, &open("t5", location).await), "another client id");
        let other = open("t4", "memoryStorage").await;
        assert_ne!(one.id(), other.id());
    }
    let (one, other) = (open("t4", "memoryStorage").await, open("t4", "memoryStorage").await);
    assert!(!Rc::ptr_eq(&one, &other), "what is in memory only is one client's");
    assert_ne!(one.id(), other.id());
}

#[test]
async fn what_is_sealed_is_opened_by_the_same_key_at_the_same_place_and_nowhere_else() {
    let vault = Vault::open("t6").await.unwrap();
    let sealed = vault.seal("place", "SECRET \u{20ac}").await.unwrap();
    assert!(!sealed.contains("SECRET") && sealed.is_ascii());
    assert_ne!(vault.seal("place", "SECRET \u{20ac}").await.unwrap(), sealed, "no IV is used twice");
    let again = Vault::open("t6").await.unwrap();
    assert_eq!(again.unseal("place", &sealed).await.as_deref(), Some("SECRET \u{20ac}"), "the key is kept");
    assert_eq!(again.unseal("elsewhere", &sealed).await, None);
    assert_eq!(Vault::open("t7").await.unwrap().unseal("place", &sealed).await, None, "another key");
    let changed = "A".repeat(sealed.len());
    for broken in ["", "!", "AAAA", "{\"home\":1}", changed.as_str(), "\u{20ac}"] {
        assert_eq!(again.unseal("place", broken).await, None, "{broken}");
    }
}

#[test]
async fn a_long_text_is_sealed_too() {
    let vault = Vault::open("t6").await.unwrap();
    let long = "x".repeat(1_000_000);
    let sealed = vault.seal("place", &long).await.unwrap();
    assert_eq!(vault.unseal("place", &sealed).await, Some(long));
}

#[test]
async fn all_who_open_a_new_vault_at_once_get_the_same_key() {
    let name = random::guid().unwrap();
    let open = || {
        let (slot, name) = (Slot::new(), name.clone());
        let opened = Rc::clone(&slot);
        wasm_bindgen_futures::spawn_local(async move { opened.put(Rc::new(Vault::open(&name).await.unwrap())) });
        slot
    };
    let slots: Vec<_> = (0..5).map(|_| open()).collect();
    let sealed = slots[0].get().await.seal("place", "text").await.unwrap();
    for slot in slots {
        assert_eq!(slot.get().await.unseal("place", &sealed).await.as_deref(), Some("text"));
    }
}

#[test]
async fn a_lock_is_one_holders_until_it_is_dropped() {
    let held = Lock::take("t8".into(), "t8.mark".into(), 0).await;
    let second = Slot::new();
    let taken = Rc::clone(&second);
    wasm_bindgen_futures::spawn_local(async move { taken.put(Lock::take("t8".into(), "t8.mark".into(), 0).await) });
    let early = first(
        async {
            second.get().await;
            "second"
        },
        async {
            Lock::take("t9".into(), "t9.mark".into(), 0).await;
            "other"
        },
    )
    .await;
    assert_eq!(early, "other", "another name is another lock");
    drop(held);
    drop(second.get().await);
}

#[test]
async fn a_lock_that_nobody_waits_for_any_more_is_given_back() {
    let held = Lock::take("t10".into(), "t10.mark".into(), 0).await;
    let given_up = first(
        async {
            Lock::take("t10".into(), "t10.mark".into(), 0).await;
            false
        },
        async { true },
    )
    .await;
    assert!(given_up);
    drop(held);
    Lock::take("t10".into(), "t10.mark".into(), 0).await;
}

#[test]
async fn a_slot_gives_its_first_value_to_everybody_who_waits() {
    let slot = Slot::new();
    let (early, late) = (Rc::clone(&slot), Rc::clone(&slot));
    let early = wasm_bindgen_futures::future_to_promise(async move { Ok(JsValue::from(early.get().await)) });
    slot.put(1);
    slot.put(2);
    assert_eq!(JsFuture::from(early).await.unwrap(), JsValue::from(1));
    assert_eq!(late.get().await, 1);
}

/// Puts `fetch` in place of the page's for one call of `net::send`.
async fn send_with(fetch: &str, request: &HttpRequest) -> Result<(u16, String), ErrorCode> {
    let global = js_sys::global();
    let real = Reflect::get(&global, &"fetch".into()).unwrap();
    let fake = Function::new_with_args("request", fetch);
    Reflect::set(&global, &"fetch".into(), &fake).unwrap();
    let answer = net::send(request).await;
    Reflect::set(&global, &"fetch".into(), &real).unwrap();
    answer.map(|response| (response.status, response.body)).map_err(|error| error.code)
}

fn post() -> HttpRequest {
    HttpRequest { url: "https://login.example.com/token".into(), form: Some("a=b%20c".into()), is_repeatable: false }
}

#[test]
async fn a_form_is_posted_without_cookies_and_follows_no_redirect() {
    let echo = "return request.text().then((body) => new Response([request.method, request.headers.get('content-type'), \
                request.credentials, request.redirect, request.cache, body].join('|'), { status: 400 }))";
    let (status, body) = send_with(echo, &post()).await.unwrap();
    assert_eq!(status, 400);
    assert_eq!(body, "POST|application/x-www-form-urlencoded;charset=utf-8|omit|error|no-store|a=b%20c");
}

#[test]
async fn whatever_fetch_throws_or_returns_is_an_error_of_ours() {
    for fetch in [
        "return Promise.reject('stop')",
        "return Promise.reject(null)",
        "throw 1",
        "return {}",
        "return null",
        "return Promise.resolve({ status: 200 })",
    ] {
        assert_eq!(send_with(fetch, &post()).await, Err(ErrorCode::PostRequestFailed), "{fetch}");
        let get = HttpRequest { form: None, ..post() };
        assert_eq!(send_with(fetch, &get).await, Err(ErrorCode::GetRequestFailed), "{fetch}");
    }
}

#[test]
async fn a_request_that_may_be_repeated_is_sent_once_more_where_the_network_fails() {
    let fail_first = |times: &str| {
        let fetch = "globalThis.sent++; if (globalThis.sent <= TIMES) throw new TypeError('network'); \
                     return new Response(String(globalThis.sent))";
        fetch.replace("TIMES", times)
    };
    let reset = || Reflect::set(&js_sys::global(), &"sent".into(), &0.into()).unwrap();
    let again = HttpRequest { is_repeatable: true, ..post() };
    for (request, fails, outcome) in [
        (&again, "0", Ok((200, "1".to_owned()))),
        (&again, "1", Ok((200, "2".to_owned()))),
        (&again, "2", Err(ErrorCode::PostRequestFailed)),
        (&post(), "1", Err(ErrorCode::PostRequestFailed)),
    ] {
        reset();
        assert_eq!(send_with(&fail_first(fails), request).await, outcome, "{fails}");
    }
    reset();
    let unwell = "globalThis.sent++; return new Response('', { status: 503 })";
    assert_eq!(send_with(unwell, &again).await, Ok((503, String::new())));
    assert_eq!(Reflect::get(&js_sys::global(), &"sent".into()).unwrap(), JsValue::from(1), "an answer is an answer");
}

#[test]
async fn a_request_that_hangs_is_given_up_after_half_a_minute_repeated_or_not() {
    // The browser's clock, a thousand times as fast.
    let hurry = "globalThis.limits = []; const real = globalThis.realTimeout = AbortSignal.timeout.bind(AbortSignal); \
                 AbortSignal.timeout = (limit) => { globalThis.limits.push(limit); return real(limit / 1000); }";
    Function::new_no_args(hurry).call0(&JsValue::NULL).unwrap();
    let hang = "const { signal } = request; return new Promise((_, reject) => { signal.throwIfAborted(); \
                signal.addEventListener('abort', () => reject(signal.reason)); })";
    for request in [post(), HttpRequest { is_repeatable: true, ..post() }] {
        assert_eq!(send_with(hang, &request).await, Err(ErrorCode::PostRequestFailed));
    }
    let limits = Reflect::get(&js_sys::global(), &"limits".into()).unwrap();
    assert_eq!(js_sys::Array::from(&limits).join(","), "30000,30000", "one limit for both tries");
    let old = "AbortSignal.timeout = undefined";
    Function::new_no_args(old).call0(&JsValue::NULL).unwrap();
    assert_eq!(send_with("return new Response('', { status: 200 })", &post()).await.unwrap().0, 200, "without it, no limit");
    Function::new_no_args("AbortSignal.timeout = globalThis.realTimeout").call0(&JsValue::NULL).unwrap();
}

#[test]
async fn when_to_come_back_is_read_where_the_provider_lets_the_page_see_it() {
    let global = js_sys::global();
    let real = Reflect::get(&global, &"fetch".into()).unwrap();
    let fake = Function::new_no_args("return new Response('', { status: 429, headers: { 'Retry-After': '7' } })");
    Reflect::set(&global, &"fetch".into(), &fake).unwrap();
    let answer = net::send(&post()).await;
    Reflect::set(&global, &"fetch".into(), &real).unwrap();
    assert_eq!(answer.unwrap().retry_after.as_deref(), Some("7"));
}

#[test]
async fn a_signature_of_every_algorithm_holds_and_one_of_anything_else_does_not() {
    let vectors = Json::parse(include_str!("signatures.json")).unwrap();
    for vector in vectors.as_array().unwrap() {
        let (keys, token) = (vector.get("jwks").unwrap(), vector.get("token").and_then(Json::as_str).unwrap());
        let proof = jwks::proof(keys, token).unwrap().unwrap();
        assert_eq!(signature::verify(&proof).await, Ok(true), "{}", proof.algorithm);
        let mut other = proof.clone();
        other.signed.push('x');
        assert_eq!(signature::verify(&other).await, Ok(false), "{}", proof.algorithm);
        let mut forged = proof.clone();
        forged.signature.reverse();
        assert_eq!(signature::verify(&forged).await, Ok(false), "{}", proof.algorithm);
        let broken = jwks::Proof { key: "{\"kty\":\"RSA\"}".into(), ..proof };
        assert_eq!(signature::verify(&broken).await, Ok(false), "a key that the browser does not take proves nothing");
    }
    assert_eq!(vectors.as_array().unwrap().len(), 4);
}

#[test]
async fn a_popups_answer_goes_to_the_channel_of_its_state() {
    let received = Slot::new();
    let channel = BroadcastChannel::new("countersign.p.some-state").unwrap();
    let slot = Rc::clone(&received);
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        slot.put(Reflect::get(&event.data(), &"payload".into()).unwrap().as_string());
    });
    channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // This window was not opened by a script, so it stays.
    assert!(!popup::answer("p.some-state", "#code=1").unwrap());
    assert_eq!(received.get().await.as_deref(), Some("#code=1"));
    channel.close();
}

#[test]
async fn a_popup_answers_on_the_channel_of_its_state() {
    let popup = popup::Popup::watch(popup::open(&popup::Shape::default()).unwrap(), 60_000).unwrap();
    let channel = BroadcastChannel::new("countersign.p.one").unwrap();
    let message = js_sys::Object::new();
    Reflect::set(&message, &"payload".into(), &"#state=p.one".into()).unwrap();
    let failed = async { Err(popup.failed().await) };
    let visit = async {
        // Polled first, so it listens by the time the message is posted.
        first(popup.visit("about:blank", "p.one"), async {
            channel.post_message(&message).unwrap();
            std::future::pending().await
        })
        .await
    };
    assert_eq!(first(visit, failed).await.unwrap(), "#state=p.one");
    channel.close();
}

#[test]
async fn a_popup_is_given_up_or_runs_out_of_time() {
    let popup = popup::Popup::watch(popup::open(&popup::Shape::default()).unwrap(), 60_000).unwrap();
    popup.cancel(ErrorCode::InteractionInProgressCancelled);
    popup.cancel(ErrorCode::UserCancelled);
    assert_eq!(popup.failed().await.code, ErrorCode::InteractionInProgressCancelled, "the first word counts");
    let popup = popup::Popup::watch(popup::open(&popup::Shape::default()).unwrap(), 0).unwrap();
    assert_eq!(popup.failed().await.code, ErrorCode::TimedOut);
}
