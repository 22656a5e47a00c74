// Writes the fuzzers' first inputs, from the vectors that the tests read.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const here = (path) => new URL(path, import.meta.url);
const vectors = JSON.parse(readFileSync(here("../vectors/challenges.json"), "utf8"));

function seed(target, inputs) {
  mkdirSync(here(`corpus/${target}/`), { recursive: true });
  for (const [name, input] of inputs) writeFileSync(here(`corpus/${target}/${name}`), input);
  console.log(`seeded ${target} with ${inputs.length} inputs`);
}

seed(
  "parse",
  vectors.map(({ id, headers }) => [id, headers.join("\n")]),
);

const params = ({ strict, tolerant }) => (tolerant ?? strict).map((challenge) => challenge.params?.claims);
seed(
  "claims",
  vectors.flatMap((vector) =>
    params(vector)
      .filter((claims) => claims !== undefined)
      .map((claims, index) => [`${vector.id}-${index}`, claims]),
  ),
);

const requests = vectors.filter(({ claims }) => claims).map(({ id, claims }) => [id, claims]);
seed(
  "merge",
  requests.map(([id, claims], index) => [id, [claims, requests[(index + 1) % requests.length][1], "cp1,LLT"].join("\n")]),
);

const form = (parameters) => `#${new URLSearchParams(parameters)}`;
const state = "p.AQEBAQEBAQEBAQEBAQEBAQ";
const iss = "https://login.example.com/tenant";
seed("callback", [
  ["code", form({ code: "code-1", state, iss })],
  ["no-iss", form({ code: "code-1", state })],
  ["user-state", form({ code: "code-1", state: `${state}|/cart?a=1`, iss })],
  ["cancelled", form({ error: "access_denied", error_subcode: "cancel", state, iss })],
  ["refused", form({ error: "interaction_required", error_description: "AADSTS50076", claims: '{"access_token":{}}', state, iss })],
  ["twice", `${form({ code: "code-1", state, iss })}&code=code-2`],
  ["other", form({ code: "code-1", state: "r.AAAAAAAAAAAAAAAAAAAAAA", iss: "https://evil.com", session_state: "1" })],
  ["escaped", `code=%63ode+1%2f&state=${state}&iss=https%3A%2F%2Flogin.example.com%2Ftenant`],
]);

const now = 1_800_000_000;
const claims = { iss, aud: "spa", sub: "sub-1", nonce: "nonce-1", exp: now + 3600, iat: now };
const strong = { ...claims, aud: ["spa"], azp: "spa", nbf: now, auth_time: now - 10, acr: "c1", tid: "tenant", oid: "oid-1" };
const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = (payload, alg = "RS256") => `${encode({ alg, kid: "1" })}.${encode(payload)}.c2ln`;
const body = {
  token_type: "Bearer",
  access_token: "access-1",
  refresh_token: "refresh-1",
  expires_in: 3600,
  scope: "api.read openid",
  id_token: jwt(claims),
  client_info: encode({ uid: "uid", utid: "utid" }),
};
const refusal = { error: "invalid_grant", suberror: "bad_token", error_codes: [50173], claims: '{"access_token":{}}', trace_id: "t" };
const said = (status, idToken, body) => [status, idToken, JSON.stringify(body)].join("\n");
seed("token", [
  ["whole", said(200, JSON.stringify(claims), body)],
  ["strong", said(200, JSON.stringify(strong), { ...body, id_token: jwt(strong), expires_in: "3600.5" })],
  ["client-info", said(200, JSON.stringify(strong), { uid: "uid", utid: "utid" })],
  ["raw", said(200, jwt(claims), {})],
  ["none", said(200, jwt(claims, "none"), { ...body, token_type: "bearer", scope: "" })],
  ["refused", said(400, "", refusal)],
  ["html", "502\n\n<html>"],
]);

const entry = {
  home: "uid.utid",
  environment: "login.example.com",
  id_token: jwt(claims),
  refresh_token: "refresh-1",
  access_tokens: [
    { secret: "access-1", scope: "api.read openid", cached_on: now, expires_on: now + 3600 },
    { secret: "access-2", scope: "api.write", cached_on: now, expires_on: now + 60 },
  ],
};
seed("cache", [
  ["entry", `account.uid.utid\n${JSON.stringify(entry)}`],
  ["bare", `account.sub-1\n${JSON.stringify({ ...entry, home: "sub-1", refresh_token: undefined })}`],
  ["active", "active\nuid.utid"],
  ["generation", "generation\n1"],
  ["edit", "20 1\nx"],
  ["cut", "100 4\n"],
  ["same", "0 0\n"],
  ["more", '1 0\n"v":2,"refresh_token":null,"home":"sub-2",'],
]);
