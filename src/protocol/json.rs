//! The one JSON reader and writer of the crate (RFC 8259).
//!
//! A small tree that keeps what it does not understand: numbers stay the text they were, members keep their order, `null` stays
//! `null`. It is not a serialization framework: no floats, no derive, no error positions; a text is JSON or it is not.
//! `serde_json` does far more and costs as much wasm as the rest of the crate together.
//!
//! Choices RFC 8259 leaves open, or departures from it:
//! * Nesting deeper than [`MAX_DEPTH`] is refused (section 9 allows a limit), so that a hostile text cannot exhaust the stack.
//! * A name that occurs twice is kept twice and written twice; [`Json::get`] answers the last one, as `JSON.parse` does and as
//!   RFC 7519 section 4 asks of those who do not refuse.
//! * A `\u` escape that is half of a surrogate pair is refused (section 8.2 calls it unpredictable): it has no UTF-8 form.
//! * Strings are compared and written decoded: `"\u0041"` is written back as `"A"`. Everything else survives byte for byte,
//!   insignificant white space apart.
//!
//! ```
//! use countersign::protocol::json::Json;
//!
//! let json = Json::parse(r#"{ "expires_in": "3599", "ratio": 1.50, "x": null }"#).unwrap();
//! assert_eq!(json.get("expires_in").and_then(Json::as_seconds), Some(3599));
//! assert_eq!(json.to_text(), r#"{"expires_in":"3599","ratio":1.50,"x":null}"#);
//! ```

use super::cut;

/// A JSON value (RFC 8259 section 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// An array.
    Array(Vec<Self>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// A number, as the text it was sent as: `1.50` stays `1.50`.
    Number(Box<str>),
    /// An object: its members in the order sent. `__proto__` is a name like any other.
    Object(Vec<(String, Self)>),
    /// A string, unescaped.
    String(String),
}

impl Json {
    /// Reads a JSON text. `None` when it is not one.
    ///
    /// See RFC 8259 section 2.
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(MAX_DEPTH)?;
        reader.skip_white_space();
        (reader.at == text.len()).then_some(value)
    }

    /// The member of that name, if this is an object that has one. The last of several.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let members = self.as_object()?;
        members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The elements, if this is an array.
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The truth value, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The members in the order sent, if this is an object.
    pub fn as_object(&self) -> Option<&[(String, Self)]> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// A number of seconds: a number, or a string of digits, which is how Microsoft Entra sends `expires_in` and `expires_on`.
    pub fn as_seconds(&self) -> Option<u64> {
        match self {
            // RFC 7519 section 2 allows a fraction of a second; it is cut off. An exponent would move it.
            Self::Number(text) => {
                let (whole, fraction) = cut::first(text, ".").unwrap_or((text, ""));
                digits(whole).filter(|_| fraction.bytes().all(|byte| byte.is_ascii_digit()))
            }
            Self::String(text) => digits(text),
            _ => None,
        }
    }

    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if this is a non-negative integer written without fraction and exponent, and fits.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Number(text) => digits(text),
            _ => None,
        }
    }

    /// Whether this is `null`.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The JSON text, without insignificant white space.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// Appends the JSON text to `out`.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Array(elements) => {
                let mut before = '[';
                for element in elements {
                    out.push(before);
                    element.write(out);
                    before = ',';
                }
                out.push_str(if before == '[' { "[]" } else { "]" });
            }
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Null => out.push_str("null"),
            Self::Number(text) => out.push_str(text),
            Self::Object(members) => {
                let mut before = '{';
                for (name, value) in members {
                    out.push(before);
                    push_string(out, name);
                    out.push(':');
                    value.write(out);
                    before = ',';
                }
                out.push_str(if before == '{' { "{}" } else { "}" });
            }
            Self::String(text) => push_string(out, text),
        }
    }
}

/// Appends a member of an object after another one.
pub fn push_member(out: &mut String, name: &str, value: &str) {
    out.push_str(",\"");
    out.push_str(name);
    out.push_str("\":");
    push_string(out, value);
}

/// Writes a whole number.
pub fn push_number(out: &mut String, number: u64) {
    if number >= 10 {
        push_number(out, number / 10);
    }
    out.push(char::from_digit((number % 10) as u32, 10).unwrap_or_default());
}

