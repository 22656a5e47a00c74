// The error classes, and the one table of what each code means and what to do about it. The wasm carries numbers of codes only (see
// DESIGN.md); it imports `createNumbered` from here, so this file imports nothing: a wasm-bindgen snippet may not.

/** What a refusal of the provider says beside its code. */
const answer = (status = 0, errorNo = "", timestamp = "", traceId = "") => ({ status, errorNo, errorNumbers: [], traceId, timestamp });

/** Base of every error of this library: a true `Error` with a stable `errorCode`. */
export class AuthError extends Error {
  constructor(errorCode = "unexpected_error", correlationId = "", errorMessage = describe(errorCode), subError = "") {
    super(errorMessage ? `${errorCode}: ${errorMessage}` : errorCode);
    this.name = "AuthError";
    this.errorCode = errorCode;
    this.errorMessage = errorMessage;
    this.subError = subError;
    this.correlationId = correlationId;
  }

  // What a log may hold: no claims, no stack, nothing that a subclass adds.
  toJSON() {
    const { name, errorCode, errorMessage, subError, correlationId } = this;
    return { name, errorCode, errorMessage, subError, correlationId };
  }
}

/** Something in this client or in a response is not as it must be. */
export class ClientAuthError extends AuthError {
  constructor(...args) {
    super(...args);
    this.name = "ClientAuthError";
  }
}

/** The app configured or asked for something that cannot be. */
export class ClientConfigurationError extends AuthError {
  constructor(...args) {
    super(...args);
    this.name = "ClientConfigurationError";
  }
}

/** Only the user can help: call an interactive method, with these `claims`. */
export class InteractionRequiredAuthError extends AuthError {
  constructor(errorCode, correlationId, errorMessage, subError, timestamp, traceId, claims = "", errorNo = undefined) {
    super(errorCode, correlationId, errorMessage, subError);
    this.name = "InteractionRequiredAuthError";
    this.claims = claims;
    Object.assign(this, answer(0, errorNo, timestamp, traceId));
  }
}

/** The provider refused. `errorCode` is its own. */
export class ServerError extends AuthError {
  constructor(errorCode, correlationId, errorMessage, subError, errorNo, status) {
    super(errorCode, correlationId, errorMessage, subError);
    this.name = "ServerError";
    Object.assign(this, answer(status, errorNo));
  }
}

/** The provider could not be reached. */
export class NetworkError extends AuthError {
  constructor(...args) {
    super(...args);
    this.name = "NetworkError";
  }
}

/** Something the browser or the user did. */
export class BrowserAuthError extends AuthError {
  constructor(...args) {
    super(...args);
    this.name = "BrowserAuthError";
  }
}

/** This browser, as it is set up, cannot do what was configured. */
export class BrowserConfigurationAuthError extends AuthError {
  constructor(...args) {
    super(...args);
    this.name = "BrowserConfigurationAuthError";
  }
}

