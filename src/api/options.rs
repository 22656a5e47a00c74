//! JavaScript objects to Rust options. A value of the wrong kind is `invalid_option` with the option's name; what is absent, `undefined` or
//! `null` is not there.

use std::cell::RefCell;

use js_sys::{Array, Date, Function, JsString, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use crate::{
    browser::{
        client::{Client, LogoutRequest, Return},
        location,
        popup::Shape,
        random,
        transport::Transport,
    },
    error::{Error, ErrorCode},
    protocol::{authority::Authority, scope::Scopes, secret::Secret, time::UnixSeconds, url::Url},
    session::{
        account::AccountFilter,
        config::{FetchPolicy, InteractionType, RawConfig},
        hydrate::Hydration,
        login::LoginRequest,
        need::{CacheLookupPolicy, Need},
        resources::{Resource, Resources},
    },
};

// Those of `js_sys` trap where a getter or an iterator of the app's throws.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Array, js_name = from)]
    fn array_from(iterable: &JsValue) -> Result<Array, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = entries)]
    fn object_entries(object: &JsValue) -> Result<Array, JsValue>;
}

/// An object of the app's, read property by property.
struct Fields<'a> {
    object: &'a JsValue,
    /// What its properties are called in an error: `auth.`.
    name: &'a str,
}

impl<'a> Fields<'a> {
    fn new(object: &'a JsValue, name: &'a str) -> Self {
        Self { object, name }
    }

    /// A property that cannot be read is wrong, not absent: a default in its place would be a surprise.
    fn get(&self, field: &str) -> Result<Option<JsValue>, Error> {
        if self.object.is_undefined() || self.object.is_null() {
            return Ok(None);
        }
        let value = Reflect::get(self.object, &field.into()).map_err(|_| self.wrong(field))?;
        Ok(Some(value).filter(|value| !(value.is_undefined() || value.is_null())))
    }

    fn wrong(&self, field: &str) -> Error {
        let mut name = String::from(self.name);
        name.push_str(field);
        Error::about(ErrorCode::InvalidOption, &name)
    }

    fn read<T>(&self, field: &str, read: impl FnOnce(JsValue) -> Option<T>) -> Result<Option<T>, Error> {
        self.get(field)?.map(|value| read(value).ok_or_else(|| self.wrong(field))).transpose()
    }

    fn text(&self, field: &str) -> Result<Option<String>, Error> {
        self.read(field, |value| value.as_string())
    }

    /// A whole number that is not negative.
    fn number(&self, field: &str) -> Result<Option<u64>, Error> {
        self.read(field, |value| whole(&value))
    }

    fn flag(&self, field: &str) -> Result<bool, Error> {
        Ok(self.read(field, |value| value.as_bool())?.unwrap_or_default())
    }

    fn function(&self, field: &str) -> Result<Option<Function>, Error> {
        self.read(field, |value| value.dyn_into().ok())
    }

    fn texts(&self, field: &str) -> Result<Vec<String>, Error> {
        Ok(self.read(field, texts)?.unwrap_or_default())
    }

    /// Options of MSAL's that are not there to be read: without them the app would get something else than it asks for. `false` and `{}` ask for nothing.
    fn refuse(&self, fields: &[&str]) -> Result<(), Error> {
        let plain = Object::get_prototype_of(&Object::new());
        // An object of a class has what it does in the class.
        let is_empty = |object: &Object| Object::get_prototype_of(object) == plain && Object::keys(object).length() == 0;
        let asks = |value: &JsValue| value.as_bool() != Some(false) && !value.dyn_ref().is_some_and(is_empty);
        for field in fields {
            if self.get(field)?.as_ref().is_some_and(asks) {
                return Err(self.wrong(field).coded(ErrorCode::UnsupportedOption));
            }
        }
        Ok(())
    }

    /// A URL, normalized; relative ones are the page's.
    fn url(&self, field: &str) -> Result<Option<String>, Error> {
        self.text(field)?.map(|url| location::normalize(&url).ok_or_else(|| self.unreadable(field))).transpose()
    }

