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
    /// The ID tokens of the other tenants it is known in: a guest has one for each.
    pub others: Vec<Rc<IdToken>>,
}

impl Account {
    /// Makes the account of a sign-in. `client_info` is looked at where the provider speaks Microsoft's dialect.
    pub fn new(id_token: IdToken, client_info: Option<&str>, environment: &str) -> Self {
        let home_account_id = client_info.and_then(home).unwrap_or_else(|| id_token.text("sub").unwrap_or_default().into());
        Self { home_account_id, environment: environment.into(), id_token: Rc::new(id_token), others: Vec::new() }
    }

    /// The account as it is known in this tenant.
    pub fn in_tenant(&self, tenant_id: &str) -> Option<Self> {
        if self.tenant_id() == tenant_id {
            return Some(self.clone());
        }
        let mut account = self.clone();
        let other = account.others.iter_mut().find(|other| tenant_of(other) == tenant_id)?;
        std::mem::swap(&mut account.id_token, other);
        Some(account)
    }

    /// What is known of the account, and this ID token in the place of the one of its tenant. Which tenant comes first stays as it was.
    #[must_use]
    pub fn with(mut self, id_token: &Rc<IdToken>) -> Self {
        let tenant_id = tenant_of(id_token);
        if self.tenant_id() == tenant_id {
            self.id_token = Rc::clone(id_token);
        } else {
            self.others.retain(|other| tenant_of(other) != tenant_id);
            self.others.push(Rc::clone(id_token));
        }
        self
    }

    /// `oid`, else `sub`: the account within its tenant.
    pub fn local_account_id(&self) -> &str {
        self.id_token.text("oid").or_else(|| self.id_token.text("sub")).unwrap_or_default()
    }

    /// `tid`: the tenant; empty for other providers.
    pub fn tenant_id(&self) -> &str {
        tenant_of(&self.id_token)
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

fn tenant_of(id_token: &IdToken) -> &str {
    id_token.text("tid").unwrap_or_default()
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
