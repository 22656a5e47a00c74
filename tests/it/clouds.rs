//! Microsoft's authorities: what is known of them, what must be asked, and which of them a request may name.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use countersign::{
    error::{Error, ErrorCode},
    protocol::{
        authority::{Authority, ProtocolMode, is_from, is_same_host},
        metadata::Metadata,
    },
    session::config::{Config, RawConfig},
};
use serde_json::json;

use crate::world::{World, ask, fragment, need, raw};

const TENANT: &str = "9122040d-6c67-4c5b-b112-36a304b66dad";
const OTHER: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

fn aad(url: &str) -> Authority {
    Authority::new(url, ProtocolMode::Aad).unwrap()
}

fn known(url: &str) -> Option<Metadata> {
    Metadata::known(&aad(url))
}

fn config(authority: &str, known: &[&str], mode: &str) -> Config {
    let known_authorities = known.iter().copied().map(String::from).collect();
    Config::new(RawConfig { authority: Some(authority.into()), known_authorities, ..raw(mode) }).unwrap()
}

#[test]
fn a_tenant_of_a_microsoft_cloud_is_known_without_asking() {
    let metadata = known("https://login.microsoftonline.com/contoso.example").unwrap();
    let at = |path: &str| format!("https://login.microsoftonline.com/contoso.example/oauth2/v2.0/{path}");
    assert_eq!(metadata.authorization_endpoint(), at("authorize"));
    assert_eq!(metadata.token_endpoint(), at("token"));
    assert_eq!(metadata.end_session_endpoint(), Some(&*at("logout")));
    assert!(!metadata.sends_iss(), "Microsoft promises no iss");
}

#[test]
fn a_cloud_is_spoken_to_at_one_host_by_whatever_name_it_was_configured() {
    for (names, host) in [
        (
            &["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"][..],
            "login.microsoftonline.com",
        ),
        (&["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"], "login.partner.microsoftonline.cn"),
        (&["login.microsoftonline.us", "login.usgovcloudapi.net"], "login.microsoftonline.us"),
        (&["login.sovcloud-identity.fr"], "login.sovcloud-identity.fr"),
        (&["login.sovcloud-identity.de"], "login.sovcloud-identity.de"),
        (&["login.sovcloud-identity.sg"], "login.sovcloud-identity.sg"),
    ] {
        for name in names {
            let authority = aad(&format!("https://{name}/{TENANT}/"));
            let metadata = Metadata::known(&authority).unwrap();
            assert_eq!(metadata.token_endpoint(), format!("https://{host}/{TENANT}/oauth2/v2.0/token"), "{name}");
            assert_eq!(metadata.issuer(), format!("https://{host}/{TENANT}/v2.0"), "{name}");
            assert_eq!(authority.host(), *name, "the environment of an account is what the app configured");
            assert!(is_same_host(name, host) && is_same_host(host, name));
        }
    }
    assert!(is_same_host("login.example.com", "login.example.com"));
    for other in ["login.microsoftonline.us", "evil.com", "login.microsoftonline.com.evil.com", ""] {
        assert!(!is_same_host("login.microsoftonline.com", other) && !is_same_host(other, "login.windows.net"), "{other}");
    }
}

#[test]
fn the_issuer_of_a_cloud_names_the_tenant_that_the_authority_names_and_none_where_it_names_none() {
    for (tenant, issuer) in [
        ("common", "{tenantid}"),
        ("organizations", "{tenantid}"),
        ("contoso.onmicrosoft.com", "{tenantid}"),
        ("consumers", CONSUMERS),
        ("Consumers", CONSUMERS),
        (TENANT, TENANT),
        (&TENANT.to_ascii_uppercase(), TENANT),
    ] {
        for end in ["", "/", "/v2.0", "/v2.0/"] {
            let metadata = known(&format!("https://login.microsoftonline.com/{tenant}{end}")).unwrap();
            assert_eq!(metadata.issuer(), format!("https://login.microsoftonline.com/{issuer}/v2.0"), "{tenant}{end}");
        }
    }
    assert_eq!(aad("https://login.microsoftonline.com/Common/v2.0").as_str(), "https://login.microsoftonline.com/common");
}

#[test]
fn what_only_looks_like_a_cloud_is_asked() {
    for url in [
        "https://login.microsoftonline.com.evil.com/common",
        "https://evil.com/login.microsoftonline.com",
        "https://login.microsoftonline.com:8443/common",
        "https://login.microsoftonline.com/tfp/contoso.onmicrosoft.com/B2C_1_x",
        "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_x",
        "https://contoso.ciamlogin.com/contoso.onmicrosoft.com",
    ] {
        assert!(known(url).is_none(), "{url}");
    }
    let plain = Authority::new("https://login.microsoftonline.com/common", ProtocolMode::Oidc).unwrap();
    assert!(Metadata::known(&plain).is_none(), "plain OpenID Connect knows no vendor");
}

