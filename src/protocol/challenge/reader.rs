//! The state machine: one field line in, pieces out.
//!
//! Every step off the grammar goes through [`Reader::depart`], which notes the first of them: it is the error of strict reading, and marks
//! the line in tolerant reading. Recovery then happens either way, because one path is half the code of two. Values are the business of
//! `value.rs`.

use core::ops::Range;

use super::{
    Kind, MAX_PARAMETERS, Piece,
    classes::{BLANK, EQUALS, TOKEN, TOKEN68, is},
};

mod value;

/// Reads one field line.
pub(super) struct Reader<'a> {
    line: &'a [u8],
    pieces: &'a mut Vec<Piece>,
    at: usize,
    /// Where the grammar was first departed from.
    refused: Option<usize>,
    /// The newest challenge may have parameters.
    open: Open,
    /// Where the pieces of the newest challenge begin.
    newest: usize,
    /// What its parameters are called.
    names: &'a mut Vec<Range<usize>>,
    /// Text was skipped: what looks like a scheme needs proof.
    lost: bool,
    /// How far the latest token68 would have reached: what is refused lies no earlier.
    reach: usize,
    /// A search for a closing brace was in vain. One in a line may be: many of them would be quadratic.
    unbalanced: bool,
}

/// Whether the newest challenge may have parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// Yes, but no space followed the scheme, so that the grammar forbids it.
    Bare,
    /// No challenge yet in this line, or unreadable text has ended it.
    No,
    /// It has a token68 instead.
    Token68,
    /// Yes.
    Yes,
}

