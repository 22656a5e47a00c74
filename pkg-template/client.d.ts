/** The client, and the loading of its WebAssembly. */
import type { BrowserConfiguration, Configuration } from "./configuration.js";
import type { EventCallbackFunction, EventType } from "./events.js";
import type { FetchOptions } from "./fetch.js";
import type { Logger } from "./logger.js";
import type { INavigationClient, WrapperSKU } from "./names.js";
import type {
  AccountFilter,
  AccountInfo,
  AuthenticationResult,
  BaseAuthRequest,
  ClearCacheRequest,
  EndSessionPopupRequest,
  EndSessionRequest,
  HandleRedirectPromiseOptions,
  HydrationResult,
  PopupRequest,
  RedirectRequest,
  SilentRequest,
  SsoSilentRequest,
} from "./requests.js";

/**
 * A client: one configuration, one session. The constructor is synchronous and loads nothing.
 *
 * Whatever needs the session fails with `uninitialized_public_client_application` before `initialize()`, and with `invalid_option` where an option is not of the
 * declared type; ERRORS.md has every code, and what to do.
 */
export declare class PublicClientApplication {
  /** Looks at nothing yet: what is wrong with the configuration is an error of {@link PublicClientApplication.initialize}. */
  constructor(configuration: Configuration);

  /** A client that is constructed and initialized. Errors: those of {@link PublicClientApplication.initialize}. */
  static createPublicClientApplication(configuration: Configuration): Promise<PublicClientApplication>;

  /**
   * Loads the WebAssembly, checks the configuration and reads the session that storage holds. Idempotent; after a failure it may be called
   * again.
   *
   * Errors: `wasm_load_failed`, `non_browser_environment`, `storage_not_supported`; of the configuration `invalid_option`, `unsupported_option`,
   * `invalid_cache_type`, `authority_uri_insecure`, `untrusted_authority`, `redirect_uri_empty`, `resource_uri_insecure`, `url_parse_error`, `empty_input_scopes_error`.
   */
  initialize(options?: InitializeApplicationRequest): Promise<void>;

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
   * provider sends the user back to, in {@link PublicClientApplication.handleRedirectPromise}. It resolves only where `auth.onRedirectNavigate` said `false`.
   *
   * Errors: `redirect_in_iframe`, `interaction_in_progress`, `user_cancelled` (the back button brought this page back), `cache_quota_exceeded`, `storage_not_supported`,
   * `timed_out` (`system.redirectNavigationTimeout`), `url_parse_error`; {@link NetworkError}, and `openid_config_error` or `issuer_validation_failed` where the provider's
   * metadata is not to be had.
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
   * Where there is no refresh token, because the account is not in the cache, say, or the provider takes it no more (Microsoft gives single-page apps 24 hours), the provider is asked in a hidden
   * frame, as {@link PublicClientApplication.ssoSilent} does. `cacheLookupPolicy` says which of all this may be tried.
   *
   * Errors: {@link InteractionRequiredAuthError} where only the user can help; pass its `claims` on to an interactive call.
   * `token_refresh_required` where the policy allows nothing but the cache; {@link ServerError}, and after a 429, or a 5xx with `Retry-After`, the
   * same one again for this account, without a request, until the time that the provider named (429: else a minute; an hour at most) or until
   * the user signs in. `no_account_error`, `no_account_found` (signed out while it was under way), `invalid_claims` (claims must be decoded JSON); {@link NetworkError}.
   */
  acquireTokenSilent(request: SilentRequest): Promise<AuthenticationResult>;

  /**
   * Signs the user in without showing anything, on the session that the provider keeps for the user: in a hidden frame, with `prompt=none`. Say
   * whom with `account`, `loginHint` or `sid`. Where the browser blocks third-party cookies the provider knows nobody in a frame.
   *
   * Errors: {@link InteractionRequiredAuthError} (`login_required`, `interaction_required`, `consent_required`: sign the user in);
   * `timed_out` (does the redirect URI's page answer?); `silent_prompt_value_error`; `account_mismatch` where the request names an account and the provider's session
   * is somebody else's; those of an answer that is not what was asked for.
   *
   * @see OpenID Connect Core section 3.1.2.1 (`prompt`)
   */
  ssoSilent(request: SsoSilentRequest): Promise<AuthenticationResult>;