#[test]
fn a_cloud_without_a_tenant_is_no_authority() {
    for url in
        ["https://login.microsoftonline.com", "https://login.microsoftonline.com/", "https://login.microsoftonline.us/v2.0"]
    {
        let error = Authority::new(url, ProtocolMode::Aad).unwrap_err();
        assert_eq!(error, Error::about(ErrorCode::UrlParseError, "auth.authority"), "{url}");
    }
}

#[test]
fn a_sign_in_at_a_cloud_takes_the_token_of_the_users_tenant_only() {
    let mut world = World::new(RawConfig { authority: None, ..raw("AAD") }, |_| {});
    let of = |tenant: &str| json!(format!("https://login.microsoftonline.com/{tenant}/v2.0"));
    let nobody = world.snapshot();
    for (iss, tid) in [(TENANT, OTHER), ("{tenantid}", TENANT), ("common", TENANT)] {
        world.provider.grants(move |grant| {
            grant.claims["iss"] = of(iss);
            grant.claims["tid"] = json!(tid);
        });
        let error = world.popup(ask(&["api.read"])).unwrap_err();
        assert_eq!(error, Error::about(ErrorCode::IssuerMismatch, "iss"));
        assert_eq!(world.snapshot(), nobody);
    }
    world.provider.grants(move |grant| {
        grant.claims["iss"] = of(TENANT);
        grant.claims["tid"] = json!(TENANT);
    });
    let granted = world.popup(ask(&["api.read"])).unwrap();
    assert_eq!((granted.account.tenant_id(), &*granted.account.environment), (TENANT, "login.microsoftonline.com"));
    assert!(world.provider.urls.iter().all(|url| url.starts_with("https://login.microsoftonline.com/common/oauth2/v2.0/")));
}

#[test]
fn a_guest_is_known_by_the_home_tenant_and_signed_in_to_the_other() {
    let authority = Some(format!("https://login.microsoftonline.com/{TENANT}"));
    let mut world = World::new(RawConfig { authority, ..raw("AAD") }, |_| {});
    let as_guest = |grant: &mut crate::world::Grant| {
        grant.claims["tid"] = json!(TENANT);
        let home = json!({ "uid": "uid-ada", "utid": OTHER }).to_string();
        grant.body["client_info"] = json!(BASE64_URL_SAFE_NO_PAD.encode(home));
    };
    world.provider.grants(as_guest);
    let account = world.popup(ask(&["api.read"])).unwrap().account;
    assert_eq!((&*account.home_account_id, account.tenant_id()), (&*format!("uid-ada.{OTHER}"), TENANT));
    world.provider.grants(as_guest);
    world.refresh(&need(&account.home_account_id, &["api.other"], None)).unwrap();
}

#[test]
fn an_issuer_beside_the_code_is_any_tenants_where_the_authority_names_none() {
    let template = "https://login.microsoftonline.com/{tenantid}/v2.0";
    let own = format!("https://login.microsoftonline.com/{TENANT}/v2.0");
    for (issuer, iss, is_from_there) in [
        (template, &*own, true),
        (template, template, false),
        (template, "https://login.microsoftonline.com/common/v2.0", false),
        (template, &*own.replace("microsoftonline", "evil"), false),
        (template, &*own.replace("/v2.0", "/v2.0/"), false),
        (template, "https://login.microsoftonline.com//v2.0", false),
        (template, "", false),
        (&*own, &*own, true),
        (&*own, &*own.replace(TENANT, OTHER), false),
    ] {
        assert_eq!(is_from(issuer, iss), is_from_there, "{issuer} {iss}");
    }
    for (tenant, is_taken) in [(TENANT, true), ("evil", false)] {
        let mut world = World::new(RawConfig { authority: None, ..raw("AAD") }, |_| {});
        let iss = format!("https://login.microsoftonline.com/{tenant}/v2.0");
        world.returns(move |visit| fragment(&[("code", "code-SECRET"), ("state", visit.state()), ("iss", &iss)]));
        let own = own.clone();
        world.provider.grants(move |grant| {
            grant.claims["iss"] = json!(own);
            grant.claims["tid"] = json!(TENANT);
        });
        assert_eq!(world.popup(ask(&["api.read"])).is_ok(), is_taken, "{tenant}");
        assert_eq!(world.provider.requests.len(), usize::from(is_taken), "a code of somebody else's is not redeemed");
    }
}

