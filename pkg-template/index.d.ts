/**
 * Countersign: browser sign-in and tokens that answer an API's challenge. The public contract; everything else is private.
 *
 * Names and shapes are those of `@azure/msal-browser` 5 wherever it has the thing. Times are in seconds unless a name or a comment says
 * milliseconds.
 */

import type { EventMessage, EventType } from "./events.js";
import type { FetchOptions } from "./fetch.js";
import type { Logger, LoggerOptions } from "./logger.js";
import type { CacheLookupPolicy, INavigationClient, WrapperSKU } from "./names.js";

export * from "./challenges.js";
export * from "./events.js";
export * from "./fetch.js";
export * from "./logger.js";
export * from "./names.js";

// ---------------------------------------------------------------------------------------------------------------------- client

/** A client: one configuration, one session. The constructor is synchronous and loads nothing. */
export declare class PublicClientApplication {
  constructor(configuration: Configuration);

  /** A client that is constructed and initialized. Errors: those of {@link PublicClientApplication.initialize}. */
  static createPublicClientApplication(configuration: Configuration): Promise<PublicClientApplication>;

  /**
   * Loads the WebAssembly, checks the configuration and reads the session that storage holds. Idempotent; after a failure it may be called
   * again.
   *
   * Errors: `wasm_load_failed`, `storage_not_supported`, `invalid_option`, `invalid_cache_type`, `authority_uri_insecure`,
   * `resource_uri_insecure`, `url_parse_error`, `empty_input_scopes_error`.
   */
  initialize(options?: { wasm?: WasmSource }): Promise<void>;

  /**
   * Signs the user in, in a popup. Call it in a click: the window opens before anything is awaited.
   *
   * Errors: `popup_window_error`, `user_cancelled`, `interaction_in_progress`, `timed_out`, the provider's own code
   * ({@link ServerError}), and those of every answer that is not what was asked for (`state_mismatch`, `nonce_mismatch`, `issuer_mismatch`,
   * `audience_mismatch`, `id_token_expired`, ...). After any of them the session is as it was.
   *
   * @see RFC 6749 section 4.1, RFC 7636, OpenID Connect Core section 3.1
   */
  loginPopup(request?: PopupRequest): Promise<AuthenticationResult>;

  /**
   * Signs the user in by sending the page to the provider. The promise settles only with an error: the sign-in goes on in the page the
   * provider sends the user back to, in {@link PublicClientApplication.handleRedirectPromise}.
   */
  loginRedirect(request?: RedirectRequest): Promise<void>;

  /**
   * Gets a token with the user, in a popup: {@link PublicClientApplication.loginPopup} for these scopes and claims.
   *
   * It asks for what an API has asked of these scopes, too, and nobody has met yet (claims, `acr_values`, `max_age`, scopes): a button for what a request was refused for needs
   * no more than `acquireTokenPopup({ scopes })`. So do the other interactive calls. Where that cannot be granted (`acr_mismatch`, `invalid_scope`, ...) the next call asks without.
   */
  acquireTokenPopup(request: PopupRequest): Promise<AuthenticationResult>;

  /** Gets a token with the user, by redirect: {@link PublicClientApplication.loginRedirect} for these scopes and claims. */
  acquireTokenRedirect(request: RedirectRequest): Promise<void>;

  /**
   * Gets a token without the user: from the cache, else with the refresh token. With `claims` or `forceRefresh` the cache is passed over, and
   * what comes takes the place of the cached token.
   *
   * Where there is no refresh token, or the provider takes it no more (Microsoft gives single-page apps 24 hours), the provider is asked in a hidden
   * frame, as {@link PublicClientApplication.ssoSilent} does. `cacheLookupPolicy` says which of all this may be tried.
   *
   * Errors: {@link InteractionRequiredAuthError} where only the user can help; pass its `claims` on to an interactive call.
   * `token_refresh_required` where the policy allows nothing but the cache; {@link ServerError}, and after a 429, or a 5xx with `Retry-After`, the
   * same one again for this account, without a request, until the time that the provider named (429: else a minute; an hour at most) or until
   * the user signs in. `no_account_error`, `no_account_found`, `invalid_claims` (claims must be decoded JSON), `empty_input_scopes_error`;
   * {@link NetworkError}.
   */
  acquireTokenSilent(request: SilentRequest): Promise<AuthenticationResult>;

