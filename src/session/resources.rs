//! Which requests may carry a token: exact origin, and a path prefix that ends on a segment boundary.
//!
//! All URLs are ones the browser has normalized, so `\`, `..`, an upper-case host and a default port are gone before they get here.
//! `https://api.example.com` matches neither `https://api.example.com.evil.com` nor `https://api.example.com:8443`.

use std::{cell::RefCell, rc::Rc};

use super::need::Need;
use crate::{
    error::{Error, ErrorCode},
    protocol::{authority::Authority, cut, scope::Scopes, url::Url},
};

/// The protected resource map: MSAL Angular's name and meaning.
#[derive(Clone, Debug, Default)]
pub struct Resources(Vec<Entry>);

/// The scopes that the app's maps, all of them, give to each origin.
#[derive(Clone, Debug, Default)]
pub struct Listed(Vec<(Box<str>, Scopes)>);

#[derive(Clone, Debug)]
struct Entry {
    origin: Box<str>,
    path: Box<str>,
    resource: Option<Rc<Resource>>,
    methods: Vec<String>,
}

/// What the token of a resource is asked for.
#[derive(Debug)]
pub struct Resource {
    scopes: Scopes,
    authority: Option<Authority>,
    // Most requests are as the same account as the one before.
    latest: RefCell<Option<Need>>,
}

impl Resource {
    /// With these scopes, and from this authority where that is not the configured one.
    pub fn new(scopes: Scopes, authority: Option<Authority>) -> Self {
        Self { scopes, authority, latest: RefCell::default() }
    }

    /// The scopes.
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// What a request as this account needs. Errors: those of [`Need::new`].
    pub fn need(&self, home_account_id: &str) -> Result<Need, Error> {
        let mut latest = self.latest.borrow_mut();
        if let Some(need) = latest.as_ref().filter(|need| need.account() == home_account_id) {
            return Ok(need.clone());
        }
        let need = Need::new(home_account_id, self.scopes.clone(), None)?.at(self.authority.clone());
        Ok(latest.insert(need).clone())
    }
}

impl PartialEq for Resource {
    fn eq(&self, other: &Self) -> bool {
        self.scopes == other.scopes && self.authority == other.authority
    }
}

impl Resources {
    /// Adds a resource. `None`: never a token there. `methods` empty: all of them.
    ///
    /// Errors, with the URL's origin as detail: `url_parse_error`; `resource_uri_insecure` for a URL that is neither `https:` nor loopback;
    /// `empty_input_scopes_error`; `invalid_option` for a second entry of one resource, because one of them would be ignored.
    pub fn add(&mut self, url: &str, resource: Option<Resource>, methods: Vec<String>) -> Result<(), Error> {
        let parts = Url::parse(url).ok_or_else(|| Error::about(ErrorCode::UrlParseError, "fetch.protectedResourceMap"))?;
        if !parts.is_secure() {
            return Err(Error::about(ErrorCode::ResourceUriInsecure, parts.origin));
        }
        if resource.as_ref().is_some_and(|resource| resource.scopes.is_empty()) {
            return Err(Error::about(ErrorCode::EmptyInputScopesError, parts.origin));
        }
        let path = cut::trimmed(parts.path, "/");
        if self.0.iter().any(|other| *other.origin == *parts.origin && *other.path == *path) {
            return Err(Error::about(ErrorCode::InvalidOption, "fetch.protectedResourceMap"));
        }
        self.0.push(Entry { origin: parts.origin.into(), path: path.into(), resource: resource.map(Rc::new), methods });
        Ok(())
    }

    /// What the token for this request is asked for; `None`: it carries none. The longest match decides, also where it says no.
    pub fn find(&self, url: &Url<'_>, method: &str) -> Option<&Rc<Resource>> {
        let longest = self.0.iter().filter(|entry| entry.holds(url)).max_by_key(|entry| entry.path.len())?;
        let is_meant = longest.methods.is_empty() || longest.methods.iter().any(|own| own.eq_ignore_ascii_case(method));
        longest.resource.as_ref().filter(|_| is_meant)
    }
}

impl Listed {
    /// Adds the scopes of one map.
    pub fn add(&mut self, resources: &Resources) {
        for entry in &resources.0 {
            let Some(resource) = &entry.resource else { continue };
            match self.0.iter_mut().find(|(origin, _)| *origin == entry.origin) {
                Some((_, scopes)) => *scopes = std::mem::take(scopes).with(resource.scopes.iter()),
                None => self.0.push((entry.origin.clone(), resource.scopes.clone())),
            }
        }
    }

    /// Whether one of these scopes is another origin's, and not this one's.
    pub fn has_others(&self, origin: &str, scopes: &Scopes) -> bool {
        let is_listed = |scope: &Scopes, is_own: bool| {
            self.0.iter().any(|(other, listed)| (**other == *origin) == is_own && listed.covers(scope))
        };
        let foreign = |scope: &str| {
            let scope = Scopes::parse(scope);
            is_listed(&scope, false) && !is_listed(&scope, true)
        };
        scopes.for_resource().iter().any(foreign)
    }
}

impl Entry {
    fn holds(&self, url: &Url<'_>) -> bool {
        let rest = url.path.strip_prefix(&*self.path);
        *self.origin == *url.origin && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("/"))
    }
}