#[test]
fn the_tenant_of_an_external_host_is_put_in_the_path_where_it_is_not_there() {
    for (url, whole) in [
        ("https://contoso.ciamlogin.com", "https://contoso.ciamlogin.com/contoso.onmicrosoft.com"),
        ("https://contoso.ciamlogin.com/", "https://contoso.ciamlogin.com/contoso.onmicrosoft.com"),
        ("https://contoso.ciamlogin.com/contoso.example", "https://contoso.ciamlogin.com/contoso.example"),
        ("https://ciamlogin.com/", "https://ciamlogin.com"),
    ] {
        assert_eq!(aad(url).as_str(), whole);
    }
    let request = aad("https://contoso.ciamlogin.com/").discovery_request();
    assert_eq!(request.url, "https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration");
    let plain = Authority::new("https://contoso.ciamlogin.com/", ProtocolMode::Oidc).unwrap();
    assert_eq!(plain.as_str(), "https://contoso.ciamlogin.com");
}

#[test]
fn an_external_tenant_calls_itself_by_its_id() {
    let named = "https://contoso.ciamlogin.com/";
    let by_id = &*format!("https://contoso.ciamlogin.com/{TENANT}");
    let custom = &*format!("https://login.contoso.example/{TENANT}");
    let of = |host: &str, tenant: &str| format!("https://{host}.ciamlogin.com/{tenant}/v2.0");
    for (authority, issuer, accepts) in [
        (named, of(TENANT, TENANT), true),
        (named, of("contoso", TENANT), true),
        (named, of("contoso", "contoso.onmicrosoft.com"), true),
        (named, of(TENANT, OTHER), false),
        (named, of("fabrikam", TENANT), false),
        (named, of(TENANT, "contoso.onmicrosoft.com"), false),
        (named, of(TENANT, TENANT).replace(".com", ".com.evil.com"), false),
        (named, of(TENANT, TENANT).replace("https", "http"), false),
        (named, of(TENANT, &format!("x/{TENANT}")), false),
        (by_id, of(TENANT, TENANT), true),
        (by_id, of(OTHER, OTHER), false),
        (custom, of(TENANT, TENANT), true),
        (custom, of(OTHER, OTHER), false),
        ("https://login.contoso.example/contoso.example", of(TENANT, TENANT), false),
    ] {
        assert_eq!(aad(authority).accepts(&issuer), accepts, "{authority} {issuer}");
    }
    let plain = Authority::new(by_id, ProtocolMode::Oidc).unwrap();
    assert!(!plain.accepts(&of(TENANT, TENANT)), "in plain OpenID Connect the issuer is the URL");
}

#[test]
fn a_policy_of_b2c_calls_itself_by_its_tenants_id_at_its_own_host() {
    let policy = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_SignIn";
    let tfp = "https://contoso.b2clogin.com/tfp/contoso.onmicrosoft.com/B2C_1_SignIn";
    let by_id = &*format!("https://contoso.b2clogin.com/{TENANT}/B2C_1_SignIn");
    let custom = &*format!("https://login.contoso.example/{TENANT}/B2C_1_SignIn");
    let of = |path: &str| format!("https://contoso.b2clogin.com/{path}/v2.0/");
    let with_policy = |tenant: &str, name: &str| of(&format!("tfp/{tenant}/{name}"));
    for (authority, issuer, accepts) in [
        (policy, of(TENANT), true),
        (tfp, of(TENANT), true),
        (by_id, of(TENANT), true),
        (by_id, of(OTHER), false),
        (policy, with_policy(TENANT, "b2c_1_signin"), true),
        (policy, with_policy(TENANT, "B2C_1_Other"), false),
        (by_id, with_policy(OTHER, "b2c_1_signin"), false),
        (policy, of("{tenantid}"), false),
        (policy, of("common"), false),
        (policy, of(TENANT).replace("contoso", "fabrikam"), false),
        (policy, format!("https://login.microsoftonline.com/{TENANT}/v2.0/"), false),
        (policy, of(&format!("tfp/{TENANT}/b2c_1_signin/x")), false),
        (custom, format!("https://login.contoso.example/{TENANT}/v2.0/"), true),
        (custom, of(TENANT), false),
    ] {
        assert_eq!(aad(authority).accepts(&issuer), accepts, "{authority} {issuer}");
    }
    assert_eq!(aad(policy).discovery_request().url, format!("{policy}/v2.0/.well-known/openid-configuration"));
}