/// Appends `text` as a JSON string, quotes included.
///
/// Escapes only what must be: the quote, the backslash and the control characters. See RFC 8259 section 7.
pub fn push_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' => {
                out.push_str(if character < '\u{10}' { "\\u000" } else { "\\u001" });
                out.push(char::from_digit(u32::from(character) & 15, 16).unwrap_or_default());
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// A non-negative integer of decimal digits and nothing else.
pub fn digits(text: &str) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.bytes().try_fold(0_u64, |sum, byte| {
        let digit = char::from(byte).to_digit(10)?;
        // Not `checked_mul`, which is a multiplication of 128 bits.
        Some(sum).filter(|sum| *sum <= u64::MAX / 10)?.wrapping_mul(10).checked_add(u64::from(digit))
    })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: u8) -> Option<Json> {
        self.skip_white_space();
        match self.peek()? {
            b'{' => self.object(depth.checked_sub(1)?),
            b'[' => self.array(depth.checked_sub(1)?),
            b'"' => self.string().map(Json::String),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'n' => self.word("null", Json::Null),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: u8) -> Option<Json> {
        let mut members = Vec::new();
        self.bump();
        self.skip_white_space();
        if self.eat(b'}') {
            return Some(Json::Object(members));
        }
        loop {
            self.skip_white_space();
            let name = self.string()?;
            self.skip_white_space();
            self.eat(b':').then_some(())?;
            members.push((name, self.value(depth)?));
            self.skip_white_space();
            if self.eat(b'}') {
                return Some(Json::Object(members));
            }
            self.eat(b',').then_some(())?;
        }
    }

    fn array(&mut self, depth: u8) -> Option<Json> {
        let mut elements = Vec::new();
        self.bump();
        self.skip_white_space();
        if self.eat(b']') {
            return Some(Json::Array(elements));
        }
        loop {
            elements.push(self.value(depth)?);
            self.skip_white_space();
            if self.eat(b']') {
                return Some(Json::Array(elements));
            }
            self.eat(b',').then_some(())?;
        }
    }

    /// `number = [ "-" ] int [ frac ] [ exp ]`, RFC 8259 section 6. Only the form is checked; the text is the value.
    fn number(&mut self) -> Option<Json> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.some_digits()?;
        }
        if self.eat(b'.') {
            self.some_digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            self.some_digits()?;
        }
        self.text.get(start..self.at).map(|text| Json::Number(text.into()))
    }

    fn some_digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.bump();
        }
        (self.at > start).then_some(())
    }

    fn string(&mut self) -> Option<String> {
        self.eat(b'"').then_some(())?;
        let mut out = String::new();
        loop {
            let rest = self.text.get(self.at..)?;
            let length = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))?;
            out.push_str(rest.get(..length)?);
            self.at = self.at.checked_add(length)?;
            if self.eat(b'"') {
                return Some(out);
            }
            // Not an escape: a control character, which has to be escaped.
            self.eat(b'\\').then_some(())?;
            out.push(self.escaped()?);
        }
    }

    fn escaped(&mut self) -> Option<char> {
        let byte = self.peek()?;
        self.bump();
        Some(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.code_point(),
            _ => return None,
        })
    }

    /// What follows `\u`: four hexadecimal digits, or twelve characters where they are the first half of a surrogate pair.
    fn code_point(&mut self) -> Option<char> {
        let first = self.four_hex_digits()?;
        let code = match first {
            0xd800..=0xdbff if self.eat(b'\\') && self.eat(b'u') => match self.four_hex_digits()? {
                second @ 0xdc00..=0xdfff => 0x1_0000_u32.wrapping_add(((first & 0x3ff) << 10) | (second & 0x3ff)),
                _ => return None,
            },
            _ => first,
        };
        // Refuses a lone half.
        char::from_u32(code)
    }

    fn four_hex_digits(&mut self) -> Option<u32> {
        let end = self.at.checked_add(4)?;
        let hex = self.text.get(self.at..end)?;
        self.at = end;
        hex.chars().try_fold(0, |sum, digit| Some((sum << 4) | digit.to_digit(16)?))
    }

    fn word(&mut self, word: &str, value: Json) -> Option<Json> {
        self.text.get(self.at..)?.starts_with(word).then_some(())?;
        self.at = self.at.checked_add(word.len())?;
        Some(value)
    }

    fn skip_white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.bump();
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.bump();
        }
        found
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    const fn bump(&mut self) {
        self.at = self.at.saturating_add(1);
    }
}

/// How deep objects and arrays may nest. Tokens, metadata and claims requests stay under ten.
pub const MAX_DEPTH: u8 = 32;