  /**
   * Signs the user in without showing anything, on the session that the provider keeps for the user: in a hidden frame, with `prompt=none`. Say
   * whom with `account`, `loginHint` or `sid`. Where the browser blocks third-party cookies the provider knows nobody in a frame.
   *
   * Errors: {@link InteractionRequiredAuthError} (`login_required`, `interaction_required`, `consent_required`: sign the user in);
   * `timed_out` (does the redirect URI's page answer?); `silent_prompt_value_error`; those of an answer that is not what was asked for.
   *
   * @see OpenID Connect Core section 3.1.2.1 (`prompt`)
   */
  ssoSilent(request: SsoSilentRequest): Promise<AuthenticationResult>;

  /**
   * Takes up what the page was left for. Call it at every start, before anything else. `null`: the URL holds no answer to a request of this
   * client. In a popup or a hidden frame it hands the answer to the page that waits for it. Where another page of the app was left, the user is taken
   * back to it first, and it is that page's call that gives the result. Asked again, it gives the same answer.
   *
   * Errors: `state_mismatch`, `hash_empty_error` and `no_state_in_hash` (the answer was lost, or damaged, on the way), `user_cancelled`, those of {@link PublicClientApplication.loginPopup}.
   */
  handleRedirectPromise(options?: HandleRedirectPromiseOptions): Promise<AuthenticationResult | null>;

  /**
   * Signs the user out here, then at the provider, by sending the page there. Without an account everybody is signed out. Nothing but this
   * client's own entries is removed from storage. Where the provider cannot be reached, that is the error, and the user is signed out here all the same.
   *
   * @see OpenID Connect RP-Initiated Logout 1.0
   */
  logoutRedirect(request?: EndSessionRequest): Promise<void>;

  /**
   * The same in a popup. Call it in a click. It resolves when the provider sends the popup back, to a page that calls
   * {@link PublicClientApplication.handleRedirectPromise} or `broadcastResponseToMainFrame()`, or when the user closes it: the user is signed out
   * here in any case.
   *
   * Errors: `popup_window_error`, `interaction_in_progress`, `timed_out`; {@link NetworkError}.
   */
  logoutPopup(request?: EndSessionPopupRequest): Promise<void>;

  /** Forgets the tokens of an account, or of all, on this device only. */
  clearCache(request?: { account?: AccountInfo | null }): Promise<void>;

  /**
   * Makes a result that was got elsewhere part of this session: its account, its ID token, and its access token with scopes and end. There is no
   * refresh token in a result. `request` is the one that it answers: `authority`, where that is not the configured one, and `scopes`, which the
   * result's must cover. The ID token is judged as after a sign-in here; `verifyIdTokenSignature` looks at its signature too.
   *
   * Errors: `invalid_option` with the member that is missing or wrong; `account_mismatch`; those of an ID token that is not for this client now
   * (`token_parsing_error`, `issuer_mismatch`, `audience_mismatch`, `id_token_expired`, ...); {@link NetworkError}.
   */
  hydrateCache(result: HydrationResult, request: BaseAuthRequest): Promise<void>;

  /** Everybody who is signed in, ordered by `homeAccountId`. */
  getAllAccounts(filter?: AccountFilter): AccountInfo[];

  /** The first account that is looked for, or `null`. */
  getAccount(filter: AccountFilter): AccountInfo | null;

  /** The account that calls without one are for, in the tenant that it was set in, or `null`. */
  getActiveAccount(): AccountInfo | null;

  /** Makes an account the active one, in the tenant that it is given in. It lasts as long as the session. Error: `no_account_found`. */
  setActiveAccount(account: AccountInfo | null): void;

  /**
   * `window.fetch` with tokens and answers: requests to a listed resource carry its token, and when the API challenges that token, a better one
   * is got, silently if that is possible and with the user if not, and the request is sent again. Each kind of demand ({@link getDemands}: `claims`, `step_up`, `scope`,
   * `invalid_token`) is answered once for each request, three in all, and the user is asked once; the next refusal is the caller's. Everything else passes through untouched. Bound: pass it around.
   *
   * Rejects with what the transport rejects with, and with the errors of {@link PublicClientApplication.acquireTokenSilent} and
   * {@link PublicClientApplication.loginPopup}; where the user has said no before, or is not to be asked, with an {@link InteractionRequiredAuthError} whose `claims` are the
   * challenge's; where the caller gives up, at any moment, with its signal's reason. A challenge that is not answered is the caller's: the `Response` as it came.
   *
   * @see RFC 9470, RFC 6750 section 3.1, https://learn.microsoft.com/entra/identity-platform/claims-challenge
   */
  readonly fetch: typeof fetch;

