//! `sessionStorage`, `localStorage`, or nothing in their place where the app wants memory only.

use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::Storage as WebStorage;

use super::location;
use crate::{
    error::{Error, ErrorCode},
    session::{
        cache::{PREFIX, Write},
        config::CacheLocation,
    },
};

#[wasm_bindgen]
extern "C" {
    /// A [`WebStorage`] whose texts stay in JavaScript.
    type Watched;

    #[wasm_bindgen(method, catch, js_name = getItem)]
    fn get_item(this: &Watched, key: &JsValue) -> Result<JsValue, JsValue>;
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
            CacheLocation::LocalStorage => {
                let storage = location::window()?.local_storage().ok().flatten();
                storage
                    .map(|storage| Self(Some(storage)))
                    .ok_or_else(|| Error::about(ErrorCode::StorageNotSupported, "localStorage"))
            }
        }
    }

    /// Everything under `prefix`.
    pub fn items(&self, prefix: &str) -> Vec<(String, String)> {
        let Some(storage) = &self.0 else { return Vec::new() };
        let keys = (0..storage.length().unwrap_or_default()).filter_map(|index| storage.key(index).ok().flatten());
        // The keys first: reading while the list is walked would be one more thing that can change under it.
        let keys: Vec<String> = keys.filter(|key| key.starts_with(prefix)).collect();
        keys.into_iter().filter_map(|key| storage.get_item(&key).ok().flatten().map(|text| (key, text))).collect()
    }

    /// One item.
    pub fn get(&self, key: &str) -> Option<String> {
        self.0.as_ref()?.get_item(key).ok().flatten()
    }

    /// One item that is looked at again and again, to be compared: its text is not copied.
    pub fn watched(&self, key: &JsValue) -> JsValue {
        let item = self.0.as_ref().map(|storage| storage.unchecked_ref::<Watched>().get_item(key).unwrap_or_default());
        item.unwrap_or(JsValue::NULL)
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
    let Ok(storage) = session() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or_default()).filter_map(|index| storage.key(index).ok().flatten());
    let keys = keys.filter(|key| key.starts_with(PREFIX) && key.ends_with(name));
    keys.filter_map(|key| storage.get_item(&key).ok().flatten()).collect()
}

/// The tab's own storage, which also holds what waits for the user's return. Error: `storage_not_supported`.
pub fn session() -> Result<WebStorage, Error> {
    location::window()?
        .session_storage()
        .ok()
        .flatten()
        .ok_or_else(|| Error::about(ErrorCode::StorageNotSupported, "sessionStorage"))
}

fn put(storage: &WebStorage, key: &str, text: Option<&str>) -> Result<(), JsValue> {
    match text {
        Some(text) => storage.set_item(key, text),
        None => storage.remove_item(key),
    }
}
