//! One answer for many: a value that is not there yet; and a gate, where not all may go at once.

use std::{
    cell::{Cell, OnceCell, RefCell},
    future::poll_fn,
    pin::pin,
    rc::{Rc, Weak},
    task::{Poll, Waker},
};

use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};

use super::clock;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = queueMicrotask)]
    fn queue_microtask(call: &JsValue);
}

/// The first of two to be ready; the other one is dropped where it stands.
pub async fn first<T>(one: impl Future<Output = T>, other: impl Future<Output = T>) -> T {
    let (mut one, mut other) = (pin!(one), pin!(other));
    poll_fn(|context| match one.as_mut().poll(context) {
        Poll::Pending => other.as_mut().poll(context),
        ready => ready,
    })
    .await
}

/// Calls `call` outside of every task, unless this is given up before. In Firefox `window.open`, `alert` and `confirm` let other events in before they
/// return, and the queue of tasks, entered while it is at work, would stop for good.
pub async fn outside<T: Clone + 'static>(call: impl FnOnce() -> T + 'static) -> T {
    let slot = Slot::new();
    let result = Rc::downgrade(&slot);
    // It lives until it is called: nobody can take that back.
    queue_microtask(&Closure::once_into_js(move || {
        if let Some(result) = result.upgrade() {
            result.put(call());
        }
    }));
    slot.get().await
}

/// A value that arrives once.
#[derive(Debug)]
pub struct Slot<T> {
    value: OnceCell<T>,
    waiting: RefCell<Vec<Waker>>,
}

impl<T: Clone> Slot<T> {
    /// A slot without its value.
    pub fn new() -> Rc<Self> {
        Rc::new(Self { value: OnceCell::new(), waiting: RefCell::default() })
    }

    /// Puts the value there. The first one counts.
    pub fn put(&self, value: T) {
        if self.value.set(value).is_ok() {
            self.waiting.take().into_iter().for_each(Waker::wake);
        }
    }

    /// Waits for the value. No promise is made: one that never settles would be held on to for ever.
    pub async fn get(&self) -> T {
        poll_fn(|context| match self.value.get() {
            Some(value) => Poll::Ready(value.clone()),
            None => {
                remember(&self.waiting, context.waker());
                Poll::Pending
            }
        })
        .await
    }
}

// For every kind of value: compiled once.
fn remember(waiting: &RefCell<Vec<Waker>>, waker: &Waker) {
    let mut waiting = waiting.borrow_mut();
    if !waiting.iter().any(|own| own.will_wake(waker)) {
        waiting.push(waker.clone());
    }
}

/// Lets so many through at once. Who comes while all places are taken waits in line, but not for long: where nothing has moved for a while, those who are
/// inside may be waiting for one who is in line, and all go through.
#[derive(Debug)]
pub struct Gate {
    places: usize,
    inside: Cell<usize>,
    line: RefCell<Vec<Weak<Turn>>>,
    has_moved: Cell<bool>,
    is_watched: Cell<bool>,
}

type Turn = Slot<Rc<Place>>;

impl Gate {
    /// A gate with so many places.
    pub fn new(places: usize) -> Rc<Self> {
        Rc::new(Self {
            places,
            inside: Cell::default(),
            line: RefCell::default(),
            has_moved: Cell::default(),
            is_watched: Cell::default(),
        })
    }

    /// A place, as soon as there is one, and whether that had to be waited for.
    pub async fn enter(self: &Rc<Self>) -> (Rc<Place>, bool) {
        if let Some(place) = self.try_enter() {
            return (place, false);
        }
        let turn = Slot::new();
        self.line.borrow_mut().push(Rc::downgrade(&turn));
        self.watch();
        (turn.get().await, true)
    }

    /// A place, where there is one.
    pub fn try_enter(self: &Rc<Self>) -> Option<Rc<Place>> {
        (self.inside.get() < self.places).then(|| self.place())
    }

    fn place(self: &Rc<Self>) -> Rc<Place> {
        self.inside.set(self.inside.get() + 1);
        Rc::new(Place(Rc::clone(self)))
    }

    /// Lets the first in line through, of those who wait still. Whether there was one.
    fn call(self: &Rc<Self>) -> bool {
        loop {
            let mut line = self.line.borrow_mut();
            if line.is_empty() {
                return false;
            }
            let first = line.remove(0);
            drop(line);
            if let Some(turn) = first.upgrade() {
                turn.put(self.place());
                return true;
            }
        }
    }

    fn watch(self: &Rc<Self>) {
        if self.is_watched.replace(true) {
            return;
        }
        let gate = Rc::clone(self);
        wasm_bindgen_futures::spawn_local(async move {
            while !gate.line.borrow().is_empty() {
                gate.has_moved.set(false);
                clock::sleep(PATIENCE).await;
                while !gate.has_moved.get() && gate.call() {}
            }
            gate.is_watched.set(false);
        });
    }
}

/// A place behind a gate. Dropped, it is the next one's.
#[derive(Debug)]
pub struct Place(Rc<Gate>);

impl Drop for Place {
    fn drop(&mut self) {
        let gate = &self.0;
        gate.inside.set(gate.inside.get().saturating_sub(1));
        while gate.inside.get() < gate.places && gate.call() {
            gate.has_moved.set(true);
        }
    }
}

/// Milliseconds.
const PATIENCE: u64 = 1000;
