//! JavaScript objects to Rust options. A value of the wrong kind is `invalid_option` with the option's name; what is absent, `undefined` or
//! `null` is not there.

mod fields;

use std::cell::RefCell;

use js_sys::{Array, Date};
use wasm_bindgen::{JsCast, JsValue};

pub(super) use fields::texts;
use fields::{Fields, entries, is_nothing, read, whole};

use crate::{
    browser::{
        client::{Client, LogoutRequest, Return},
        location,
        popup::Shape,
        random,
        transport::{Parted, Transport},
    },
    error::{Error, ErrorCode},
    protocol::{
        authority::Authority,
        scope::Scopes,
        secret::Secret,
        time::UnixSeconds,
        url::{self, Url},
    },
    session::{
        account::AccountFilter,
        config::{FetchPolicy, InteractionType, RawConfig},
        hydrate::Hydration,
        login::LoginRequest,
        need::{CacheLookupPolicy, Need},
        resources::{Resource, Resources},
    },
};

/// `Configuration`.
pub(super) fn config(value: &JsValue) -> Result<RawConfig, Error> {
    // Where there is no page, no URL can be read, and that is not the app's mistake.
    location::window()?;
    read(value, "", |groups| {
        let (auth, cache, system) = (groups.group("auth"), groups.group("cache"), groups.group("system"));
        let (auth, cache, system) = (groups.part(&auth, "auth."), groups.part(&cache, "cache."), groups.part(&system, "system."));
        auth.refuse(&["azureCloudOptions", "instanceAware"]);
        let oidc = auth.group("OIDCOptions");
        // Whatever is wrong with it, it asks for what is not here.
        let scopes = read(&oidc, "", |oidc| oidc.texts("defaultScopes")).map(Scopes::from_list);
        if !scopes.is_ok_and(|scopes| scopes.is_empty() || scopes == Scopes::default().with_openid()) {
            auth.mistaken(ErrorCode::UnsupportedOption, "OIDCOptions.defaultScopes");
        }
        system.refuse(&["allowPlatformBroker", "networkClient"]);
        RawConfig {
            client_id: auth.text("clientId").unwrap_or_default(),
            // An empty one is none to go to.
            authority: auth.whole_url("authority").or_else(|| auth.any_text("authority")),
            known_authorities: auth.read("knownAuthorities", known_authorities).unwrap_or_default(),
            protocol_mode: system.text("protocolMode"),
            redirect_uri: auth
                .url("redirectUri")
                .or_else(|| location::page().filter(|page| Url::parse(page).is_some()))
                .unwrap_or_default(),
            post_logout_redirect_uri: auth.url_or_null("postLogoutRedirectUri"),
            client_capabilities: auth.texts("clientCapabilities"),
            cache_location: cache.text("cacheLocation"),
            leaves_msal: cache.flag("cacheMigrationEnabled") == Some(false),
            token_renewal_offset_seconds: system.number("tokenRenewalOffsetSeconds"),
            popup_bridge_timeout: system.number("popupBridgeTimeout"),
            verify_signature: system.flag("verifyIdTokenSignature") == Some(true),
            iframe_bridge_timeout: system.number("iframeBridgeTimeout"),
            allow_redirect_in_iframe: system.flag("allowRedirectInIframe") == Some(true),
        }
    })
}

/// `knownAuthorities`, but for those that are not there: MSAL passes them over.
fn known_authorities(list: JsValue) -> Option<Vec<String>> {
    let mut known = Vec::new();
    for one in list.dyn_into::<Array>().ok()?.iter() {
        if !is_nothing(&one) {
            known.push(one.as_string()?);
        }
    }
    Some(known)
}

/// `FetchOptions`.
pub(super) fn transport(value: &JsValue, client: &Client) -> Result<Transport, Error> {
    read(value, "fetch.", |fields| {
        let interaction = fields.read("interactionType", |value| match &*value.as_string()? {
            "none" => Some(InteractionType::None),
            "popup" => Some(InteractionType::Popup),
            "redirect" => Some(InteractionType::Redirect),
            _ => None,
        });
        Transport {
            policy: FetchPolicy { resources: resources(fields, client), interaction: interaction.unwrap_or_default() },
            account: fields.function("account"),
            on_interaction_required: fields.function("onInteractionRequired"),
            fetch: fields.function("fetch"),
            max_replay_body_bytes: fields.number("maxReplayBodyBytes").unwrap_or(1 << 20),
            is_apps_own: false,
            gates: RefCell::default(),
            parted: Parted::default(),
        }
    })
}

