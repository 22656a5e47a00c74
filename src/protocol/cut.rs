//! Where a text is cut. The searches of `core::str` are made for long texts and any character, and cost 2 KB of what users download; those here are for short
//! ones, at ASCII.

/// Where `part` begins in `text`.
pub fn find(text: &str, part: &str) -> Option<usize> {
    (0..text.len()).find(|at| text.as_bytes().get(*at..).is_some_and(|rest| rest.starts_with(part.as_bytes())))
}

/// What is before the first `part` of `text`, and what is after it.
pub fn first<'a>(text: &'a str, part: &str) -> Option<(&'a str, &'a str)> {
    let (before, rest) = text.split_at_checked(find(text, part)?)?;
    Some((before, rest.strip_prefix(part)?))
}

/// What is before the last `byte`, of ASCII, and what is after it.
pub fn last(text: &str, byte: u8) -> Option<(&str, &str)> {
    let (before, rest) = text.split_at_checked(text.bytes().rposition(|own| own == byte)?)?;
    Some((before, rest.get(1..)?))
}

/// What is before the first of these bytes, of ASCII; all of it where there is none.
#[expect(clippy::manual_contains, reason = "of bytes that is a search for long texts, too")]
pub fn before<'a>(text: &'a str, ends: &[u8]) -> &'a str {
    let end = text.bytes().position(|byte| ends.iter().any(|end| *end == byte));
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// The parts of a text between these bytes, of ASCII: one more than there are of those.
pub const fn parts<'a>(text: &'a str, ends: &'static [u8]) -> Parts<'a> {
    Parts { rest: Some(text), ends }
}

/// See [`parts`].
#[derive(Clone, Debug)]
pub struct Parts<'a> {
    rest: Option<&'a str>,
    ends: &'static [u8],
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest?;
        let part = before(rest, self.ends);
        self.rest = rest.get(part.len().saturating_add(1)..);
        Some(part)
    }
}

/// The text without what it ends on, however often.
pub fn trimmed<'a>(mut text: &'a str, end: &str) -> &'a str {
    while let Some(rest) = text.strip_suffix(end) {
        text = rest;
    }
    text
}
