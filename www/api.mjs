// The protected API: an order book that verifies its tokens and, like a CAE-aware Microsoft API, refuses good-looking
// ones when something has changed since they were issued. Two switches make that happen.

import { createRemoteJWKSet, jwtVerify } from "jose";
import { contextsDemanded } from "./entra.mjs";
import { sendJson } from "./wire.mjs";

const READ = "orders.read";
const WRITE = "orders.write";
const CONTEXT = "c1";

/**
 * @param tokens what the provider has issued so far: the API learns from it which tokens a revocation concerns, as a real
 *   one learns from the provider's security events. Comparing `iat` would not do: it counts whole seconds, so a
 *   token refreshed in the second of the revocation could not be told from the one just revoked.
 */
export function createApi({ appOrigin, issuer, jwksUri, authorizationUri, audience, tokens }) {
  const jwks = createRemoteJWKSet(new URL(jwksUri));
  const orders = [];
  const state = { revoked: new Set(), revokedAt: 0, stronger: false, weak: new Set(), exposeChallenge: true };

  const switches = {
    /** Every token issued until now is refused from now on. */
    revoke() {
      state.revoked = new Set(tokens.issued);
      state.revokedAt = Math.floor(Date.now() / 1000);
    },
    /** Orders need authentication context c1; turning it on asks for it anew, also of people who had confirmed before. */
    stronger(on = true) {
      if (on && !state.stronger) {
        state.weak = new Set(tokens.issued);
        tokens.forgetStepUps();
      }
      state.stronger = on;
    },
    /** `false` forgets `Access-Control-Expose-Headers`: the commonest mistake of real APIs, which hides the challenge. */
    exposeChallenge(on = true) {
      state.exposeChallenge = on;
    },
    resetApi() {
      orders.length = 0;
      for (const item of ["Espresso beans, 1 kg", "Paper filters"]) orders.push({ id: orders.length + 1, item });
      Object.assign(state, {
        revoked: new Set(),
        revokedAt: 0,
        stronger: false,
        weak: new Set(),
        exposeChallenge: true,
      });
    },
  };
  switches.resetApi();

  /** What this token lacks, as an OIDC claims request, or null when it will do. */
  function demand(token) {
    const wanted = {};
    if (state.revoked.has(token.jti)) {
      wanted.nbf = { essential: true, value: String(state.revokedAt) };
      wanted.xms_caeerror = { value: "10012" };
    }
    const contexts = state.weak.has(token.jti) ? [] : (token.acrs ?? []);
    if (state.stronger && !contexts.includes(CONTEXT)) wanted.acrs = { essential: true, value: CONTEXT };
    return Object.keys(wanted).length ? { access_token: wanted } : null;
  }

  const bearer = (...params) => ['Bearer realm=""', `authorization_uri="${authorizationUri}"`, ...params].join(", ");

  function refuse(res, token, claims) {
    const capable = (token.xms_cc ?? []).some((c) => c.toLowerCase() === "cp1");
    if (!capable) {
      // A client that has not said it can read a challenge gets none: it would only see a token fail for no reason.
      const why = contextsDemanded(claims).length ? "a stronger sign-in is needed" : "the session was revoked";
      return sendJson(res, 403, { error: "access_denied", message: why });
    }
    const encoded = Buffer.from(JSON.stringify(claims)).toString("base64");
    return sendJson(
      res,
      401,
      { error: "insufficient_claims" },
      { "WWW-Authenticate": bearer('error="insufficient_claims"', `claims="${encoded}"`) },
    );
  }

  async function authenticate(req, res) {
    const [, value] = /^Bearer ([^\s]+)$/i.exec(req.headers.authorization ?? "") ?? [];
    // RFC 6750 section 3.1: a request without credentials is told how to authenticate and nothing else.
    if (!value) return void sendJson(res, 401, { error: "token_required" }, { "WWW-Authenticate": bearer() });
    try {
      const { payload } = await jwtVerify(value, jwks, {
        issuer,
        audience,
        typ: "at+jwt",
        requiredClaims: ["exp", "iat", "jti"],
      });
      return payload;
    } catch {
      return void sendJson(res, 401, { error: "invalid_token" }, { "WWW-Authenticate": bearer('error="invalid_token"') });
    }
  }

  async function handleOrders(req, res, entry) {
    const needed = req.method === "POST" ? WRITE : READ;
    const token = await authenticate(req, res);
    if (!token) return;
    entry.token = token;
    if (!(token.scp ?? "").split(" ").includes(needed)) {
      const params = ['error="insufficient_scope"', `scope="${audience}/${needed}"`];
      return sendJson(res, 403, { error: "insufficient_scope" }, { "WWW-Authenticate": bearer(...params) });
    }
    const claims = demand(token);
    if (claims) return refuse(res, token, claims);
    if (req.method === "GET") return sendJson(res, 200, { user: token.preferred_username, orders });
    if (entry.body === null || typeof entry.body !== "object") return sendJson(res, 400, { error: "a JSON object is expected" });
    const order = { ...entry.body, id: orders.length + 1 };
    orders.push(order);
    return sendJson(res, 201, { user: token.preferred_username, order, received: entry.body });
  }

  function handleControl(req, res, entry) {
    if (entry.path === "/control/revoke" && req.method === "POST") switches.revoke();
    else if (entry.path === "/control/stronger" && req.method === "POST") switches.stronger(entry.query.on !== "0");
    else if (entry.path !== "/control/state" || req.method !== "GET") return sendJson(res, 404, { error: "no such control" });
    return sendJson(res, 200, { stronger: state.stronger, revokedAt: state.revokedAt });
  }

  async function handle(req, res, entry) {
    const { origin } = req.headers;
    // The switches are open to the demo page and to programs, not to whatever else this browser has open.
    if (origin !== undefined && origin !== appOrigin) return sendJson(res, 403, { error: "this origin is not the demo's" });
    res.setHeader("Access-Control-Allow-Origin", appOrigin);
    res.setHeader("Vary", "Origin");
    if (req.method === "OPTIONS") {
      res.writeHead(204, {
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": "Authorization, Content-Type",
      });
      return res.end();
    }
    if (state.exposeChallenge) res.setHeader("Access-Control-Expose-Headers", "WWW-Authenticate");
    if (entry.path.startsWith("/control/")) return handleControl(req, res, entry);
    if (entry.path === "/orders" && ["GET", "POST"].includes(req.method)) return handleOrders(req, res, entry);
    return sendJson(res, 404, { error: "no such resource" });
  }

  return { handle, switches };
}
