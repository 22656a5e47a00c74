// Beside msal-browser itself: what its wrappers and its apps import is the same here, or MIGRATING.md says that it is not there.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { openPage } from "./page.mjs";
import { pkg } from "./support.mjs";

openPage();
const msal = await import("@azure/msal-browser");
const ours = await import(pkg("index.js"));
const { codes } = await import(pkg("errors.js"));

test("every name that msal-browser exports is here, or in the list of what is missing", () => {
  const [missing] = readFileSync(pkg("MIGRATING.md"), "utf8").split("## What is missing")[1].split("\n## ");
  const listed = new Set([...missing.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  for (const name of Object.keys(msal)) assert.equal(listed.has(name), !(name in ours), name);
});

test("constants are msal-browser's", () => {
  for (const name of ["InteractionStatus", "InteractionType", "CacheLookupPolicy", "PromptValue", "WrapperSKU", "BrowserCacheLocation", "LogLevel"]) {
    assert.deepEqual({ ...ours[name] }, { ...msal[name] }, name);
  }
  assert.deepEqual([...ours.OIDC_DEFAULT_SCOPES], msal.OIDC_DEFAULT_SCOPES);
  for (const [name, value] of Object.entries(msal.EventType)) assert.equal(ours.EventType[name], value);
});

test("a code has msal-browser's name and value wherever msal-browser has the code", () => {
  const tables = Object.keys(msal).filter((name) => name.endsWith("Codes"));
  assert.equal(tables.length, 6);
  for (const table of tables) {
    // Of a class of its own: the provider's codes.
    const isHere = ([, code]) => code in codes || table === "InteractionRequiredAuthErrorCodes";
    const theirs = Object.entries(msal[table]).filter(isHere);
    const absent = ["native_account_unavailable", "refresh_token_expired"];
    assert.deepEqual({ ...ours[table] }, Object.fromEntries(theirs.filter(([, code]) => !absent.includes(code))), table);
  }
});

test("every event means the same for what is in progress", () => {
  const statuses = [undefined, ...Object.values(msal.InteractionStatus)];
  const types = [null, ...Object.values(msal.InteractionType)];
  for (const eventType of [...Object.values(ours.EventType), "another"]) {
    for (const interactionType of types) {
      for (const status of statuses) {
        const message = { eventType, interactionType, payload: null, error: null, correlationId: "", timestamp: 0 };
        const [theirs, own] = [msal, ours].map(({ EventMessageUtils }) => EventMessageUtils.getInteractionStatusFromEvent(message, status));
        assert.equal(own, theirs, `${eventType} ${interactionType} at ${status}`);
      }
    }
  }
});

/** What a call gives or throws, and where the page is then. */
function outcome(url, call) {
  const window = openPage(url);
  try {
    return [call(window) ?? null, window.location.href];
  } catch (error) {
    return [error.errorCode, window.location.href];
  }
}

const ROUTES = ["", "?a=1", "#", "#home", "#/orders/17", "#/orders?code=1", "#a=1&b=2"];
const ANSWERS = ["#code=1", "#/code=1&state=2", "#error=x&state=2", "#state=2", "?code=1&state=2"];
for (const tail of [...ROUTES, ...ANSWERS]) {
  test(`BrowserUtils says and does the same at ${tail || "a page without more"}`, () => {
    const url = `https://app.example.com/page${tail}`;
    for (const call of [
      ({ BrowserUtils }) => BrowserUtils.getCurrentUri(),
      ({ BrowserUtils }) => BrowserUtils.getHomepage(),
      ({ BrowserUtils }) => BrowserUtils.isInIframe(),
      ({ BrowserUtils }) => BrowserUtils.isInPopup(),
      ({ BrowserUtils }, window) => BrowserUtils.clearHash(window),
      ({ BrowserUtils }) => BrowserUtils.replaceHash("https://app.example.com/#x=1#y"),
      ({ BrowserUtils }) => BrowserUtils.blockReloadInHiddenIframes(),
      ({ BrowserUtils }, window) => {
        // A frame: its parent is another window.
        Object.defineProperty(window, "parent", { value: {}, configurable: true });
        return BrowserUtils.blockReloadInHiddenIframes();
      },
    ]) {
      const [theirs, own] = [msal, ours].map((library) => outcome(url, (window) => call(library, window)));
      assert.deepEqual(own, theirs, String(call));
    }
  });
}

test("errors are constructed with the same arguments, and have the same members", () => {
  for (const [name, ...args] of [
    ["AuthError", "code", "id", "message", "sub"],
    ["ClientAuthError", "code", "id", "message"],
    ["ClientConfigurationError", "code", "id"],
    ["BrowserAuthError", "code", "id"],
    ["BrowserConfigurationAuthError", "code", "id", "message"],
    ["InteractionRequiredAuthError", "code", "id", "message", "sub", "time", "trace", "{}", "1"],
    ["ServerError", "code", "id", "message", "sub", "1", 400],
  ]) {
    const [theirs, own] = [msal, ours].map((library) => new library[name](...args));
    assert.ok(own instanceof Error && own instanceof ours.AuthError);
    // Each library has its own words where it is given none.
    const texts = args.includes("message") ? ["message", "errorMessage"] : [];
    for (const member of ["name", "errorCode", "correlationId", "subError", "timestamp", "traceId", "claims", "errorNo", ...texts]) {
      if (member in theirs) assert.equal(own[member], theirs[member], `${name}.${member}`);
    }
  }
});

test("a logger and a client have every method of msal-browser's, but for those in the list of what is missing", () => {
  const options = { loggerCallback: () => {} };
  const [theirs, own] = [msal, ours].map(({ Logger }) => new Logger(options, "app", "1").clone("wrapper", "2"));
  for (const name of ["clone", "isPiiLoggingEnabled", "error", "errorPii", "warning", "warningPii", "info", "infoPii", "verbose", "verbosePii", "trace", "tracePii"]) {
    assert.equal(typeof theirs[name], "function");
    assert.equal(typeof own[name], "function", name);
  }
  const missing = ["acquireTokenByCode", "addPerformanceCallback", "removePerformanceCallback"];
  for (const name of Object.keys(msal.stubbedPublicClientApplication)) {
    assert.equal(name in ours.stubbedPublicClientApplication, !missing.includes(name), name);
  }
});