/// `PopupRequest`, `RedirectRequest` and `SsoSilentRequest`.
pub(super) fn login(value: &JsValue, client: &Client) -> Result<LoginRequest, Error> {
    read(value, "request.", |fields| {
        refuse_unsupported(fields);
        let account = account(fields);
        LoginRequest {
            is_known: account.as_deref().is_some_and(|home| client.knows(home)),
            scopes: fields.scopes("scopes"),
            claims: fields.text("claims"),
            prompt: fields.text("prompt"),
            login_hint: fields.text("loginHint"),
            sid: fields.text("sid"),
            max_age: fields.number("maxAge"),
            acr_values: String::new(),
            extra_scopes: fields.scopes("extraScopesToConsent"),
            domain_hint: fields.text("domainHint"),
            account,
            username: fields.part(&fields.group("account"), "account.").text("username"),
            is_bound_to_account: false,
            redirect_uri: fields.url("redirectUri"),
            extra: extra(fields),
            authority: authority(fields, client),
            start_page: start_page(fields),
            resend: None,
            state: fields.text("state"),
            correlation_id: correlation_id(fields),
        }
    })
}

/// What a popup looks like: `popupWindowAttributes`, and whether it takes the place of one that is open: `overrideInteractionInProgress`.
pub(super) fn popup(value: &JsValue) -> Result<(Shape, bool), Error> {
    read(value, "request.", |fields| {
        let attributes = fields.group("popupWindowAttributes");
        let attributes = fields.part(&attributes, "request.popupWindowAttributes.");
        let (size, position) = (attributes.group("popupSize"), attributes.group("popupPosition"));
        let (size, position) = (fields.part(&size, attributes.name), fields.part(&position, attributes.name));
        let shape = Shape {
            width: size.pixels("width"),
            height: size.pixels("height"),
            left: position.pixels("left"),
            top: position.pixels("top"),
        };
        (shape, fields.flag("overrideInteractionInProgress") == Some(true))
    })
}

/// `SilentRequest`: what it is for. The account is the one it names, else the active one, else the only one.
pub(super) fn silent(value: &JsValue, client: &Client) -> Result<Need, Error> {
    let (account, policy, scopes, claims, is_forced, authority) = read(value, "request.", |fields| {
        refuse_unsupported(fields);
        client.look();
        let account = account(fields).or_else(|| client.default_account().map(String::from));
        if account.is_none() {
            fields.keep(ErrorCode::NoAccountError.into());
        }
        let policy = fields.read("cacheLookupPolicy", |value| CacheLookupPolicy::from_number(whole(&value)?));
        let scopes = fields.scopes("scopes");
        (account, policy, scopes, fields.text("claims"), fields.flag("forceRefresh"), authority(fields, client))
    })?;
    let need = Need::new(&account.unwrap_or_default(), scopes, claims.as_deref())?;
    let need = if client.knows(need.account()) { need } else { need.of_stranger() };
    Ok(need.from(policy.unwrap_or_default(), is_forced == Some(true)).at(authority))
}

/// What a request says that a result says again: `correlationId`, and `state`.
pub(super) fn own(value: &JsValue) -> Result<(Option<String>, Option<String>), Error> {
    read(value, "request.", |fields| (fields.text("correlationId"), fields.text("state")))
}

/// What a request asks for and is not here: `unsupported_option`, `unsupported_authentication_scheme`.
fn refuse_unsupported(fields: &Fields<'_>) {
    fields.refuse(&["azureCloudOptions", "extraParameters", "resource", "storeInCache"]);
    // Of version 4.
    fields.refuse(&["authorizePostBodyParameters", "onRedirectNavigate", "tokenBodyParameters", "tokenQueryParameters"]);
    if fields.text("authenticationScheme").is_some_and(|scheme| scheme != "Bearer") {
        fields.keep(ErrorCode::UnsupportedAuthenticationScheme.into());
    }
}

