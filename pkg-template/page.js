// What the wasm does in the page and with its `crypto`, where one call does what would be many. No rule is in here. A wasm-bindgen snippet: it
// imports nothing.

/** The window, where there is one. */
export const ownWindow = () => globalThis.window;

/** A URL, as the page's `fetch` would read it. */
export const resolve = (url) => new URL(url, window.document.baseURI).href;

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
export function openWindow(width = 483, height = 600, left, top) {
  const middle = (start, length, own) => Math.max(0, Math.trunc(start + (length - own) / 2) || 0);
  const x = left ?? middle(window.screenX, window.outerWidth, width);
  const y = top ?? middle(window.screenY, window.outerHeight, height);
  return window.open("about:blank", "", `popup,width=${width},height=${height},left=${x},top=${y}`);
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
