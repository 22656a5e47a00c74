// What every app does at each load, and nothing else: the tests drive `window.app`. Options are kept in this tab, because the page is its
// own redirect URI and must come up the same way after a redirect.
import * as countersign from "/pkg/index.js";

const served = await (await fetch("/config.json")).json();
const { auth, cache, system, fetch: fetchOptions, isStrict, handle: handleOptions } = JSON.parse(sessionStorage.getItem("test.options") ?? "{}");
/** Every line of the log, at its finest. */
const logged = [];
const loggerOptions = { logLevel: 4, piiLoggingEnabled: true, loggerCallback: (level, message) => logged.push([level, message]) };
const app = new countersign.PublicClientApplication({
  auth: {
    clientId: served.clientId,
    authority: served.authority,
    redirectUri: location.origin + location.pathname,
    clientCapabilities: ["CP1"],
    ...auth,
  },
  cache,
  system: { loggerOptions, ...system },
  fetch: { protectedResourceMap: { [`${served.api}/orders`]: served.scopes }, ...fetchOptions },
});
const events = [];
app.addEventCallback((message) => events.push({ ...message, error: message.error?.errorCode ?? null }));

Object.assign(window, { app, countersign, served, events, logged });
/** A promise's outcome as data. */
window.settle = async (promise) => {
  try {
    const value = await promise;
    return { value: value instanceof Response ? { status: value.status, body: await value.text() } : value };
  } catch (error) {
    return {
      error: { ...error.toJSON?.(), name: error.name, message: error.message, class: error.constructor.name, claims: error.claims },
    };
  }
};

/** Resolves to what the start, and a redirect before it, came to. */
const handle = () => app.handleRedirectPromise(handleOptions);
// React's StrictMode runs every effect twice.
window.started = settle(app.initialize().then(() => (isStrict ? Promise.all([handle(), handle()]) : handle())));

/** The next click calls this: a popup needs one. Its outcome is in `window.outcome`. */
window.onClick = (call) => {
  window.outcome = new Promise((resolve) => {
    document.getElementById("click").addEventListener("click", () => resolve(settle(call())), { once: true });
  });
};