  /** Another wrapper, with its own policy. Errors: those of a wrong option, at once. */
  createFetch(options?: FetchOptions): typeof fetch;

  /** Gives up the popup that is open, and the question of a request that waits for its turn, if there is one: its call fails with `user_cancelled`. */
  cancelInteraction(): void;

  /** Calls back at every event, or at those of these types. Returns the id to remove it by. What the callback throws is reported, not passed on. */
  addEventCallback(callback: (message: EventMessage) => void, eventTypes?: EventType[]): string | null;

  /** Ends {@link PublicClientApplication.addEventCallback}. */
  removeEventCallback(id: string): void;

  /** What this client logs with. Unless `system.loggerOptions` has a callback, it writes nothing. */
  getLogger(): Logger;

  /** Logs with this one from now on. */
  setLogger(logger: Logger): void;

  /** How pages are left from now on: a router's own way to go to another page of the app. Default: a {@link NavigationClient}. */
  setNavigationClient(client: INavigationClient): void;

  /** The configuration as it was given; `auth`, `cache` and `system` are always there. */
  getConfiguration(): Configuration & Required<Pick<Configuration, "cache" | "system">>;

  /** Says which framework's wrapper uses this client. It is logged, and sent to nobody. */
  initializeWrapperLibrary(sku: WrapperSKU, version: string): void;
}

/** What takes a client, a wrapper or a test, and need not have one of this class. */
export interface IPublicClientApplication extends Pick<PublicClientApplication, keyof PublicClientApplication> {}

export interface HandleRedirectPromiseOptions {
  /** The fragment to read, in place of the page's own. */
  hash?: string;
  /** Whether the user is taken back to the page that was left. Default: true. */
  navigateToLoginRequestUrl?: boolean;
}

/** Where the WebAssembly comes from, where that is not the file beside this module. */
export type WasmSource = URL | Request | Response | BufferSource | WebAssembly.Module;

/** Loads the WebAssembly, for the functions of `challenges.d.ts` where there is no client. In Node pass the bytes of `countersign/wasm`. */
export declare function init(wasm?: WasmSource): Promise<void>;

/** What a client is made from. */
export interface Configuration {
  auth: {
    /** The client id, as registered with the provider. */
    clientId: string;
    /**
     * The provider: `https:`, or `http:` on loopback for development. Default: `https://login.microsoftonline.com/common`. A tenant of a Microsoft
     * cloud is known without a request; any other is asked for its OpenID Connect Discovery document, whose issuer must be this one: exactly,
     * in `OIDC`; in `AAD` a tenant may have its id in the place of its name, a policy of Azure AD B2C (`https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_x`)
     * and an external tenant (`https://contoso.ciamlogin.com`) too. Otherwise: `issuer_validation_failed`.
     */
    authority?: string;
    /**
     * Further hosts, or URLs, at which the same provider answers (a custom domain of Azure AD B2C, say): a request may name an authority there as its
     * own `authority`, and it gets refresh tokens of this session. The configured host is known, and so are the other hosts of its Microsoft cloud.
     * Another provider needs a client of its own. Where `system.protocolMode` is `OIDC` it changes nothing.
     */
    knownAuthorities?: string[];
    /** Where the provider sends the user back to: this page or one with `countersign/redirect-bridge`. Default: this page, without query and fragment. */
    redirectUri?: string;
    /** Where the user comes back to after signing out. */
    postLogoutRedirectUri?: string;
    /** Called with the URL before the page leaves for it. `false`: it does not leave, and the call resolves. */
    onRedirectNavigate?: (url: string) => boolean | void;
    /**
     * What this app can handle: `["CP1"]` says that it answers claims challenges, and makes Microsoft's APIs send them.
     * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
     */
    clientCapabilities?: string[];
  };
  cache?: {
    /**
     * Where tokens live. `sessionStorage`: in this tab. `localStorage`: in all tabs, encrypted with a key in IndexedDB that no script can read;
     * a token is refreshed by one tab for all. `memoryStorage`: a reload signs the user out. Default: `sessionStorage`.
     */
    cacheLocation?: "sessionStorage" | "localStorage" | "memoryStorage";
    /**
     * Whether the session that `@azure/msal-browser` 4 or 5 left in `cacheLocation` for this `clientId` is taken over where nobody is signed in here: accounts,
     * the active one, and tokens. What is taken over is removed there. What it encrypted (`localStorage`, for users who do not stay signed in) cannot be read.
     * Not with `system.verifyIdTokenSignature`. Default: `true`.
     */
    cacheMigrationEnabled?: boolean;
  };
  system?: {
    /** The provider's dialect: Microsoft Entra's, or plain OpenID Connect. Default: `AAD`. */
    protocolMode?: "AAD" | "OIDC";
    /**
     * Whether the signature of ID tokens is checked with the provider's keys (RS256, PS256, ES256, EdDSA). They come straight from the token endpoint over TLS,
     * which is enough (OpenID Connect Core section 3.1.3.7 point 6). Errors: `signature_mismatch`, `signing_key_not_found`. Default: false.
     */
    verifyIdTokenSignature?: boolean;
    /** A token is renewed this many seconds before it ends. Default: 300. */
    tokenRenewalOffsetSeconds?: number;
    /** A popup that has not answered after this many milliseconds is given up. Default: 600,000. */
    popupBridgeTimeout?: number;
    /** A hidden frame that has not answered after this many milliseconds is given up. Default: 10,000. */
    iframeBridgeTimeout?: number;
    /** A page that is still there this many milliseconds after it was to be left is `timed_out`. Default: 30,000. */
    redirectNavigationTimeout?: number;
    /** Whether a page in a frame may be sent to the provider, which will most likely refuse to be framed. Default: `false`. */
    allowRedirectInIframe?: boolean;
    /** Who is told what happens. Default: nobody. */
    loggerOptions?: LoggerOptions;
  };
  /** The policy of {@link PublicClientApplication.fetch}. */
  fetch?: FetchOptions;
}

