//! Which requests may carry a token: exact origin, and a path prefix that ends on a segment boundary.
//!
//! All URLs are ones the browser has normalized, so `\`, `..`, an upper-case host and a default port are gone before they get here.
//! `https://api.example.com` matches neither `https://api.example.com.evil.com` nor `https://api.example.com:8443`.

use crate::{
    error::{Error, ErrorCode},
    protocol::{scope::Scopes, url::Url},
};

/// The protected resource map: MSAL Angular's name and meaning.
#[derive(Clone, Debug, Default)]
pub struct Resources(Vec<Resource>);

#[derive(Clone, Debug)]
struct Resource {
    origin: Box<str>,
    path: Box<str>,
    scopes: Option<Scopes>,
    methods: Vec<String>,
}

impl Resources {
    /// Adds a resource. `scopes` `None`: never a token there. `methods` empty: all of them.
    ///
    /// Errors, with the URL's origin as detail: `url_parse_error`; `resource_uri_insecure` for a URL that is neither `https:` nor loopback;
    /// `empty_input_scopes_error`; `invalid_option` for a second entry of one resource, because one of them would be ignored.
    pub fn add(&mut self, url: &str, scopes: Option<Scopes>, methods: Vec<String>) -> Result<(), Error> {
        let parts = Url::parse(url).ok_or_else(|| Error::about(ErrorCode::UrlParseError, "fetch.protectedResourceMap"))?;
        if !parts.is_secure() {
            return Err(Error::about(ErrorCode::ResourceUriInsecure, parts.origin));
        }
        if scopes.as_ref().is_some_and(Scopes::is_empty) {
            return Err(Error::about(ErrorCode::EmptyInputScopesError, parts.origin));
        }
        let path = parts.path.trim_end_matches('/');
        if self.0.iter().any(|other| *other.origin == *parts.origin && *other.path == *path) {
            return Err(Error::about(ErrorCode::InvalidOption, "fetch.protectedResourceMap"));
        }
        self.0.push(Resource { origin: parts.origin.into(), path: path.into(), scopes, methods });
        Ok(())
    }

    /// The scopes of the token for this request; `None`: it carries none. The longest match decides, also where it says no.
    pub fn find(&self, url: &str, method: &str) -> Option<&Scopes> {
        let url = Url::parse(url)?;
        let longest = self.0.iter().filter(|resource| resource.holds(&url)).max_by_key(|resource| resource.path.len())?;
        let is_meant = longest.methods.is_empty() || longest.methods.iter().any(|own| own.eq_ignore_ascii_case(method));
        longest.scopes.as_ref().filter(|_| is_meant)
    }
}

impl Resource {
    fn holds(&self, url: &Url<'_>) -> bool {
        let rest = url.path.strip_prefix(&*self.path);
        *self.origin == *url.origin && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}
