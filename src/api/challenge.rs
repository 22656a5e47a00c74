//! The challenge functions, usable without a client. `lines` are field lines: a list of texts, for which the shell sees to it.

use core::cell::RefCell;

use js_sys::Array;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{convert, options, throw};
use crate::protocol::{
    challenge::{self, Challenge, Piece, Pieces, Unwritable},
    claims, demand, list,
};

/// What the shell and the reader of field lines share.
#[derive(Default)]
struct Shared {
    /// The field line that the shell writes.
    line: Vec<u8>,
    /// What it is read into.
    pieces: Pieces,
}

thread_local! {
    static SHARED: RefCell<Shared> = const { RefCell::new(Shared { line: Vec::new(), pieces: Pieces::new() }) };
}

/// Makes room for field lines of up to so many bytes, in place of the room before. Answers where the shell is to write them: the address. They
/// cross so because texts and objects cost more at the boundary than all of the reading.
#[wasm_bindgen(js_name = roomForLines)]
pub fn room_for_lines(length: usize) -> *const u8 {
    let line = vec![0; length];
    let address = line.as_ptr();
    SHARED.replace(Shared { line, pieces: Pieces::new() });
    address
}

/// Reads the line of so many bytes that was written there. Answers where its pieces are: the address.
#[wasm_bindgen(js_name = readLine)]
pub fn read_line(length: usize) -> *const Piece {
    SHARED.with_borrow_mut(|Shared { line, pieces }| pieces.read(line.get(..length).unwrap_or_default()).as_ptr())
}

/// `getDemands`.
#[wasm_bindgen(js_name = getDemands)]
pub fn get_demands(status: f64, lines: JsValue) -> Array {
    // The cast saturates: what is no status is none of those that demand something. A `u16` would be taken modulo 65,536.
    demand::demands(status as u16, &challenges(lines)).iter().map(convert::demand).collect()
}

/// `getClaimsChallenge`.
#[wasm_bindgen(js_name = getClaimsChallenge)]
pub fn get_claims_challenge(lines: JsValue) -> Option<String> {
    claims::claims_challenge(&challenges(lines))
}

/// `mergeClaims`. The request has its two arguments, `claims` and `clientCapabilities`.
#[wasm_bindgen(js_name = mergeClaims)]
pub fn merge_claims(request: &JsValue) -> Result<String, JsValue> {
    let merge = || {
        let (claims, capabilities) = options::claims_request(request)?;
        claims::merge_claims(claims.as_deref(), &capabilities)
    };
    merge().map_err(|error| throw::to_js(&error))
}

/// `formatChallenge`.
#[wasm_bindgen(js_name = formatChallenge)]
pub fn format_challenge(challenge: &JsValue) -> Result<String, JsValue> {
    let format = || {
        let (scheme, params) = options::challenge(challenge)?;
        challenge::format_challenge(&scheme, &params).map_err(|unwritable| {
            let (Unwritable::Name(index) | Unwritable::Repeated(index) | Unwritable::Value(index)) = unwritable else {
                return options::unwritable(None);
            };
            options::unwritable(params.get(index).map(|(name, _)| name.as_str()))
        })
    };
    format().map_err(|error| throw::to_js(&error))
}

fn challenges(lines: JsValue) -> Vec<Challenge> {
    let lines = options::texts(lines).unwrap_or_default();
    challenge::parse_challenges(&list::of(lines.iter().map(String::as_str)))
}
