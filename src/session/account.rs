//! Who somebody is: MSAL's account, made from a verified ID token.

use std::rc::Rc;

use crate::protocol::{
    id_token::{self, IdToken},
    json::Json,
};

/// An account. `home_account_id` tells accounts apart.
#[derive(Clone, Debug)]
pub struct Account {
    /// `uid.utid` of Microsoft Entra's `client_info`, else the ID token's `sub`.
    pub home_account_id: Box<str>,
    /// The host of the authority.
    pub environment: Box<str>,
    /// The ID token it was made from.
    pub id_token: Rc<IdToken>,
}

impl Account {
    /// Makes the account of a sign-in. `client_info` is looked at where the provider speaks Microsoft's dialect.
    pub fn new(id_token: IdToken, client_info: Option<&str>, environment: &str) -> Self {
        let home_account_id = client_info.and_then(home).unwrap_or_else(|| id_token.text("sub").unwrap_or_default().into());
        Self { home_account_id, environment: environment.into(), id_token: Rc::new(id_token) }
    }

    /// `oid`, else `sub`: the account within its tenant.
    pub fn local_account_id(&self) -> &str {
        self.id_token.text("oid").or_else(|| self.id_token.text("sub")).unwrap_or_default()
    }

    /// `tid`: the tenant; empty for other providers.
    pub fn tenant_id(&self) -> &str {
        self.id_token.text("tid").unwrap_or_default()
    }

    /// `preferred_username`, else `upn`, else `email`. For display; it can change hands.
    pub fn username(&self) -> &str {
        ["preferred_username", "upn", "email"].into_iter().find_map(|claim| self.id_token.text(claim)).unwrap_or_default()
    }

    /// `name`.
    pub fn name(&self) -> Option<&str> {
        self.id_token.text("name")
    }

    /// `login_hint`: what a later request names the user by.
    pub fn login_hint(&self) -> Option<&str> {
        self.id_token.text("login_hint")
    }
}

/// `uid.utid`. Broken client info is no reason to refuse a sign-in: the subject serves.
fn home(client_info: &str) -> Option<Box<str>> {
    let json = Json::parse(&id_token::decode(client_info)?)?;
    let text = |member| json.get(member).and_then(Json::as_str).filter(|text| !text.is_empty());
    let mut home = String::from(text("uid")?);
    home.push('.');
    home.push_str(text("utid")?);
    Some(home.into())
}
