// The shell of the package: gives the wasm's client MSAL's shape. Importing it runs nothing. Rules live in the wasm.
import { leave, moveOn, NavigationClient, referrer } from "./browser.js";
import { version } from "./constants.js";
import { createAuthError } from "./errors.js";
import { EventType, Events } from "./events.js";
import { hint, waiting, wrapper } from "./fetch.js";
import { init } from "./load.js";
import { Logger, logError, logEvent } from "./logger.js";
import { plain, unauthorized } from "./transport.js";
import { Client } from "./wasm/countersign.js";

export { BrowserUtils, NavigationClient } from "./browser.js";
export { formatChallenge, getClaimsChallenge, getDemands, mergeClaims, parseChallenges } from "./challenges.js";
export {
  AuthErrorCodes,
  BrowserAuthErrorCodes,
  BrowserConfigurationAuthErrorCodes,
  ClientAuthErrorCodes,
  ClientConfigurationErrorCodes,
  InteractionRequiredAuthErrorCodes,
} from "./codes.js";
export {
  BrowserCacheLocation,
  CacheLookupPolicy,
  InteractionStatus,
  InteractionType,
  OIDC_DEFAULT_SCOPES,
  PromptValue,
  ProtocolMode,
  version,
  WrapperSKU,
} from "./constants.js";
export {
  AuthError,
  BrowserAuthError,
  BrowserConfigurationAuthError,
  ClientAuthError,
  ClientConfigurationError,
  InteractionRequiredAuthError,
  NetworkError,
  ServerError,
} from "./errors.js";
export { EventMessageUtils, EventType } from "./events.js";
export { Logger, LogLevel } from "./logger.js";
export { stubbedPublicClientApplication } from "./stub.js";

export class PublicClientApplication {
  #configuration;
  #events = new Events((message) => logEvent(this.#logger, message));
  #logger;
  #client = null;
  #fetch = null;
  #redirects = new Map();
  #navigationClient;
  // Before a router can take it away: it may hold the provider's answer.
  #early = globalThis.location?.hash;
  #start = null;

  constructor(configuration) {
    this.#configuration = configuration;
    this.#navigationClient = configuration?.system?.navigationClient ?? new NavigationClient();
    this.#logger = new Logger(configuration?.system?.loggerOptions, "countersign", version);
    /** Bound, so that it can be passed around like `window.fetch`. */
    this.fetch = wrapper(async (input, init) => {
      this.#ready();
      return this.#fetch(input, init);
    });
  }

  static async createPublicClientApplication(configuration) {
    const app = new PublicClientApplication(configuration);
    await app.initialize();
    return app;
  }

