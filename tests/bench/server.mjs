// Serves the pages as production does (brotli, cached for ever by name, the page itself asked for again each time), and an API that says nothing much.
import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { json } from "node:stream/consumers";
import { brotliCompressSync, constants } from "node:zlib";
import { close, listen } from "../../www/wire.mjs";
import { outFolder } from "./bundle.mjs";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".wasm": "application/wasm" };
// A finer clock: 5 microseconds in place of 100.
const ISOLATED = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/** Brotli 11, as a content delivery network has it ready. */
export const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });

/**
 * `isIsolated`: pages get the finer clock, and can open no popups.
 *
 * Returns `origin`, `close()`, `authorized`: how many requests to `/api/` came with each `Authorization` field; and `reports`, which emits `report`
 * with what a page posts to `/report`.
 */
export async function serve({ isIsolated = false } = {}) {
  const server = await listen(0);
  const files = new Map();
  const authorized = new Map();
  const reports = new EventEmitter();

  server.on("request", async (request, response) => {
    const { pathname } = new URL(request.url, "http://loopback");
    if (pathname.startsWith("/api/")) {
      const { authorization = "" } = request.headers;
      authorized.set(authorization, (authorized.get(authorization) ?? 0) + 1);
      response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-store" });
      return response.end("{}");
    }
    if (pathname === "/report") {
      reports.emit("report", await json(request));
      return response.writeHead(204).end();
    }
    const name = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    if (!files.has(name)) files.set(name, load(name));
    const file = files.get(name);
    if (!file) return response.writeHead(404).end();
    return response.writeHead(200, { ...file.headers, ...(isIsolated ? ISOLATED : {}) }).end(file.bytes);
  });

  return { origin: `http://localhost:${server.address().port}`, authorized, reports, close: () => close(server) };
}

function load(name) {
  try {
    const bytes = brotli(readFileSync(join(outFolder, "pages", name)));
    const cache = name.endsWith(".html") ? "no-cache" : "public, max-age=31536000, immutable";
    const headers = { "Content-Type": TYPES[extname(name)], "Content-Encoding": "br", "Content-Length": bytes.length };
    return { bytes, headers: { ...headers, "Cache-Control": cache, Vary: "Accept-Encoding" } };
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}
