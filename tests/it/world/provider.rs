//! The provider: it grants what is asked unless its script says otherwise, and remembers what it saw.

use std::collections::VecDeque;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use countersign::{
    error::{Error, ErrorCode},
    protocol::{
        authority::ProtocolMode,
        http::{HttpRequest, HttpResponse},
        time::UnixSeconds,
    },
    session::config::Config,
};
use serde_json::{Value, json};

use super::{Form, assert_no_secret, response};

type Reply = Box<dyn FnOnce(&mut Grant) -> Result<HttpResponse, Error>>;

/// The provider.
pub(crate) struct Provider {
    /// Who signs in.
    pub(crate) person: &'static str,
    /// The token requests that arrived.
    pub(crate) requests: Vec<Form>,
    /// The authorization requests that arrived.
    pub(crate) visits: Vec<Visit>,
    /// Every URL that was asked for or shown.
    pub(crate) urls: Vec<String>,
    /// Of each token request, whether it may be sent again.
    pub(crate) repeatable: Vec<bool>,
    /// What its keys are.
    pub(crate) jwks: Value,
    /// What it answers who asks for them.
    pub(crate) jwks_status: Result<u16, Error>,
    script: VecDeque<Reply>,
    client_id: String,
    issuer: String,
    is_aad: bool,
    issued: u32,
}

/// An authorization request.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// The whole URL.
    pub(crate) url: String,
    /// Before the query.
    pub(crate) endpoint: String,
    /// The query.
    pub(crate) query: Form,
    /// The channel that was opened for the answer.
    pub(crate) channel: Option<String>,
}

/// What the provider is about to grant.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    /// The claims of the ID token.
    pub(crate) claims: Value,
    /// The token response, but for the ID token. An `id_token` in it replaces the one made of the claims.
    pub(crate) body: Value,
}

impl Visit {
    /// One parameter, which is there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.query.get(name).unwrap_or_else(|| panic!("no {name} in {}", self.url))
    }

    /// The state.
    pub(crate) fn state(&self) -> &str {
        self.get("state")
    }
}

impl Provider {
    pub(crate) fn new(config: &Config, issuer: &str) -> Self {
        Self {
            person: "ada",
            requests: Vec::new(),
            visits: Vec::new(),
            urls: Vec::new(),
            repeatable: Vec::new(),
            jwks: json!({ "keys": [] }),
            jwks_status: Ok(200),
            script: VecDeque::new(),
            client_id: (*config.client_id).into(),
            issuer: issuer.into(),
            is_aad: config.authority.mode() == ProtocolMode::Aad,
            issued: 0,
        }
    }

    /// Next: what it would grant anyway, as `edit` leaves it.
    pub(crate) fn grants(&mut self, edit: impl FnOnce(&mut Grant) + 'static) {
        self.script.push_back(Box::new(|grant| {
            edit(grant);
            Ok(grant.response())
        }));
    }

    /// Next: this.
    pub(crate) fn says(&mut self, status: u16, body: impl Into<String>) {
        let body = body.into();
        self.script.push_back(Box::new(move |_| Ok(response(status, &body))));
    }

    /// Next: this, and when to come back.
    pub(crate) fn defers(&mut self, status: u16, retry_after: &'static str) {
        let answer = move || HttpResponse { retry_after: Some(retry_after.into()), ..response(status, "") };
        self.script.push_back(Box::new(move |_| Ok(answer())));
    }

    /// Next: this OAuth error.
    pub(crate) fn refuses(&mut self, error: Value) {
        self.says(400, error.to_string());
    }

    /// Next: the network fails.
    pub(crate) fn is_unreachable(&mut self) {
        self.script.push_back(Box::new(|_| Err(ErrorCode::PostRequestFailed.into())));
    }

    /// The last token request.
    pub(crate) fn last(&self) -> &Form {
        self.requests.last().expect("the token endpoint was asked")
    }

    pub(crate) fn show(&mut self, url: &str, channel: Option<String>) -> Visit {
        self.saw(url);
        let (endpoint, query) = url.split_once('?').expect("an authorization request has a query");
        let visit = Visit { url: url.into(), endpoint: endpoint.into(), query: Form::read(query), channel };
        self.visits.push(visit.clone());
        visit
    }

    pub(crate) fn answer(&mut self, request: &HttpRequest, now: UnixSeconds) -> Result<HttpResponse, Error> {
        self.saw(&request.url);
        let Some(form) = &request.form else {
            return self.jwks_status.clone().map(|status| response(status, &self.jwks.to_string()));
        };
        let form = Form::read(form);
        let mut grant = self.grant(&form, now);
        self.requests.push(form);
        self.repeatable.push(request.is_repeatable);
        match self.script.pop_front() {
            Some(reply) => reply(&mut grant),
            None => Ok(grant.response()),
        }
    }

    fn saw(&mut self, url: &str) {
        assert_no_secret(url);
        self.urls.push(url.into());
    }

    fn grant(&mut self, form: &Form, now: UnixSeconds) -> Grant {
        self.issued += 1;
        let (person, issued) = (self.person, self.issued);
        let scope = form.get("scope").unwrap_or_default().replace(" offline_access", "");
        let mut grant = Grant {
            claims: json!({
                "iss": self.issuer,
                "aud": self.client_id,
                "sub": format!("sub-{person}"),
                "iat": now.0,
                "exp": now.0 + 3600,
                "preferred_username": format!("{person}@example.com"),
            }),
            body: json!({
                "token_type": "Bearer",
                "access_token": format!("access-{issued}-SECRET"),
                "refresh_token": format!("refresh-{issued}-SECRET"),
                "expires_in": 3600,
                "scope": scope,
            }),
        };
        if self.is_aad {
            grant.claims["oid"] = json!(format!("oid-{person}"));
            grant.claims["tid"] = json!("tenant-1");
            let client_info = json!({ "uid": format!("uid-{person}"), "utid": "tenant-1" });
            grant.body["client_info"] = json!(BASE64_URL_SAFE_NO_PAD.encode(client_info.to_string()));
        }
        if form.get("grant_type") == Some("authorization_code") {
            grant.claims["nonce"] = json!(self.visits.last().expect("a code is given to a visitor").get("nonce"));
        }
        grant
    }
}

impl Grant {
    /// Takes a member out of the response.
    pub(crate) fn without(&mut self, member: &str) {
        self.body.as_object_mut().unwrap().remove(member);
    }

    fn response(&mut self) -> HttpResponse {
        if self.body.get("id_token").is_none() {
            self.body["id_token"] = json!(id_token(&self.claims));
        } else if self.body["id_token"].is_null() {
            self.without("id_token");
        }
        response(200, &self.body.to_string())
    }
}

/// A JWT of these claims. Nobody looks at its signature; it marks the text as a secret.
pub(crate) fn id_token(claims: &Value) -> String {
    unsigned(&json!({ "alg": "RS256", "typ": "JWT" }), claims)
}

/// A JWT of this header and these claims.
pub(crate) fn unsigned(header: &Value, claims: &Value) -> String {
    let encode = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}.SECRET", encode(header), encode(claims))
}