/// What a client of this configuration makes of a request's `authority`.
fn named(config: &Config, url: &str) -> Result<Option<String>, Error> {
    config.authority_for(url).map(|authority| authority.map(|authority| authority.as_str().into()))
}

#[test]
fn a_request_may_name_an_authority_of_the_same_provider_and_no_other() {
    let config = config(
        "https://login.example.com/tenant",
        &["login.contoso.example", "HTTPS://B2C.example:8443/t/p", "idp.example:443"],
        "AAD",
    );
    for url in [
        "https://login.example.com/other",
        "https://login.contoso.example/t/B2C_1_x",
        "https://b2c.example:8443/t/q",
        "https://idp.example/t",
    ] {
        assert_eq!(named(&config, url), Ok(Some(url.into())));
    }
    for url in ["https://login.example.com/tenant", "https://login.example.com/tenant/"] {
        assert_eq!(named(&config, url), Ok(None), "it is the configured one");
    }
    for (url, host) in [
        ("https://evil.com/tenant", "evil.com"),
        ("https://login.example.com:8443/tenant", "login.example.com"),
        ("https://b2c.example/t/p", "b2c.example"),
        ("https://evil.ciamlogin.com/", "evil.ciamlogin.com"),
        ("https://evil.b2clogin.com/t/p", "evil.b2clogin.com"),
        ("https://sub.login.contoso.example/t", "sub.login.contoso.example"),
        ("https://login.microsoftonline.com/common", "login.microsoftonline.com"),
        ("http://localhost:3000/t", "localhost"),
    ] {
        assert_eq!(named(&config, url), Err(Error::about(ErrorCode::UntrustedAuthority, host)), "{url}");
    }
}

#[test]
fn a_tenant_of_the_same_cloud_may_be_named_by_any_of_its_hosts_and_of_no_other_cloud() {
    let config = config("https://login.microsoftonline.com/common", &[], "AAD");
    for url in ["https://login.microsoftonline.com/contoso.onmicrosoft.com", "https://login.windows.net/contoso.onmicrosoft.com"]
    {
        assert_eq!(named(&config, url), Ok(Some(url.into())));
    }
    let host = "login.microsoftonline.us";
    assert_eq!(named(&config, "https://login.microsoftonline.us/common"), Err(Error::about(ErrorCode::UntrustedAuthority, host)));
}

#[test]
fn an_authority_of_a_request_is_held_to_the_rules_of_the_configured_one() {
    let config = config("https://login.example.com/tenant", &["http://login.example.com"], "AAD");
    let error = |url| config.authority_for(url).unwrap_err();
    assert_eq!(error("nowhere"), Error::about(ErrorCode::UrlParseError, "request.authority"));
    assert_eq!(error("https://login.example.com/t?p=x"), Error::about(ErrorCode::UrlParseError, "request.authority"));
    assert_eq!(error("http://login.example.com/t").code, ErrorCode::AuthorityUriInsecure, "known does not make it safe");
    assert_eq!(config.authority_for("https://login.example.com/t").unwrap().unwrap().mode(), ProtocolMode::Aad);
}

#[test]
fn a_provider_of_plain_openid_connect_has_one_authority() {
    let config = config("https://login.example.com/realms/a", &["https://login.example.com", "other.example"], "OIDC");
    assert_eq!(named(&config, "https://login.example.com/realms/a"), Ok(None));
    for (url, host) in [
        // Another realm has other users, under the same subjects, and other tokens.
        ("https://login.example.com/realms/b", "login.example.com"),
        ("https://other.example/", "other.example"),
        ("https://login.microsoftonline.com/common", "login.microsoftonline.com"),
    ] {
        assert_eq!(named(&config, url), Err(Error::about(ErrorCode::UntrustedAuthority, host)), "{url}");
    }
}

#[test]
fn what_is_no_host_is_no_known_authority() {
    for known in ["https://", "ftp://login.example.com", "login example.com", "evil.com\\@login.example.com"] {
        let options = RawConfig { known_authorities: vec![known.into()], ..raw("AAD") };
        assert_eq!(Config::new(options).unwrap_err(), Error::about(ErrorCode::UrlParseError, "auth.knownAuthorities"), "{known}");
    }
}

#[test]
fn what_is_empty_among_the_known_authorities_is_left_out() {
    let config = config("https://login.example.com/a", &["", " ", "other.example", "\t"], "AAD");
    assert!(named(&config, "https://other.example/b").is_ok_and(|authority| authority.is_some()));
    let error = named(&config, "https://third.example/b").unwrap_err();
    assert_eq!(error, Error::about(ErrorCode::UntrustedAuthority, "third.example"));
}