    /// The same, and an empty text for `null`, which says more here than nothing.
    fn url_or_null(&self, field: &str) -> Result<Option<String>, Error> {
        let is_null = Reflect::get(self.object, &field.into()).is_ok_and(|value| value.is_null());
        if is_null { Ok(Some(String::new())) } else { self.url(field) }
    }

    fn unreadable(&self, field: &str) -> Error {
        self.wrong(field).coded(ErrorCode::UrlParseError)
    }
}

/// A whole number that is not negative.
fn whole(value: &JsValue) -> Option<u64> {
    // A number that is too large is the largest.
    value.as_f64().filter(|number| *number >= 0.0 && number.fract() == 0.0).map(|number| number as u64)
}

/// `Configuration`.
pub(super) fn config(value: &JsValue) -> Result<RawConfig, Error> {
    // Where there is no page, no URL can be read, and that is not the app's mistake.
    location::window()?;
    let groups = Fields::new(value, "");
    let group = |name: &str| Ok::<_, Error>(groups.get(name)?.unwrap_or(JsValue::UNDEFINED));
    let (auth, cache, system) = (group("auth")?, group("cache")?, group("system")?);
    let (auth, cache, system) = (Fields::new(&auth, "auth."), Fields::new(&cache, "cache."), Fields::new(&system, "system."));
    auth.refuse(&["azureCloudOptions", "instanceAware"])?;
    let oidc = auth.get("OIDCOptions")?.unwrap_or(JsValue::UNDEFINED);
    let oidc = Fields::new(&oidc, "auth.OIDCOptions.");
    let scopes = oidc.texts("defaultScopes").map_err(|error| error.coded(ErrorCode::UnsupportedOption))?;
    let scopes = Scopes::from_list(scopes);
    if !scopes.is_empty() && scopes != Scopes::default().with_openid() {
        return Err(oidc.wrong("defaultScopes").coded(ErrorCode::UnsupportedOption));
    }
    system.refuse(&["allowPlatformBroker", "networkClient"])?;
    Ok(RawConfig {
        client_id: auth.text("clientId")?.unwrap_or_default(),
        authority: auth.url("authority")?,
        known_authorities: auth.texts("knownAuthorities")?,
        protocol_mode: system.text("protocolMode")?,
        redirect_uri: auth.url("redirectUri")?.or_else(location::page).unwrap_or_default(),
        post_logout_redirect_uri: auth.url_or_null("postLogoutRedirectUri")?,
        client_capabilities: auth.texts("clientCapabilities")?,
        cache_location: cache.text("cacheLocation")?,
        leaves_msal: cache.read("cacheMigrationEnabled", |value| value.as_bool())? == Some(false),
        token_renewal_offset_seconds: system.number("tokenRenewalOffsetSeconds")?,
        popup_bridge_timeout: system.number("popupBridgeTimeout")?,
        verify_signature: system.flag("verifyIdTokenSignature")?,
        iframe_bridge_timeout: system.number("iframeBridgeTimeout")?,
        allow_redirect_in_iframe: system.flag("allowRedirectInIframe")?,
    })
}

/// `FetchOptions`.
pub(super) fn transport(value: &JsValue, client: &Client) -> Result<Transport, Error> {
    let fields = Fields::new(value, "fetch.");
    let interaction = match fields.text("interactionType")?.as_deref() {
        None => InteractionType::default(),
        Some("none") => InteractionType::None,
        Some("popup") => InteractionType::Popup,
        Some("redirect") => InteractionType::Redirect,
        Some(_) => return Err(fields.wrong("interactionType")),
    };
    Ok(Transport {
        policy: FetchPolicy { resources: resources(&fields, client)?, interaction },
        account: fields.function("account")?,
        on_interaction_required: fields.function("onInteractionRequired")?,
        fetch: fields.function("fetch")?,
        max_replay_body_bytes: fields.number("maxReplayBodyBytes")?.unwrap_or(1 << 20),
        is_apps_own: false,
        gates: RefCell::default(),
    })
}

