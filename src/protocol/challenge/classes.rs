//! Which bytes may stand where (RFC 9110 sections 5.6.2 to 5.6.4 and 11.2), as one table built at compile time.
//!
//! One table and one test for all classes, instead of a function for each, because every loop over a run of bytes would be
//! compiled once for each function.

/// Whether the byte belongs to the class.
pub(super) fn is(byte: u8, class: u8) -> bool {
    TABLE.get(usize::from(byte)).is_some_and(|classes| classes & class != 0)
}

/// `tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA`
pub(super) const TOKEN: u8 = 1;

/// `token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`, without the padding.
pub(super) const TOKEN68: u8 = 2;

/// The padding of token68.
pub(super) const EQUALS: u8 = 4;

/// `qdtext = HTAB / SP / %x21 / %x23-5B / %x5D-7E / obs-text`
pub(super) const QUOTABLE: u8 = 8;

/// `OWS = *( SP / HTAB )`, and `BWS`.
pub(super) const BLANK: u8 = 16;

/// Anything but `CTL`; the tab is none here, because it may stand in quotes and around list elements.
pub(super) const TEXT: u8 = 32;

/// What an unquoted value may be made of where the grammar is not kept: all text but blanks, the comma, the quote and the
/// semicolon, which needs a second look.
pub(super) const RAW: u8 = 64;

/// What words may be made of that go on an unquoted value, and the blanks between them.
pub(super) const WORDS: u8 = 128;

const fn classes(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b'~' | b'+' => {
            TOKEN | TOKEN68 | QUOTABLE | TEXT | RAW | WORDS
        }
        b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'^' | b'`' | b'|' => TOKEN | QUOTABLE | TEXT | RAW | WORDS,
        b'/' => TOKEN68 | QUOTABLE | TEXT | RAW | WORDS,
        b'=' => EQUALS | QUOTABLE | TEXT | RAW,
        b'\t' | b' ' => BLANK | QUOTABLE | TEXT | WORDS,
        b',' | b';' => QUOTABLE | TEXT,
        b'\\' => TEXT | RAW | WORDS,
        b'"' => TEXT,
        0..=0x1f | 0x7f => 0,
        _ => QUOTABLE | TEXT | RAW | WORDS,
    }
}

const TABLE: [u8; 256] = {
    let mut table = [0; 256];
    let mut rest: &mut [u8] = &mut table;
    let mut byte: u8 = 0;
    while let Some((first, others)) = rest.split_first_mut() {
        *first = classes(byte);
        byte = byte.wrapping_add(1);
        rest = others;
    }
    table
};
