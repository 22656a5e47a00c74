//! Requests and responses of the provider, as data. `browser/net` sends the one and makes the other.

use core::fmt;

/// A request to the provider.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// Where to.
    pub url: String,
    /// `None` is a `GET`; `Some` is a `POST` of this form, `application/x-www-form-urlencoded`.
    pub form: Option<String>,
    /// Whether it may be sent again where nobody knows if it arrived: sent twice it does what it does once. A code is good for one request, and so is a
    /// refresh token that rotates.
    pub is_repeatable: bool,
}

/// What came back, whatever its status.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// The body as text.
    pub body: String,
    /// `Retry-After`, where the provider lets the page see it.
    pub retry_after: Option<String>,
}

// Both carry secrets: what is shown of them is where they go and how it went.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest").field("url", &self.url).finish_non_exhaustive()
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse").field("status", &self.status).finish_non_exhaustive()
    }
}