// -------------------------------------------------------------------------------------------------------- requests and results

/** What every request may say. */
export interface BaseAuthRequest {
  scopes?: string[];
  /** In place of the configured one, for this request: another tenant, say. Error: `untrusted_authority`. */
  authority?: string;
  /** A claims request, decoded: a JSON object as text. OpenID Connect Core section 5.5. */
  claims?: string;
  /** Default: a new GUID. */
  correlationId?: string;
}

/** An interactive request. */
export interface PopupRequest extends InteractiveRequest, PopupWindowRequest {}

/** What every request that goes to the authorization endpoint may say. */
export interface InteractiveRequest extends BaseAuthRequest {
  /** Whom the provider should offer. */
  account?: AccountInfo | null;
  /** Passed on as it is: `login`, `select_account`, `consent`, `create`, ... OpenID Connect Core section 3.1.2.1. */
  prompt?: string;
  /**
   * Whom the provider should expect. A `login_hint` claim of `account` comes first, the account's user name after it, and with `prompt: "select_account"`
   * nobody is hinted at.
   */
  loginHint?: string;
  domainHint?: string;
  /** The session at the provider, sent with `prompt: "none"` only. Default there: the `sid` claim of `account`. */
  sid?: string;
  /** How many seconds ago the user may have signed in. Errors: `max_age_transpired`, `auth_time_not_found`. */
  maxAge?: number;
  /** Further scopes that the user is asked to consent to; the token is not for them. */
  extraScopesToConsent?: string[];
  redirectUri?: string;
  /** Comes back with the result. */
  state?: string;
  /** Further parameters. They never replace one of the library's own. */
  extraQueryParameters?: Record<string, string>;
}

/** How a popup looks, and what it does to another one. */
export interface PopupWindowRequest {
  /** CSS pixels. Default: 483 by 600, in the middle of the window. */
  popupWindowAttributes?: {
    popupSize?: { width?: number; height?: number };
    popupPosition?: { left?: number; top?: number };
  };
  /** Whether a popup that is open is given up for this one (`interaction_in_progress_cancelled`). Default: only one that reads closed. */
  overrideInteractionInProgress?: boolean;
}

export interface RedirectRequest extends InteractiveRequest {
  /** Where the user is to be after it: a page of this origin. Default: the page that is left. Error: `url_parse_error`. */
  redirectStartPage?: string;
}

/** Nothing is shown: `prompt` is `none` or `no_session`. */
export type SsoSilentRequest = InteractiveRequest;

