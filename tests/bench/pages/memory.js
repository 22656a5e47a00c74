// How much memory the wasm takes, as the engine says. Nothing leaves this page: the provider and the API are functions.
import { loadExternalTokens } from "@azure/msal-browser";
import { PublicClientApplication } from "countersign";
import { answer, AUTHORITY, configuration, homeAccountId, SCOPES } from "./cloud.js";

const PERSON = 1;
const API = "https://api.contoso.example/orders";
let inside = null;
let app = null;
let issue = 0;
let accepted = null;

// The package does not give its memory away.
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...args) => {
  const result = await instantiate(...args);
  inside = (result.instance ?? result).exports;
  return result;
};

/** How many of JavaScript's objects the wasm holds: the entries of its tables that are taken. */
function held() {
  let count = 0;
  for (const table of Object.values(inside).filter((value) => value instanceof WebAssembly.Table)) {
    for (let index = 0; index < table.length; index++) if (table.get(index) !== null) count += 1;
  }
  return count;
}

const json = (status, body, headers) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
const challenge = (claims) => ({ "WWW-Authenticate": `Bearer error="insufficient_claims", claims="${btoa(claims)}"` });

/** The API: it takes one token at a time, and asks for a new one where it is given another. */
async function api(request) {
  if (request.headers.get("Authorization") === accepted) return json(200, { orders: [] });
  return json(401, {}, challenge(`{"access_token":{"nbf":{"essential":true,"value":"${Math.floor(Date.now() / 1000)}"}}}`));
}

// The provider. The page's own files come from where they are.
const native = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const url = String(input.url ?? input);
  if (!url.startsWith(AUTHORITY)) return native(input, init);
  issue += 1;
  const response = answer(PERSON, {}, issue);
  accepted = `Bearer ${response.access_token}`;
  return json(200, response);
};

const open = async () => {
  app = new PublicClientApplication(configuration());
  await app.initialize();
};

globalThis.bench = {
  size: () => ({ bytes: inside.memory.buffer.byteLength, held: held() }),

  async hydrate(people) {
    await open();
    for (let person = 0; person < people; person++) {
      const { id_token: idToken, access_token: accessToken, token_type: tokenType } = answer(person);
      const result = { account: { homeAccountId: homeAccountId(person) }, idToken, accessToken, tokenType, scopes: SCOPES };
      await app.hydrateCache({ ...result, expiresOn: new Date(Date.now() + 3600_000) }, { scopes: SCOPES });
    }
    return app.getAllAccounts().length;
  },

  /** Somebody who was signed in with msal-browser, taken over: that is how a refresh token gets here without a provider. */
  async signIn() {
    const response = answer(PERSON);
    await loadExternalTokens(configuration(), { scopes: SCOPES, authority: AUTHORITY }, response, { clientInfo: response.client_info });
    accepted = `Bearer ${response.access_token}`;
    await open();
    const fetch = app.createFetch({ fetch: api, protectedResourceMap: { [API]: SCOPES } });
    globalThis.bench.request = (init) => fetch(API, init);
  },

  /** So many requests; the token is revoked before so many of them, and a challenge asks for another. Returns how many tokens were got. */
  async work(requests, renewals) {
    const before = issue;
    for (let request = 0; request < requests; request++) {
      if (request % (requests / renewals) === 0) accepted = null;
      // As apps send them: some can be given up.
      const { status } = await bench.request(request % 2 ? { signal: new AbortController().signal } : undefined);
      if (status !== 200) throw new Error(`status ${status}`);
    }
    return issue - before;
  },
};
