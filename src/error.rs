//! What can go wrong, as data: one [`Error`] type and the one table of stable codes.
//!
//! There are no sentences here. What an error means and what to do about it is written once, in `pkg-template/errors.js`, keyed
//! by [`ErrorCode::as_str`]; formatting machinery and text would cost kilobytes of wasm (`DESIGN.md`).
//! `tests/it/error_codes.rs` keeps the two tables in step.

use core::ops::{Deref, DerefMut};

/// A failure, as every layer reports it. One word wide: every `Result` of this crate has room for one, and failures are rare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Failure>);

/// What an [`Error`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Which failure this is.
    pub code: ErrorCode,
    /// What it was about: a field name, an origin, a position. Never a token, a code, a verifier or a claim value.
    pub detail: Option<Box<str>>,
    /// What the server answered, where one did.
    pub server: Option<Box<ServerAnswer>>,
    /// What the interaction that helps must ask for, a JSON object as text: `InteractionRequiredAuthError.claims`.
    pub claims: Option<Box<str>>,
    /// The correlation id of the request that failed; empty where it had none.
    pub correlation_id: Box<str>,
}

impl Error {
    /// A failure with nothing to add to its code.
    pub fn new(code: ErrorCode) -> Self {
        Self(Box::new(Failure { code, detail: None, server: None, claims: None, correlation_id: Box::default() }))
    }

    /// A failure and what it was about. `detail` must not hold a secret: it is shown to the developer.
    pub fn about(code: ErrorCode, detail: &str) -> Self {
        let mut error = Self::new(code);
        error.detail = Some(detail.into());
        error
    }

    /// The failure of the request with this correlation id.
    pub fn of(mut self, correlation_id: &str) -> Self {
        self.correlation_id = correlation_id.into();
        self
    }

    /// The same, as another code.
    pub fn coded(mut self, code: ErrorCode) -> Self {
        self.code = code;
        self
    }

    /// The same, with what the interaction that helps must ask for.
    pub fn asking(mut self, claims: Option<Box<str>>) -> Self {
        self.claims = claims;
        self
    }

    /// The same, with what the server answered.
    pub fn answered(mut self, server: ServerAnswer) -> Self {
        self.server = Some(Box::new(server));
        self
    }
}

impl Deref for Error {
    type Target = Failure;