  /**
   * Takes up what the page was left for. Call it at every start, before anything else. `null`: the URL holds no answer to a request of this
   * client. In a popup it hands the answer to the page that waits for it, and does not settle, because the window closes; in a hidden frame
   * {@link PublicClientApplication.initialize} does both already. So show the app behind it. Where another page of the app was left, the user is taken
   * back to it first, and it is that page's call that gives the result. Asked again, it gives the same answer.
   *
   * Errors: `state_mismatch`, `state_expired`, `unable_to_parse_token_request_cache_error`, `hash_empty_error` and `no_state_in_hash` (the answer was lost, or
   * damaged, on the way), `user_cancelled`, those of {@link PublicClientApplication.loginPopup}.
   */
  handleRedirectPromise(options?: HandleRedirectPromiseOptions): Promise<AuthenticationResult | null>;

  /**
   * Signs the user out here, then at the provider, by sending the page there. Without an account everybody is signed out. Nothing but this
   * client's own entries is removed from storage. Where the provider cannot be reached, that is the error, and the user is signed out here all the same.
   * It resolves, with the page still there, where the provider has no end-session endpoint, and where `auth.onRedirectNavigate` said `false`.
   *
   * Errors: `interaction_in_progress`, `untrusted_authority`, `user_cancelled` (the back button brought this page back), `timed_out` (`system.redirectNavigationTimeout`);
   * {@link NetworkError}.
   *
   * @see OpenID Connect RP-Initiated Logout 1.0
   */
  logoutRedirect(request?: EndSessionRequest): Promise<void>;

  /**
   * The same in a popup. Call it in a click. It resolves when the provider sends the popup back, to a page that calls
   * {@link PublicClientApplication.handleRedirectPromise} or `broadcastResponseToMainFrame()`, or when the user closes it: the user is signed out
   * here in any case, once the popup is open. Where it does not open the session is kept; {@link PublicClientApplication.logoutRedirect} needs none.
   *
   * Errors: `popup_window_error`, `interaction_in_progress`, `interaction_in_progress_cancelled`, `untrusted_authority`, `timed_out`; {@link NetworkError}.
   */
  logoutPopup(request?: EndSessionPopupRequest): Promise<void>;

  /** Forgets the tokens of an account, or of all, on this device only. */
  clearCache(request?: ClearCacheRequest): Promise<void>;

  /**
   * Makes a result that was got elsewhere part of this session: its account, its ID token, and its access token with scopes and end. There is no
   * refresh token in a result. `request` is the one that it answers: `authority`, where that is not the configured one, and `scopes`, which the
   * result's must cover. The ID token is judged as after a sign-in here; `verifyIdTokenSignature` looks at its signature too.
   *
   * Errors: `invalid_option` with the member that is missing or wrong; `account_mismatch`; those of an ID token that is not for this client now
   * (`token_parsing_error`, `issuer_mismatch`, `audience_mismatch`, `id_token_expired`, ...); {@link NetworkError}.
   */
  hydrateCache(result: HydrationResult, request: BaseAuthRequest): Promise<void>;

  /** Everybody who is signed in, in the order in which they signed in. */
  getAllAccounts(filter?: AccountFilter): AccountInfo[];

  /** The first account that is looked for, or `null`, also where the filter says nothing. */
  getAccount(filter: AccountFilter): AccountInfo | null;

  /** The account that calls without one are for, in the tenant that it was set in, or `null`. */
  getActiveAccount(): AccountInfo | null;

  /** Makes an account the active one, in the tenant that it is given in. It lasts as long as the session. With one that is not in the cache nobody is. */
  setActiveAccount(account: AccountInfo | null): void;