/** A request without the user. */
export interface SilentRequest extends BaseAuthRequest {
  scopes: string[];
  /** Default: the active account, else the only one. A guest's token of another tenant is asked for by `authority`, whichever of the account's tenants this is. */
  account?: AccountInfo | null;
  /** Whether to pass the cache over. */
  forceRefresh?: boolean;
  /** Where the token may come from. Default: `CacheLookupPolicy.Default`. */
  cacheLookupPolicy?: CacheLookupPolicy;
  /** Of the hidden frame. */
  redirectUri?: string;
  /** Of the hidden frame. */
  extraQueryParameters?: Record<string, string>;
  /** Comes back with the result. */
  state?: string;
}

export interface EndSessionPopupRequest extends EndSessionRequest, PopupWindowRequest {
  /** Where this window goes once the user is signed out. */
  mainWindowRedirectUri?: string;
}

export interface EndSessionRequest {
  account?: AccountInfo | null;
  postLogoutRedirectUri?: string;
  /** An ID token in the URL: only where the provider insists. */
  idTokenHint?: string;
  logoutHint?: string;
  state?: string;
  correlationId?: string;
}

export interface AuthenticationResult {
  authority: string;
  /** `oid`, else `sub`. */
  uniqueId: string;
  tenantId: string;
  scopes: string[];
  account: AccountInfo;
  idToken: string;
  idTokenClaims: Record<string, unknown>;
  accessToken: string;
  tokenType: string;
  fromCache: boolean;
  expiresOn: Date;
  correlationId: string;
  /** What the request's `state` was. */
  state?: string;
}

/** What {@link PublicClientApplication.hydrateCache} reads of an {@link AuthenticationResult}. */
export type HydrationResult = Pick<AuthenticationResult, "idToken" | "accessToken" | "tokenType" | "scopes" | "expiresOn"> &
  Partial<Pick<AuthenticationResult, "correlationId">> & { account: Pick<AccountInfo, "homeAccountId"> };

/** What an account must be; what is absent does not matter. A guest is one account in each of its tenants. */
export interface AccountFilter {
  homeAccountId?: string;
  localAccountId?: string;
  /** In any case of ASCII letters. */
  username?: string;
  /** Or another host of the same Microsoft cloud. */
  environment?: string;
  tenantId?: string;
  /** The same as `tenantId`. */
  realm?: string;
  /** The ID token's `login_hint`, `preferred_username` or `upn`. */
  loginHint?: string;
  sid?: string;
  name?: string;
  /** Whether it is the tenant the account is of, or one where it is a guest. */
  isHomeTenant?: boolean;
}

/** An account: its profile in one tenant, and what it is in all of them. */
export interface AccountInfo extends TenantProfile {
  /** `uid.utid` of Microsoft Entra, else `sub`: tells accounts apart. */
  homeAccountId: string;
  /** The host of the authority, as it was configured. MSAL has the preferred name of its cloud here, `login.windows.net`. */
  environment: string;
  /** Microsoft's dialect (`system.protocolMode` is `AAD`), or plain OpenID Connect. */
  authorityType: "MSSTS" | "Generic";
  /** By tenant id: its profile in each tenant that this session knows it in. A guest has several. */
  tenantProfiles: Map<string, TenantProfile>;
  idToken: string;
  idTokenClaims: Record<string, unknown>;
}

/** What an account is in one tenant. `getAccount({ homeAccountId, tenantId })` gives it with its ID token. */
export interface TenantProfile {
  /** `oid`, else `sub`. */
  localAccountId: string;
  /** `tid`; empty where the provider has no tenants. */
  tenantId: string;
  /** `preferred_username`, else `upn`, else `email`. For display; it can change hands. */
  username: string;
  name?: string;
  upn?: string;
  loginHint?: string;
  /** Whether the account is of this tenant, rather than a guest in it. */
  isHomeTenant: boolean;
}

// ---------------------------------------------------------------------------------------------------------------------- errors

/** Base of every error: a true `Error` with a stable `errorCode`. No token, code, verifier or claim value is in its message or `toJSON()`. */
export declare class AuthError extends Error {
  constructor(errorCode?: string, correlationId?: string, errorMessage?: string, subError?: string);
  /** One of {@link AuthErrorCode}, or the provider's own code. */
  errorCode: AuthErrorCode | (string & {});
  /** What happened and what to do. */
  errorMessage: string;
  /** The provider's `suberror`, or empty. */
  subError: string;
  correlationId: string;
  toJSON(): { name: string; errorCode: string; errorMessage: string; subError: string; correlationId: string };
}

