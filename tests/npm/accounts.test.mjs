// What apps do with accounts that they have kept, and that may be gone: a client under jsdom, signed in by a result from elsewhere.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, beforeEach, test } from "node:test";
import { openPage } from "./page.mjs";
import { pkg } from "./support.mjs";

const TENANT = "11111111-2222-4333-8444-555555555555";
const HOST = "https://login.microsoftonline.com";
const auth = { clientId: "c", authority: `${HOST}/${TENANT}`, redirectUri: "https://app.example.com/redirect" };
const gone = { homeAccountId: `gone.${TENANT}`, localAccountId: "gone", tenantId: TENANT, environment: "login.microsoftonline.com", username: "gone@x.example" };
const API = "https://api.example.com/orders";
const scopes = ["api.read"];
let countersign;
let sent;

before(async () => {
  openPage("https://app.example.com/");
  // As set-up files of tests do.
  Object.defineProperty(window, "crypto", { value: crypto, configurable: true });
  countersign = await import(pkg("index.js"));
});

beforeEach(() => {
  sessionStorage.clear();
  sent = [];
  window.fetch = globalThis.fetch = async (input) => {
    sent.push(input.url ?? String(input));
    return Response.json({
      issuer: `${HOST}/${TENANT}/v2.0`,
      authorization_endpoint: `${auth.authority}/oauth2/v2.0/authorize`,
      token_endpoint: `${auth.authority}/oauth2/v2.0/token`,
      end_session_endpoint: `${auth.authority}/oauth2/v2.0/logout`,
      jwks_uri: `${HOST}/keys`,
    });
  };
});

/** A client where these have signed in, who are named by their ID tokens' claims. */
async function started(configuration, ...people) {
  const app = new countersign.PublicClientApplication(configuration);
  await app.initialize({ wasm: readFileSync(pkg("wasm/countersign_bg.wasm")) });
  for (const claims of people) {
    const now = Math.floor(Date.now() / 1000);
    const whole = { iss: `${HOST}/${TENANT}/v2.0`, aud: "c", tid: TENANT, iat: now, exp: now + 3600, ...claims };
    const part = (json) => Buffer.from(JSON.stringify(json)).toString("base64url");
    const result = {
      account: { homeAccountId: `${claims.oid}.${TENANT}` },
      idToken: `${part({ alg: "RS256" })}.${part(whole)}.c2ln`,
      accessToken: `access-${claims.oid}`,
      tokenType: "Bearer",
      scopes,
      expiresOn: new Date((now + 3600) * 1000),
    };
    await app.hydrateCache(result, { scopes });
  }
  return app;
}

const ada = { sub: "sub-ada", oid: "ada", preferred_username: "Ada@x.example", upn: "ada.upn@x.example", name: "Ada" };
const bob = { sub: "sub-bob", oid: "bob", preferred_username: "bob@x.example", name: "Bob" };

test("setting an account active that is not in the cache throws nothing, and nobody is the active account", async () => {
  for (const kept of [gone, {}, { homeAccountId: 1 }, { homeAccountId: "" }, "gone", undefined, null]) {
    const app = await started({ auth }, ada, bob);
    const [first] = app.getAllAccounts();
    app.setActiveAccount(first);
    assert.equal(app.getActiveAccount().homeAccountId, first.homeAccountId);
    app.setActiveAccount(kept);
    assert.equal(app.getActiveAccount(), null, JSON.stringify(kept));
    await assert.rejects(app.acquireTokenSilent({ scopes }), { errorCode: "no_account_error" });
  }
});

/** The address of each hidden frame that is opened. */
function framed() {
  const seen = [];
  const add = (records) => seen.push(...records.flatMap(({ addedNodes }) => [...addedNodes]).filter(({ src }) => src).map(({ src }) => new URL(src)));
  new window.MutationObserver(add).observe(window.document, { childList: true, subtree: true });
  return seen;
}

