// Loads the wasm, once for all clients of the page, and says what to change where that fails.
import { createAuthError } from "./errors.js";
import initWasm from "./wasm/countersign.js";

const sources = {};
let pending = null;
let isLoaded = false;

/** Of the wasm, once that is loaded. */
export let memory;

/**
 * Says where the wasm is, and returns what cannot do without: whoever leaves unused code out keeps both or neither. Where both are known, the
 * embedded one is taken.
 */
export function located(source, exported) {
  Object.assign(sources, source);
  return exported;
}

/** Loads the wasm, once. After a failure it may be called again; who brings a source while another one is tried waits for that first. */
export async function init(wasm) {
  if (wasm) await pending?.catch(() => {});
  if (isLoaded) return;
  pending ??= load(wasm).finally(() => {
    pending = null;
  });
  await pending;
}

export function mustBeLoaded() {
  if (!isLoaded) throw createAuthError("uninitialized_public_client_application");
}

async function load(wasm) {
  const known = {};
  try {
    known.source = wasm ?? (await (sources.embedded ?? sources.file)());
    const { href, url = href, ok } = known.source;
    if (url) known.url = new URL(url, globalThis.location?.href);
    known.response = url && ok === undefined ? await fetch(known.source) : known.source;
    known.module = await compile(known.response);
    // The glue would keep an instance that it cannot start, and take it for good the next time.
    if (!WebAssembly.Module.exports(known.module).some(({ name }) => name === "readLine")) throw new Error("not of this package");
    ({ memory } = await initWasm({ module_or_path: known.module }));
    isLoaded = true;
  } catch (cause) {
    throw createAuthError("wasm_load_failed", reason(cause, known), undefined, undefined, "", cause);
  }
}

/** While it arrives, where its type allows that; any type will do. wasm-bindgen would warn on the console. */
async function compile(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (source.ok === undefined) return WebAssembly.compile(source);
  if (!source.ok) throw new Error(`HTTP status ${source.status}`);
  const isStream = source.headers.get("Content-Type") === "application/wasm";
  return isStream ? WebAssembly.compileStreaming(source) : WebAssembly.compile(await source.arrayBuffer());
}

/** What to change. */
function reason(cause, { source, url, response, module }) {
  if (typeof WebAssembly === "undefined") return "this browser has it turned off";
  if (isForbidden()) return "the page's CSP forbids it: add 'wasm-unsafe-eval' to script-src";
  if (!source) return "this bundle does not say where its file is: import countersign/inline";
  const name = url ? url.pathname.slice(0, 100) : "what was given";
  if (url?.pathname.includes("/deps/wasm/")) {
    return 'Vite left the file behind: set optimizeDeps: { exclude: ["countersign"] }, by the name it is installed by, or import countersign/inline';
  }
  if (response?.ok === false) return `${name} answered ${response.status}: serve the package's file there, or import countersign/inline`;
  if (cause instanceof RangeError) return "there is not enough memory";
  if (module) return `${name} is of another version of the package`;
  if (!url) return `${name} is not the WebAssembly that countersign/wasm is`;
  if (cause instanceof WebAssembly.CompileError) {
    return `${name} is not WebAssembly that this browser knows: serve the package's file there and no page in its place, or import countersign/inline`;
  }
  if (url.protocol === "file:") return "pass init() the bytes of countersign/wasm, or import countersign/inline";
  return `${name} could not be fetched: check the network, and connect-src in the page's CSP`;
}

function isForbidden() {
  try {
    // The smallest module there is.
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    return false;
  } catch {
    return true;
  }
}