    fn deref(&self) -> &Failure {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Failure {
        &mut self.0
    }
}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

/// An OAuth error response, from the token endpoint (RFC 6749 section 5.2) or the authorization endpoint (section 4.1.2.1),
/// with the members Microsoft Entra adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerAnswer {
    /// `error`: the server's code, such as `invalid_grant`.
    pub error: String,
    /// `error_description`: text for developers.
    pub description: Option<String>,
    /// `suberror` (token endpoint) or `error_subcode` (authorization endpoint) of Microsoft Entra.
    pub suberror: Option<String>,
    /// `error_codes` of Microsoft Entra, such as 50076 for AADSTS50076; of a redirect, the one that `error_uri` names.
    pub error_codes: Vec<u32>,
    /// `trace_id` of Microsoft Entra.
    pub trace_id: Option<String>,
    /// `timestamp` of Microsoft Entra, as it wrote it.
    pub timestamp: Option<String>,
    /// `correlation_id` of Microsoft Entra.
    pub correlation_id: Option<String>,
    /// The HTTP status, or 0 where the answer came by redirect.
    pub status: u16,
    /// `Retry-After`, as it came.
    pub retry_after: Option<String>,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// The stable codes, in alphabetical order of their text. MSAL's code where MSAL has the failure.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)*
        }

        impl ErrorCode {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as JavaScript sees it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

codes! {
    /// The user came back as somebody else than the request was for.
    AccountMismatch = "account_mismatch",
    /// The user did not sign in the way that an essential `acr` asked for.
    AcrMismatch = "acr_mismatch",
    /// The ID token is for another client.
    AudienceMismatch = "audience_mismatch",
    /// After a refresh, the ID token tells of another sign-in.
    AuthTimeMismatch = "auth_time_mismatch",
    /// The ID token does not say when the user signed in, and `maxAge` was asked.
    AuthTimeNotFound = "auth_time_not_found",
    /// The authority is neither `https:` nor a loopback address.
    AuthorityUriInsecure = "authority_uri_insecure",
    /// The provider came back with neither a code nor an error.
    AuthorizationCodeMissingFromServerResponse = "authorization_code_missing_from_server_response",
    /// The answer to a hidden frame loaded the app again.
    BlockIframeReload = "block_iframe_reload",
    /// The browser's storage is full.
    CacheQuotaExceeded = "cache_quota_exceeded",
    /// The page has no `crypto.subtle`: it is not a secure context.
    CryptoNonexistent = "crypto_nonexistent",
    /// No scope is left to ask for.
    EmptyInputScopesError = "empty_input_scopes_error",
    /// The token endpoint answered with something else than a token response.
    FailedToParseResponse = "failed_to_parse_response",
    /// A `GET` to the provider failed on the way.
    GetRequestFailed = "get_request_failed",
    /// The user came back from the provider and the URL holds no answer: something took it out before it was read.
    HashEmptyError = "hash_empty_error",
    /// The response in the URL, or from the popup, cannot be read.
    HashNotDeserialized = "hash_not_deserialized",
    /// The ID token is not valid any more.
    IdTokenExpired = "id_token_expired",
    /// The ID token is of a time to come. The detail is the claim.
    IdTokenNotYetValid = "id_token_not_yet_valid",
    /// Another interaction is under way.
    InteractionInProgress = "interaction_in_progress",
    /// A newer interaction took this one's place.
    InteractionInProgressCancelled = "interaction_in_progress_cancelled",
    /// The provider wants the user. The code that JavaScript sees is the provider's own.
    InteractionRequired = "interaction_required",
    /// `cacheLocation` is not one of those there are.
    InvalidCacheType = "invalid_cache_type",
    /// `claims` is not a JSON object.
    InvalidClaims = "invalid_claims",
    /// An option is missing or of the wrong kind. The detail is its name.
    InvalidOption = "invalid_option",
    /// The response, or the ID token, comes from another provider than was asked.
    IssuerMismatch = "issuer_mismatch",
    /// The discovery document is another provider's.
    IssuerValidationFailed = "issuer_validation_failed",
    /// Strict parsing: the field is not what RFC 9110 section 11.6.1 allows. The detail is `line:position`, both from 0.
    MalformedChallenge = "malformed_challenge",
    /// The user signed in longer ago than `maxAge` allows.
    MaxAgeTranspired = "max_age_transpired",
    /// No account was given, and there is no active and no single one.
    NoAccountError = "no_account_error",
    /// The account is not in the cache.
    NoAccountFound = "no_account_found",
    /// The device is offline.
    NoNetworkConnectivity = "no_network_connectivity",
    /// The answer in the URL has no state, so it answers nothing.
    NoStateInHash = "no_state_in_hash",
    /// There is no refresh token for this account.
    NoTokensFound = "no_tokens_found",
    /// There is no window: server-side rendering, or a worker.
    NonBrowserEnvironment = "non_browser_environment",
    /// The nonce is not the one that was sent.
    NonceMismatch = "nonce_mismatch",
    /// The provider's discovery document cannot be read. The detail is the member.
    OpenidConfigError = "openid_config_error",
    /// The browser did not let the popup open.
    PopupWindowError = "popup_window_error",
    /// A `POST` to the provider failed on the way.
    PostRequestFailed = "post_request_failed",
    /// A page in a frame is not sent to a provider, which would refuse to be framed.
    RedirectInIframe = "redirect_in_iframe",
    /// The redirect URI is empty.
    RedirectUriEmpty = "redirect_uri_empty",
    /// A protected resource is neither `https:` nor a loopback address.
    ResourceUriInsecure = "resource_uri_insecure",
    /// The provider refused. The code that JavaScript sees is the provider's own.
    ServerError = "server_error",
    /// The signature of the ID token is not the provider's.
    SignatureMismatch = "signature_mismatch",
    /// The provider has no key that the ID token can be signed with.
    SigningKeyNotFound = "signing_key_not_found",
    /// A silent request asks for a prompt that shows something.
    SilentPromptValueError = "silent_prompt_value_error",
    /// The user came back after more than an hour.
    StateExpired = "state_expired",
    /// The state is not the one that was sent.
    StateMismatch = "state_mismatch",
    /// The browser does not let the page use its storage.
    StorageNotSupported = "storage_not_supported",
    /// A framework's placeholder was called in place of a client.
    StubbedPublicClientApplicationCalled = "stubbed_public_client_application_called",
    /// The popup did not answer in time.
    TimedOut = "timed_out",
    /// A token of the provider cannot be read. The detail is the part or claim.
    TokenParsingError = "token_parsing_error",
    /// The cache has no token, and its policy lets nothing else be asked.
    TokenRefreshRequired = "token_refresh_required",
    /// What waited in storage for the user's return cannot be read.
    UnableToParseTokenRequestCacheError = "unable_to_parse_token_request_cache_error",
    /// A bug in this library.
    UnexpectedError = "unexpected_error",
    /// A method was called before `initialize()` had resolved.
    UninitializedPublicClientApplication = "uninitialized_public_client_application",
    /// A request asks for a token that is bound to a key.
    UnsupportedAuthenticationScheme = "unsupported_authentication_scheme",
    /// MSAL has this option and this library has not, and an app that sets it relies on it. The detail is its name.
    UnsupportedOption = "unsupported_option",
    /// A request names an authority that the app did not configure. The detail is its host.
    UntrustedAuthority = "untrusted_authority",
    /// A URL cannot be read. The detail is the option.
    UrlParseError = "url_parse_error",
    /// The user closed the popup, or said no.
    UserCancelled = "user_cancelled",
    /// The WebAssembly could not be loaded.
    WasmLoadFailed = "wasm_load_failed",
}
