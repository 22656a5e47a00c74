//! The request that a page was left for, so that the app can send it again on the page that the user comes back to.
//!
//! It waits in this tab's session storage with the sign-in. No token is in it, and of its headers only those that cannot hold one.

use super::{
    config::Config,
    need::{Need, StepUp},
};
use crate::protocol::{
    cut,
    json::{Json, push_member, push_number, push_string},
    list,
    scope::Scopes,
};

/// A request, and the token it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resend {
    /// Where to.
    pub url: String,
    /// `GET`.
    pub method: String,
    /// Those of [`KEPT_HEADERS`] that it had.
    pub headers: Vec<(String, String)>,
    /// Its body in base64, where it has one that is not too large.
    pub body: Option<String>,
    /// The token it needs.
    pub need: Need,
    /// Whether it was sent by the client's own `fetch`, which is there on the next page too.
    pub is_apps_own: bool,
}

impl Resend {
    /// Whether it may be sent again without asking: it changes nothing (RFC 9110 section 9.2.1).
    pub fn is_safe(&self) -> bool {
        matches!(&*self.method, "GET" | "HEAD" | "OPTIONS")
    }

    /// The text form.
    pub fn to_text(&self) -> String {
        let mut out = String::from("{\"url\":");
        push_string(&mut out, &self.url);
        let step_up = self.need.step_up();
        for (name, value) in [
            ("method", &*self.method),
            ("account", self.need.account()),
            ("own_scope", self.need.own_scopes().as_str()),
            ("demanded_scope", self.need.demanded_scopes().as_str()),
            ("claims", self.need.claims().unwrap_or_default()),
            ("acr_values", &*step_up.acr_values),
            ("authority", self.need.authority().map_or("", |authority| authority.as_str())),
        ] {
            push_member(&mut out, name, value);
        }
        if let Some(body) = &self.body {
            push_member(&mut out, "body", body);
        }
        if let Some(seconds) = step_up.max_age {
            out.push_str(",\"max_age\":");
            push_number(&mut out, seconds);
        }
        for (name, value) in &self.headers {
            push_member(&mut out, name, value);
        }
        out.push_str(if self.is_apps_own { ",\"own\":true}" } else { ",\"own\":false}" });
        out
    }

    /// Reads [`Resend::to_text`]. `None`: it is none.
    pub fn from_text(text: &str, config: &Config) -> Option<Self> {
        let json = Json::parse(text)?;
        let text = |name: &str| json.get(name).and_then(Json::as_str);
        let max_age = match json.get("max_age") {
            Some(seconds) => Some(seconds.as_u64()?),
            None => None,
        };
        let (url, method, is_apps_own) = (text("url")?, text("method")?, json.get("own").and_then(Json::as_bool)?);
        let (own, demanded, acr_values) = (text("own_scope")?, text("demanded_scope")?, text("acr_values")?);
        let authority = match text("authority")? {
            "" => None,
            url => config.authority_for(url).ok()?,
        };
        let need = Need::new(text("account")?, Scopes::parse(own), text("claims")).ok()?.wider(cut::parts(demanded, b" "));
        let header = |name: &&str| Some((String::from(*name), String::from(text(name)?)));
        Some(Self {
            url: url.into(),
            method: method.into(),
            headers: list::of(KEPT_HEADERS.iter().filter_map(header)),
            body: text("body").map(Into::into),
            is_apps_own,
            need: need.after(StepUp { acr_values: acr_values.into(), max_age }).at(authority),
        })
    }
}

/// What the answer depends on and cannot hold a secret: the fields that any page may send anywhere (Fetch, "CORS-safelisted request-header").
pub const KEPT_HEADERS: [&str; 3] = ["accept", "accept-language", "content-type"];
