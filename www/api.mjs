// The protected API: an order book that verifies its tokens and, like a CAE-aware Microsoft API, refuses good-looking
// ones when something has changed since they were issued. Two switches make that happen. Transfers need a recent
// sign-in with more than a password as well, and say so in the words of RFC 9470.

import { createHash } from "node:crypto";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { contextsDemanded } from "./entra.mjs";
import { sendJson } from "./wire.mjs";

const READ = "orders.read";
const WRITE = "orders.write";
const CONTEXT = "c1";
const TRANSFERS = { acrValues: ["mfa"], maxAge: 600 };
/** Seconds that the provider's clock may differ, and that pass between a sign-in and the request it was for. */
const LEEWAY = 10;

/**
 * @param tokens what the provider has issued so far: the API learns from it which tokens a revocation concerns, as a real
 *   one learns from the provider's security events. Comparing `iat` would not do: it counts whole seconds, so a
 *   token refreshed in the second of the revocation could not be told from the one just revoked.
 */
export function createApi({ appOrigin, issuer, jwksUri, authorizationUri, audience, tokens }) {
  const jwks = createRemoteJWKSet(new URL(jwksUri));
  const orders = [];
  const transfers = [];
  const initial = () => ({
    revoked: new Set(),
    revokedAt: 0,
    stronger: false,
    weak: new Set(),
    exposeChallenge: true,
    transfersNeed: TRANSFERS,
  });
  const state = initial();

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
    /** The sign-in that transfers need: its `acrValues`, and the seconds it may lie back, `maxAge`. Either may be left out. */
    transfersNeed(need) {
      state.transfersNeed = need;
    },
    resetApi() {
      orders.length = transfers.length = 0;
      for (const item of ["Espresso beans, 1 kg", "Paper filters"]) orders.push({ id: orders.length + 1, item });
      Object.assign(state, initial());
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

  /** Whether the token lacks the sign-in of RFC 9470 that transfers need. */
  function lacksSignIn(token) {
    const { acrValues, maxAge } = state.transfersNeed;
    const isOld = maxAge !== undefined && !(Date.now() / 1000 - token.auth_time <= maxAge + LEEWAY);
    return isOld || (acrValues !== undefined && !acrValues.includes(token.acr));
  }

  /** RFC 9470 section 3; `scope`, where the token lacks that too, so that one new token is enough. */
  function stepUp(scope) {
    const { acrValues, maxAge } = state.transfersNeed;
    return bearer(
      'error="insufficient_user_authentication"',
      ...(acrValues ? [`acr_values="${acrValues.join(" ")}"`] : []),
      ...(maxAge === undefined ? [] : [`max_age="${maxAge}"`]),
      ...(scope ? [`scope="${scope}"`] : []),
    );
  }

  const claimsChallenge = (claims) =>
    bearer('error="insufficient_claims"', `claims="${Buffer.from(JSON.stringify(claims)).toString("base64")}"`);

  /** Refuses a token that lacks something, naming all of it at once. `true` when it did. */
  function refuse(res, token, scope, needsSignIn) {
    const missing = (token.scp ?? "").split(" ").includes(scope) ? undefined : `${audience}/${scope}`;
    const needsStepUp = needsSignIn && lacksSignIn(token);
    const claims = demand(token);
    // A client that has not said it can read a challenge gets none: it would only see a token fail for no reason.
    if (claims && !(token.xms_cc ?? []).some((c) => c.toLowerCase() === "cp1")) {
      const why = contextsDemanded(claims).length ? "a stronger sign-in is needed" : "the session was revoked";
      sendJson(res, 403, { error: "access_denied", message: why });
      return true;
    }
    const challenges = [];
    if (claims) challenges.push(claimsChallenge(claims));
    if (needsStepUp) challenges.push(stepUp(missing));
    else if (missing) challenges.push(bearer('error="insufficient_scope"', `scope="${missing}"`));
    if (!challenges.length) return false;
    const error = claims ? "insufficient_claims" : needsStepUp ? "insufficient_user_authentication" : "insufficient_scope";
    sendJson(res, claims || needsStepUp ? 401 : 403, { error }, { "WWW-Authenticate": challenges.join(", ") });
    return true;
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

  /** The token, when it will do for the request; else the request has been answered. */
  async function admitted(req, res, entry, needsSignIn = false) {
    const token = await authenticate(req, res);
    if (!token) return null;
    entry.token = token;
    return refuse(res, token, req.method === "POST" ? WRITE : READ, needsSignIn) ? null : token;
  }

  /** A list that grows: GET shows it, POST adds to it. */
  async function handleList(req, res, entry, name, list, needsSignIn) {
    const token = await admitted(req, res, entry, needsSignIn);
    if (!token) return;
    const user = token.preferred_username;
    if (req.method === "GET") return sendJson(res, 200, { user, [`${name}s`]: list });
    if (entry.body === null || typeof entry.body !== "object") return sendJson(res, 400, { error: "a JSON object is expected" });
    const item = { ...entry.body, id: list.length + 1 };
    list.push(item);
    return sendJson(res, 201, { user, [name]: item, received: entry.body });
  }

  /** Takes any bytes and says which. */
  async function handleFiles(req, res, entry) {
    if (!(await admitted(req, res, entry))) return;
    sendJson(res, 201, { size: entry.raw.length, sha256: createHash("sha256").update(entry.raw).digest("hex") });
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
    if (!["GET", "POST"].includes(req.method)) return sendJson(res, 405, { error: "GET and POST only" }, { Allow: "GET, POST" });
    if (entry.path === "/orders") return handleList(req, res, entry, "order", orders);
    if (entry.path === "/orders/files" && req.method === "POST") return handleFiles(req, res, entry);
    if (entry.path === "/transfers") return handleList(req, res, entry, "transfer", transfers, true);
    return sendJson(res, 404, { error: "no such resource" });
  }

  return { handle, switches };
}
