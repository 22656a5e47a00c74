// What the fetch wrapper needs of the browser beside `fetch` itself. No rule is in here; the wasm has them. It is JavaScript because streams and
// bodies of every kind cost kilobytes in wasm. A wasm-bindgen snippet, which the shell imports too: it imports nothing.

// A wrapper of this package has this property, whichever copy of the package made it.
const WRAPPER = Symbol.for("countersign.fetch");
const native = globalThis.fetch;
let isCalling = false;

// A stream that stalls must not keep the response from the caller.
const RECORD_MS = 1000;

/**
 * Calls the page's `fetch`, looked up each time: pages and test tools replace it. Where it is a wrapper of ours, or leads back to one, that would never
 * end: then it is the browser's own. So it is for what a page's `fetch` sends through a wrapper in its own call.
 */
function callGlobal(parameters) {
  const current = globalThis.fetch;
  if (isCalling || current[WRAPPER]) return native(...parameters);
  isCalling = true;
  try {
    return current(...parameters);
  } finally {
    isCalling = false;
  }
}

/** Calls the app's transport, or where it has none the page's `fetch`. */
export const callTransport = (fetch, parameters) => (fetch ? fetch(...parameters) : callGlobal(parameters));

// By tag: a frame's `Request` or `Blob` is no instance of the page's.
const tag = (value) => Object.prototype.toString.call(value).slice(8, -1);

/** Whether `fetch` takes this for a `Request`, rather than for a URL. */
const isRequest = (input) => tag(input) === "Request";

/** What `read` gives; `undefined` where it throws, which costs more than a request, or gives what is not of this type. */
function guarded(type, read) {
  try {
    const value = read();
    return typeof value === type ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The request of a URL and nothing else, as most are: to make it touches nothing, where a body or headers could be good for once only. */
export function plain(input, init) {
  return typeof input === "string" && init === undefined ? guarded("object", () => new Request(input)) : undefined;
}

/** The method and the URL of `fetch(input, init)`, with a space between, read without touching it: a body that is looked into is a body that is gone. */
export function targetOf(input, init) {
  return guarded("string", () => {
    const { method, url } = isRequest(input) ? input : { method: "GET", url: new URL(input, document.baseURI).href };
    return `${typeof init?.method === "string" ? init.method : method} ${url}`;
  });
}

/**
 * What the body of `fetch(input, init)` weighs, in bytes; more than anything where it can be read once only, as a stream, or not at all, which is for
 * `fetch` to say. Less than nothing: it is a `Request`'s own, and only reading it tells.
 */
export function weigh(input, init) {
  const weight = guarded("number", () => {
    const own = init?.body ?? null;
    if (own !== null || !isRequest(input)) return bytesOf(own);
    // Firefox does not say whether there is one.
    return input.body === null || ["GET", "HEAD"].includes(input.method) ? 0 : -1;
  });
  return weight ?? Infinity;
}

/** Errors: those of `new Request`. */
export const newRequest = (input, init) => new Request(input, init);

/** The caller's signal, where it gave one: every request has one. */
export function signalOf(input, init, request) {
  return isRequest(input) || guarded("object", () => init?.signal) ? request.signal : undefined;
}

/** The method and the URL of a request that carries no token of its own. */
export function unauthorized(request) {
  return guarded("string", () => (request.headers.has("Authorization") ? undefined : `${request.method} ${request.url}`));
}

/** Gives a request its token. */
export function authorize(request, token) {
  request.headers.set("Authorization", `Bearer ${token}`);
}

/**
 * Sends a copy of a request with the token of a result. What `follow(id, response, status)` makes of the response is the caller's; where there is none, it
 * is called without one.
 */
export async function sendNow(request, { accessToken }, signal, fetch, isCopied, follow, id) {
  let response;
  try {
    const own = isCopied ? request.clone() : new Request(request);
    authorize(own, accessToken);
    const sent = callTransport(fetch, [own]);
    response = await (signal ? unlessAborted(signal, sent) : sent);
  } catch (error) {
    follow(id);
    throw error;
  }
  return follow(id, response, statusOf(response));
}

/** What a promise comes to, or the signal's reason, also where it was aborted before that could be waited for. */
async function unlessAborted(signal, promise) {
  let forget;
  const aborted = new Promise((resolve) => (forget = onAbort(signal, resolve)));
  try {
    const value = await Promise.race([promise, signal.aborted ? null : aborted]);
    if (!signal.aborted) return value;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    forget();
  }
  throw signal.reason;
}

/** The status of a response, which may be anything that the app's transport has made up. */
export const statusOf = (response) => guarded("number", () => response.status) ?? 0;

/** Where it came from, as far as it says. */
export const urlOf = (response) => guarded("string", () => response.url) || undefined;

/** Whether it shows only the fields that the API exposes. */
export const isFiltered = (response) => guarded("string", () => response.type) === "cors";

/** The `WWW-Authenticate` field of a response, as far as it shows one. */
export const challengeOf = (response) => guarded("string", () => response.headers.get("www-authenticate"));

function bytesOf(body) {
  const kind = tag(body);
  if (body === undefined || body === null) return 0;
  if (kind === "ReadableStream") return Infinity;
  if (kind === "Blob" || kind === "File") return body.size;
  if (kind === "ArrayBuffer" || ArrayBuffer.isView(body)) return body.byteLength;
  if (kind === "FormData") return [...body].flat().reduce((bytes, part) => bytes + bytesOf(part), 0);
  return new Blob([body]).size;
}

/**
 * Reads along while the request is sent. Returns a promise of what its body was, as a Blob; of `null` where that is more than so many bytes, and then no
 * more is kept of it.
 */
export function record(request, limit) {
  const recording = readAlong(request, limit);
  // The caller hears of it from the request itself.
  recording.catch(() => {});
  return recording;
}

async function readAlong(request, limit) {
  const copy = request.clone();
  // Firefox has no `body` here.
  if (!copy.body) {
    const blob = await copy.blob();
    return blob.size > limit ? null : blob;
  }
  const reader = copy.body.getReader();
  const chunks = [];
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(chunks);
    bytes += value.byteLength;
    if (bytes > limit) {
      reader.cancel().catch(() => {});
      return null;
    }
    chunks.push(value);
  }
}

/** What was recorded; `null` where there is nothing to send again. */
export function recorded(recording) {
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, RECORD_MS, null)));
  return Promise.race([recording.catch(() => null), late]).finally(() => clearTimeout(timer));
}

/** The same request with this body, if it had one: Firefox does not say so before it is sent. */
export function withBody(request, body) {
  return new Request(request, request.bodyUsed ? { body } : undefined);
}

/** A body as base64; `null` where there is none. */
export async function base64(body) {
  const bytes = new Uint8Array(await body.arrayBuffer());
  return bytes.length ? btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), "")) : null;
}

/** A response that nobody reads: its connection is wanted. */
export async function discard(response) {
  try {
    await response?.body?.cancel?.();
  } catch {
    // Nobody's failure.
  }
}

/** Calls back when the signal aborts. Returns what ends that. */
export function onAbort(signal, call) {
  signal.addEventListener("abort", call, { once: true });
  return () => signal.removeEventListener("abort", call);
}
