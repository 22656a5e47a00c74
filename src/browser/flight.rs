//! One answer for many: a value that is not there yet, and a list of the requests under way.

use std::{
    cell::{OnceCell, RefCell},
    rc::Rc,
};

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// A value that arrives once.
#[derive(Debug)]
pub struct Slot<T> {
    value: OnceCell<T>,
    arrival: Promise,
    arrive: RefCell<Option<Function>>,
}

impl<T: Clone> Slot<T> {
    /// A slot without its value.
    pub fn new() -> Rc<Self> {
        let mut arrive = None;
        let arrival = Promise::new(&mut |resolve, _| arrive = Some(resolve));
        Rc::new(Self { value: OnceCell::new(), arrival, arrive: RefCell::new(arrive) })
    }

    /// Puts the value there. The first one counts.
    pub fn put(&self, value: T) {
        if self.value.set(value).is_ok()
            && let Some(arrive) = self.arrive.take()
        {
            // The resolving functions of a promise do not throw.
            let _ = arrive.call0(&JsValue::UNDEFINED);
        }
    }

    /// Waits for the value.
    pub async fn get(&self) -> T {
        loop {
            if let Some(value) = self.value.get() {
                return value.clone();
            }
            // It never rejects.
            let _ = JsFuture::from(self.arrival.clone()).await;
        }
    }
}
