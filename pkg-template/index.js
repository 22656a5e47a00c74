// The shell of the package: loads the wasm, and gives its client MSAL's shape. Importing it runs nothing. Rules live in the wasm.
import { createAuthError } from "./errors.js";
import initWasm, {
  Client,
  formatChallenge as formatChallengeOf,
  getClaimsChallenge as getClaimsChallengeOf,
  getDemands as getDemandsOf,
  mergeClaims as mergeClaimsOf,
  parseChallenges as parseChallengesOf,
} from "./wasm/countersign.js";

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

let isLoaded = false;

/** Loads the wasm, once. After a failure it may be called again. */
export async function init(wasm) {
  try {
    await initWasm(wasm === undefined ? undefined : { module_or_path: wasm });
    isLoaded = true;
  } catch (cause) {
    throw createAuthError("wasm_load_failed", String(cause?.message ?? cause), undefined, undefined, cause);
  }
}

export class PublicClientApplication {
  #configuration;
  #callbacks = new Map();
  #nextCallback = 1;
  #client = null;
  #fetch = null;
  #redirect = null;

  constructor(configuration) {
    this.#configuration = configuration;
    /** Bound, so that it can be passed around like `window.fetch`. */
    this.fetch = async (input, init) => {
      this.#ready();
      return this.#fetch(input, init);
    };
  }

  static async createPublicClientApplication(configuration) {
    const app = new PublicClientApplication(configuration);
    await app.initialize();
    return app;
  }

  async initialize(options) {
    await init(options?.wasm);
    if (this.#client) return;
    const client = new Client(this.#configuration, (...event) => this.#emit(...event));
    this.#fetch = wrap(client, this.#configuration?.fetch);
    this.#client = client;
  }

  async loginPopup(request) {
    return this.#ready().loginPopup(request);
  }

  async loginRedirect(request) {
    return this.#ready().loginRedirect(request);
  }

  async acquireTokenPopup(request) {
    return this.#ready().loginPopup(request);
  }

  async acquireTokenRedirect(request) {
    return this.#ready().loginRedirect(request);
  }

  async acquireTokenSilent(request) {
    return this.#ready().acquireTokenSilent(request);
  }

  /** Callers that ask while an answer is being taken up get that same answer (React's StrictMode asks twice). */
  handleRedirectPromise(options) {
    this.#redirect ??= this.#handleRedirect(options).finally(() => {
      this.#redirect = null;
    });
    return this.#redirect;
  }

  async #handleRedirect(options) {
    const client = this.#ready();
    this.#emit("msal:handleRedirectStart", "redirect", null, null);
    try {
      return await client.handleRedirect(options?.hash);
    } finally {
      this.#emit("msal:handleRedirectEnd", "redirect", null, null);
    }
  }

  async logoutRedirect(request) {
    return this.#ready().logoutRedirect(request);
  }

  async clearCache(request) {
    return this.#ready().clearCache(request);
  }

  getAllAccounts() {
    return this.#ready().getAllAccounts();
  }

  getActiveAccount() {
    return this.#ready().getActiveAccount();
  }

  setActiveAccount(account) {
    this.#ready().setActiveAccount(account);
  }

  createFetch(options) {
    return wrap(this.#ready(), options);
  }

  cancelInteraction() {
    this.#ready().cancelInteraction();
  }

  addEventCallback(callback, eventTypes) {
    const id = String(this.#nextCallback++);
    this.#callbacks.set(id, [callback, eventTypes ?? []]);
    return id;
  }

  removeEventCallback(id) {
    this.#callbacks.delete(id);
  }

  #ready() {
    if (!this.#client) throw createAuthError("uninitialized_public_client_application");
    return this.#client;
  }

  #emit(eventType, interactionType, payload, error) {
    const message = { eventType, interactionType, payload, error, correlationId: "", timestamp: Date.now() };
    for (const [callback, eventTypes] of [...this.#callbacks.values()]) {
      if (eventTypes.length && !eventTypes.includes(eventType)) continue;
      try {
        callback(message);
      } catch (thrown) {
        // A callback of the app must not undo a sign-in; what it throws still reaches the app's error reporting.
        queueMicrotask(() => {
          throw thrown;
        });
      }
    }
  }
}

export function parseChallenges(input, options) {
  mustBeLoaded();
  return parseChallengesOf(lines(input), options?.strict === true);
}

export function getDemands(status, input) {
  mustBeLoaded();
  return getDemandsOf(status, lines(input));
}

export function getClaimsChallenge(input) {
  mustBeLoaded();
  return getClaimsChallengeOf(lines(input)) ?? null;
}

export function mergeClaims(claims, clientCapabilities) {
  mustBeLoaded();
  return mergeClaimsOf({ claims, clientCapabilities });
}

export function formatChallenge(challenge) {
  mustBeLoaded();
  return formatChallengeOf(challenge);
}

function mustBeLoaded() {
  if (!isLoaded) throw createAuthError("uninitialized_public_client_application");
}

function wrap(client, options) {
  const fetcher = client.createFetch(options);
  return (input, init) => fetcher.fetch(input, init);
}

/** The field lines of anything that can hold a WWW-Authenticate field. What is no text among them, a hole say, is no line. */
function lines(input) {
  if (input === null || input === undefined) return [];
  const list = Array.isArray(input) ? input : [typeof input === "string" ? input : fieldOf(input.headers ?? input)];
  return list.filter((line) => typeof line === "string");
}

function fieldOf(headers) {
  if (typeof headers.get !== "function") throw createAuthError("invalid_option", "input");
  return headers.get("www-authenticate");
}
