//! `sessionStorage`, `localStorage`, or nothing in their place where the app wants memory only.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::Storage as WebStorage;

use super::location;
use crate::{
    error::{Error, ErrorCode},
    protocol::list,
    session::{
        cache::{PREFIX, Write},
        config::CacheLocation,
    },
};

#[wasm_bindgen(module = "/pkg-template/page.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn items(storage: &WebStorage, start: &str, end: &str) -> Result<Array, JsValue>;

    fn item(storage: &WebStorage, key: &JsValue) -> JsValue;

    #[wasm_bindgen(js_name = isItem)]
    fn is_item(storage: &WebStorage, key: &JsValue, known: &JsValue) -> bool;
}

/// Where the session is kept beside memory.
#[derive(Debug)]
pub struct Storage(Option<WebStorage>);

impl Storage {
    /// Error: `storage_not_supported` where the browser blocks it.
    pub fn new(place: CacheLocation) -> Result<Self, Error> {
        match place {
            CacheLocation::MemoryStorage => Ok(Self(None)),
            CacheLocation::SessionStorage => session().map(|storage| Self(Some(storage))),
            CacheLocation::LocalStorage => storage("localStorage").map(|storage| Self(Some(storage))),
        }
    }

    /// Everything under `prefix`.
    pub fn items(&self, prefix: &str) -> Vec<(String, String)> {
        self.0.as_ref().map(|storage| read(storage, prefix, "")).unwrap_or_default()
    }

    /// One item.
    pub fn get(&self, key: &str) -> Option<String> {
        self.0.as_ref()?.get_item(key).ok().flatten()
    }

    /// One item that is looked at again and again, to be compared: its text is not copied.
    pub fn watched(&self, key: &JsValue) -> JsValue {
        self.0.as_ref().map_or(JsValue::NULL, |storage| item(storage, key))
    }

    /// Whether it is still what it was.
    pub fn is_still(&self, key: &JsValue, known: &JsValue) -> bool {
        self.0.as_ref().map_or_else(|| known.is_null(), |storage| is_item(storage, key, known))
    }

    /// Performs all of these writes or none. Error: `cache_quota_exceeded`.
    pub fn write(&self, writes: &[Write]) -> Result<(), Error> {
        let Some(storage) = &self.0 else { return Ok(()) };
        let mut undo: Vec<Write> = Vec::with_capacity(writes.len());
        for (key, text) in writes {
            let before = storage.get_item(key).ok().flatten();
            if put(storage, key, text.as_deref()).is_err() {
                for (key, text) in undo.iter().rev() {
                    // What was there a moment ago fits again.
                    let _ = put(storage, key, text.as_deref());
                }
                return Err(ErrorCode::CacheQuotaExceeded.into());
            }
            undo.push((key.clone(), before));
        }
        Ok(())
    }
}

/// What waits for the user's return in this tab, of every client: the texts under keys of ours that end so.
pub fn waiting(name: &str) -> Vec<String> {
    let items = session().map(|storage| read(&storage, PREFIX, name)).unwrap_or_default();
    list::of(items.into_iter().map(|(_, text)| text))
}

/// The tab's own storage, which also holds what waits for the user's return. Error: `storage_not_supported`.
pub fn session() -> Result<WebStorage, Error> {
    storage("sessionStorage")
}

fn storage(name: &str) -> Result<WebStorage, Error> {
    let storage = location::property(&location::window()?.into(), name);
    if storage.is_object() { Ok(storage.unchecked_into()) } else { Err(Error::about(ErrorCode::StorageNotSupported, name)) }
}

fn read(storage: &WebStorage, start: &str, end: &str) -> Vec<(String, String)> {
    let (mut read, texts) = (Vec::new(), items(storage, start, end).unwrap_or_default());
    for index in (0..texts.length()).step_by(2) {
        if let (Some(key), Some(text)) = (texts.get(index).as_string(), texts.get(index + 1).as_string()) {
            read.push((key, text));
        }
    }
    read
}

fn put(storage: &WebStorage, key: &str, text: Option<&str>) -> Result<(), JsValue> {
    match text {
        Some(text) => storage.set_item(key, text),
        None => storage.remove_item(key),
    }
}