/// What stood before a list element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// A comma, or the start of the line.
    Comma,
    /// The scheme and its space.
    Scheme,
    /// Something else: a comma is missing.
    Other,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(line: &'a [u8], pieces: &'a mut Vec<Piece>, names: &'a mut Vec<Range<usize>>) -> Self {
        Self { line, pieces, at: 0, refused: None, open: Open::No, newest: 0, names, lost: false, reach: 0, unbalanced: false }
    }

    /// Appends the pieces of the line.
    pub(super) fn read(mut self) {
        let mut after = After::Comma;
        loop {
            after = self.separators(after);
            if self.peek().is_none() {
                break;
            }
            after = self.element(after);
        }
        match self.refused {
            Some(at) => self.push(Kind::Refused, at..at),
            None => self.push(Kind::Sound, self.at..self.at),
        }
    }

    /// `OWS *( "," OWS )`, RFC 9110 section 5.6.1. Recovery: `;` for the comma.
    fn separators(&mut self, mut after: After) -> After {
        loop {
            self.blanks();
            match self.peek() {
                Some(b',') => {}
                Some(b';') => self.depart(self.at),
                _ => return after,
            }
            self.bump();
            after = After::Comma;
        }
    }

    /// A scheme with or without what follows it, or a parameter. Answers what stands before the next element.
    fn element(&mut self, after: After) -> After {
        let start = self.at;
        if after == After::Other {
            self.depart(start);
        }
        self.run(TOKEN);
        let end = self.at;
        self.blanks();
        if end == start {
            return self.unreadable(start, start, after);
        }
        if self.peek() == Some(b'=') {
            return self.parameter(start..end);
        }
        let parted = self.at > end;
        let alone = matches!(self.peek(), None | Some(b',' | b';'));
        // Where the place is that of a scheme, a scheme it is. Elsewhere a parameter has to follow to make it one.
        let plausible = if after == After::Comma && !self.lost { parted || alone } else { parted && !alone && self.sees_name() };
        if !plausible {
            return self.unreadable(self.at, end, after);
        }
        if after == After::Scheme {
            self.depart(self.at);
        }
        self.scheme(start..end, alone)
    }

    /// `auth-scheme [ 1*SP ( token68 / #auth-param ) ]`, RFC 9110 section 11.3. The reader stands behind the blanks.
    fn scheme(&mut self, scheme: Range<usize>, alone: bool) -> After {
        let blanks = self.line.get(scheme.end..self.at).unwrap_or_default();
        self.lost = false;
        self.open = if blanks.first() == Some(&b' ') { Open::Yes } else { Open::Bare };
        self.newest = self.pieces.len();
        self.names.clear();
        self.push(Kind::Scheme, scheme);
        if alone {
            return After::Comma;
        }
        if blanks.iter().any(|byte| *byte != b' ') {
            self.depart(self.at);
        }
        self.open = if self.token68() { Open::Token68 } else { Open::Yes };
        After::Scheme
    }

    /// `token68`, if it is followed by a comma or the end. Else the reader stays where it was.
    fn token68(&mut self) -> bool {
        let start = self.at;
        self.run(TOKEN68);
        if self.at > start {
            self.run(EQUALS);
            let end = self.at;
            self.blanks();
            if matches!(self.peek(), None | Some(b',')) {
                self.push(Kind::Token68, start..end);
                return true;
            }
            self.reach = self.at;
        }
        self.at = start;
        false
    }

    /// `auth-param = token BWS "=" BWS ( token / quoted-string )`, RFC 9110 section 11.2. The reader stands at the `=`.
    fn parameter(&mut self, name: Range<usize>) -> After {
        if self.open != Open::Yes {
            // Up to here it might have been a scheme.
            self.depart(self.at);
        }
        self.bump();
        self.blanks();
        let before = self.pieces.len();
        let has_capital = self.text(name.clone()).iter().any(u8::is_ascii_uppercase);
        self.push(if has_capital { Kind::CapitalName } else { Kind::Name }, name.clone());
        let is_readable = self.value(name.clone());
        let is_delimited = self.is_delimited();
        if is_delimited {
            self.lost = false;
        }
        if !(is_delimited && is_readable && self.takes(name)) {
            self.pieces.truncate(before);
        }
        if is_delimited { After::Other } else { self.unreadable(self.at, self.at, After::Other) }
    }

    /// Whether the newest challenge takes a parameter of this name.
    fn takes(&mut self, name: Range<usize>) -> bool {
        if self.open == Open::No || self.open == Open::Token68 && !self.takes_back_token68() {
            return false;
        }
        let text = self.text(name.clone());
        let is_same = |other: &Range<usize>| self.text(other.clone()).eq_ignore_ascii_case(text);
        if self.names.len() >= MAX_PARAMETERS || self.names.iter().any(is_same) {
            self.depart(name.start);
            return false;
        }
        self.names.push(name);
        true
    }

    /// `Bearer realm=, error="x"`: by the grammar `realm=` is token68, and cannot be followed by parameters. With a single `=`
    /// it is read as the parameter without value that was meant.
    fn takes_back_token68(&mut self) -> bool {
        let Some(token68) = self.pieces.get_mut(self.newest.saturating_add(1)) else { return false };
        let text = self.line.get(token68.start..token68.end).unwrap_or_default();
        if !text.strip_suffix(b"=").is_some_and(|name| name.iter().all(|byte| is(*byte, TOKEN))) {
            return false;
        }
        token68.kind = Kind::Nothing;
        self.open = Open::Yes;
        true
    }

    /// Skips a word from `from` on that no rule reads; quotes in it hide blanks and commas.
    fn unreadable(&mut self, refused: usize, from: usize, after: After) -> After {
        self.depart(refused);
        self.lost = true;
        self.at = from;
        while let Some(byte) = self.peek() {
            if is(byte, BLANK) || byte == b',' || self.is_loose_line_break() {
                break;
            }
            self.bump();
            if byte == b'"' {
                self.skip_quoted();
            }
        }
        let end = self.at;
        self.blanks();
        if after == After::Comma && self.at > end && !matches!(self.peek(), None | Some(b',')) {
            self.open = Open::No;
        }
        After::Other
    }

    /// Whether `name =` stands here.
    fn sees_name(&mut self) -> bool {
        let start = self.at;
        self.run(TOKEN);
        let is_named = self.at > start;
        self.run(BLANK);
        let found = is_named && self.peek() == Some(b'=');
        self.at = start;
        found
    }

    /// Whether the element ends here.
    fn is_delimited(&self) -> bool {
        self.peek().is_none_or(|byte| is(byte, BLANK) || matches!(byte, b',' | b';')) || self.is_loose_line_break()
    }

    /// Skips blanks. Recovery: line breaks that do not glue two words, as in an obsolete line folding (RFC 9112 section 5.2).
    fn blanks(&mut self) {
        // Mostly there is none.
        if !matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            return;
        }
        self.run(BLANK);
        while self.is_loose_line_break() {
            self.depart(self.at);
            self.bump();
            self.run(BLANK);
        }
    }

    // In line, because there is hardly ever a line break.
    #[inline(always)]
    fn is_loose_line_break(&self) -> bool {
        matches!(self.peek(), Some(b'\r' | b'\n')) && self.parts_words()
    }

    /// Whether the line break that stands here does.
    #[inline(never)]
    fn parts_words(&self) -> bool {
        let next = self.line.get(self.at.saturating_add(1));
        next.is_none_or(|next| is(*next, BLANK) || matches!(next, b'\r' | b'\n' | b','))
    }

    /// Notes that the grammar is not kept.
    // Compiled once: in line it would be bytes of wasm for each call.
    #[inline(never)]
    fn depart(&mut self, at: usize) {
        self.refused.get_or_insert_with(|| at.max(self.reach));
    }

    /// Takes the longest run of bytes of the class.
    #[inline(never)]
    fn run(&mut self, class: u8) {
        let rest = self.line.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !is(*byte, class)).unwrap_or(rest.len());
        self.at = self.at.saturating_add(length);
    }

    // In line it is a comparison and a load; called, it would hand its answer over in memory, for every byte.
    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    const fn bump(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn push(&mut self, kind: Kind, text: Range<usize>) {
        self.pieces.push(Piece::new(kind, text));
    }

    fn text(&self, text: Range<usize>) -> &'a [u8] {
        self.line.get(text).unwrap_or_default()
    }
}
