//! The value of a parameter: token or quoted-string, and the unquoted, half-quoted and otherwise quoted ones services send.

use super::{
    super::classes::{BLANK, QUOTABLE, RAW, TEXT, TOKEN, WORDS, is},
    Reader,
};

impl<'a> Reader<'a> {
    /// Takes a value. `None` where there is one but it cannot be read, or where there is none; what follows is the caller's.
    pub(super) fn value(&mut self, name: &str) -> Option<String> {
        if self.peek() == Some(b'"') { self.quoted() } else { self.unquoted(name) }
    }

    /// `quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE`, RFC 9110 section 5.6.4.
    fn quoted(&mut self) -> Option<String> {
        let open = self.at;
        let mut value = String::new();
        let mut readable = true;
        self.bump();
        loop {
            let run = self.run(QUOTABLE);
            value.push_str(run);
            match self.peek() {
                Some(b'"') => break self.bump(),
                Some(b'\\') => {
                    self.bump();
                    // What is escaped starts the next run, unless it is a quote, a backslash or not allowed at all.
                    if let Some(byte @ (b'"' | b'\\')) = self.peek() {
                        value.push(char::from(byte));
                        self.bump();
                    }
                }
                Some(_) => {
                    self.depart(self.at);
                    readable = false;
                    self.bump();
                }
                // The last quote is not closed.
                None => {
                    self.depart(self.at);
                    break;
                }
            }
        }
        if !self.is_delimited() && value.starts_with('{') {
            let end = self.at;
            self.at = open.saturating_add(1);
            if let Some(json) = self.braces(|reader| reader.peek() == Some(b'"')) {
                self.depart(end);
                self.bump();
                return Some(json.to_owned());
            }
            self.at = end;
        }
        readable.then_some(value)
    }

    /// `token`, RFC 9110 section 5.6.2; else what the grammar wants quoted and services do not quote.
    fn unquoted(&mut self, name: &str) -> Option<String> {
        let start = self.at;
        let token = self.run(TOKEN);
        if !self.is_delimited() || self.is_inner_semicolon() {
            self.depart(self.at);
            self.at = start;
            if self.peek() == Some(b'=') {
                return None;
            }
            let value = self.single_quoted(Self::is_delimited).or_else(|| self.braces(Self::is_delimited));
            if value.is_some() {
                return value.map(str::to_owned);
            }
            self.raw();
        } else if token.is_empty() {
            self.depart(start);
            return None;
        } else if token.starts_with('\'')
            && let Some(value) = self.single_quoted_words(start)
        {
            return Some(value.to_owned());
        }
        if matches!(name, "acr_values" | "error_description" | "scope") {
            self.more_words();
        }
        self.text.get(start..self.at).map(str::to_owned)
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
        let next = self.text.as_bytes().get(self.at.saturating_add(1));
        self.peek() == Some(b';') && next.is_some_and(|next| !is(*next, BLANK))
    }

    /// Goes on over blanks and words to the comma or the end, unless there is more than words on the way.
    fn more_words(&mut self) {
        let end = self.at;
        self.run(BLANK);
        let next = self.at;
        let words = self.run(WORDS);
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
    fn single_quoted_words(&mut self, start: usize) -> Option<&'a str> {
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
    fn single_quoted(&mut self, ends: fn(&Self) -> bool) -> Option<&'a str> {
        let inside = self.text.get(self.at..)?.strip_prefix('\'')?;
        let length = inside.bytes().position(|byte| byte == b'\'')?;
        let value = inside.get(..length).filter(|value| value.bytes().all(|byte| is(byte, TEXT)))?;
        self.moved(length.saturating_add(2), ends).then_some(value)
    }

    /// `{…}` up to the brace that closes it, as JSON nests and quotes. The reader moves only if there is one, and what is asked
    /// holds behind it.
    fn braces(&mut self, ends: fn(&Self) -> bool) -> Option<&'a str> {
        let rest = self.text.get(self.at..).filter(|rest| rest.starts_with('{') && !self.unbalanced)?;
        let mut depth: usize = 0;
        let mut quoted = false;
        let mut escaped = false;
        for (offset, byte) in rest.bytes().enumerate() {
            match byte {
                _ if !is(byte, TEXT) => break,
                _ if escaped => escaped = false,
                b'\\' => escaped = quoted,
                b'"' => quoted = !quoted,
                b'{' if !quoted => depth = depth.saturating_add(1),
                b'}' if !quoted => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                let length = offset.saturating_add(1);
                if self.moved(length, ends) {
                    return rest.get(..length);
                }
                break;
            }
        }
        self.unbalanced = true;
        None
    }

    /// Moves by so many bytes if what is asked holds there.
    fn moved(&mut self, by: usize, ends: fn(&Self) -> bool) -> bool {
        let start = self.at;
        self.at = start.saturating_add(by);
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
