// The page, as MSAL's helpers see it.
import { createAuthError } from "./errors.js";
import { answered } from "./state.js";

export class NavigationClient {
  navigateInternal(url, options) {
    return navigate(url, options);
  }

  navigateExternal(url, options) {
    return navigate(url, options);
  }
}

/** Sends the page to `url`. Resolves, to `true`, only if the page is still there after `timeout` milliseconds. */
function navigate(url, { noHistory, timeout } = {}) {
  if (noHistory) location.replace(url);
  else location.assign(url);
  return new Promise((resolve) => {
    setTimeout(() => resolve(true), timeout);
  });
}

/** Goes to another page of the app. Settles where this one is still there: at once where a router went there, else when it is late. */
export async function moveOn(client, url, options) {
  const late = new Promise((resolve) => {
    setTimeout(resolve, options.timeout);
  });
  if (await client.navigateInternal(url, options)) await late;
}

/** Leaves the app. Settles only where the page is still there: "restored" by the back button, or "stuck". */
export function leave(client, url, options) {
  const over = new AbortController();
  const restored = new Promise((resolve) => {
    addEventListener("pageshow", ({ persisted }) => persisted && resolve("restored"), { signal: over.signal });
  });
  const late = new Promise((resolve) => {
    setTimeout(resolve, options.timeout);
  });
  const stuck = Promise.all([client.navigateExternal(url, options), late]).then(() => "stuck");
  return Promise.race([restored, stuck]).finally(() => over.abort());
}

/** Where a link or a redirect led to this page from; nothing where it was reloaded or gone back to. */
export function referrer() {
  // jsdom has no such entries.
  const visit = performance.getEntriesByType?.("navigation")[0];
  return visit?.type === "navigate" ? document.referrer : undefined;
}

/** Whether a fragment is a provider's answer, anybody's, and no route of the app: MSAL's rule. */
function isAnswer(fragment) {
  const text = fragment.replace(/^#\/?/, "");
  const parameters = new URLSearchParams(text);
  return /^[^=&?#/]+[=&]/.test(text) && ["code", "error", "error_description", "state"].some((name) => parameters.get(name));
}

export const BrowserUtils = {
  createGuid: () => crypto.randomUUID(),

  isInIframe: () => window.parent !== window,

  /** A popup is known by the answer it came back with: any page may have been opened by another. */
  isInPopup: () => !BrowserUtils.isInIframe() && answered().flow === "p",

  getCurrentUri: () => globalThis.location?.href.split(/[?#]/)[0] ?? "",

  getHomepage: () => `${location.origin}/`,

  clearHash(contentWindow) {
    const { history, location } = contentWindow;
    if (isAnswer(location.hash)) history.replaceState(history.state, "", location.pathname + location.search);
  },

  replaceHash(url) {
    const [, ...hash] = url.split("#");
    location.hash = hash.join("#");
  },

  blockReloadInHiddenIframes() {
    if (isAnswer(location.hash) && BrowserUtils.isInIframe()) throw createAuthError("block_iframe_reload");
  },
};
