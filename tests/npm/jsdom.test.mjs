// The client where apps test themselves: under jsdom, with spies.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, mock, test } from "node:test";
import { reactive } from "vue";
import { openPage } from "./page.mjs";
import { pkg } from "./support.mjs";

const auth = { clientId: "c", authority: "https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555" };
let countersign;

before(async () => {
  openPage("https://app.example.com/orders?page=2");
  countersign = await import(pkg("index.js"));
});

async function started(configuration = { auth }) {
  const app = new countersign.PublicClientApplication(configuration);
  await app.initialize({ wasm: readFileSync(pkg("wasm/countersign_bg.wasm")) });
  return app;
}
const isCode = (code) => (error) => error instanceof countersign.AuthError && error.errorCode === code;

// First: the WebAssembly is loaded once for all.
test("countersign/inline starts without being given anything", async () => {
  const { PublicClientApplication } = await import(pkg("inline.js"));
  const app = new PublicClientApplication({ auth });
  await app.initialize();
  assert.deepEqual(app.getAllAccounts(), []);
});

test("a client starts, finds nobody, and says what it does", async () => {
  const told = [];
  const app = new countersign.PublicClientApplication({ auth });
  app.addEventCallback(({ eventType }) => told.push(eventType));
  await app.initialize({ wasm: readFileSync(pkg("wasm/countersign_bg.wasm")) });
  assert.equal(await app.handleRedirectPromise(), null);
  assert.deepEqual(app.getAllAccounts(), []);
  assert.equal(app.getActiveAccount(), null);
  await assert.rejects(app.acquireTokenSilent({ scopes: ["s"] }), isCode("no_account_error"));
  const { EventType } = countersign;
  assert.deepEqual(told, [EventType.INITIALIZE_START, EventType.INITIALIZE_END, EventType.HANDLE_REDIRECT_START, EventType.HANDLE_REDIRECT_END]);
});

test("a sign-in leaves by the navigation client of the configuration", async () => {
  // As set-up files of tests do.
  Object.defineProperty(window, "crypto", { value: crypto, configurable: true });
  const left = [];
  const navigationClient = { navigateExternal: async (url) => left.push(new URL(url)) > 0, navigateInternal: async () => true };
  const app = await started({ auth, system: { navigationClient, redirectNavigationTimeout: 1 } });
  await assert.rejects(app.loginRedirect({ scopes: ["s"] }), isCode("timed_out"));
  assert.equal(left[0].origin + left[0].pathname, `${auth.authority}/oauth2/v2.0/authorize`);
  assert.equal(left[0].searchParams.get("redirect_uri"), "https://app.example.com/orders");
  assert.ok(Object.keys(sessionStorage).some((key) => key.startsWith("countersign.")));
});

test("what jsdom cannot do is an error with a code", async () => {
  // It prints what it does not do.
  mock.method(console, "error", () => {});
  const app = await started();
  await assert.rejects(app.loginPopup({ scopes: ["s"] }), isCode("popup_window_error"));
  mock.restoreAll();
  const sealed = { auth, cache: { cacheLocation: "localStorage" } };
  await assert.rejects(started(sealed), isCode("storage_not_supported"));
  Reflect.deleteProperty(window, "crypto");
  await assert.rejects(app.loginRedirect({ scopes: ["s"] }), isCode("crypto_nonexistent"));
  await assert.rejects(started(sealed), isCode("crypto_nonexistent"));
});

test("a client in Vue's reactive state is the client", async () => {
  const app = await started();
  assert.deepEqual(reactive({ app }).app.getAllAccounts(), []);
});

test("every method is on the prototype, where a spy can take its place, and fetch is each client's own", async () => {
  const { PublicClientApplication, stubbedPublicClientApplication } = countersign;
  const app = await started();
  for (const name of Object.keys(stubbedPublicClientApplication).filter((name) => name !== "fetch")) {
    assert.ok(Object.hasOwn(PublicClientApplication.prototype, name) && !Object.hasOwn(app, name), name);
    mock.method(PublicClientApplication.prototype, name, () => `spied ${name}`);
    assert.equal(app[name](), `spied ${name}`);
  }
  mock.restoreAll();
  mock.method(app, "fetch", async () => "spied");
  assert.equal(await app.fetch("https://api.example.com/"), "spied");
  mock.restoreAll();
});
