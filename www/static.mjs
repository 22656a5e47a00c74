// The app's origin: the page's files, the built package under /pkg/, and /config.json which tells the page where to go.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { sendJson } from "./wire.mjs";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".ts": "text/plain; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
};

/** Import maps must be inline, so the policy names the hash of the one in this very file. */
function scriptHashes(html) {
  const inline = html.matchAll(/<script type="?importmap"?>([\s\S]*?)<\/script>/g);
  return [...inline].map(([, text]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
}

function contentPolicy(html, origins) {
  return [
    "default-src 'none'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...scriptHashes(html)].join(" "),
    "style-src 'self'",
    "img-src 'self' data:",
    ["connect-src 'self'", ...origins].join(" "),
    ["frame-src 'self'", ...origins].join(" "), // the hidden frame of a silent sign-in
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join("; ");
}

/**
 * @param mounts `{ "/prefix/": "/folder" }`, the longest prefix first. Under "/" only what the page needs is served: the
 *   server's own .mjs files have no type in the table above and so do not exist.
 * @param origins the other origins that pages may talk to
 */
export function createStatic({ mounts, config, origins, headers }) {
  const prefixes = Object.keys(mounts).sort((a, b) => b.length - a.length);
  return async function handle(req, res) {
    const { pathname } = new URL(req.url, "http://loopback");
    if (req.method !== "GET" && req.method !== "HEAD") return sendJson(res, 405, { error: "GET only" });
    if (pathname === "/config.json") return sendJson(res, 200, config());
    if (pathname === "/favicon.ico") return res.writeHead(204).end();
    const file = locate(pathname);
    const type = file && TYPES[extname(file)];
    const content = type && (await readFile(file).catch(() => null));
    if (!content) return sendJson(res, 404, { error: `no file ${pathname}` });
    const policy = type.startsWith("text/html") ? { "Content-Security-Policy": contentPolicy(content.toString(), origins()) } : {};
    // Never cached: a rebuilt package must be what the next reload runs.
    res.writeHead(200, {
      "Content-Type": type,
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      ...policy,
      ...headers,
    });
    return res.end(content);
  };

  function locate(pathname) {
    let path;
    try {
      path = decodeURIComponent(pathname);
    } catch {
      return null;
    }
    if (path.endsWith("/")) path += "index.html";
    const prefix = prefixes.find((p) => path.startsWith(p));
    if (!prefix || path.includes("\0")) return null;
    const root = normalize(mounts[prefix] + sep);
    const file = join(root, path.slice(prefix.length));
    return file.startsWith(root) ? file : null;
  }
}
