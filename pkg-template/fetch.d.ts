// The fetch wrapper: what it may do, and what it tells.
import type { Demand } from "./challenges.js";
import type { AccountInfo } from "./requests.js";

/** The policy of a fetch wrapper. */
export interface FetchOptions {
  /**
   * By URL, what the token there is asked for: scopes, or a {@link ProtectedResource}; `null`: never a token there. A URL is whole, or a path of this page (`/api`), and stands for its
   * path and all below it: a request matches by exact origin and by a path prefix that ends on a segment boundary, and `*` is no wildcard; the longest match wins. There is one
   * entry for each URL, with a slash at its end or without: methods have no scopes of their own.
   */
  protectedResourceMap?: ReadonlyMap<string, ProtectedResource | readonly string[] | null> | Readonly<Record<string, ProtectedResource | readonly string[] | null>>;
  /** How the user is asked when silent is not enough; `none` throws `InteractionRequiredAuthError`. Default: `popup`. */
  interactionType?: "popup" | "redirect" | "none";
  /**
   * Asked before any interaction, one request at a time: show a button (a popup needs a click), choose, or decline. It must not wait for another
   * request that needs the user: that one waits for this answer.
   *
   * Who declines (`cancel`, the popup closed, the provider's `access_denied`) is not asked for the same again: requests that meet that challenge get an
   * `InteractionRequiredAuthError` until the app asks by itself, with `acquireTokenPopup({ scopes })` say, which asks for what was declined too; not for
   * scopes beyond the resource's own where this callback has declined them.
   */
  onInteractionRequired?: (context: InteractionContext) => InteractionChoice | Promise<InteractionChoice>;
  /** Whose token. Default: the active account, else the only one. */
  account?: () => AccountInfo | null;
  /**
   * A larger body (bytes), and a stream, is sent once and not replayed: the refusal is the caller's. Default: 1,048,576. The body of a `Request` is read
   * along while it is sent, whatever it was made of; what is kept of it is never more than this.
   */
  maxReplayBodyBytes?: number;
  /**
   * The transport under the wrapper. What the map has a token for it is given as a `Request`, everything else as it came. Default: `window.fetch`, looked up at each request. A page
   * may make the wrapper its `window.fetch`; the browser's own is then under it. Where an interceptor that awaits something leads back to the wrapper, name the browser's here.
   */
  fetch?: typeof fetch;
}

/** A resource that has tokens. */
export interface ProtectedResource {
  /** What its token is asked for. */
  scopes: readonly string[];
  /** The methods that carry it; the others carry none. Default: all. */
  methods?: readonly string[];
  /** From whom, where not from the configured authority: another of the same provider. Error: `untrusted_authority`. */
  authority?: string;
}

/** What the user would be asked for. */
export interface InteractionContext {
  /** Of the request, whole. */
  url: string;
  /** Of the request, in upper case where HTTP has it so. */
  method: string;
  /** The status of the response that challenged; absent where there was none yet. */
  status?: number;
  /** The decoded claims request, as JSON text, or `null`: what the API and the provider ask for together. */
  claims: string | null;
  /** What the token will be good for. */
  scopes: string[];
  /** What the response demands, as `getDemands` gives it; empty where there was none yet. */
  demands: Demand[];
}

/** Ask in a popup, or by redirect; or not at all. */
export type InteractionChoice = "popup" | "redirect" | "cancel";

/**
 * The request that a page was left for, on the page that the user came back to: `payload` of `countersign:challengeAnswered` and
 * `countersign:challengeDeclined` whose `interactionType` is `redirect`. No token is in it.
 */
export interface WaitingRequest {
  /** Whole. */
  url: string;
  /** As in {@link InteractionContext}. */
  method: string;
  /** `accept`, `accept-language` and `content-type`, as far as it had them. */
  headers: Record<string, string>;
  /** Its body; `null` where it had none, one that is sent once only, or one that `sessionStorage` had no room for. */
  body: Blob | null;
  /**
   * Sends it again as `app.fetch` would, as the same account. `null` where that could do something twice (RFC 9110 section 9.2.1: only `GET`, `HEAD` and
   * `OPTIONS` are safe), where the user declined, and where it came from another wrapper: `app.fetch(url, { method, headers, body })` is the app's to decide.
   */
  replay: (() => Promise<Response>) | null;
}