/** Every code, with its class and its sentence. `{}` stands for what it was about. */
export const codes = {
  account_mismatch: [
    ClientAuthError,
    "Somebody else than the account this request was for signed in. Nothing was changed; ask the user to choose the right account.",
  ],
  acr_mismatch: [
    ClientAuthError,
    "The user did not sign in in the way the claims ask for (an essential acr), so the answer was refused. Check that the provider can do what is asked.",
  ],
  audience_mismatch: [ClientAuthError, "The ID token is meant for another client ({}). Check auth.clientId."],
  auth_time_mismatch: [
    ClientAuthError,
    "The refreshed ID token tells of another sign-in than the one it comes from, so it was refused. Sign the user in again.",
  ],
  auth_time_not_found: [ClientAuthError, "The ID token does not say when the user signed in (auth_time), so maxAge cannot be checked."],
  authority_uri_insecure: [ClientConfigurationError, "The authority {} must use https: (http: is allowed on localhost only)."],
  authorization_code_missing_from_server_response: [
    ClientAuthError,
    "The provider came back with neither a code nor an error. Start the sign-in again.",
  ],
  block_iframe_reload: [
    BrowserAuthError,
    "This app was loaded in a frame with a sign-in response in its URL. Use a redirect URI whose page does nothing but answer, countersign/redirect-bridge say.",
  ],
  cache_quota_exceeded: [
    BrowserAuthError,
    'The browser\'s storage is full. The session goes on in memory, for as long as this page does; a redirect cannot be started. Free some of the storage, or set cache.cacheLocation to "memoryStorage".',
  ],
  crypto_nonexistent: [BrowserAuthError, "This page has no crypto.subtle. Serve it from https:, or from localhost."],
  empty_input_scopes_error: [ClientConfigurationError, "There is no scope to ask for ({}). Name at least one."],
  failed_to_parse_response: [
    BrowserAuthError,
    "The token endpoint's answer is not a token response (look at: {}). Check auth.authority, and whether a proxy answers in its place.",
  ],
  get_request_failed: [
    NetworkError,
    "{} could not be fetched. Check the network, auth.authority, and whether the provider allows this origin by CORS.",
  ],
  hash_empty_error: [
    BrowserAuthError,
    "The provider sent the user back, but the page's URL holds no answer: something, a router most likely, took the fragment away. Create the PublicClientApplication before the router starts, or pass handleRedirectPromise({ hash }).",
  ],
  hash_not_deserialized: [ClientAuthError, "The sign-in response cannot be read ({}). Start the sign-in again."],
  id_token_expired: [ClientAuthError, "The ID token has already expired. Check this device's clock."],
  id_token_not_yet_valid: [ClientAuthError, "The ID token is from the future (look at: {}). Check this device's clock."],
  interaction_in_progress: [BrowserAuthError, "Another sign-in window is open. Wait for it, or call cancelInteraction() first."],
  interaction_in_progress_cancelled: [BrowserAuthError, "A newer interaction took the place of this one."],
  interaction_required: [
    InteractionRequiredAuthError,
    "The provider wants the user. Call acquireTokenPopup or acquireTokenRedirect with this error's claims.",
  ],
  invalid_cache_type: [ClientConfigurationError, '{} must be "sessionStorage", "localStorage" or "memoryStorage".'],
  invalid_claims: [
    ClientConfigurationError,
    "The claims are not a claims request, which is a JSON object (look at: {}). Pass a challenge's claims decoded: getClaimsChallenge does that.",
  ],
  invalid_option: [ClientConfigurationError, "The option {} is missing or is not what index.d.ts asks for."],
  issuer_mismatch: [ClientAuthError, "The response comes from another provider than was asked ({}), so it was refused."],
  issuer_validation_failed: [
    ClientConfigurationError,
    'The provider calls itself {}, which is not auth.authority. For Microsoft Entra use the tenant id (a GUID) in auth.authority; for others set system.protocolMode to "OIDC".',
  ],
  malformed_challenge: [ClientAuthError, "The WWW-Authenticate field is not what RFC 9110 section 11.6.1 allows (line:position {})."],
  max_age_transpired: [
    ClientAuthError,
    'The user signed in longer ago than maxAge allows, so the answer was refused. Sign the user in again, with prompt: "login".',
  ],
  no_account_error: [
    BrowserAuthError,
    "No account was given, and there is no active and no single one. Sign the user in, or call setActiveAccount.",
  ],
  no_account_found: [ClientAuthError, "This account is not in the cache. Sign the user in first."],
  no_network_connectivity: [NetworkError, "This device is offline, so {} could not be fetched. Try again when it is back."],
  no_state_in_hash: [
    BrowserAuthError,
    "The answer in this page's URL has no state, so it was refused. Check that the provider, and what is between, sends state back as it came.",
  ],
  no_tokens_found: [
    InteractionRequiredAuthError,
    "There is no refresh token for this account. Call acquireTokenPopup or acquireTokenRedirect.",
  ],
  non_browser_environment: [BrowserAuthError, "There is no window here. Call this in a page, not while rendering on a server."],
  nonce_mismatch: [ClientAuthError, "The ID token does not belong to this sign-in, so it was refused. Start the sign-in again."],
  openid_config_error: [ClientAuthError, "The provider's discovery document cannot be used (look at: {}). Check auth.authority."],
  popup_window_error: [BrowserAuthError, "The browser did not open the popup. Call this in a click, or allow popups for this page."],
  post_request_failed: [NetworkError, "{} could not be reached. Check the network, and whether the provider allows this origin by CORS."],
  redirect_in_iframe: [
    BrowserAuthError,
    "This page is in a frame, and providers refuse to be shown in one. Sign in by popup, or set system.allowRedirectInIframe.",
  ],
  redirect_uri_empty: [
    ClientConfigurationError,
    "There is no redirect URI. Set auth.redirectUri to one that is registered with the provider.",
  ],
  resource_uri_insecure: [
    ClientConfigurationError,
    "{} in fetch.protectedResourceMap must use https: (http: is allowed on localhost only).",
  ],
  server_error: [ServerError, "The provider refused without giving a reason ({}). Try again later, or look errorCode up in its documentation."],
  signature_mismatch: [ClientAuthError, "The signature of the ID token is not the provider's, or this browser cannot check it, so the token was refused."],
  signing_key_not_found: [ClientAuthError, "The provider publishes no key that the ID token is signed with (jwks_uri), so the token was refused."],
  silent_prompt_value_error: [
    BrowserAuthError,
    '{} must be "none" or absent: a silent request shows nothing. Use acquireTokenPopup or acquireTokenRedirect.',
  ],
  state_expired: [ClientAuthError, "The answer to this sign-in came after more than an hour. Start the sign-in again."],
  state_mismatch: [
    ClientAuthError,
    "The response in this page's URL does not answer the sign-in that was started here, so it was refused. Start the sign-in again.",
  ],
  storage_not_supported: [
    BrowserConfigurationAuthError,
    'The browser does not let this page use its storage ({}). Allow site data, or set cache.cacheLocation to "memoryStorage" and sign in by popup.',
  ],
  stubbed_public_client_application_called: [
    BrowserConfigurationAuthError,
    "There is no client here. Give the framework's provider component one.",
  ],
  timed_out: [
    BrowserAuthError,
    "No answer came in time ({}). Check that the redirect URI's page calls handleRedirectPromise() or broadcastResponseToMainFrame().",
  ],
  token_parsing_error: [ClientAuthError, "The ID token cannot be used (look at: {})."],
  token_refresh_required: [
    ClientAuthError,
    "The cache holds no token for this request, and its cacheLookupPolicy lets nothing else be asked.",
  ],
  unable_to_parse_token_request_cache_error: [
    BrowserAuthError,
    "What this tab kept of the sign-in cannot be read. Start the sign-in again.",
  ],
  unexpected_error: [AuthError, "This should not happen. Please report it."],
  uninitialized_public_client_application: [
    BrowserAuthError,
    "Call and await initialize(), or init() where there is no client, before anything else.",
  ],
  unsupported_authentication_scheme: [
    ClientConfigurationError,
    "Tokens that are bound to a key (PoP, DPoP, SSH certificates) cannot be had here. Leave authenticationScheme out: tokens are Bearer tokens.",
  ],
  unsupported_option: [
    ClientConfigurationError,
    "{} is an option of msal-browser that this library does not have. Leave it out, where the app can do without: see MIGRATING.md.",
  ],
  untrusted_authority: [ClientConfigurationError, "{} is not an authority of this app. Name it in auth.knownAuthorities."],
  url_parse_error: [ClientConfigurationError, "{} is not a URL that can be used here. Write it whole, without a fragment."],
  user_cancelled: [BrowserAuthError, "The user closed the window or said no. The session is as it was."],
  wasm_load_failed: [
    BrowserAuthError,
    "The WebAssembly could not be loaded ({}). initialize() may be called again.",
  ],
};

