// What asks for nothing is nothing: empty texts, as environment variables that are not set leave them, and msal-browser's own defaults.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, beforeEach, test } from "node:test";
import { openPage } from "./page.mjs";
import { pkg } from "./support.mjs";

const authority = "https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555";
const PAGE = "https://app.example.com/orders";
const auth = { clientId: "c", authority, redirectUri: "https://app.example.com/redirect" };
const scopes = ["api.read"];
let countersign;
let left;

before(async () => {
  openPage(`${PAGE}?a=1`);
  // As set-up files of tests do.
  Object.defineProperty(window, "crypto", { value: crypto, configurable: true });
  countersign = await import(pkg("index.js"));
});

beforeEach(() => {
  sessionStorage.clear();
  left = [];
});

async function started(own = {}) {
  const navigationClient = { navigateExternal: async (url) => left.push(new URL(url)) > 0, navigateInternal: async () => true };
  const app = new countersign.PublicClientApplication({ auth: { ...auth, ...own }, system: { navigationClient, redirectNavigationTimeout: 1 } });
  await app.initialize({ wasm: readFileSync(pkg("wasm/countersign_bg.wasm")) });
  return app;
}

/** Where the page was sent, and these parameters. */
async function sent(call, names) {
  await assert.rejects(call, { errorCode: "timed_out" });
  const url = left.pop();
  return [url.origin + url.pathname, ...names.map((name) => url.searchParams.get(name))];
}

test("an empty text in a request is as good as none", async () => {
  const app = await started();
  const empty = { authority: "", redirectUri: "", redirectStartPage: "", prompt: "", loginHint: "", domainHint: "", claims: "", authenticationScheme: "" };
  const names = ["redirect_uri", "prompt", "login_hint", "domain_hint", "claims"];
  assert.deepEqual(await sent(app.loginRedirect({ scopes, ...empty }), names), [`${authority}/oauth2/v2.0/authorize`, auth.redirectUri, null, null, null, null]);
  await assert.rejects(app.acquireTokenSilent({ scopes, ...empty }), { errorCode: "no_account_error" });
});

test("where the user comes back to after a sign-out is what the request says, else the configuration, else the page: an empty text says nothing", async () => {
  const end = `${authority}/oauth2/v2.0/logout`;
  for (const [configured, requested, expected] of [
    [undefined, "", PAGE],
    ["", undefined, PAGE],
    ["", "", PAGE],
    ["/bye", "", "https://app.example.com/bye"],
    ["", "/bye", "https://app.example.com/bye"],
    [null, "", null],
    ["/bye", null, null],
  ]) {
    const app = await started({ postLogoutRedirectUri: configured });
    const seen = await sent(app.logoutRedirect({ postLogoutRedirectUri: requested, logoutHint: "", idTokenHint: "" }), ["post_logout_redirect_uri", "logout_hint"]);
    assert.deepEqual(seen, [end, expected, null], `${configured} ${requested}`);
  }
});

test("what is empty among the known authorities is left out, and an authority that is empty is none to go to", async () => {
  await started({ knownAuthorities: ["", " ", undefined, null] });
  const app = await started({ knownAuthorities: [undefined, "login.example.com", ""] });
  const other = "https://login.example.com/tenant";
  await assert.rejects(app.acquireTokenSilent({ scopes, authority: other, account: { homeAccountId: "x" }, cacheLookupPolicy: 1 }), { errorCode: "token_refresh_required" });
  await assert.rejects(started({ knownAuthorities: ["", 1] }), { errorCode: "invalid_option" });
  await assert.rejects(started({ authority: "" }), { errorCode: "url_parse_error" });
});

test("Azure's cloud by the name of none is msal-browser's default, and not refused", async () => {
  for (const azureCloudOptions of [{ azureCloudInstance: "none", tenant: "" }, { azureCloudInstance: "none" }, { azureCloudInstance: "none", tenant: "t" }]) {
    const app = await started({ azureCloudOptions });
    assert.deepEqual(await sent(app.loginRedirect({ scopes, azureCloudOptions }), []), [`${authority}/oauth2/v2.0/authorize`]);
    await assert.rejects(app.acquireTokenSilent({ scopes, azureCloudOptions }), { errorCode: "no_account_error" });
  }
  for (const azureCloudOptions of [{ azureCloudInstance: "https://login.microsoftonline.us" }, { azureCloudInstance: "None" }, { tenant: "none" }]) {
    await assert.rejects(started({ azureCloudOptions }), { errorCode: "unsupported_option" });
  }
});
