//! OpenID Connect RP-Initiated Logout 1.0, section 2.

use super::{authority::ProtocolMode, cut, form, metadata::Metadata};

/// What the end-session endpoint is told.
#[derive(Clone, Copy, Debug)]
pub struct EndSession<'a> {
    /// `client_id`.
    pub client_id: &'a str,
    /// `post_logout_redirect_uri`: where the user comes back to.
    pub post_logout_redirect_uri: Option<&'a str>,
    /// `id_token_hint`, only where the app itself gave it: a URL is no place for a token.
    pub id_token_hint: Option<&'a str>,
    /// `logout_hint`: which of the provider's sessions to end.
    pub logout_hint: Option<&'a str>,
    /// `state`.
    pub state: Option<&'a str>,
    /// `client-request-id` (Microsoft Entra).
    pub correlation_id: &'a str,
    /// The app's own; they never replace one of these.
    pub extra: &'a [(String, String)],
}

impl EndSession<'_> {
    /// The URL to send the user to. `None`: the provider has no such endpoint.
    pub fn encode(&self, metadata: &Metadata, mode: ProtocolMode) -> Option<String> {
        let mut url = String::from(metadata.end_session_endpoint()?);
        url.push(if cut::find(&url, "?").is_some() { '&' } else { '?' });
        let mut query = String::new();
        let own = [
            ("client_id", Some(self.client_id)),
            ("post_logout_redirect_uri", self.post_logout_redirect_uri),
            ("id_token_hint", self.id_token_hint),
            ("logout_hint", self.logout_hint),
            ("state", self.state),
            ("client-request-id", Some(self.correlation_id).filter(|_| mode == ProtocolMode::Aad)),
        ];
        for (name, value) in own {
            if let Some(value) = value {
                form::push(&mut query, name, value);
            }
        }
        for (name, value) in self.extra {
            if !own.iter().any(|(own, value)| own == name && value.is_some()) {
                form::push(&mut query, name, value);
            }
        }
        url.push_str(&query);
        Some(url)
    }
}