/// `PopupRequest`, `RedirectRequest` and `SsoSilentRequest`.
pub(super) fn login(value: &JsValue, client: &Client) -> Result<LoginRequest, Error> {
    let fields = Fields::new(value, "request.");
    supported(&fields)?;
    Ok(LoginRequest {
        scopes: fields.texts("scopes")?,
        claims: fields.text("claims")?,
        prompt: fields.text("prompt")?,
        login_hint: fields.text("loginHint")?,
        sid: fields.text("sid")?,
        max_age: fields.number("maxAge")?,
        acr_values: String::new(),
        extra_scopes: fields.texts("extraScopesToConsent")?,
        domain_hint: fields.text("domainHint")?,
        account: account(&fields)?,
        is_bound_to_account: false,
        redirect_uri: fields.url("redirectUri")?,
        extra: extra(&fields)?,
        authority: authority(&fields, client)?,
        start_page: start_page(&fields)?,
        resend: None,
        state: fields.text("state")?,
        correlation_id: correlation_id(&fields)?,
    })
}

/// What a popup looks like: `popupWindowAttributes`, and whether it takes the place of one that is open: `overrideInteractionInProgress`.
pub(super) fn popup(value: &JsValue) -> Result<(Shape, bool), Error> {
    let fields = Fields::new(value, "request.");
    let attributes = fields.get("popupWindowAttributes")?.unwrap_or(JsValue::UNDEFINED);
    let attributes = Fields::new(&attributes, "request.popupWindowAttributes.");
    let group = |name: &str| Ok::<_, Error>(attributes.get(name)?.unwrap_or(JsValue::UNDEFINED));
    let (size, position) = (group("popupSize")?, group("popupPosition")?);
    let (size, position) = (Fields::new(&size, attributes.name), Fields::new(&position, attributes.name));
    let shape = Shape {
        width: size.number("width")?,
        height: size.number("height")?,
        left: position.number("left")?,
        top: position.number("top")?,
    };
    Ok((shape, fields.flag("overrideInteractionInProgress")?))
}

/// `SilentRequest`: what it is for. The account is the one it names, else the active one, else the only one.
pub(super) fn silent(value: &JsValue, client: &Client) -> Result<Need, Error> {
    let fields = Fields::new(value, "request.");
    supported(&fields)?;
    client.look();
    let account = match account(&fields)? {
        Some(home) => home,
        None => client.default_account().ok_or(ErrorCode::NoAccountError)?.into_string(),
    };
    let policy = fields.read("cacheLookupPolicy", |value| CacheLookupPolicy::from_number(whole(&value)?))?.unwrap_or_default();
    let scopes = Scopes::from_list(fields.texts("scopes")?);
    let need = Need::new(&account, scopes, fields.text("claims")?.as_deref())?.from(policy, fields.flag("forceRefresh")?);
    Ok(need.at(authority(&fields, client)?))
}

/// What a request says that a result says again: `correlationId`, and `state`.
pub(super) fn own(value: &JsValue) -> Result<(Option<String>, Option<String>), Error> {
    let fields = Fields::new(value, "request.");
    Ok((fields.text("correlationId")?, fields.text("state")?))
}

/// Error: `unsupported_option` or `unsupported_authentication_scheme` where the request asks for what is not here.
fn supported(fields: &Fields<'_>) -> Result<(), Error> {
    fields.refuse(&["azureCloudOptions", "extraParameters", "resource", "storeInCache"])?;
    // Of version 4.
    fields.refuse(&["authorizePostBodyParameters", "onRedirectNavigate", "tokenBodyParameters", "tokenQueryParameters"])?;
    match fields.text("authenticationScheme")?.as_deref() {
        None | Some("Bearer") => Ok(()),
        Some(_) => Err(ErrorCode::UnsupportedAuthenticationScheme.into()),
    }
}

/// `EndSessionRequest`, with the account it names.
pub(super) fn logout(value: &JsValue, client: &Client) -> Result<(Option<String>, LogoutRequest), Error> {
    let fields = Fields::new(value, "request.");
    fields.refuse(&["onRedirectNavigate"])?;
    let request = LogoutRequest {
        post_logout_redirect_uri: fields.url_or_null("postLogoutRedirectUri")?,
        id_token_hint: fields.text("idTokenHint")?,
        logout_hint: fields.text("logoutHint")?,
        state: fields.text("state")?,
        correlation_id: correlation_id(&fields)?,
        authority: authority(&fields, client)?,
        extra: extra(&fields)?,
    };
    Ok((account(&fields)?, request))
}

