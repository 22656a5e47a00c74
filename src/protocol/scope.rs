//! Scopes, RFC 6749 section 3.3: a set, compared without regard to case or order (Microsoft Entra's rule; servers that mind the
//! case receive the app's spelling).
//!
//! ```
//! use countersign::protocol::scope::Scopes;
//!
//! let granted = Scopes::parse("openid Mail.Read User.Read");
//! assert!(granted.covers(&Scopes::parse("user.read mail.read")));
//! assert_eq!(granted.for_resource().as_str(), "Mail.Read User.Read");
//! ```

/// A set of scopes in the app's order and spelling, as the `scope` parameter has it: one space between two.
#[derive(Clone, Debug, Default)]
pub struct Scopes(String);

impl Scopes {
    /// From a list; empty ones and repetitions are dropped. There is no blank in a scope: a text with one is several.
    pub fn from_list<S: AsRef<str>>(list: impl IntoIterator<Item = S>) -> Self {
        Self::default().with(list)
    }

    /// From the `scope` parameter: separated by spaces.
    pub fn parse(text: &str) -> Self {
        Self::from_list([text])
    }

    /// These and the ones that make it a sign-in with a refresh token.
    #[must_use]
    pub fn with_openid(self) -> Self {
        self.with(OPENID)
    }

    /// These and more.
    #[must_use]
    pub fn with<S: AsRef<str>>(mut self, more: impl IntoIterator<Item = S>) -> Self {
        for text in more {
            for scope in text.as_ref().split_ascii_whitespace() {
                self.add(scope);
            }
        }
        self
    }

    /// The ones that an access token is looked up by: without those of OpenID Connect, unless there are no others.
    #[must_use]
    pub fn for_resource(&self) -> Self {
        let without = |dropped: fn(&str) -> bool| Self::from_list(self.iter().filter(|scope| !dropped(scope)));
        let resource = without(is_openid);
        // A provider does not list offline_access among the scopes of the token it granted.
        if resource.is_empty() { without(|scope| scope.eq_ignore_ascii_case("offline_access")) } else { resource }
    }

    /// Whether every one of `wanted` is here.
    pub fn covers(&self, wanted: &Self) -> bool {
        wanted.iter().all(|scope| self.has(scope))
    }

    /// The set as the `scope` parameter.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Each scope.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split_ascii_whitespace()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn has(&self, scope: &str) -> bool {
        self.iter().any(|own| own.eq_ignore_ascii_case(scope))
    }

    fn add(&mut self, scope: &str) {
        if self.0.len() > MOST || self.has(scope) {
            return;
        }
        if !self.is_empty() {
            self.0.push(' ');
        }
        self.0.push_str(scope);
    }
}

impl PartialEq for Scopes {
    fn eq(&self, other: &Self) -> bool {
        self.covers(other) && other.covers(self)
    }
}

impl Eq for Scopes {}

fn is_openid(scope: &str) -> bool {
    scope.eq_ignore_ascii_case("email") || OPENID.iter().any(|known| known.eq_ignore_ascii_case(scope))
}

/// Bytes. What is behind them is left out: no URL holds as much, and each scope of a server's answer is compared with those before it.
const MOST: usize = 16_384;

/// Asked for in every authorization request, as MSAL does.
const OPENID: [&str; 3] = ["openid", "profile", "offline_access"];
