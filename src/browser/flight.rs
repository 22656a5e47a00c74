//! One answer for many: a value that is not there yet, and a list of the requests under way.

use std::{
    cell::{OnceCell, RefCell},
    future::poll_fn,
    pin::pin,
    rc::Rc,
    task::Poll,
};

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// The first of two to be ready; the other one is dropped where it stands.
pub async fn first<T>(one: impl Future<Output = T>, other: impl Future<Output = T>) -> T {
    let (mut one, mut other) = (pin!(one), pin!(other));
    poll_fn(|context| match one.as_mut().poll(context) {
        Poll::Pending => other.as_mut().poll(context),
        ready => ready,
    })
    .await
}

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