/// An `AuthenticationResult` from elsewhere, and the request that it answers.
pub(super) fn hydration(outcome: &JsValue, request: &JsValue, client: &Client) -> Result<Hydration, Error> {
    let (fields, request) = (Fields::new(outcome, "result."), Fields::new(request, "request."));
    let text = |field: &str| fields.text(field)?.ok_or_else(|| fields.wrong(field));
    let seconds = |date: JsValue| {
        let milliseconds = date.dyn_into::<Date>().ok()?.get_time();
        (milliseconds >= 0.0).then_some(UnixSeconds((milliseconds / 1000.0) as u64))
    };
    Ok(Hydration {
        home_account_id: account(&fields)?.ok_or_else(|| fields.wrong("account"))?,
        id_token: Secret::new(text("idToken")?),
        access_token: Secret::new(text("accessToken")?),
        token_type: text("tokenType")?,
        scopes: Scopes::from_list(fields.texts("scopes")?),
        expires_on: fields.read("expiresOn", seconds)?.ok_or_else(|| fields.wrong("expiresOn"))?,
        asked: Scopes::from_list(request.texts("scopes")?),
        authority: authority(&request, client)?.unwrap_or_else(|| client.config().authority.clone()),
        correlation_id: correlation_id(&fields)?,
    })
}

/// `AccountFilter`. An `AccountInfo` is one.
pub(super) fn account_filter(value: &JsValue) -> Result<AccountFilter, Error> {
    let fields = Fields::new(value, "filter.");
    Ok(AccountFilter {
        home_account_id: fields.text("homeAccountId")?,
        local_account_id: fields.text("localAccountId")?,
        username: fields.text("username")?,
        environment: fields.text("environment")?,
        tenant_id: fields.text("tenantId")?.map_or_else(|| fields.text("realm"), |tenant_id| Ok(Some(tenant_id)))?,
        login_hint: fields.text("loginHint")?,
        sid: fields.text("sid")?,
        name: fields.text("name")?,
        is_home_tenant: fields.read("isHomeTenant", |value| value.as_bool())?,
    })
}

/// The home account id of an `AccountInfo` and the tenant, which `setActiveAccount` is given; `None` for `null`. Error: `invalid_option`.
pub(super) fn active(value: &JsValue) -> Result<Option<(String, Option<String>)>, Error> {
    let tenant_id = Fields::new(value, "account.").text("tenantId")?;
    Ok(account_info(value)?.map(|home| (home, tenant_id)))
}

/// The home account id of an `AccountInfo`; `None` for `null`. Error: `invalid_option`.
pub(super) fn account_info(value: &JsValue) -> Result<Option<String>, Error> {
    if value.is_null() || value.is_undefined() {
        return Ok(None);
    }
    let fields = Fields::new(value, "account.");
    fields.text("homeAccountId")?.map(Some).ok_or_else(|| fields.wrong("homeAccountId"))
}

/// `extraQueryParameters`: texts. What is none is left out.
fn extra(fields: &Fields<'_>) -> Result<Vec<(String, String)>, Error> {
    let extra = fields.read("extraQueryParameters", |map| entries(&map))?.unwrap_or_default();
    Ok(extra.into_iter().filter_map(|(name, value)| Some((name, value.as_string()?))).collect())
}

fn account(fields: &Fields<'_>) -> Result<Option<String>, Error> {
    fields.get("account")?.map_or(Ok(None), |account| account_info(&account))
}

/// The authority that a request names in place of the configured one.
fn authority(fields: &Fields<'_>, client: &Client) -> Result<Option<Authority>, Error> {
    Ok(fields.url("authority")?.map(|url| client.config().authority_for(&url)).transpose()?.flatten())
}

/// `redirectStartPage`: a page of this origin. The user goes to no other with the answer.
fn start_page(fields: &Fields<'_>) -> Result<Option<String>, Error> {
    let page = fields.url("redirectStartPage")?;
    let origin = |url: &str| Url::parse(url).map(|url| url.origin.to_owned());
    let is_own = page
        .as_deref()
        .is_none_or(|page| origin(page).is_some() && origin(page) == location::href().and_then(|href| origin(&href)));
    if is_own { Ok(page) } else { Err(fields.unreadable("redirectStartPage")) }
}

