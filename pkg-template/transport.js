// What the fetch wrapper needs of the browser beside `fetch` itself. No rule is in here; the wasm has them. It is JavaScript because streams and
// bodies of every kind cost kilobytes in wasm. A wasm-bindgen snippet: it imports nothing.

// A stream that stalls must not keep the response from the caller.
const RECORD_MS = 1000;

/** What a body of `fetch` weighs, in bytes; a stream, which can be read once only, more than anything. */
export function weigh(body) {
  if (body === undefined || body === null) return 0;
  if (body instanceof ReadableStream) return Infinity;
  if (body instanceof Blob) return body.size;
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return body.byteLength;
  if (body instanceof FormData) return [...body].flat().reduce((bytes, part) => bytes + weigh(part), 0);
  return new Blob([body]).size;
}

/**
 * Reads along while the request is sent. Returns a promise of what its body was, as a Blob; of `null` where that is more than so many bytes, and then no
 * more is kept of it.
 */
export async function record(request, limit) {
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

/** The same request with this body. */
export function withBody(request, body) {
  return new Request(request, { body });
}

/** A body as base64; `null` where there is none. */
export async function base64(body) {
  const bytes = new Uint8Array(await body.arrayBuffer());
  return bytes.length ? btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), "")) : null;
}

/** A response that nobody reads: its connection is wanted. */
export function discard(response) {
  // Not awaited: one half of a body that the transport has cloned waits for the other. Its failure is nobody's.
  Promise.resolve(response?.body?.cancel?.()).catch(() => {});
}

/** Calls back when the signal aborts. Returns what ends that. */
export function onAbort(signal, call) {
  signal.addEventListener("abort", call, { once: true });
  return () => signal.removeEventListener("abort", call);
}
