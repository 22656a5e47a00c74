//! The state machine: one field line in, challenges out.
//!
//! Every step off the grammar goes through [`Reader::depart`], which notes the first of them: it is the error of strict reading, and marks
//! the line in tolerant reading. Recovery then happens either way, because one path is half the code of two. Values are the business of
//! `value.rs`.

use super::{
    Challenge, MAX_PARAMETERS,
    classes::{BLANK, EQUALS, TOKEN, TOKEN68, is},
};

mod value;

/// Reads one field line.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Where the grammar was first departed from.
    refused: Option<usize>,
    /// The newest challenge may have parameters.
    open: Open,
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
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0, refused: None, open: Open::No, lost: false, reach: 0, unbalanced: false }
    }

    /// Appends the challenges of the line to `out`. Answers the offset of the first byte that the grammar does not allow, if there is one.
    pub(super) fn read(mut self, out: &mut Vec<Challenge>) -> Option<usize> {
        let first = out.len();
        let mut after = After::Comma;
        loop {
            after = self.separators(after);
            if self.peek().is_none() {
                break;
            }
            after = self.element(after, out);
        }
        if self.refused.is_some() {
            for challenge in out.iter_mut().skip(first) {
                challenge.recovered = true;
            }
        }
        self.refused
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
    fn element(&mut self, after: After, out: &mut Vec<Challenge>) -> After {
        let start = self.at;
        if after == After::Other {
            self.depart(start);
        }
        let word = self.run(TOKEN);
        let end = self.at;
        self.blanks();
        if word.is_empty() {
            return self.unreadable(start, start, after);
        }
        if self.peek() == Some(b'=') {
            return self.parameter(start, word, out);
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
        self.scheme(word, end, alone, out)
    }

    /// `auth-scheme [ 1*SP ( token68 / #auth-param ) ]`, RFC 9110 section 11.3. The reader stands behind the blanks.
    fn scheme(&mut self, scheme: &str, end: usize, alone: bool, out: &mut Vec<Challenge>) -> After {
        let mut challenge = Challenge { scheme: scheme.to_owned(), ..Challenge::default() };
        let blanks = self.text.as_bytes().get(end..self.at).unwrap_or_default();
        self.lost = false;
        self.open = if blanks.first() == Some(&b' ') { Open::Yes } else { Open::Bare };
        if alone {
            out.push(challenge);
            return After::Comma;
        }
        if blanks.iter().any(|byte| *byte != b' ') {
            self.depart(self.at);
        }
        self.open = Open::Yes;
        if let Some(token68) = self.token68() {
            challenge.token68 = Some(token68.to_owned());
            self.open = Open::Token68;
        }
        out.push(challenge);
        After::Scheme
    }

    /// `token68`, if it is followed by a comma or the end. Else the reader stays where it was.
    fn token68(&mut self) -> Option<&'a str> {
        let start = self.at;
        if !self.run(TOKEN68).is_empty() {
            self.run(EQUALS);
            let token68 = self.text.get(start..self.at);
            self.blanks();
            if matches!(self.peek(), None | Some(b',')) {
                return token68;
            }
            self.reach = self.at;
        }
        self.at = start;
        None
    }

    /// `auth-param = token BWS "=" BWS ( token / quoted-string )`, RFC 9110 section 11.2. The reader stands at the `=`.
    fn parameter(&mut self, start: usize, name: &str, out: &mut [Challenge]) -> After {
        if self.open != Open::Yes {
            // Up to here it might have been a scheme.
            self.depart(self.at);
        }
        self.bump();
        self.blanks();
        let name = name.to_ascii_lowercase();
        let value = self.value(&name);
        if !self.is_delimited() {
            return self.unreadable(self.at, self.at, After::Other);
        }
        self.lost = false;
        let challenge = out.last_mut().filter(|_| self.open != Open::No);
        if let (Some(challenge), Some(value)) = (challenge, value) {
            if self.open == Open::Token68 && !self.takes_back_token68(challenge) {
                return After::Other;
            }
            if challenge.params.len() >= MAX_PARAMETERS || challenge.param(&name).is_some() {
                self.depart(start);
            } else {
                challenge.params.push((name, value));
            }
        }
        After::Other
    }

    /// `Bearer realm=, error="x"`: by the grammar `realm=` is token68, and cannot be followed by parameters. With a single `=`
    /// it is read as the parameter without value that was meant.
    fn takes_back_token68(&mut self, challenge: &mut Challenge) -> bool {
        let name = challenge.token68.as_deref().and_then(|token68| token68.strip_suffix('='));
        if !name.is_some_and(|name| name.bytes().all(|byte| is(byte, TOKEN))) {
            return false;
        }
        challenge.token68 = None;
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
        let name = self.run(TOKEN);
        self.run(BLANK);
        let found = !name.is_empty() && self.peek() == Some(b'=');
        self.at = start;
        found
    }

    /// Whether the element ends here.
    fn is_delimited(&self) -> bool {
        self.peek().is_none_or(|byte| is(byte, BLANK) || matches!(byte, b',' | b';')) || self.is_loose_line_break()
    }

    /// Skips blanks. Recovery: line breaks that do not glue two words, as in an obsolete line folding (RFC 9112 section 5.2).
    fn blanks(&mut self) {
        self.run(BLANK);
        while self.is_loose_line_break() {
            self.depart(self.at);
            self.bump();
            self.run(BLANK);
        }
    }

    fn is_loose_line_break(&self) -> bool {
        let next = || self.text.as_bytes().get(self.at.saturating_add(1)).copied();
        matches!(self.peek(), Some(b'\r' | b'\n'))
            && next().is_none_or(|next| is(next, BLANK) || matches!(next, b'\r' | b'\n' | b','))
    }

    /// Notes that the grammar is not kept.
    // Compiled once: in line it would be bytes of wasm for each call.
    #[inline(never)]
    fn depart(&mut self, at: usize) {
        self.refused.get_or_insert_with(|| at.max(self.reach));
    }

    /// Takes the longest run of bytes of the class.
    fn run(&mut self, class: u8) -> &'a str {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let length = rest.iter().position(|byte| !is(*byte, class)).unwrap_or(rest.len());
        self.at = start.saturating_add(length);
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    const fn bump(&mut self) {
        self.at = self.at.saturating_add(1);
    }
}
