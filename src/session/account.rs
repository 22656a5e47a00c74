//! Who somebody is: MSAL's account, made from a verified ID token.

use std::rc::Rc;

use crate::protocol::{
    authority, cut,
    id_token::{self, IdToken},
    json::Json,
    list,
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
    pub fn new(id_token: Rc<IdToken>, client_info: Option<&str>, environment: &str) -> Self {
        let home_account_id = client_info.and_then(home).unwrap_or_else(|| id_token.text("sub").unwrap_or_default().into());
        Self { home_account_id, environment: environment.into(), id_token, others: Vec::new() }
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

    /// Whether it is known in this tenant.
    pub fn is_in(&self, tenant_id: &str) -> bool {
        self.tenant_id() == tenant_id || self.others.iter().any(|other| tenant_of(other) == tenant_id)
    }

    /// The account in each tenant that it is known in, the first one first.
    pub fn profiles(&self) -> Vec<Self> {
        let mut all = vec![self.clone()];
        list::append(&mut all, self.others.iter().filter_map(|other| self.in_tenant(tenant_of(other))));
        all
    }

    /// Whether this is the tenant that the account is of, rather than one that it is a guest in. Where there are no tenants, it is.
    pub fn is_at_home(&self) -> bool {
        let home = cut::last(&self.home_account_id, b'.').map_or("", |(_, tenant_id)| tenant_id);
        home == self.tenant_id() || self.tenant_id().is_empty()
    }

    /// What is known of the account, and this ID token in the place of the one of its tenant. Which tenant comes first stays as it was.
    #[must_use]
    pub fn with(mut self, id_token: &Rc<IdToken>) -> Self {
        let tenant_id = tenant_of(id_token);
        if self.tenant_id() == tenant_id {
            self.id_token = Rc::clone(id_token);
        } else {
            list::retain(&mut self.others, |other| tenant_of(other) != tenant_id);
            self.others.push(Rc::clone(id_token));
        }
        self
    }

    /// The same, with this ID token's tenant in the first place.
    #[must_use]
    pub fn with_first(self, id_token: &Rc<IdToken>) -> Self {
        let account = self.with(id_token);
        account.in_tenant(tenant_of(id_token)).unwrap_or(account)
    }

    /// `oid`, else `sub`: the account within its tenant.
    pub fn local_account_id(&self) -> &str {
        self.first(&["oid", "sub"])
    }

    /// `tid`: the tenant; empty for other providers.
    pub fn tenant_id(&self) -> &str {
        tenant_of(&self.id_token)
    }

    /// `preferred_username`, else `upn`, else `email`. For display; it can change hands.
    pub fn username(&self) -> &str {
        self.first(&["preferred_username", "upn", "email"])
    }

    /// The first of these claims that says something.
    fn first(&self, claims: &[&str]) -> &str {
        claims.iter().filter_map(|claim| self.id_token.text(claim)).find(|text| !text.is_empty()).unwrap_or_default()
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

/// MSAL's `AccountFilter`: what an account must be. What it does not say does not matter.
#[derive(Clone, Debug, Default)]
pub struct AccountFilter {
    /// `homeAccountId`.
    pub home_account_id: Option<String>,
    /// `localAccountId`.
    pub local_account_id: Option<String>,
    /// `username`, or the name in the `upn` claim, in any case of ASCII letters: tables of all others cost kilobytes of wasm.
    pub username: Option<String>,
    /// `upn`.
    pub upn: Option<String>,
    /// `environment`, or another name of the same cloud.
    pub environment: Option<String>,
    /// `tenantId` or `realm`.
    pub tenant_id: Option<String>,
    /// `loginHint`: the one of the ID token, or a name that signs in.
    pub login_hint: Option<String>,
    /// `sid`.
    pub sid: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// `isHomeTenant`.
    pub is_home_tenant: Option<bool>,
    /// Whether it asks for what no account here has.
    pub is_nobodys: bool,
}

impl AccountFilter {
    /// Whether this account is one that is looked for.
    pub fn matches(&self, account: &Account) -> bool {
        let is = |wanted: &Option<String>, own: &str| wanted.as_ref().is_none_or(|wanted| wanted == own);
        let claim = |name| account.id_token.text(name);
        let is_hint = |hint: &str| ["login_hint", "preferred_username", "upn"].into_iter().any(|name| claim(name) == Some(hint));
        let is_named = |name: &String| {
            [Some(account.username()), claim("upn")].into_iter().flatten().any(|own| name.eq_ignore_ascii_case(own))
        };
        !self.is_nobodys
            && is(&self.home_account_id, &account.home_account_id)
            && is(&self.local_account_id, account.local_account_id())
            && self.username.as_ref().is_none_or(is_named)
            && self.upn.as_deref().is_none_or(|upn| claim("upn") == Some(upn))
            && self.environment.as_ref().is_none_or(|host| authority::is_same_host(host, &account.environment))
            && is(&self.tenant_id, account.tenant_id())
            && self.login_hint.as_deref().is_none_or(is_hint)
            && self.sid.as_deref().is_none_or(|sid| claim("sid") == Some(sid))
            && self.name.as_deref().is_none_or(|name| account.name() == Some(name))
            && self.is_home_tenant.is_none_or(|is_home| is_home == account.is_at_home())
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
