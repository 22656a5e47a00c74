//! Which bytes may stand where (RFC 9110 sections 5.6.2, 5.6.4 and 11.2), as one table built at compile time.

/// `OWS = *( SP / HTAB )`
pub(super) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Anything but `CTL`; the tab is no `CTL` here, because it may stand in quotes and around list elements.
pub(super) fn is_text(byte: u8) -> bool {
    has(byte, TEXT)
}

/// `qdtext = HTAB / SP / %x21 / %x23-5B / %x5D-7E / obs-text`
pub(super) fn is_quotable(byte: u8) -> bool {
    has(byte, QUOTABLE)
}

/// `tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA`
pub(super) fn is_token(byte: u8) -> bool {
    has(byte, TOKEN)
}

/// `token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`, without the padding.
pub(super) fn is_token68(byte: u8) -> bool {
    has(byte, TOKEN68)
}

/// What an unquoted value may be made of where the grammar is not kept: all text but blanks, the comma, the quote and the
/// semicolon, which needs a second look.
pub(super) fn is_raw(byte: u8) -> bool {
    has(byte, RAW)
}

fn has(byte: u8, class: u8) -> bool {
    TABLE.get(usize::from(byte)).is_some_and(|classes| classes & class != 0)
}

const fn classes(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b'~' | b'+' => TOKEN | TOKEN68 | QUOTABLE | RAW | TEXT,
        b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'^' | b'`' | b'|' => TOKEN | QUOTABLE | RAW | TEXT,
        b'/' => TOKEN68 | QUOTABLE | RAW | TEXT,
        b'\t' | b' ' | b',' | b';' => QUOTABLE | TEXT,
        b'\\' => RAW | TEXT,
        b'"' => TEXT,
        0..=0x1f | 0x7f => 0,
        _ => QUOTABLE | RAW | TEXT,
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

const TOKEN: u8 = 1;
const TOKEN68: u8 = 2;
const QUOTABLE: u8 = 4;
const RAW: u8 = 8;
const TEXT: u8 = 16;
