// Events: what they are called, who hears them, and what a user interface makes of them.
import { InteractionStatus, InteractionType } from "./constants.js";
import { guarded } from "./guard.js";

export const EventType = {
  INITIALIZE_START: "msal:initializeStart",
  INITIALIZE_END: "msal:initializeEnd",
  ACTIVE_ACCOUNT_CHANGED: "msal:activeAccountChanged",
  LOGIN_SUCCESS: "msal:loginSuccess",
  ACQUIRE_TOKEN_START: "msal:acquireTokenStart",
  ACQUIRE_TOKEN_SUCCESS: "msal:acquireTokenSuccess",
  ACQUIRE_TOKEN_FAILURE: "msal:acquireTokenFailure",
  ACQUIRE_TOKEN_NETWORK_START: "msal:acquireTokenFromNetworkStart",
  BROKERED_REQUEST_START: "msal:brokeredRequestStart",
  BROKERED_REQUEST_SUCCESS: "msal:brokeredRequestSuccess",
  BROKERED_REQUEST_FAILURE: "msal:brokeredRequestFailure",
  BROKER_CONNECTION_ESTABLISHED: "msal:brokerConnectionEstablished",
  HANDLE_REDIRECT_START: "msal:handleRedirectStart",
  HANDLE_REDIRECT_END: "msal:handleRedirectEnd",
  POPUP_OPENED: "msal:popupOpened",
  LOGOUT_START: "msal:logoutStart",
  LOGOUT_SUCCESS: "msal:logoutSuccess",
  LOGOUT_FAILURE: "msal:logoutFailure",
  LOGOUT_END: "msal:logoutEnd",
  RESTORE_FROM_BFCACHE: "msal:restoreFromBFCache",
  CACHE_QUOTA_EXCEEDED: "countersign:cacheQuotaExceeded",
  CHALLENGE_RECEIVED: "countersign:challengeReceived",
  CHALLENGE_ANSWERED: "countersign:challengeAnswered",
  CHALLENGE_DECLINED: "countersign:challengeDeclined",
  CHALLENGE_HIDDEN: "countersign:challengeHidden",
};

const START = new Map([
  [EventType.ACQUIRE_TOKEN_START, InteractionStatus.AcquireToken],
  [EventType.HANDLE_REDIRECT_START, InteractionStatus.HandleRedirect],
  [EventType.LOGOUT_START, InteractionStatus.Logout],
]);
/** What ends which status. */
const END = new Map([
  [EventType.ACQUIRE_TOKEN_SUCCESS, InteractionStatus.AcquireToken],
  [EventType.ACQUIRE_TOKEN_FAILURE, InteractionStatus.AcquireToken],
  [EventType.RESTORE_FROM_BFCACHE, InteractionStatus.AcquireToken],
  [EventType.HANDLE_REDIRECT_END, InteractionStatus.HandleRedirect],
  [EventType.LOGOUT_END, InteractionStatus.Logout],
]);

export class EventMessageUtils {
  /** The status after an event; `null`: as it was. */
  static getInteractionStatusFromEvent({ eventType, interactionType }, currentStatus) {
    const status = START.get(eventType) ?? END.get(eventType);
    const isInteractive = interactionType === InteractionType.Redirect || interactionType === InteractionType.Popup;
    // Tokens are also got without the user, and that is no interaction.
    if (!status || (status === InteractionStatus.AcquireToken && !isInteractive)) return null;
    if (START.has(eventType)) return status;
    return !currentStatus || currentStatus === status ? InteractionStatus.None : null;
  }
}

/** What other tabs that share the session are told of. They see for themselves which account is the active one. */
const SHARED = [EventType.LOGIN_SUCCESS, EventType.LOGOUT_SUCCESS];

/** The callbacks of one client, and those of its other tabs. */
export class Events {
  #callbacks = new Map();
  #nextId = 1;
  #channel = null;
  #log;

  constructor(log) {
    this.#log = log;
  }

  add(callback, eventTypes) {
    const id = String(this.#nextId++);
    this.#callbacks.set(id, [callback, eventTypes ?? []]);
    return id;
  }

  remove(id) {
    this.#callbacks.delete(id);
  }

  /** Joins the tabs of this client id. `fresh` reads what they have written: who hears of a sign-in finds the account. */
  share(clientId, fresh) {
    if (this.#channel || typeof BroadcastChannel !== "function") return;
    this.#channel = new BroadcastChannel(`countersign.${clientId}.events`);
    this.#channel.onmessage = async ({ data }) => {
      if (!SHARED.includes(data?.message?.eventType)) return;
      await caughtUp(this.#channel.name, data.mark);
      await fresh();
      this.#deliver(data.message);
    };
  }

  emit(eventType, interactionType = null, payload = null, error = null, correlationId = "") {
    const message = { eventType, interactionType, payload, error, correlationId, timestamp: Date.now() };
    if (this.#channel && SHARED.includes(eventType)) {
      const mark = leave(this.#channel.name);
      this.#channel.postMessage({ message: { ...message, payload: withoutToken(payload) }, mark });
    }
    this.#deliver(message);
  }

  #deliver(message) {
    this.#log(message);
    for (const [callback, eventTypes] of [...this.#callbacks.values()]) {
      if (eventTypes.length && !eventTypes.includes(message.eventType)) continue;
      guarded(() => callback(message));
    }
  }
}

// localStorage reaches another process later than a message does, but in order: what was written before the mark is there when the mark is.
const CATCH_UP_MS = 1000;

function leave(key) {
  const mark = crypto.randomUUID();
  try {
    localStorage.setItem(key, mark);
    return mark;
  } catch {
    // It is full: then there is nothing to wait for.
    return null;
  }
}

function caughtUp(key, mark) {
  const isThere = () => typeof mark !== "string" || localStorage.getItem(key) === mark;
  if (isThere()) return undefined;
  return new Promise((resolve) => {
    const look = () => isThere() && done();
    const done = () => {
      removeEventListener("storage", look);
      clearTimeout(timer);
      resolve();
    };
    // Another tab may have left its own mark, or somebody has cleared localStorage: it does not come any more.
    const timer = setTimeout(done, CATCH_UP_MS);
    addEventListener("storage", look);
  });
}

/** An account as another tab is told of it: that tab reads tokens from storage, and only from there. */
function withoutToken(account) {
  if (!account) return null;
  const copy = { ...account };
  delete copy.idToken;
  return copy;
}
