// What the shell adds to the events of the fetch wrapper. Rules live in the wasm.

let isHinted = false;

/** Marks a wrapper, so that it is known where a page makes it its own `fetch`: see `callGlobal` of transport.js. */
export const wrapper = (fetch) => Object.defineProperty(fetch, Symbol.for("countersign.fetch"), { value: true });

/**
 * The request of a URL and nothing else, as most are: to make it touches nothing, where a body or headers could be good for once only. And its method and
 * URL, with a space between, where it carries no token of the page's. Nothing, for a URL that is none: that is for `fetch` to say.
 */
export function plain(input, init) {
  try {
    if (typeof input !== "string" || init !== undefined) return [];
    const request = new Request(input);
    return [request, request.headers.has("Authorization") ? undefined : `${request.method} ${request.url}`];
  } catch {
    return [];
  }
}

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
