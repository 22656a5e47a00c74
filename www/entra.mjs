// The dialect that Microsoft's identity platform speaks on top of OAuth 2.0 and OpenID Connect, as pure functions:
// claims requests that ask for things in *access tokens*, and error bodies with numbers, ids and a `claims` member.

import { randomUUID } from "node:crypto";
import { parseJson } from "./wire.mjs";

export const base64url = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The claims request as an object, `{}` when there is none, `null` when it is not a JSON object. */
export function parseClaims(text) {
  if (text === undefined || text === "") return {};
  const claims = parseJson(text);
  return claims !== null && typeof claims === "object" && !Array.isArray(claims) ? claims : null;
}

const asked = (claim) => [claim?.value, ...(Array.isArray(claim?.values) ? claim.values : [])].filter((v) => typeof v === "string");

/** Authentication contexts ("c1") a claims request names, whether it insists on them or not. */
export const contextsAsked = (claims) => asked(claims?.access_token?.acrs);

/** The ones it insists on. */
export const contextsDemanded = (claims) => (claims?.access_token?.acrs?.essential === true ? contextsAsked(claims) : []);

/** The capabilities the client declares ("CP1" = it understands claims challenges). */
export const capabilities = (claims) => asked(claims?.access_token?.xms_cc);

/** `claims` of the answer that says which authentication context is missing. */
export const demandFor = (contexts) =>
  JSON.stringify({
    access_token: {
      acrs: { essential: true, ...(contexts.length === 1 ? { value: contexts[0] } : { values: contexts }) },
    },
  });

/** The classes of a sign-in, for `acr`: with a password, and confirmed with a second factor. */
export const ACR = { password: "pwd", confirmed: "mfa" };

/** Whether a session whose class is `acr` must be confirmed for an authorize request with these `acr_values` (OpenID Connect Core section 3.1.2.1). */
export function needsConfirmation(acrValues = "", acr = undefined) {
  const asked = acrValues.split(" ");
  return asked.includes(ACR.confirmed) && !asked.includes(acr);
}

const CODES = {
  consent_required: 65001,
  login_required: 50058,
  interaction_required: 50076,
  invalid_grant: 70000,
  invalid_scope: 70011,
  invalid_client: 700016,
  invalid_request: 900144,
  unsupported_grant_type: 70003,
};

/** Dresses an OAuth error as Entra does. `extra` carries `suberror`, `claims` and `code`, the number after "AADSTS". */
export function errorBody({ error, error_description: text = error }, correlationId, { code = CODES[error] ?? 50000, ...extra } = {}) {
  const trace = randomUUID();
  const correlation = correlationId || randomUUID();
  const timestamp = `${new Date().toISOString().slice(0, 19).replace("T", " ")}Z`;
  const ids = `Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`;
  return {
    error,
    error_description: `AADSTS${code}: ${text.replace(/\.?$/, ".")} ${ids}`,
    error_codes: [code],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
    ...extra,
  };
}

/** Where a browser is sent that asked without the user, and needs the user: `error` is Entra's or OpenID Connect's code. */
export function errorLocation(query, error, iss) {
  const location = new URL(query.get("redirect_uri"));
  const { error_description: text } = errorBody({ error }, query.get("client-request-id"));
  location.hash = new URLSearchParams({ error, error_description: text, state: query.get("state") ?? "", iss }).toString();
  return location.href;
}

/**
 * An authorize query in Entra's dialect, made acceptable to oidc-provider. Each line is something Entra does and a
 * strict OpenID Connect server refuses or drops.
 */
export function adaptAuthorize(query) {
  const claims = parseClaims(query.get("claims") ?? undefined);
  // A claims request about the access token alone is legal here; OpenID Connect wants `id_token` or `userinfo` in it.
  if (query.has("claims") && claims) query.set("claims", JSON.stringify({ id_token: {}, ...claims }));
  // `offline_access` needs no consent page: the wish travels beside the scope, which would lose it.
  if ((query.get("scope") ?? "").split(" ").includes("offline_access")) query.set("offline", "1");
  // The demo app is the tenant's own: there is nothing to consent to.
  const prompt = (query.get("prompt") ?? "").split(" ").filter((p) => p && p !== "consent");
  if (prompt.length) query.set("prompt", prompt.join(" "));
  else query.delete("prompt");
  return query;
}
