//! The value of a parameter: token or quoted-string, and the unquoted, half-quoted and otherwise quoted ones services send.

use core::ops::Range;

use super::{
    super::classes::{BLANK, QUOTABLE, RAW, TEXT, TOKEN, WORDS, is},
    Kind, Reader,
};

impl Reader<'_> {
    /// Takes the value of a parameter of this name. Answers whether it can be read; what follows is the caller's, and so is what to do with
    /// the pieces of one that cannot.
    pub(super) fn value(&mut self, name: Range<usize>) -> bool {
        if self.peek() == Some(b'"') {
            return self.quoted();
        }
        let value = self.unquoted(name);
        let is_readable = value.is_some();
        self.push(Kind::Value, value.unwrap_or_default());
        is_readable
    }

    /// `quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE`, RFC 9110 section 5.6.4.
    fn quoted(&mut self) -> bool {
        let before = self.pieces.len();
        let mut is_readable = true;
        self.bump();
        let inside = self.at;
        let mut start = inside;
        loop {
            self.run(QUOTABLE);
            match self.peek() {
                Some(b'"') => {
                    self.push(Kind::Value, start..self.at);
                    break self.bump();
                }
                Some(b'\\') => {
                    self.push(Kind::Value, start..self.at);
                    self.bump();
                    start = self.at;
                    // What is escaped starts the next run, unless it is a quote, a backslash or not allowed at all.
                    if matches!(self.peek(), Some(b'"' | b'\\')) {
                        self.bump();
                    }
                }
                Some(_) => {
                    self.depart(self.at);
                    is_readable = false;
                    self.bump();
                }
                // The last quote is not closed.
                None => {
                    self.push(Kind::Value, start..self.at);
                    self.depart(self.at);
                    break;
                }
            }
        }
        if !self.is_delimited() {
            let end = self.at;
            self.at = inside;
            if let Some(json) = self.braces(|reader| reader.peek() == Some(b'"')) {
                self.depart(end);
                self.bump();
                self.pieces.truncate(before);
                self.push(Kind::Value, json);
                return true;
            }
            self.at = end;
        }
        is_readable
    }

    /// `token`, RFC 9110 section 5.6.2; else what the grammar wants quoted and services do not quote.
    fn unquoted(&mut self, name: Range<usize>) -> Option<Range<usize>> {
        let start = self.at;
        self.run(TOKEN);
        if !self.is_delimited() || self.is_inner_semicolon() {
            self.depart(self.at);
            self.at = start;
            if self.peek() == Some(b'=') {
                return None;
            }
            let value = self.single_quoted(Self::is_delimited).or_else(|| self.braces(Self::is_delimited));
            if value.is_some() {
                return value;
            }
            self.raw();
        } else if self.at == start {
            self.depart(start);
            return None;
        } else if self.line.get(start) == Some(&b'\'')
            && let Some(value) = self.single_quoted_words(start)
        {
            return Some(value);
        }
        let name = self.text(name);
        if [&b"acr_values"[..], b"error_description", b"scope"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
            self.more_words();
        }
        Some(start..self.at)
    }

    /// An unquoted value that is no token. It may end where the caller finds no delimiter, and drops it.
    fn raw(&mut self) {
        self.run(RAW);
        while self.is_inner_semicolon() {
            self.bump();
            self.run(RAW);
        }
    }

    /// Whether a semicolon stands here that is part of an unquoted value, as in `a;b`.
    fn is_inner_semicolon(&self) -> bool {
        let next = self.line.get(self.at.saturating_add(1));
        self.peek() == Some(b';') && next.is_some_and(|next| !is(*next, BLANK))
    }

    /// Goes on over blanks and words to the comma or the end, unless there is more than words on the way.
    fn more_words(&mut self) {
        let end = self.at;
        self.run(BLANK);
        let next = self.at;
        self.run(WORDS);
        let words = self.text(next..self.at);
        let last = words.trim_ascii_end().len();
        if last > 0 && matches!(self.peek(), None | Some(b',')) {
            self.depart(next);
            let trailing = words.len().saturating_sub(last);
            self.at = self.at.saturating_sub(trailing);
        } else {
            self.at = end;
        }
    }

    /// `'…'` whose first word is a token: the grammar refuses it only if a blank and then more than a comma follow the token.
    fn single_quoted_words(&mut self, start: usize) -> Option<Range<usize>> {
        let end = self.at;
        self.run(BLANK);
        let next = self.at;
        if next > end && !matches!(self.peek(), None | Some(b',')) {
            self.at = start;
            let value = self.single_quoted(Self::is_delimited).filter(|_| self.at > next);
            if value.is_some() {
                self.depart(next);
                return value;
            }
        }
        self.at = end;
        None
    }

    /// `'…'` up to the next single quote. The reader moves only if there is one, and what is asked holds behind it.
    fn single_quoted(&mut self, ends: fn(&Self) -> bool) -> Option<Range<usize>> {
        let start = self.at.saturating_add(1);
        let inside = self.line.get(self.at..)?.strip_prefix(b"'")?;
        let length = inside.iter().position(|byte| *byte == b'\'')?;
        let end = start.saturating_add(length);
        let is_text = self.text(start..end).iter().all(|byte| is(*byte, TEXT));
        (is_text && self.moved(end.saturating_add(1), ends)).then_some(start..end)
    }

    /// `{…}` up to the brace that closes it, as JSON nests and quotes. The reader moves only if there is one, and what is asked
    /// holds behind it.
    fn braces(&mut self, ends: fn(&Self) -> bool) -> Option<Range<usize>> {
        let start = self.at;
        let rest = self.line.get(start..).filter(|rest| rest.starts_with(b"{") && !self.unbalanced)?;
        let mut depth: usize = 0;
        let mut quoted = false;
        let mut escaped = false;
        for (offset, byte) in rest.iter().enumerate() {
            match *byte {
                byte if !is(byte, TEXT) => break,
                _ if escaped => escaped = false,
                b'\\' => escaped = quoted,
                b'"' => quoted = !quoted,
                b'{' if !quoted => depth = depth.saturating_add(1),
                b'}' if !quoted => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                let end = start.saturating_add(offset).saturating_add(1);
                if self.moved(end, ends) {
                    return Some(start..end);
                }
                break;
            }
        }
        self.unbalanced = true;
        None
    }

    /// Moves there if what is asked holds there.
    fn moved(&mut self, to: usize, ends: fn(&Self) -> bool) -> bool {
        let start = self.at;
        self.at = to;
        let holds = ends(self);
        if !holds {
            self.at = start;
        }
        holds
    }

    /// Skips to behind the closing quote, or to the end. The reader stands behind the opening one.
    pub(super) fn skip_quoted(&mut self) {
        while let Some(byte) = self.peek() {
            self.bump();
            match byte {
                b'"' => return,
                b'\\' => self.bump(),
                _ => {}
            }
        }
    }
}