/** Something in this client or in a response is not as it must be. */
export declare class ClientAuthError extends AuthError {
  /** Of `malformed_challenge`: which field line, from 0. */
  line?: number;
  /** Of `malformed_challenge`: where in it, from 0, in UTF-16 units. */
  position?: number;
}

/** The app configured or asked for something that cannot be. */
export declare class ClientConfigurationError extends AuthError {}

/** Only the user can help: call an interactive method with these `claims`. */
export declare class InteractionRequiredAuthError extends AuthError {
  constructor(
    errorCode?: string,
    correlationId?: string,
    errorMessage?: string,
    subError?: string,
    timestamp?: string,
    traceId?: string,
    claims?: string,
    errorNo?: string,
  );
  /** A claims request, as JSON text; empty: none. */
  claims: string;
}
export interface InteractionRequiredAuthError extends ServerAnswer {}

/** The provider refused; `errorCode` is its own, or `server_error` where it gave none. */
export declare class ServerError extends AuthError {
  constructor(errorCode?: string, correlationId?: string, errorMessage?: string, subError?: string, errorNo?: string, status?: number);
}
export interface ServerError extends ServerAnswer {}

/** What the provider's refusal says beside its code. Empty where it does not say it, and of errors that are not the provider's. */
export interface ServerAnswer {
  /** The HTTP status; 0 where the refusal came by redirect. */
  status: number;
  /** The first of `errorNumbers`, as text. MSAL's name. */
  errorNo: string;
  /** `error_codes` of Microsoft Entra: 50076 for AADSTS50076. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
  errorNumbers: number[];
  /** `trace_id` of Microsoft Entra, for its support. */
  traceId: string;
  /** `timestamp` of Microsoft Entra, as it wrote it. */
  timestamp: string;
}

/** The provider could not be reached. */
export declare class NetworkError extends AuthError {}

/** Something the browser or the user did. */
export declare class BrowserAuthError extends AuthError {
  /** Of a `popup_window_error` of a fetch wrapper: what the interaction must ask for, as {@link InteractionRequiredAuthError.claims}. */
  claims?: string;
}

/** This browser, as it is set up, cannot do what was configured. */
export declare class BrowserConfigurationAuthError extends AuthError {}

/** The codes of this library. A {@link ServerError} has the provider's. */
export type AuthErrorCode =
  | "account_mismatch"
  | "acr_mismatch"
  | "audience_mismatch"
  | "auth_time_mismatch"
  | "auth_time_not_found"
  | "authority_uri_insecure"
  | "authorization_code_missing_from_server_response"
  | "block_iframe_reload"
  | "cache_quota_exceeded"
  | "crypto_nonexistent"
  | "empty_input_scopes_error"
  | "failed_to_parse_response"
  | "get_request_failed"
  | "hash_empty_error"
  | "hash_not_deserialized"
  | "id_token_expired"
  | "id_token_not_yet_valid"
  | "interaction_in_progress"
  | "interaction_in_progress_cancelled"
  | "interaction_required"
  | "invalid_cache_type"
  | "invalid_claims"
  | "invalid_option"
  | "issuer_mismatch"
  | "issuer_validation_failed"
  | "malformed_challenge"
  | "max_age_transpired"
  | "no_account_error"
  | "no_account_found"
  | "no_network_connectivity"
  | "no_state_in_hash"
  | "no_tokens_found"
  | "non_browser_environment"
  | "nonce_mismatch"
  | "openid_config_error"
  | "popup_window_error"
  | "post_request_failed"
  | "redirect_in_iframe"
  | "redirect_uri_empty"
  | "resource_uri_insecure"
  | "server_error"
  | "signature_mismatch"
  | "signing_key_not_found"
  | "silent_prompt_value_error"
  | "state_expired"
  | "state_mismatch"
  | "storage_not_supported"
  | "stubbed_public_client_application_called"
  | "timed_out"
  | "token_parsing_error"
  | "token_refresh_required"
  | "unable_to_parse_token_request_cache_error"
  | "unexpected_error"
  | "uninitialized_public_client_application"
  | "untrusted_authority"
  | "url_parse_error"
  | "user_cancelled"
  | "wasm_load_failed";
