//! Countersign signs users of a single-page app in, keeps their tokens, and answers an API that challenges one: it reads the
//! `WWW-Authenticate` header, gets a token that meets it, and sends the request again.
//!
//! This crate is the core; apps use the npm package `countersign`, which is made of it. It is no server-side library and it does not
//! decide what an API may ask. Outside the browser, `protocol` and `session` build and run natively: an API can format its
//! challenges, and a test can play both sides.
//!
//! Knowledge points one way:
//!
//! ```text
//! api        exports to JavaScript                     (wasm only)
//!  └ browser   effects: fetch, popup, storage, clock   (wasm only)
//!     └ session    state machines: what happens next
//!        └ protocol    rules of the RFCs
//!           └ error       what can go wrong
//! ```
//!
//! `api` and `browser`, and the crates they need, exist for the wasm target alone: an effect in `protocol` or `session` does not
//! compile natively.

pub mod error;
pub mod protocol;
pub mod session;

#[cfg(target_family = "wasm")]
pub mod browser;

#[cfg(target_family = "wasm")]
pub mod api;

/// A third of the bytes of the standard one.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