/// How the page started: `handleRedirectPromise`'s options, and what the shell saw.
pub(super) fn start(value: &JsValue) -> Result<Return, Error> {
    let fields = Fields::new(value, "options.");
    Ok(Return {
        hash: fields.text("hash")?,
        early: fields.text("early")?,
        referrer: fields.text("referrer")?,
        stays: fields.read("navigateToLoginRequestUrl", |value| value.as_bool())? == Some(false),
    })
}

fn correlation_id(fields: &Fields<'_>) -> Result<String, Error> {
    fields.text("correlationId")?.map_or_else(random::guid, Ok)
}

/// `protectedResourceMap`: a `Map` or an object; a value is a list of scopes, a `ProtectedResource` or `null`.
fn resources(fields: &Fields<'_>, client: &Client) -> Result<Resources, Error> {
    let mut resources = Resources::default();
    let Some(map) = fields.read("protectedResourceMap", |map| entries(&map))? else { return Ok(resources) };
    for (url, value) in map {
        let url = location::normalize(&url).ok_or_else(|| fields.unreadable("protectedResourceMap"))?;
        let (resource, methods) = if value.is_null() {
            (None, Vec::new())
        } else if let Some(scopes) = texts(value.clone()) {
            (Some(Resource { scopes: Scopes::from_list(scopes), authority: None }), Vec::new())
        } else {
            let fields = Fields::new(&value, "fetch.protectedResourceMap.");
            let scopes = Scopes::from_list(fields.texts("scopes")?);
            (Some(Resource { scopes, authority: authority(&fields, client)? }), fields.texts("methods")?)
        };
        resources.add(&url, resource, methods)?;
    }
    Ok(resources)
}

/// The arguments of `mergeClaims`: the claims and the capabilities.
pub(super) fn claims_request(value: &JsValue) -> Result<(Option<String>, Vec<String>), Error> {
    let fields = Fields::new(value, "");
    Ok((fields.text("claims")?, fields.texts("clientCapabilities")?))
}

/// What `formatChallenge` is to write: a scheme and parameters.
pub(super) fn challenge(value: &JsValue) -> Result<(String, Vec<(String, String)>), Error> {
    let fields = Fields::new(value, "challenge.");
    let scheme = fields.text("scheme")?.unwrap_or_default();
    // To leave it out would be to write another challenge.
    if fields.get("token68")?.is_some() {
        return Err(fields.wrong("token68"));
    }
    let mut params = Vec::new();
    if let Some(object) = fields.get("params")? {
        let is_plain = object.is_object() && !Array::is_array(&object);
        let entries = entries(&object).filter(|_| is_plain).ok_or_else(|| fields.wrong("params"))?;
        for (name, value) in entries {
            // Half of a surrogate pair has no UTF-8 form, and would become another character.
            match value.as_string().filter(|text| value == *text) {
                Some(text) => params.push((name, text)),
                None => return Err(unwritable(Some(&name))),
            }
        }
    }
    Ok((scheme, params))
}

/// `invalid_option`: this parameter of a challenge cannot be written, or its scheme.
pub(super) fn unwritable(param: Option<&str>) -> Error {
    let (name, field) = param.map_or(("challenge.", "scheme"), |param| ("challenge.params.", param));
    Fields::new(&JsValue::UNDEFINED, name).wrong(field)
}

/// The entries of a `Map`, or of an object.
fn entries(map: &JsValue) -> Option<Vec<(String, JsValue)>> {
    let pairs = if map.is_instance_of::<js_sys::Map>() { array_from(map) } else { object_entries(map) };
    let entry = |pair: JsValue| {
        let pair: Array = pair.dyn_into().ok()?;
        Some((pair.get(0).as_string()?, pair.get(1)))
    };
    pairs.ok()?.iter().map(entry).collect()
}

/// A list of texts.
pub(super) fn texts(value: JsValue) -> Option<Vec<String>> {
    value.dyn_into::<Array>().ok()?.iter().map(|text| text.dyn_into::<JsString>().ok().map(String::from)).collect()
}