  /**
   * `window.fetch` with tokens and answers: requests to a listed resource carry its token, and when the API challenges that token, a better one
   * is got, silently if that is possible and with the user if not, and the request is sent again. Each kind of demand ({@link getDemands}: `claims`, `step_up`, `scope`,
   * `invalid_token`) is answered once for each request, three in all, and the user is asked once; the next refusal is the caller's. Everything else passes through untouched, and so does
   * a request with an `Authorization` header of its own, whose refusal is the caller's. Bound: pass it around.
   *
   * Rejects with what the transport rejects with, and with the errors of {@link PublicClientApplication.acquireTokenSilent} and
   * {@link PublicClientApplication.loginPopup}: `no_account_error` where nobody is signed in, because to begin a sign-in is for the app. Where the user has said no before, or is not to be asked,
   * with an {@link InteractionRequiredAuthError} whose `claims` are the challenge's: `acquireTokenPopup({ scopes, claims: error.claims })` with the resource's `scopes`, which bring along, on this
   * page, what is no claim (a step-up, more scope). Where the caller gives up, at any moment, with its signal's reason. A challenge that is not answered is the caller's: the `Response` as it came.
   *
   * @see RFC 9470, RFC 6750 section 3.1, https://learn.microsoft.com/entra/identity-platform/claims-challenge
   */
  readonly fetch: typeof fetch;

  /**
   * Another wrapper, with its own policy. Errors, at once: `invalid_option`, `url_parse_error`, `resource_uri_insecure`, `empty_input_scopes_error`,
   * `untrusted_authority`.
   */
  createFetch(options?: FetchOptions): typeof fetch;

  /** Gives up the popup that is open, and the question of a request that waits for its turn, if there is one: its call fails with `user_cancelled` (a sign-out resolves). */
  cancelInteraction(): void;

  /** Calls back at every event, or at those of these types. Returns the id to remove it by. What the callback throws is reported, not passed on. */
  addEventCallback(callback: EventCallbackFunction, eventTypes?: readonly EventType[]): string | null;

  /** Ends {@link PublicClientApplication.addEventCallback}. */
  removeEventCallback(id: string): void;

  /** What this client logs with. Unless `system.loggerOptions` has a callback, it writes nothing. */
  getLogger(): Logger;

  /** Logs with this one from now on. */
  setLogger(logger: Logger): void;

  /** How pages are left from now on: a router's own way to go to another page of the app. Default: `system.navigationClient`. */
  setNavigationClient(client: INavigationClient): void;

  /** The configuration as it was given; `auth`, `cache` and `system` are always there. */
  getConfiguration(): BrowserConfiguration;

  /** Says which framework's wrapper uses this client. It is logged, and sent to nobody. */
  initializeWrapperLibrary(sku: WrapperSKU, version: string): void;
}

/** {@link PublicClientApplication.createPublicClientApplication}, by MSAL's name. Errors: the same. */
export declare function createStandardPublicClientApplication(configuration: Configuration): Promise<PublicClientApplication>;

/** The members of a client, for what stands in its place: a mock, or {@link stubbedPublicClientApplication}. */
export interface IPublicClientApplication extends Pick<PublicClientApplication, keyof PublicClientApplication> {}

/** How a client starts. */
export interface InitializeApplicationRequest {
  /** Default: the file beside this module, or what `countersign/inline` holds. */
  wasm?: WasmSource;
}

/** Where the WebAssembly comes from. An address that is a text: `new URL(text, location.href)`. A URL is fetched, bytes are compiled. */
export type WasmSource = URL | Request | Response | BufferSource | WebAssembly.Module;

/** Loads the WebAssembly, for {@link parseChallenges} and its like, where there is no client. In Node pass the bytes of `countersign/wasm`. Error: `wasm_load_failed`. */
export declare function init(wasm?: WasmSource): Promise<void>;
