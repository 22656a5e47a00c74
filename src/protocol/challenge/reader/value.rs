//! The value of a parameter: token or quoted-string, and the unquoted, half-quoted and otherwise quoted ones services send.

use super::{
    super::classes::{is_blank, is_quotable, is_raw, is_text, is_token},
    Reader, Refused,
};

impl<'a> Reader<'a> {
    /// Takes a value. `None` where there is one but it cannot be read, or where there is none; what follows is the caller's.
    pub(super) fn value(&mut self, name: &str) -> Result<Option<String>, Refused> {
        if self.peek() == Some(b'"') { self.quoted() } else { self.unquoted(name) }
    }

    /// `quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE`, RFC 9110 section 5.6.4.
    fn quoted(&mut self) -> Result<Option<String>, Refused> {
        let open = self.at;
        let mut value = String::new();
        let mut readable = true;
        self.bump();
        loop {
            let run = self.run(is_quotable);
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
                    self.depart(self.at)?;
                    readable = false;
                    self.bump();
                }
                // The last quote is not closed.
                None => {
                    self.depart(open)?;
                    break;
                }
            }
        }
        if !self.is_delimited() && value.starts_with('{') {
            let end = self.at;
            self.at = open.saturating_add(1);
            if let Some(json) = self.braces().filter(|_| self.peek() == Some(b'"')) {
                self.depart(end)?;
                self.bump();
                return Ok(Some(json.to_owned()));
            }
            self.at = end;
        }
        Ok(readable.then_some(value))
    }

    /// `token`, RFC 9110 section 5.6.2; else what the grammar wants quoted and services do not quote.
    fn unquoted(&mut self, name: &str) -> Result<Option<String>, Refused> {
        let start = self.at;
        let token = self.run(is_token);
        if !self.is_delimited() || self.is_inner_semicolon() {
            self.depart(self.at)?;
            self.at = start;
            let value = self.single_quoted().or_else(|| self.braces());
            if value.is_some() && self.is_delimited() {
                return Ok(value.map(str::to_owned));
            }
            self.at = start;
            self.raw();
        } else if token.is_empty() {
            self.depart(start)?;
            return Ok(None);
        }
        if matches!(name, "acr_values" | "error_description" | "scope") {
            self.more_words()?;
        }
        Ok(self.text.get(start..self.at).map(str::to_owned))
    }

    /// An unquoted value that is no token. It may end where the caller finds no delimiter, and drops it.
    fn raw(&mut self) {
        self.run(is_raw);
        while self.is_inner_semicolon() {
            self.bump();
            self.run(is_raw);
        }
    }

    /// Whether a semicolon stands here that is part of an unquoted value, as in `a;b`.
    fn is_inner_semicolon(&self) -> bool {
        let next = self.text.as_bytes().get(self.at.saturating_add(1));
        self.peek() == Some(b';') && next.is_some_and(|next| !is_blank(*next))
    }

    /// Goes on over blanks and words to the comma or the end, unless there is more than words on the way.
    fn more_words(&mut self) -> Result<(), Refused> {
        let end = self.at;
        self.run(is_blank);
        let words = self.run(|byte| is_blank(byte) || (is_raw(byte) && byte != b'='));
        let last = words.trim_ascii_end().len();
        if last > 0 && matches!(self.peek(), None | Some(b',')) {
            self.depart(end)?;
            let trailing = words.len().saturating_sub(last);
            self.at = self.at.saturating_sub(trailing);
        } else {
            self.at = end;
        }
        Ok(())
    }

    /// `'…'` up to the next single quote. The reader moves only if there is one.
    fn single_quoted(&mut self) -> Option<&'a str> {
        let inside = self.text.get(self.at..)?.strip_prefix('\'')?;
        let length = inside.bytes().position(|byte| byte == b'\'')?;
        let value = inside.get(..length).filter(|value| value.bytes().all(is_text))?;
        self.at = self.at.saturating_add(length).saturating_add(2);
        Some(value)
    }

    /// `{…}` up to the brace that closes it, as JSON nests and quotes. The reader moves only if there is one.
    fn braces(&mut self) -> Option<&'a str> {
        let rest = self.text.get(self.at..).filter(|rest| rest.starts_with('{') && !self.unbalanced)?;
        let mut depth: usize = 0;
        let mut quoted = false;
        let mut escaped = false;
        for (offset, byte) in rest.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = quoted,
                b'"' => quoted = !quoted,
                b'{' if !quoted => depth = depth.saturating_add(1),
                b'}' if !quoted => depth = depth.saturating_sub(1),
                _ if is_text(byte) => {}
                _ => break,
            }
            if depth == 0 {
                let length = offset.saturating_add(1);
                self.at = self.at.saturating_add(length);
                return rest.get(..length);
            }
        }
        self.unbalanced = true;
        None
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
