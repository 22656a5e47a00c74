//! What a field line is read into: one list of pieces, so that whoever holds the line cuts them out of it.

use core::ops::Range;

/// A piece of a field line.
// Three words: JavaScript reads them where they lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Piece {
    /// What it is.
    pub kind: Kind,
    /// The offset of its first byte.
    pub start: usize,
    /// The offset of the first byte behind it.
    pub end: usize,
}

/// What a piece is. A challenge is its scheme, and then either a token68 or names, each with its value. The last piece of a line is of the
/// line itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Kind {
    /// The scheme of a new challenge, as sent.
    Scheme,
    /// The token68 of the challenge.
    Token68,
    /// The name of a parameter.
    Name,
    /// The same, and there are capitals in it: it becomes one in lower case. Few have any, and to look costs less here than in JavaScript.
    CapitalName,
    /// The value of the parameter. More of them are the rest of it: what stands between them escapes what follows.
    Value,
    /// What was a token68 until a parameter followed.
    Nothing,
    /// The end of a line that the grammar allows.
    Sound,
    /// The end of a line that departs from the grammar, at this place.
    Refused,
}

impl Piece {
    pub(super) const fn new(kind: Kind, Range { start, end }: Range<usize>) -> Self {
        Self { kind, start, end }
    }
}
