//! Where a text is cut. The searches of `core::str` are made for long texts, and cost kilobytes of wasm; those here are short.

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
