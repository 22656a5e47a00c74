//! The text form of an account and its tokens in storage: JSON, with the number of its version.

use std::rc::Rc;

use super::{AccessToken, Entry};
use crate::{
    protocol::{
        id_token::IdToken,
        json::{Json, push_number, push_string},
        scope::Scopes,
        secret::Secret,
        time::UnixSeconds,
    },
    session::{account::Account, memo::Memo},
};

impl Entry {
    pub(super) fn to_text(&self) -> String {
        let mut out = String::from("{\"version\":2,\"home\":");
        push_string(&mut out, &self.account.home_account_id);
        out.push_str(",\"environment\":");
        push_string(&mut out, &self.account.environment);
        out.push_str(",\"id_token\":");
        push_string(&mut out, self.account.id_token.raw().reveal());
        out.push_str(",\"others\":[");
        for (index, other) in self.account.others.iter().enumerate() {
            out.push_str(if index == 0 { "" } else { "," });
            push_string(&mut out, other.raw().reveal());
        }
        out.push(']');
        if let Some(token) = &self.refresh_token {
            out.push_str(",\"refresh_token\":");
            push_string(&mut out, token.reveal());
        }
        out.push_str(",\"access_tokens\":[");
        for (index, token) in self.access_tokens.iter().enumerate() {
            out.push_str(if index == 0 { "{\"secret\":" } else { ",{\"secret\":" });
            push_string(&mut out, token.secret.reveal());
            out.push_str(",\"scope\":");
            push_string(&mut out, token.scopes.as_str());
            out.push_str(",\"cached_on\":");
            push_number(&mut out, token.cached_on.0);
            out.push_str(",\"expires_on\":");
            push_number(&mut out, token.expires_on.0);
            if let Some(moment) = token.refresh_on {
                out.push_str(",\"refresh_on\":");
                push_number(&mut out, moment.0);
            }
            out.push_str(",\"realm\":");
            push_string(&mut out, &token.realm);
            out.push('}');
        }
        out.push(']');
        if self.place > 0 {
            out.push_str(",\"place\":");
            push_number(&mut out, self.place);
        }
        out.push('}');
        out
    }

    /// Whether it has the number of a later version.
    pub(super) fn is_later(json: &Json) -> bool {
        json.get("version").and_then(Json::as_u64).is_some_and(|version| version > 2)
    }

    /// Reads this version, 2, and the one before, which has no number, one tenant for each account, and no moment to renew.
    pub(super) fn from_json(json: &Json) -> Option<Self> {
        let text = |name| json.get(name).and_then(Json::as_str);
        let others = json.get("others").and_then(Json::as_array).unwrap_or_default();
        let id_token = |text: &str| IdToken::from_cache(text).map(Rc::new);
        let (home, environment) = (text("home").filter(|home| !home.is_empty())?, text("environment")?);
        let tokens = json.get("access_tokens")?.as_array()?;
        let mut account = Account {
            id_token: id_token(text("id_token")?)?,
            home_account_id: home.into(),
            environment: environment.into(),
            others: Vec::with_capacity(others.len()),
        };
        for other in others {
            account.others.push(id_token(other.as_str()?)?);
        }
        let mut access_tokens = Vec::with_capacity(tokens.len());
        for token in tokens {
            access_tokens.push(AccessToken::from_json(token, account.tenant_id())?);
        }
        let place = json.get("place").and_then(Json::as_u64).unwrap_or_default();
        Some(Self { account, refresh_token: text("refresh_token").map(Secret::new), access_tokens, place })
    }
}

impl AccessToken {
    fn from_json(json: &Json, realm: &str) -> Option<Self> {
        let text = |name| json.get(name).and_then(Json::as_str);
        let moment = |name| json.get(name).and_then(Json::as_u64).map(UnixSeconds);
        let (secret, scope) = (text("secret")?, text("scope")?);
        let realm = json.get("realm").map_or(Some(realm), Json::as_str)?;
        let (cached_on, expires_on) = (moment("cached_on")?, moment("expires_on")?);
        Some(Self {
            secret: Secret::new(secret),
            scopes: Scopes::parse(scope),
            realm: realm.into(),
            cached_on,
            expires_on,
            refresh_on: moment("refresh_on"),
            memo: Memo::default(),
        })
    }
}
