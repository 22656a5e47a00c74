/** What happens in a client, for those who do not call it themselves: the events, and what a user interface makes of them. */
import type { AuthError } from "./errors.js";
import type { InteractionContext, WaitingRequest } from "./fetch.js";
import type { AccountInfo, AuthenticationResult } from "./requests.js";

/**
 * The events. Names and values are MSAL's, and those of its broker are there by name only: nothing here has a broker, so they are never
 * emitted. What answers an API's challenge has names of its own, `countersign:…`.
 */
export declare const EventType: {
  /** {@link PublicClientApplication.initialize} begins. */
  readonly INITIALIZE_START: "msal:initializeStart";
  /** It has succeeded. */
  readonly INITIALIZE_END: "msal:initializeEnd";
  /** Another account is the active one, or none is. Arrives from other tabs too. */
  readonly ACTIVE_ACCOUNT_CHANGED: "msal:activeAccountChanged";
  /** Somebody signed in who was not signed in before. `payload`: the {@link AccountInfo}. Arrives from other tabs too, without `idToken`. */
  readonly LOGIN_SUCCESS: "msal:loginSuccess";
  /** A token is asked for; one that is found in the cache too, by {@link PublicClientApplication.acquireTokenSilent}. */
  readonly ACQUIRE_TOKEN_START: "msal:acquireTokenStart";
  /** `payload`: the {@link AuthenticationResult}. */
  readonly ACQUIRE_TOKEN_SUCCESS: "msal:acquireTokenSuccess";
  /** `error`: what the call failed with. */
  readonly ACQUIRE_TOKEN_FAILURE: "msal:acquireTokenFailure";
  /** A refresh token is about to be sent. */
  readonly ACQUIRE_TOKEN_NETWORK_START: "msal:acquireTokenFromNetworkStart";
  /** Never emitted. */
  readonly BROKERED_REQUEST_START: "msal:brokeredRequestStart";
  /** Never emitted. */
  readonly BROKERED_REQUEST_SUCCESS: "msal:brokeredRequestSuccess";
  /** Never emitted. */
  readonly BROKERED_REQUEST_FAILURE: "msal:brokeredRequestFailure";
  /** Never emitted. */
  readonly BROKER_CONNECTION_ESTABLISHED: "msal:brokerConnectionEstablished";
  /** {@link PublicClientApplication.handleRedirectPromise} begins. */
  readonly HANDLE_REDIRECT_START: "msal:handleRedirectStart";
  /** It is over, whatever came of it. */
  readonly HANDLE_REDIRECT_END: "msal:handleRedirectEnd";
  /** A popup is open. */
  readonly POPUP_OPENED: "msal:popupOpened";
  /** A sign-out begins. */
  readonly LOGOUT_START: "msal:logoutStart";
  /** The user is signed out on this device. Arrives from other tabs too. */
  readonly LOGOUT_SUCCESS: "msal:logoutSuccess";
  /** `error`: what the call failed with. */
  readonly LOGOUT_FAILURE: "msal:logoutFailure";
  /** Follows either of the two. */
  readonly LOGOUT_END: "msal:logoutEnd";
  /** The page that was left for the provider is back as it was: the user pressed the back button. */
  readonly RESTORE_FROM_BFCACHE: "msal:restoreFromBFCache";
  /**
   * Storage is full: what does not fit is kept in memory, for as long as this page lives. Told once, until there is room again. `error`:
   * `cache_quota_exceeded`.
   */
  readonly CACHE_QUOTA_EXCEEDED: "countersign:cacheQuotaExceeded";
  /** An API challenged a token. `payload` of these: the {@link InteractionContext}. */
  readonly CHALLENGE_RECEIVED: "countersign:challengeReceived";
  /**
   * There is a token that meets it; the request is being sent again. With `interactionType` `redirect`: on the page that the user came back to, during
   * `handleRedirectPromise()`; `payload` is then the {@link WaitingRequest}, and sending it is the app's.
   */
  readonly CHALLENGE_ANSWERED: "countersign:challengeAnswered";
  /** The user, or the app's `onInteractionRequired`, said no. `payload` of a redirect: the {@link WaitingRequest}. */
  readonly CHALLENGE_DECLINED: "countersign:challengeDeclined";
  /**
   * An API of another origin refused with 401, and this page sees no challenge: most likely the browser hides it, because `WWW-Authenticate` is not in
   * `Access-Control-Expose-Headers`. The console says so once.
   */
  readonly CHALLENGE_HIDDEN: "countersign:challengeHidden";
};
export type EventType = (typeof EventType)[keyof typeof EventType];

/** What one event says. */
export interface EventMessage {
  /** What happened. */
  eventType: EventType;
  /** How the user is asked, where that is what it is about. */
  interactionType: InteractionType | null;
  /** What there is to say: see {@link EventType}. */
  payload: EventPayload;
  /** What the call failed with, where it failed. */
  error: EventError;
  /** That of the request it belongs to; empty where it belongs to none, or that is not known yet. */
  correlationId: string;
  /** Milliseconds since 1970. */
  timestamp: number;
}

/** What an event is about; of which event, {@link EventType} says. `"demands" in payload` tells an {@link InteractionContext}, `"replay" in payload` a {@link WaitingRequest}. */
export type EventPayload = AccountInfo | AuthenticationResult | InteractionContext | WaitingRequest | null;

/** What a call failed with. */
export type EventError = AuthError | null;

/** Is called at every event. What it throws is reported, not passed on. */
export type EventCallbackFunction = (message: EventMessage) => void;

/** How a token is got. */
export declare const InteractionType: {
  /** The page goes to the provider, and comes back. */
  readonly Redirect: "redirect";
  /** In a window of its own. */
  readonly Popup: "popup";
  /** Without the user. */
  readonly Silent: "silent";
  /** Not at all. */
  readonly None: "none";
};
export type InteractionType = (typeof InteractionType)[keyof typeof InteractionType];
/** As MSAL's enumeration has them: `InteractionType.Popup` is a type, too. */
export declare namespace InteractionType {
  /** The type of {@link InteractionType.Redirect}. */
  type Redirect = "redirect";
  /** The type of {@link InteractionType.Popup}. */
  type Popup = "popup";
  /** The type of {@link InteractionType.Silent}. */
  type Silent = "silent";
  /** The type of {@link InteractionType.None}. */
  type None = "none";
}

/** What a user interface should wait for. */
export declare const InteractionStatus: {
  /** Nothing has happened yet. */
  readonly Startup: "startup";
  /** A sign-out is under way. */
  readonly Logout: "logout";
  /** The user is being asked. */
  readonly AcquireToken: "acquireToken";
  /** {@link PublicClientApplication.handleRedirectPromise} is at work. */
  readonly HandleRedirect: "handleRedirect";
  /** Nothing is under way: calls may be made. */
  readonly None: "none";
};
export type InteractionStatus = (typeof InteractionStatus)[keyof typeof InteractionStatus];

/** What a user interface makes of events. */
export declare class EventMessageUtils {
  /**
   * The status after an event; `null`: the event does not change it. An end changes only the status of its own beginning, where
   * `currentStatus` is given; tokens that are got without the user change none.
   */
  static getInteractionStatusFromEvent(message: EventMessage, currentStatus?: InteractionStatus): InteractionStatus | null;
}
