// What the shell adds to the events of the fetch wrapper. Rules live in the wasm.

let isHinted = false;

/** Marks a wrapper, so that it is known where a page makes it its own `fetch`: see `callGlobal` of transport.js. */
export const wrapper = (fetch) => Object.defineProperty(fetch, Symbol.for("countersign.fetch"), { value: true });

/** Once for each page: an API whose challenges cannot be read is a mistake that nobody finds. */
export function hint({ url }) {
  if (isHinted) return;
  isHinted = true;
  console.warn(
    `Countersign cannot see why ${new URL(url).origin} refused a request with 401: this page gets no WWW-Authenticate field from it. If the API sends one, ` +
      'it must also send "Access-Control-Expose-Headers: WWW-Authenticate".',
  );
}

/** A request that waited while the page was away. `fetchAs(account)` sends it again, where that is safe. */
export function waiting({ mayReplay, homeAccountId, body, ...request }, fetchAs) {
  return {
    ...request,
    body: body === null ? null : new Blob([Uint8Array.from(atob(body), (character) => character.charCodeAt(0))]),
    replay:
      mayReplay && fetchAs ? () => fetchAs({ homeAccountId })(request.url, { method: request.method, headers: request.headers }) : null,
  };
}