/** What a code means, or what the provider said; and where more is written. */
function describe(code, detail, said) {
  if (!Object.hasOwn(codes, code)) return "";
  const [, sentence] = codes[code];
  // A function, because a text that is put in may hold "$&".
  const own = detail ? sentence.replace("{}", () => detail) : sentence.replace(/ \([^()]*\{\}\)/, "").replace("{}", "it");
  return `${said || own} (countersign/ERRORS.md#${code})`;
}

/** The error of the code with this number: in the wasm the texts would be there twice. */
export const createNumbered = (number, ...rest) => createAuthError(Object.keys(codes)[number], ...rest);

/**
 * Makes the error of a code. `server` is what the provider answered: its code is then the one the app sees.
 */
export function createAuthError(code, detail, server, claims, correlationId = "", cause = undefined) {
  const Class = codes[code][0];
  let error;
  if (server) {
    const { status, errorNumbers, traceId = "", timestamp = "" } = server;
    const message = describe(code, detail || (status && `HTTP status ${status}`), server.description);
    const own = code === "user_cancelled" ? code : server.error || code;
    error = new Class(own, server.correlationId ?? correlationId, message, server.suberror ?? "");
    Object.assign(error, { status, errorNo: String(errorNumbers[0] ?? ""), errorNumbers, traceId, timestamp });
  } else {
    error = new Class(code, correlationId, describe(code, detail));
  }
  // Where no window could open, the app's own button is next, and must ask for this, too.
  if (claims && (Class === InteractionRequiredAuthError || code === "popup_window_error")) error.claims = claims;
  if (code === "malformed_challenge" && detail) {
    [error.line, error.position] = detail.split(":").map(Number);
  }
  if (cause !== undefined) {
    Object.defineProperty(error, "cause", { value: cause, configurable: true, writable: true });
  }
  return error;
}
