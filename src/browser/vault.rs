//! What `localStorage` needs beside itself: AES-GCM with a key that stays in IndexedDB, and Web Locks. The calls are in `pkg-template/vault.js`.

use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};

use super::flight::Slot;
use crate::error::{Error, ErrorCode};

#[wasm_bindgen(module = "/pkg-template/vault.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = openKey)]
    async fn open_key(name: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = seal)]
    async fn seal(key: &JsValue, name: &str, text: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = unseal)]
    async fn unseal(key: &JsValue, name: &str, text: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = lock)]
    async fn lock(name: &str, mark: &str, timeout: u32) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = watch)]
    fn watch_storage(changed: &Closure<dyn FnMut(Option<String>)>);
}

/// Seals texts with a key that no script can read.
#[derive(Debug)]
pub struct Vault(JsValue);

impl Vault {
    /// The vault of this name. Error: `storage_not_supported` where the browser blocks IndexedDB, or it does not answer.
    pub async fn open(name: &str) -> Result<Self, Error> {
        open_key(name).await.map(Self).map_err(|_| Error::about(ErrorCode::StorageNotSupported, "IndexedDB"))
    }

    /// `text`, sealed for this place. `None`: the key is of no use.
    pub async fn seal(&self, place: &str, text: &str) -> Option<String> {
        seal(&self.0, place, text).await.ok()?.as_string()
    }

    /// What was sealed for this place; `None` for anything else.
    pub async fn unseal(&self, place: &str, text: &str) -> Option<String> {
        unseal(&self.0, place, text).await.ok()?.as_string()
    }
}

/// A lock that no other tab has. Given back when it is dropped.
#[derive(Debug)]
pub struct Lock(JsValue);

impl Lock {
    /// Waits for it, for so many milliseconds; 0: for as long as it takes. A browser without locks goes on without. What the last
    /// holder wrote to `localStorage` is there by then; `mark` is the key that says so.
    pub async fn take(name: String, mark: String, patience: u32) -> Rc<Self> {
        let slot = Slot::new();
        let taken = Rc::clone(&slot);
        // On its own: where the caller is gone by the time the lock is here, it must be given back.
        wasm_bindgen_futures::spawn_local(async move {
            taken.put(Rc::new(Self(lock(&name, &mark, patience).await.unwrap_or_default())));
        });
        slot.get().await
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = self.0.dyn_ref::<Function>() {
            // It does not throw.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Calls back with the key of each change of another tab, for as long as the page lives; `None`: everything was cleared.
pub fn watch(changed: impl FnMut(Option<String>) + 'static) {
    let closure = Closure::new(changed);
    watch_storage(&closure);
    closure.forget();
}