  async initialize(options) {
    if (this.#client) return;
    this.#events.emit("msal:initializeStart");
    if (options?.wasm) await this.#start?.catch(() => {});
    // Callers that ask while it is under way wait for the same start.
    this.#start ??= this.#logged(this.#initialize(options?.wasm)).finally(() => {
      this.#start = null;
    });
    await this.#start;
    this.#events.emit("msal:initializeEnd");
  }

  async #initialize(wasm) {
    if (this.#client) return;
    await init(wasm).catch((failure) => {
      // A server need not have the file.
      const error = typeof window === "undefined" ? createAuthError("non_browser_environment") : failure;
      // MSAL's start never fails, so MSAL's wrappers drop its error, and the page stays white.
      console.error(error.message);
      throw error;
    });
    const configuration = this.#configuration;
    const client = await Client.open(
      configuration,
      // Outside of the wasm's own tasks: a callback may show a dialog, and while that is open Firefox runs other events.
      (...event) => queueMicrotask(() => this.#emit(...event)),
      (url, isInternal) => this.#navigate(url, isInternal),
    );
    this.#fetch = this.#wrap(client, configuration.fetch, true);
    if (configuration.cache?.cacheLocation === "localStorage") {
      this.#events.share(configuration.auth.clientId, () => client.fresh());
    }
    this.#client = client;
  }

  #emit(eventType, interactionType, payload, ...rest) {
    const { CHALLENGE_ANSWERED, CHALLENGE_DECLINED, CHALLENGE_HIDDEN } = EventType;
    if (eventType === CHALLENGE_HIDDEN) hint(payload);
    if (interactionType === "redirect" && [CHALLENGE_ANSWERED, CHALLENGE_DECLINED].includes(eventType)) {
      // As the account that the token is for, whoever is the active one by now.
      const fetchAs = (account) => this.createFetch({ ...this.#configuration.fetch, account: () => account });
      payload = waiting(payload, eventType === CHALLENGE_ANSWERED && fetchAs);
    }
    this.#events.emit(eventType, interactionType, payload, ...rest);
  }

  async loginPopup(request) {
    return this.#logged(this.#ready().loginPopup(request));
  }

  async loginRedirect(request) {
    return this.#logged(this.#ready().loginRedirect(request));
  }

  async acquireTokenPopup(request) {
    return this.#logged(this.#ready().loginPopup(request));
  }

  async acquireTokenRedirect(request) {
    return this.#logged(this.#ready().loginRedirect(request));
  }

  async acquireTokenSilent(request) {
    const client = this.#ready();
    const result = cached(client, request) ?? (await this.#logged(client.acquireTokenSilent(request)));
    if (result.fromCache) {
      // MSAL's: a token from the cache was acquired too.
      this.#events.emit("msal:acquireTokenStart", "silent", null, null, result.correlationId);
      this.#events.emit("msal:acquireTokenSuccess", "silent", result, null, result.correlationId);
    }
    return result;
  }

  async ssoSilent(request) {
    return this.#logged(this.#ready().ssoSilent(request));
  }

  /** Whoever asks gets the answer that this page came with (React's StrictMode asks twice). */
  handleRedirectPromise(options) {
    const { hash } = options ?? {};
    // Before `initialize()` there is no answer to keep.
    if (!this.#client) return this.#handleRedirect(options);
    if (!this.#redirects.has(hash)) this.#redirects.set(hash, this.#handleRedirect(options));
    return this.#redirects.get(hash);
  }

  async #handleRedirect(options) {
    const client = this.#ready();
    this.#events.emit("msal:handleRedirectStart", "redirect");
    let correlationId = "";
    try {
      const result = await this.#logged(client.handleRedirect({ ...options, early: this.#early, referrer: referrer() }));
      correlationId = result?.correlationId ?? "";
      return result;
    } catch (error) {
      correlationId = error?.correlationId ?? "";
      throw error;
    } finally {
      this.#events.emit("msal:handleRedirectEnd", "redirect", null, null, correlationId);
    }
  }

  async logoutRedirect(request) {
    return this.#logged(this.#ready().logoutRedirect(request));
  }

  async logoutPopup(request) {
    await this.#logged(this.#ready().logoutPopup(request));
    if (request?.mainWindowRedirectUri) await this.#navigate(new URL(request.mainWindowRedirectUri, document.baseURI).href, true);
  }

  async clearCache(request) {
    return this.#ready().clearCache(request);
  }

  async hydrateCache(result, request) {
    return this.#logged(this.#ready().hydrateCache(result, request));
  }

  getAllAccounts(filter) {
    return this.#ready().getAllAccounts(filter);
  }

  getAccount(filter) {
    const [account = null] = this.getAllAccounts(filter);
    // MSAL's: who looks for nobody finds nobody.
    return Object.values(filter ?? {}).some((value) => (value ?? "") !== "") ? account : null;
  }

  getActiveAccount() {
    return this.#ready().getActiveAccount();
  }

  setActiveAccount(account) {
    this.#ready().setActiveAccount(account);
  }

  setNavigationClient(client) {
    this.#navigationClient = client;
  }

  createFetch(options) {
    return this.#wrap(this.#ready(), options);
  }

  cancelInteraction() {
    this.#ready().cancelInteraction();
  }

  addEventCallback(callback, eventTypes) {
    return this.#events.add(callback, eventTypes);
  }

  removeEventCallback(id) {
    this.#events.remove(id);
  }

  getLogger() {
    return this.#logger;
  }

  setLogger(logger) {
    this.#logger = logger;
  }

  /** As it was given; its groups are always there. */
  getConfiguration() {
    const { auth, cache, system, ...rest } = this.#configuration ?? {};
    return { ...rest, auth: { ...auth }, cache: { ...cache }, system: { ...system } };
  }

  initializeWrapperLibrary(sku, version) {
    this.#logger.verbose(`used by ${sku} ${version}`, "");
  }

  /** No plain object: Vue would put a proxy around one, and what is private is not the proxy's. */
  get [Symbol.toStringTag]() {
    return "PublicClientApplication";
  }

  async #navigate(url, isInternal) {
    // As for events: what the app does here is not done inside a task of the wasm.
    await null;
    const { auth, system } = this.#configuration;
    const options = { apiId: 0, timeout: system?.redirectNavigationTimeout ?? 30_000, noHistory: isInternal };
    if (isInternal) return moveOn(this.#navigationClient, url, options);
    if (auth.onRedirectNavigate?.(url) === false) return "held";
    const came = await leave(this.#navigationClient, url, options);
    if (came === "restored") this.#events.emit("msal:restoreFromBFCache", "redirect");
    return came;
  }

  #ready() {
    if (!this.#client) throw createAuthError("uninitialized_public_client_application");
    return this.#client;
  }

  async #logged(promise) {
    try {
      return await promise;
    } catch (error) {
      logError(this.#logger, error);
      throw error;
    }
  }

  #wrap(client, options, isAppsOwn = false) {
    const fetcher = client.createFetch(options, isAppsOwn);
    const follow = (...response) => fetcher.follow(...response);
    return wrapper((input, init) => {
      const request = plain(input, init);
      return this.#logged(fetcher.fetch(input, init, request, request && unauthorized(request), follow));
    });
  }
}

export const createStandardPublicClientApplication = (configuration) => PublicClientApplication.createPublicClientApplication(configuration);

/** What the cache has, where the request is scopes and an account and nothing else, as most are: the others are read field by field. */
function cached(client, request) {
  try {
    const isShort = (name) => name === "scopes" || name === "account" || request[name] === undefined;
    if (Object.getPrototypeOf(request) !== Object.prototype || !Reflect.ownKeys(request).every(isShort)) return undefined;
    const { scopes, account } = request;
    const id = account === undefined || account === null ? "" : account.homeAccountId || null;
    for (const text of [id, ...scopes]) if (typeof text !== "string") return undefined;
    return client.cached(id, scopes.join(" "));
  } catch {
    // What is wrong with it, its reader says.
    return undefined;
  }
}
