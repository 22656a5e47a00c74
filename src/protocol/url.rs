//! Origins and paths of URLs that the browser has already normalized (`new URL(x).href`, `Request.url`).
//!
//! Not a URL parser: a normalized URL has no backslash before its query, no dot segment, no upper-case scheme or host and no default port, so its
//! parts can be cut out. What is not of that form has no origin and matches nothing.

use super::cut;

/// The parts of a normalized `http:` or `https:` URL without user information.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Url<'a> {
    /// `https://api.example.com:8443`.
    pub origin: &'a str,
    /// `api.example.com`, or `[::1]`.
    pub host: &'a str,
    /// From the first `/` to the query; `/` where there is none.
    pub path: &'a str,
    is_https: bool,
}

impl<'a> Url<'a> {
    /// Cuts `text` into its parts.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (scheme, rest) = cut::first(text, "://")?;
        let is_https = match scheme {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let before_query = cut::before(rest, b"?#");
        let authority = cut::before(before_query, b"/");
        let path = before_query.strip_prefix(authority)?;
        let origin = text.get(..text.len().checked_sub(rest.len())?.checked_add(authority.len())?)?;
        let host = match cut::last(authority, b':') {
            Some((host, port)) if !port.ends_with("]") => {
                if port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()) {
                    return None;
                }
                host
            }
            _ => authority,
        };
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b':' | b'[' | b']');
        if host.is_empty()
            || !host.bytes().all(is_host)
            || text.bytes().any(|byte| byte <= b' ')
            || path.bytes().any(|byte| byte == b'\\')
        {
            return None;
        }
        Some(Self { origin, host, path: if path.is_empty() { "/" } else { path }, is_https })
    }

    /// Whether tokens may go there: `https:`, or this very machine, for development (RFC 8252 section 8.3).
    pub fn is_secure(&self) -> bool {
        self.is_https || matches!(self.host, "localhost" | "127.0.0.1" | "[::1]")
    }
}

/// Whether a text has a scheme and a host, as far as can be seen. A host without a scheme would be taken for a path of the page.
pub fn is_whole(text: &str) -> bool {
    cut::find(text, "://").is_some()
}

/// Whether a text is whole, or begins like a path of the page.
pub fn is_located(text: &str) -> bool {
    text.starts_with("/") || text.starts_with(".") || is_whole(text)
}
