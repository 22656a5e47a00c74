//! One answer for many: a value that is not there yet, and a list of the requests under way.

use std::{
    cell::{OnceCell, RefCell},
    future::poll_fn,
    pin::pin,
    rc::Rc,
    task::Poll,
};

use js_sys::{Function, Promise};
use wasm_bindgen::{JsValue, closure::Closure};
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

/// Calls `call` outside of every task. In Firefox `window.open`, `alert` and `confirm` let other events in before they return, and the queue of
/// tasks, entered while it is at work, would stop for good.
pub async fn outside<T: Clone + 'static>(call: impl FnOnce() -> T + 'static) -> T {
    let slot = Slot::new();
    let result = Rc::clone(&slot);
    let callback = Closure::once(move |_: JsValue| result.put(call()));
    let _ = Promise::resolve(&JsValue::UNDEFINED).then(&callback);
    let value = slot.get().await;
    drop(callback);
    value
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
