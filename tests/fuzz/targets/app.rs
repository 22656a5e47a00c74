//! One app, for the targets that need a request to answer.

use countersign::{
    protocol::{
        authorize::{Pending, Seeds},
        http::HttpResponse,
        metadata::Metadata,
        scope::Scopes,
        state::Flow,
        time::UnixSeconds,
    },
    session::{
        cache::Cache,
        config::{Config, RawConfig},
        login::LoginRequest,
    },
};

pub const CLIENT_ID: &str = "spa";
pub const ISSUER: &str = "https://login.example.com/tenant";
/// The state that [`pending`] has. The seeds name it.
pub const STATE: &str = "p.AQEBAQEBAQEBAQEBAQEBAQ";

/// A request that waits for its answer.
pub fn pending(sends_iss: bool) -> Pending {
    let raw = RawConfig {
        client_id: CLIENT_ID.into(),
        authority: Some(ISSUER.into()),
        protocol_mode: Some("OIDC".into()),
        redirect_uri: "https://app.example.com/redirect".into(),
        ..RawConfig::default()
    };
    let config = Config::new(raw).expect("it is a configuration");
    let body = format!(
        r#"{{"issuer":"{ISSUER}","authorization_endpoint":"{ISSUER}/authorize","token_endpoint":"{ISSUER}/token","authorization_response_iss_parameter_supported":{sends_iss}}}"#
    );
    let metadata = Metadata::decode(&config.authority, &HttpResponse { status: 200, body, retry_after: None })
        .expect("it is a discovery document");
    let request = LoginRequest { scopes: Scopes::parse("api.read"), ..LoginRequest::default() };
    let request = request.plan(&config, &Cache::new(&config.session_name())).expect("it is a request");
    let seeds = Seeds { state: [1; 16], nonce: [2; 16], verifier: [3; 32], now: UnixSeconds(1_800_000_000) };
    let pending = request.pending(&config.authority, &metadata, Flow::Popup, &seeds);
    assert_eq!(pending.state().as_str(), STATE);
    pending
}
