// What the three demo servers share: listening, bodies, the log that tests read, and faults that tests inject.

import { createServer } from "node:http";

const MAX_BODY = 4 << 20;

/** Listens on loopback only. A port that is taken is replaced by a free one, so that two demos can run side by side. */
export async function listen(port) {
  const server = createServer();
  const attempt = (p) =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(p, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  try {
    await attempt(port);
  } catch (error) {
    if (port === 0 || (error.code !== "EADDRINUSE" && error.code !== "EACCES")) throw error;
    await attempt(0);
  }
  return server;
}

/** Browsers keep connections alive for minutes; waiting for them would hang every test run. */
export function close(server) {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function readBody(req) {
  const chunks = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size > MAX_BODY) throw Object.assign(new Error("request body too large"), { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseBody(raw, type = "") {
  if (raw.length === 0) return undefined;
  const text = raw.toString("utf8");
  if (type.startsWith("application/x-www-form-urlencoded")) return Object.fromEntries(new URLSearchParams(text));
  if (type.startsWith("application/json")) return parseJson(text) ?? text;
  return text;
}

export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function sendJson(res, status, body, headers = {}) {
  res.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers });
  res.end(JSON.stringify(body));
}

/** A CORS preflight is not the request that a fault, or a test that waits, is about. */
const matches = (what, entry) =>
  entry.method !== "OPTIONS" &&
  what.at === entry.at &&
  ["method", "path", "endpoint", "grant_type"].every((k) => what[k] === undefined || what[k] === entry[k]);

/** Answers in the server's place. `true` when the request is dealt with. */
async function inject(fault, req, res) {
  fault.times -= 1;
  if (fault.delay) await new Promise((resolve) => setTimeout(resolve, fault.delay));
  if (fault.hangup) {
    req.socket.destroy();
    return true;
  }
  if (fault.status === undefined) return false;
  const { origin } = req.headers;
  const cors = origin ? { "Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": "WWW-Authenticate, Retry-After" } : {};
  const text = typeof fault.body === "string" ? fault.body : JSON.stringify(fault.body ?? {});
  res.writeHead(fault.status, { "Content-Type": "application/json", ...cors, ...fault.headers });
  res.end(text);
  return true;
}

/**
 * Wraps a handler so that every request is read whole, written to the log, told to who waits for it and offered to the injected faults.
 * `describe(entry)` may add fields that the handler's server knows about (endpoint, grant_type, claims).
 */
export function recorded({ at, log, faults, waits, describe = () => {} }, handler) {
  return async (req, res) => {
    const started = performance.now();
    try {
      const url = new URL(req.url, "http://loopback");
      const raw = await readBody(req);
      const entry = {
        at,
        time: Date.now(),
        method: req.method,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: { ...req.headers },
        raw,
        body: parseBody(raw, req.headers["content-type"]),
        status: undefined,
      };
      describe(entry);
      log.push(entry);
      res.once("close", () => {
        entry.status ??= res.headersSent ? res.statusCode : 0; // 0: the connection ended without an answer
        entry.ms = Math.round(performance.now() - started);
      });
      res.once("finish", () => {
        entry.status = res.statusCode;
      });
      const arrived = waits.filter((wait) => matches(wait, entry));
      arrived.forEach((wait) => waits.splice(waits.indexOf(wait), 1)[0].resolve(entry));
      const fault = faults.find((f) => f.times > 0 && matches(f, entry));
      if (fault && (await inject(fault, req, res))) return;
      await handler(req, res, entry, raw);
    } catch (error) {
      if (!res.headersSent) sendJson(res, error.status ?? 500, { error: error.message });
      else res.destroy();
    }
  };
}
