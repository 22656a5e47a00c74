//! Exports. `#[wasm_bindgen]` only: values cross the boundary here, nothing is decided.
//!
//! What users import is the hand-written shell in `pkg-template`; its `index.d.ts` is the public contract. The export list of these
//! files is what the shell builds on, and private.

pub mod challenge;
pub mod client;
mod convert;
mod options;
mod throw;