test("an account that is not in the cache is looked for in a hidden frame, and then the user is wanted", async () => {
  const frames = framed();
  const known = await started({ auth, cache: { cacheLocation: "memoryStorage" }, system: { iframeBridgeTimeout: 100 } }, bob);
  const ask = () => known.acquireTokenSilent({ scopes, account: gone });
  await assert.rejects(ask(), (error) => error instanceof countersign.InteractionRequiredAuthError && error.errorCode === "no_tokens_found");
  const { searchParams } = frames.pop();
  assert.deepEqual(["prompt", "login_hint"].map((name) => searchParams.get(name)), ["none", "gone@x.example"]);
  assert.deepEqual(known.getAllAccounts().map(({ username }) => username), ["bob@x.example"]);
  // The frame has failed: it is not tried again, and the user is wanted at once.
  await assert.rejects(ask(), { errorCode: "no_tokens_found" });
  // A request signs nobody in.
  const send = known.createFetch({ protectedResourceMap: { [API]: scopes }, account: () => gone });
  await assert.rejects(send(API), { errorCode: "no_account_found" });
  assert.equal(frames.length, 0);
  const app = await started({ auth });
  const { AccessTokenAndRefreshToken } = countersign.CacheLookupPolicy;
  await assert.rejects(app.acquireTokenSilent({ scopes, account: gone, cacheLookupPolicy: AccessTokenAndRefreshToken }), { errorCode: "no_tokens_found" });
  assert.equal(frames.length, 0, "no frame where the policy allows none");
});

test("an account that is not in the cache is named to the provider by its user name", async () => {
  const left = [];
  const navigationClient = { navigateExternal: async (url) => left.push(new URL(url)) > 0, navigateInternal: async () => true };
  const app = await started({ auth, system: { navigationClient, redirectNavigationTimeout: 1, iframeBridgeTimeout: 100 } }, ada);
  const frames = framed();
  for (const [account, hint] of [[gone, "gone@x.example"], [{ ...gone, username: undefined }, null], [app.getAllAccounts()[0], "Ada@x.example"]]) {
    await assert.rejects(app.loginRedirect({ scopes, account }), { errorCode: "timed_out" });
    assert.equal(left.pop().searchParams.get("login_hint"), hint);
    await assert.rejects(app.ssoSilent({ scopes, account }), { errorCode: "timed_out" });
    assert.equal(frames.pop().searchParams.get("login_hint"), hint);
  }
});

test("accounts are shown in the order in which they came", async () => {
  const app = await started({ auth, cache: { cacheLocation: "memoryStorage" } }, bob, ada);
  assert.deepEqual(app.getAllAccounts().map(({ name }) => name), ["Bob", "Ada"]);
});

test("an account is looked for as msal-browser looks for one: nobody by what is empty, and by what it knows beside that", async () => {
  const app = await started({ auth }, ada, bob);
  const names = (accounts) => accounts.map(({ name }) => name);
  const [A, B] = [["Ada"], ["Bob"]];
  const all = names(app.getAllAccounts());
  assert.deepEqual(all, [...A, ...B]);
  for (const [filter, found, first = found[0]] of [
    [undefined, all, null],
    [{}, all, null],
    [{ username: undefined, localAccountId: null, homeAccountId: "" }, all, null],
    [{ username: "" }, all, null],
    // It is not known here, and it is not nothing either.
    [{ unheardOf: "x" }, all, all[0]],
    [{ unheardOf: undefined }, all, null],
    [{ username: "bob@x.example", localAccountId: "", name: undefined, unheardOf: 1 }, B],
    [{ username: "BOB@x.example" }, B],
    [{ username: "ada.upn@x.example" }, A],
    [{ upn: "ada.upn@x.example" }, A],
    [{ upn: "ada@x.example" }, []],
    [{ upn: "" }, all, null],
    [{ nativeAccountId: "x" }, []],
    [{ nativeAccountId: "", name: "Bob" }, B],
    [{ authorityType: "ADFS" }, []],
    [{ authorityType: "mssts", name: "Bob" }, B],
    [{ isHomeTenant: true }, all, all[0]],
    [{ isHomeTenant: false }, []],
    [{ tenantId: "elsewhere", name: "Bob" }, []],
    [{ tenantId: "", realm: TENANT, name: "Bob" }, B],
    [app.getAllAccounts({ name: "Bob" })[0], B],
    [gone, []],
  ]) {
    assert.deepEqual(names(app.getAllAccounts(filter)), found, JSON.stringify(filter));
    assert.equal(app.getAccount(filter)?.name ?? null, first ?? null, JSON.stringify(filter));
  }
  const early = new countersign.PublicClientApplication({ auth });
  assert.throws(() => early.getAccount({}), { errorCode: "uninitialized_public_client_application" });
});
