//! The grammar of RFC 9110 section 11.6.1, slow and obvious: every rule is a function that answers all the places where it can
//! end, and nothing is decided early. Two parses of a line that differ in their value would be an ambiguity, and fail the test.

use countersign::protocol::challenge::Challenge;

/// The challenges of a field line, or `None` where the grammar refuses it, or a name occurs twice in a challenge (section 11.2).
pub(crate) fn challenges(line: &str) -> Option<Vec<Challenge>> {
    let repeats = |challenge: &Challenge| {
        let mut names: Vec<_> = challenge.params.iter().map(|(name, _)| name).collect();
        names.sort();
        names.dedup();
        names.len() < challenge.params.len()
    };
    grammar(line).filter(|challenges| !challenges.iter().any(repeats))
}

/// The challenges of a field line by the grammar alone.
pub(crate) fn grammar(line: &str) -> Option<Vec<Challenge>> {
    // Section 5.5: white space around the field value is not part of it.
    let line = Line(line.trim_matches([' ', '\t']).as_bytes().to_vec());
    let parsed = line.list(0, &Line::challenge);
    let mut whole: Vec<_> =
        parsed.into_iter().filter(|(end, _)| *end == line.0.len()).map(|(_, challenges)| challenges).collect();
    whole.dedup();
    assert!(whole.len() < 2, "ambiguous: {whole:?}");
    whole.pop()
}

/// The ends of all parses from a place on, each with its value.
type Parses<T> = Vec<(usize, T)>;

struct Line(Vec<u8>);

impl Line {
    /// Section 5.6.1.2: `#element => [ element ] *( OWS "," OWS [ element ] )`
    fn list<T: Clone + PartialEq>(&self, start: usize, element: &dyn Fn(&Self, usize) -> Parses<T>) -> Parses<Vec<T>> {
        let optional = |at: usize, before: &[T]| {
            let mut ends = vec![(at, before.to_vec())];
            ends.extend(element(self, at).into_iter().map(|(end, value)| (end, [before, &[value]].concat())));
            ends
        };
        let mut all = optional(start, &[]);
        let mut next = 0;
        while let Some((at, before)) = all.get(next).cloned() {
            next += 1;
            for comma in self.ows(at) {
                if self.0.get(comma) == Some(&b',') {
                    for after in self.ows(comma + 1) {
                        for parse in optional(after, &before) {
                            if !all.contains(&parse) {
                                all.push(parse);
                            }
                        }
                    }
                }
            }
        }
        all
    }

    /// Section 11.3: `challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ]`
    fn challenge(&self, start: usize) -> Parses<Challenge> {
        let Some((end, scheme)) = self.token(start) else { return Vec::new() };
        let challenge = Challenge { scheme, ..Challenge::default() };
        let mut parses = vec![(end, challenge.clone())];
        let mut at = end;
        while self.0.get(at) == Some(&b' ') {
            at += 1;
            if let Some((end, token68)) = self.token68(at) {
                parses.push((end, Challenge { token68: Some(token68), ..challenge.clone() }));
            }
            for (end, params) in self.list(at, &Self::auth_param) {
                parses.push((end, Challenge { params, ..challenge.clone() }));
            }
        }
        parses
    }

    /// Section 11.2: `auth-param = token BWS "=" BWS ( token / quoted-string )`
    fn auth_param(&self, start: usize) -> Parses<(String, String)> {
        let mut parses = Vec::new();
        let Some((end, name)) = self.token(start) else { return parses };
        for equals in self.ows(end) {
            if self.0.get(equals) == Some(&b'=') {
                for at in self.ows(equals + 1) {
                    for (end, value) in self.token(at).into_iter().chain(self.quoted_string(at)) {
                        parses.push((end, (name.to_ascii_lowercase(), value)));
                    }
                }
            }
        }
        parses
    }

    /// Section 5.6.2: `token = 1*tchar`. No rule lets a tchar follow a token, so only the longest can be right.
    fn token(&self, start: usize) -> Option<(usize, String)> {
        let tchar = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
        self.longest(start, tchar)
    }

    /// Section 11.2: `token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`. Nor may any of these follow it.
    fn token68(&self, start: usize) -> Option<(usize, String)> {
        let (end, text) = self.longest(start, |byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(byte))?;
        let (end, padding) = self.longest(end, |byte| *byte == b'=').unwrap_or((end, String::new()));
        Some((end, text + &padding))
    }

    fn longest(&self, start: usize, is: impl Fn(&u8) -> bool) -> Option<(usize, String)> {
        let text: Vec<u8> = self.0.get(start..)?.iter().copied().take_while(is).collect();
        (!text.is_empty()).then(|| (start + text.len(), String::from_utf8(text).unwrap()))
    }

    /// Section 5.6.4: `quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE`
    fn quoted_string(&self, start: usize) -> Option<(usize, String)> {
        let qdtext = |byte: u8| matches!(byte, b'\t' | b' ' | 0x21 | 0x23..=0x5b | 0x5d..=0x7e | 0x80..);
        let pair = |byte: u8| matches!(byte, b'\t' | b' ' | 0x21..=0x7e | 0x80..);
        let mut value = Vec::new();
        let mut at = start;
        let mut next = || {
            let byte = self.0.get(at).copied();
            at += 1;
            byte
        };
        if next()? != b'"' {
            return None;
        }
        loop {
            match next()? {
                b'"' => return Some((at, String::from_utf8(value).unwrap())),
                b'\\' => value.push(next().filter(|byte| pair(*byte))?),
                byte if qdtext(byte) => value.push(byte),
                _ => return None,
            }
        }
    }

    /// Section 5.6.3: `OWS = *( SP / HTAB )`: all the places where it can end.
    fn ows(&self, start: usize) -> Vec<usize> {
        let blanks = self.0.get(start..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        (start..=start + blanks).collect()
    }
}