/// `EndSessionRequest`, with the account it names.
pub(super) fn logout(value: &JsValue, client: &Client) -> Result<(Option<String>, LogoutRequest), Error> {
    read(value, "request.", |fields| {
        fields.refuse(&["onRedirectNavigate"]);
        let request = LogoutRequest {
            post_logout_redirect_uri: fields.url_or_null("postLogoutRedirectUri"),
            id_token_hint: fields.text("idTokenHint"),
            logout_hint: fields.text("logoutHint"),
            state: fields.text("state"),
            correlation_id: correlation_id(fields),
            authority: authority(fields, client),
            extra: extra(fields),
        };
        (account(fields), request)
    })
}

/// An `AuthenticationResult` from elsewhere, and the request that it answers.
pub(super) fn hydration(outcome: &JsValue, request: &JsValue, client: &Client) -> Result<Hydration, Error> {
    let seconds = |date: JsValue| {
        let milliseconds = date.dyn_into::<Date>().ok()?.get_time();
        (milliseconds >= 0.0).then_some(UnixSeconds((milliseconds / 1000.0) as u64))
    };
    read(outcome, "result.", |fields| {
        let request = fields.part(request, "request.");
        Hydration {
            home_account_id: account(fields).or_else(|| fields.wrong("account")).unwrap_or_default(),
            id_token: Secret::new(fields.required_text("idToken")),
            access_token: Secret::new(fields.required_text("accessToken")),
            token_type: fields.required_text("tokenType"),
            scopes: fields.scopes("scopes"),
            expires_on: fields.read("expiresOn", seconds).or_else(|| fields.wrong("expiresOn")).unwrap_or(UnixSeconds(0)),
            asked: request.scopes("scopes"),
            authority: authority(&request, client).unwrap_or_else(|| client.config().authority.clone()),
            correlation_id: correlation_id(fields),
        }
    })
}

/// `AccountFilter`, of a client whose accounts are of this `authorityType`. An `AccountInfo` is one.
pub(super) fn account_filter(value: &JsValue, authority_type: &str) -> Result<AccountFilter, Error> {
    read(value, "filter.", |fields| AccountFilter {
        home_account_id: fields.text("homeAccountId"),
        local_account_id: fields.text("localAccountId"),
        username: fields.text("username"),
        upn: fields.text("upn"),
        environment: fields.text("environment"),
        tenant_id: fields.text("tenantId").or_else(|| fields.text("realm")),
        login_hint: fields.text("loginHint"),
        sid: fields.text("sid"),
        name: fields.text("name"),
        is_home_tenant: fields.flag("isHomeTenant"),
        is_nobodys: fields.text("nativeAccountId").is_some()
            || fields.text("authorityType").is_some_and(|own| !own.eq_ignore_ascii_case(authority_type)),
    })
}

/// The home account id of an `AccountInfo` and the tenant, which `setActiveAccount` is given; `None` for `null`. Error: `invalid_option`.
pub(super) fn active(value: &JsValue) -> Result<Option<(String, Option<String>)>, Error> {
    read(value, "account.", |fields| {
        let tenant_id = fields.text("tenantId");
        home_account_id(fields).map(|home| (home, tenant_id))
    })
}

/// The home account id of an `AccountInfo`; `None` for `null`.
fn home_account_id(fields: &Fields<'_>) -> Option<String> {
    if is_nothing(fields.object) { None } else { Some(fields.required_text("homeAccountId")) }
}

/// `extraQueryParameters`: texts. What is none is left out.
fn extra(fields: &Fields<'_>) -> Vec<(String, String)> {
    let mut extra = Vec::new();
    for (name, value) in fields.read("extraQueryParameters", |map| entries(&map)).unwrap_or_default() {
        if let Some(text) = value.as_string() {
            extra.push((name, text));
        }
    }
    extra
}

fn account(fields: &Fields<'_>) -> Option<String> {
    home_account_id(&fields.part(&fields.group("account"), "account."))
}

