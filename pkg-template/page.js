// What the wasm does in the page and with its `crypto`, where one call does what would be many. No rule is in here. A wasm-bindgen snippet: it
// imports nothing.

/** A frame that nobody sees. It may run the redirect URI's page and the provider's forms, and must not take this page elsewhere. */
export function showFrame(url) {
  const frame = window.document.createElement("iframe");
  const attributes = { sandbox: "allow-scripts allow-same-origin allow-forms", hidden: "", "aria-hidden": "true", title: "", src: url };
  for (const [name, value] of Object.entries(attributes)) frame.setAttribute(name, value);
  return window.document.body.appendChild(frame);
}

/** Another URL for this page, in the place of its own. */
export const replaceUrl = (url) => window.history.replaceState(window.history.state, "", url);

/** What a storage holds under keys that start so and end so: the keys, each with its text after it. */
export const items = (storage, start, end) =>
  Array.from({ length: storage.length }, (_, index) => storage.key(index))
    .filter((key) => key.startsWith(start) && key.endsWith(end))
    .flatMap((key) => [key, storage.getItem(key)]);

/** The SHA-256 of a text. */
export const sha256 = async (text) => new Uint8Array(await window.crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

/** Whether a signature of a text is a key's. The algorithm and the key are JSON. */
export async function verify(algorithm, key, signature, signed) {
  const [how, copy, { subtle }] = [JSON.parse(algorithm), signature.slice(), window.crypto];
  const imported = await subtle.importKey("jwk", JSON.parse(key), how, false, ["verify"]);
  return subtle.verify(how, imported, copy, new TextEncoder().encode(signed));
}
