//! Requests and responses of the provider, as data. `browser/net` sends the one and makes the other.

/// A request to the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// Where to.
    pub url: String,
    /// `None` is a `GET`; `Some` is a `POST` of this form, `application/x-www-form-urlencoded`.
    pub form: Option<String>,
}

/// What came back, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// The body as text.
    pub body: String,
}
