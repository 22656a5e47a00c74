// What the wasm does in the page, with the network and with `crypto`, and the shapes it gives to what it knows, where one call does what would be many. No
// rule is in here. A wasm-bindgen snippet: it imports nothing. It is one file, because each file is a request of its own where there is no bundler.

/** The window, where there is one. */
export const ownWindow = () => globalThis.window;

/** A URL, as the page's `fetch` would read it. */
export const resolve = (url) => new URL(url, window.document.baseURI).href;

/** One item of a storage; `undefined` where it cannot be read. */
export function item(storage, key) {
  try {
    return storage.getItem(key);
  } catch {
    return undefined;
  }
}

/** Whether that is what it was. */
export const isItem = (storage, key, known) => item(storage, key) === known;

/** Waits this many milliseconds. */
export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Calls the app's listener. */
export const tell = (listener, event, interaction = null, payload, error, correlationId) =>
  void listener(event, interaction, payload, error, correlationId);

/** A frame that nobody sees. It may run the redirect URI's page and the provider's forms, and must not take this page elsewhere. */
export function showFrame(url) {
  const frame = window.document.createElement("iframe");
  const attributes = { sandbox: "allow-scripts allow-same-origin allow-forms", hidden: "", "aria-hidden": "true", title: "", src: url };
  for (const [name, value] of Object.entries(attributes)) frame.setAttribute(name, value);
  return window.document.body.appendChild(frame);
}

/** An empty window: without more said of it, of MSAL's size and in the middle of this one. Nothing, where the browser blocks it. */
export function openWindow(w, h, left, top) {
  const [width, height] = [w > 0 ? w : 483, h > 0 ? h : 600];
  const middle = (start, length, own) => Math.max(0, start + (length - own) / 2) || 0;
  const x = left ?? middle(window.screenX, window.outerWidth, width);
  const y = top ?? middle(window.screenY, window.outerHeight, height);
  const features = Object.entries({ width, height, left: x, top: y }).map(([name, pixels]) => `${name}=${Math.trunc(pixels)}`);
  return window.open("about:blank", "", `popup,${features}`);
}

/** What can be seen of a window: 1 where it is closed, 2 where it shows another origin's page, 4 where this page has the focus. */
export function look(popup) {
  let seen = popup.closed ? 1 : 0;
  try {
    void popup.document;
  } catch {
    seen |= 2;
  }
  return !window.document.hidden && window.document.hasFocus() ? seen | 4 : seen;
}

/** Listens on a channel, and calls back with the payload of what comes. */
export function listen(name, arrived) {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => arrived(data?.payload);
  return channel;
}

/** Sends one payload on a channel. Whether it was sent. */
export function post(name, payload) {
  const channel = new BroadcastChannel(name);
  try {
    channel.postMessage({ payload });
    return true;
  } catch {
    return false;
  } finally {
    channel.close();
  }
}

/** Another URL for this page, in the place of its own. */
export const replaceUrl = (url) => window.history.replaceState(window.history.state, "", url);

/** What a storage holds under keys that start so and end so: the keys, each with its text after it. */
export const items = (storage, start, end) =>
  Array.from({ length: storage.length }, (_, index) => storage.key(index))
    .filter((key) => key?.startsWith(start) && key.endsWith(end))
    .flatMap((key) => [key, storage.getItem(key)]);

/** The SHA-256 of a text. */
export const sha256 = async (text) => new Uint8Array(await window.crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

/** Whether a signature of a text is a key's. The algorithm and the key are JSON. */
export async function verify(algorithm, key, signature, signed) {
  const [how, copy, { subtle }] = [JSON.parse(algorithm), signature.slice(), window.crypto];
  const imported = await subtle.importKey("jwk", JSON.parse(key), how, false, ["verify"]);
  return subtle.verify(how, imported, copy, new TextEncoder().encode(signed));
}

/** A request to the provider's endpoints: sends a form, or where there is none asks for what is there. Errors: those of `new Request` and of the page's `fetch`. */
export const request = (url, form, redirect, signal) =>
  fetch(
    new Request(url, {
      method: form === undefined ? "GET" : "POST",
      body: form,
      headers: form === undefined ? {} : { "Content-Type": "application/x-www-form-urlencoded;charset=utf-8" },
      cache: "no-store",
      credentials: "omit",
      redirect,
      signal,
    }),
  );

/** MSAL's `TenantProfile`. */
export const profile = (localAccountId, tenantId, username, name, upn, loginHint, isHomeTenant) => ({
  localAccountId,
  tenantId,
  username,
  name,
  upn,
  loginHint,
  isHomeTenant,
});

/** MSAL's `AccountInfo`: its profile in one tenant, and what it is in all of them, in these profiles. `claims` is JSON. */
export const account = (profile, homeAccountId, environment, authorityType, profiles, idToken, claims) => ({
  ...profile,
  homeAccountId,
  environment,
  authorityType,
  tenantProfiles: new Map(profiles.map((one) => [one.tenantId, one])),
  idToken,
  idTokenClaims: JSON.parse(claims),
});

/** MSAL's `AuthenticationResult`. It is shown to many callers, and none of them can change it. */
export const result = (authority, account, scopes, accessToken, tokenType, fromCache, expiresOn, correlationId, state) =>
  frozen({
    authority,
    uniqueId: account.localAccountId,
    tenantId: account.tenantId,
    scopes,
    account,
    idToken: account.idToken,
    idTokenClaims: account.idTokenClaims,
    accessToken,
    tokenType,
    fromCache,
    expiresOn: new Date(expiresOn),
    correlationId,
    state,
  });

/** A result with what the caller's own request says. */
export const own = (result, correlationId = result.correlationId, state = result.state) =>
  Object.freeze({ ...result, correlationId, state });

/** What the server answered, for an error. */
export const answer = (error, description, suberror, numbers, traceId, timestamp, correlationId, status) => ({
  error,
  description,
  suberror,
  errorNumbers: [...numbers],
  traceId,
  timestamp,
  correlationId,
  status,
});

/** Freezes a result with all that is in it. A `Date` and a `Map` cannot be frozen: whoever asks gets one of its own. */
export function frozen(result) {
  const give = (object, name, copy) => {
    const { [name]: value } = object;
    Object.defineProperty(object, name, { get: () => copy(value), enumerable: true });
  };
  for (const profile of result.account.tenantProfiles.values()) Object.freeze(profile);
  give(result.account, "tenantProfiles", (profiles) => new Map(profiles));
  give(result, "expiresOn", (date) => new Date(date));
  return freeze(result);
}

function freeze(value) {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}
