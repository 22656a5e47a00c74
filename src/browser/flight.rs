//! One answer for many: a value that is not there yet; and a gate, where not all may go at once.

use std::{
    cell::{Cell, OnceCell, RefCell},
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
        let (arrival, arrive) = arrival();
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
            arrived(&self.arrival).await;
        }
    }
}

// For every kind of value: compiled once.
async fn arrived(arrival: &Promise) {
    // It never rejects.
    let _ = JsFuture::from(arrival.clone()).await;
}

fn arrival() -> (Promise, Option<Function>) {
    let mut arrive = None;
    let arrival = Promise::new(&mut |resolve, _| arrive = Some(resolve));
    (arrival, arrive)
}

/// Lets so many through at once. Who comes while all places are taken waits in line.
#[derive(Debug)]
pub struct Gate {
    free: Cell<usize>,
    line: RefCell<Vec<Rc<Slot<Rc<Place>>>>>,
}

impl Gate {
    /// A gate with so many places.
    pub fn new(places: usize) -> Rc<Self> {
        Rc::new(Self { free: Cell::new(places), line: RefCell::default() })
    }

    /// A place, as soon as there is one.
    pub async fn enter(self: &Rc<Self>) -> Rc<Place> {
        if let Some(left) = self.free.get().checked_sub(1) {
            self.free.set(left);
            return Rc::new(Place(Rc::clone(self)));
        }
        let turn = Slot::new();
        self.line.borrow_mut().push(Rc::clone(&turn));
        turn.get().await
    }

    /// The first in line that still waits.
    fn next(&self) -> Option<Rc<Slot<Rc<Place>>>> {
        let mut line = self.line.borrow_mut();
        // Who went away has left its slot to the line alone.
        let first = line.iter().position(|turn| Rc::strong_count(turn) > 1).unwrap_or(line.len());
        line.drain(..first);
        (!line.is_empty()).then(|| line.remove(0))
    }
}

/// A place behind a gate. Dropped, it is the next one's.
#[derive(Debug)]
pub struct Place(Rc<Gate>);

impl Drop for Place {
    fn drop(&mut self) {
        match self.0.next() {
            Some(turn) => turn.put(Rc::new(Self(Rc::clone(&self.0)))),
            None => self.0.free.set(self.0.free.get() + 1),
        }
    }
}