/// The authority that a request names in place of the configured one.
fn authority(fields: &Fields<'_>, client: &Client) -> Option<Authority> {
    client.config().authority_for(&fields.whole_url("authority")?).unwrap_or_else(|error| {
        fields.keep(error);
        None
    })
}

/// `redirectStartPage`: a page of this origin. The user goes to no other with the answer.
fn start_page(fields: &Fields<'_>) -> Option<String> {
    let page = fields.url("redirectStartPage")?;
    let origin = |url: &str| Url::parse(url).map(|url| url.origin.to_owned());
    let is_own = origin(&page).is_some() && origin(&page) == location::href().and_then(|href| origin(&href));
    if !is_own {
        fields.mistaken(ErrorCode::UrlParseError, "redirectStartPage");
    }
    Some(page)
}

/// How the page started: `handleRedirectPromise`'s options, and what the shell saw.
pub(super) fn start(value: &JsValue) -> Result<Return, Error> {
    read(value, "options.", |fields| Return {
        hash: fields.text("hash"),
        early: fields.text("early"),
        referrer: fields.any_text("referrer"),
        stays: fields.flag("navigateToLoginRequestUrl") == Some(false),
    })
}

fn correlation_id(fields: &Fields<'_>) -> String {
    let made = || random::guid().map_err(|error| fields.keep(error)).ok();
    fields.text("correlationId").or_else(made).unwrap_or_default()
}

/// `protectedResourceMap`: a `Map` or an object; a value is a list of scopes, a `ProtectedResource` or `null`.
fn resources(fields: &Fields<'_>, client: &Client) -> Resources {
    let mut resources = Resources::default();
    for (url, value) in fields.read("protectedResourceMap", |map| entries(&map)).unwrap_or_default() {
        let Some(url) = fields.normalize(&url, "protectedResourceMap", url::is_located) else { break };
        let (resource, methods) = if value.is_null() {
            (None, Vec::new())
        } else if let Some(scopes) = texts(value.clone()) {
            (Some(Resource::new(Scopes::from_list(scopes), None)), Vec::new())
        } else if Array::is_array(&value) {
            fields.wrong("protectedResourceMap").unwrap_or_default()
        } else {
            let fields = fields.part(&value, "fetch.protectedResourceMap.");
            // MSAL Angular's list of methods with scopes of their own is another thing than `methods`.
            if fields.get("httpMethod").is_some() {
                fields.wrong::<()>("httpMethod");
            }
            (Some(Resource::new(fields.scopes("scopes"), authority(&fields, client))), fields.texts("methods"))
        };
        if let Err(error) = resources.add(&url, resource, methods) {
            fields.keep(error);
        }
    }
    resources
}

/// The arguments of `mergeClaims`: the claims and the capabilities.
pub(super) fn claims_request(value: &JsValue) -> Result<(Option<String>, Vec<String>), Error> {
    read(value, "", |fields| (fields.text("claims"), fields.texts("clientCapabilities")))
}

/// What `formatChallenge` is to write: a scheme and parameters.
pub(super) fn challenge(value: &JsValue) -> Result<(String, Vec<(String, String)>), Error> {
    read(value, "challenge.", |fields| {
        let scheme = fields.text("scheme").unwrap_or_default();
        // To leave it out would be to write another challenge.
        if fields.get("token68").is_some() {
            fields.wrong::<()>("token68");
        }
        let params = fields.read("params", |object| {
            let is_plain = object.is_object() && !Array::is_array(&object);
            entries(&object).filter(|_| is_plain)
        });
        let mut texts = Vec::new();
        for (name, value) in params.unwrap_or_default() {
            // Half of a surrogate pair has no UTF-8 form, and would become another character.
            match value.as_string().filter(|text| value == *text) {
                Some(text) => texts.push((name, text)),
                None => fields.keep(unwritable(Some(&name))),
            }
        }
        (scheme, texts)
    })
}

/// `invalid_option`: this parameter of a challenge cannot be written, or its scheme.
pub(super) fn unwritable(param: Option<&str>) -> Error {
    let (name, field) = param.map_or(("challenge.", "scheme"), |param| ("challenge.params.", param));
    Error::about(ErrorCode::InvalidOption, &[name, field].concat())
}
