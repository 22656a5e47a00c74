// Where the session is kept: localStorage, read by nobody, shared by all tabs; storage that is full, and storage that is blocked.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const LOCAL = { cache: { cacheLocation: "localStorage" } };

/** What this library keeps in the localStorage of the page's origin. */
const kept = (page) =>
  page.evaluate(() => Object.fromEntries(Object.entries(localStorage).filter(([key]) => key.startsWith("countersign."))));
const accountKeys = async (page) => Object.keys(await kept(page)).filter((key) => key.includes("account."));
const usernames = (page) => page.evaluate(() => app.getAllAccounts().map(({ username }) => username));
const silent = (page, options) =>
  page.evaluate(([scopes, options]) => settle(app.acquireTokenSilent({ scopes, ...options })), [world.demo.scopes, options]);
const refreshes = () => world.providerRequests("token").filter(({ body }) => body.grant_type === "refresh_token");
const heard = (page, type) =>
  page.evaluate((type) => window.events.filter(({ eventType }) => eventType === type).length, type);

/** Fills a storage of the page to the last unit. */
const fill = (page, name) =>
  page.evaluate((name) => {
    const storage = window[name];
    for (let length = 1 << 22; length >= 1; length = Math.floor(length / 2)) {
      for (let n = 0; ; n++) {
        try {
          storage.setItem(`filler.${length}.${n}`, "x".repeat(length));
        } catch {
          break;
        }
      }
    }
  }, name);

test("nothing that localStorage holds is a token, a name or readable text", async () => {
  const page = await world.open(LOCAL);
  const { value } = await world.signIn(page);
  const keys = await accountKeys(page);
  assert.equal(keys.length, 1);
  const entries = await kept(page);
  const all = JSON.stringify(entries);
  for (const secret of [value.accessToken, value.idToken, value.account.username, "refresh_token", "id_token"]) {
    assert.ok(!all.includes(secret), secret.slice(0, 20));
    assert.ok(!all.includes(btoa(secret).slice(0, 20)), "nor is it merely encoded");
  }
  assert.match(entries[keys[0]], /^[A-Za-z0-9+/]+=*$/);
  assert.deepEqual(await world.stored(page), {}, "and nothing is in sessionStorage");
});

test("the key of localStorage cannot be taken out of the browser", async () => {
  const page = await world.open(LOCAL);
  await world.signIn(page);
  const keys = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const opening = indexedDB.open("countersign");
        opening.onsuccess = () => {
          const all = opening.result.transaction("keys").objectStore("keys").getAll();
          all.onsuccess = async () => {
            const keys = all.result.filter((value) => value instanceof CryptoKey);
            const refused = await crypto.subtle.exportKey("raw", keys[0]).catch((error) => error.name);
            resolve(keys.map(({ extractable, algorithm }) => ({ extractable, ...algorithm, refused })));
          };
        };
      }),
  );
  assert.deepEqual(keys, [{ extractable: false, name: "AES-GCM", length: 256, refused: "InvalidAccessError" }]);
});

test("a reload, and a tab that is opened later, find the session in localStorage", async () => {
  const page = await world.open(LOCAL);
  const { value } = await world.signIn(page);
  await page.evaluate(() => app.setActiveAccount(app.getAllAccounts()[0]));
  await page.reload();
  await world.started(page);
  for (const tab of [page, await world.open(LOCAL)]) {
    assert.deepEqual(await usernames(tab), [value.account.username]);
    assert.equal(await tab.evaluate(() => app.getActiveAccount().username), value.account.username);
    const { value: token } = await silent(tab);
    assert.deepEqual([token.accessToken, token.fromCache], [value.accessToken, true]);
  }
  assert.equal(world.providerRequests("token").length, 1);
});

test("a tab that is already open sees who signs in, becomes the active account, and signs out in another", async () => {
  const other = await world.open(LOCAL);
  const page = await world.open(LOCAL);
  const { value } = await world.signIn(page);
  await other.waitForFunction(() => app.getAllAccounts().length === 1);
  assert.deepEqual(await usernames(other), [value.account.username]);
  await page.evaluate(() => app.setActiveAccount(app.getAllAccounts()[0]));
  await other.waitForFunction(() => app.getActiveAccount() !== null);
  assert.equal(await heard(other, "msal:activeAccountChanged"), 1);
  assert.equal(await heard(page, "msal:activeAccountChanged"), 1);
  await page.evaluate(() => app.clearCache());
  await other.waitForFunction(() => app.getAllAccounts().length === 0);
  assert.deepEqual(await accountKeys(page), []);
});

/** Resolves once one lock of the origin is in this state. Playwright's `waitForFunction` takes a promise for an answer. */
const oneLock = (page, state) =>
  page.evaluate(async (state) => {
    while ((await navigator.locks.query())[state].length !== 1) await new Promise((resolve) => setTimeout(resolve));
  }, state);

test("two tabs that refresh at once send one token request", async () => {
  const page = await world.open(LOCAL);
  await world.signIn(page);
  const other = await world.open(LOCAL);
  let release;
  const gate = new Promise((resolve) => (release = resolve));
  await world.context.route(/\/token$/, async (route) => {
    await gate;
    await route.continue();
  });
  const first = silent(page, { forceRefresh: true });
  await oneLock(page, "held");
  const second = silent(other, { forceRefresh: true });
  await oneLock(page, "pending");
  release();
  const [one, two] = await Promise.all([first, second]);
  assert.ok(one.value && two.value, JSON.stringify([one.error, two.error]));
  assert.equal(refreshes().length, 1);
  assert.equal(two.value.accessToken, one.value.accessToken);
});

test("tabs that refresh one after the other each use the refresh token that the last one left", async () => {
  const page = await world.open(LOCAL);
  await world.signIn(page);
  const other = await world.open(LOCAL);
  for (const tab of [page, other, page, other, other, page]) {
    const { error } = await silent(tab, { forceRefresh: true });
    assert.equal(error, undefined);
  }
  const used = refreshes().map(({ body }) => body.refresh_token);
  assert.ok(used.length > 1);
  assert.equal(new Set(used).size, used.length, "a provider that rotates saw none twice");
});

test("another client id never sees the session", async () => {
  const page = await world.open(LOCAL);
  await world.signIn(page);
  const before = await kept(page);
  const other = await world.open({ ...LOCAL, auth: { clientId: "another" } });
  assert.deepEqual(await usernames(other), []);
  await other.evaluate(() => app.clearCache());
  assert.deepEqual(await kept(page), before);
});

for (const [what, spoil] of [
  ["whose key is gone", () => new Promise((resolve) => (indexedDB.deleteDatabase("countersign").onsuccess = resolve))],
  [
    "that somebody has changed",
    () => {
      for (const key of Object.keys(localStorage)) if (key.includes("account.")) localStorage[key] = btoa("x".repeat(99));
    },
  ],
  [
    "that was put under another key",
    () => {
      for (const key of Object.keys(localStorage)) {
        if (!key.includes("account.")) continue;
        localStorage[`${key}2`] = localStorage[key];
        localStorage.removeItem(key);
      }
    },
  ],
]) {
  test(`a session ${what} is none: signed out, without an error, and nothing is left of it`, async () => {
    const page = await world.open(LOCAL);
    await world.signIn(page);
    await page.evaluate(spoil);
    await page.reload();
    assert.deepEqual(await world.started(page), { value: null });
    assert.deepEqual(await usernames(page), []);
    assert.deepEqual(await accountKeys(page), []);
    // The provider still knows the user, and asks nothing.
    const { outcome } = await world.click(page, (scopes) => app.loginPopup({ scopes }), world.demo.scopes);
    assert.ok((await outcome).value);
    await page.reload();
    await world.started(page);
    assert.equal((await usernames(page)).length, 1, "and the next sign-in is kept");
  });
}

for (const cacheLocation of ["sessionStorage", "localStorage"]) {
  test(`with ${cacheLocation} full the user is signed in all the same, in memory, and the app is told once`, async () => {
    const page = await world.open({ cache: { cacheLocation } });
    await fill(page, cacheLocation);
    const { value } = await world.signIn(page);
    const told = () => heard(page, "countersign:cacheQuotaExceeded");
    assert.equal(await told(), 1);
    assert.equal((await silent(page)).value.accessToken, value.accessToken);
    assert.ok((await silent(page, { forceRefresh: true })).value);
    assert.equal(await told(), 1, "not at every change");
    await page.evaluate((name) => {
      for (const key of Object.keys(window[name])) if (key.startsWith("filler.")) window[name].removeItem(key);
    }, cacheLocation);
    const { value: last } = await silent(page, { forceRefresh: true });
    await page.reload();
    await world.started(page);
    assert.equal((await silent(page)).value.accessToken, last.accessToken, "with room it is kept again");
  });
}

for (const cacheLocation of ["sessionStorage", "localStorage"]) {
  test(`with ${cacheLocation} nearly full the access token that has been there longest goes, and all else is kept`, async () => {
    const page = await world.open({ cache: { cacheLocation } });
    const [first, second] = world.demo.scopes;
    /** How much room the accounts take. */
    const taken = () =>
      page.evaluate((name) => {
        const keys = Object.keys(window[name]).filter((key) => key.includes("account."));
        return keys.reduce((sum, key) => sum + key.length + window[name][key].length, 0);
      }, cacheLocation);
    await world.signIn(page, { scopes: [first] });
    const account = await taken();
    assert.ok((await silent(page, { scopes: [second] })).value);
    const token = (await taken()) - account;
    assert.ok(token > 500, "a token is larger than what two accounts differ by");
    // Room for one more account, but for half a token.
    const room = account - Math.floor(token / 2);
    await page.evaluate(([name, room]) => window[name].setItem("room", "x".repeat(room - "room".length)), [cacheLocation, room]);
    await fill(page, cacheLocation);
    await page.evaluate((name) => window[name].removeItem("room"), cacheLocation);

    const request = { scopes: [first], prompt: "select_account" };
    const { popup, outcome } = await world.click(page, (request) => app.loginPopup(request), request);
    await popup.click("#user-sam");
    assert.ok((await outcome).value);
    assert.equal(await heard(page, "countersign:cacheQuotaExceeded"), 0);
    const sent = world.providerRequests("token").length;
    /** What the cache alone has of somebody for a scope. */
    const cached = async (name, scope) => {
      const account = await page.evaluate((name) => app.getAllAccounts({ name })[0], name);
      const { value, error } = await silent(page, { scopes: [scope], account, cacheLookupPolicy: 1 });
      return value?.fromCache ?? error.errorCode;
    };
    for (let n = 0; n < 2; n++) {
      assert.equal(await cached("Alex Demo", first), "token_refresh_required", "the oldest");
      assert.deepEqual([await cached("Alex Demo", second), await cached("Sam Demo", first)], [true, true]);
      await page.reload();
      await world.started(page);
    }
    assert.equal(world.providerRequests("token").length, sent);
    const alex = await page.evaluate(() => app.getAllAccounts({ name: "Alex Demo" })[0]);
    assert.ok((await silent(page, { scopes: [first], account: alex })).value, "a refresh brings it back");
  });
}

for (const [what, block] of [
  [
    "localStorage",
    () => Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("no", "SecurityError"); } }),
  ],
  ["IndexedDB", () => { IDBFactory.prototype.open = () => { throw new DOMException("no", "SecurityError"); }; }],
]) {
  test(`where the browser blocks ${what} the start says so`, async () => {
    await world.context.addInitScript(block);
    const page = await world.open(LOCAL);
    const { error } = await world.started(page);
    assert.deepEqual([error.errorCode, error.name], ["storage_not_supported", "BrowserConfigurationAuthError"]);
    assert.match(error.message, new RegExp(what));
  });
}

test("what waits for the user's return stays in the tab that was left", async () => {
  const page = await world.open(LOCAL);
  await page.evaluate((scopes) => void app.loginRedirect({ scopes }), world.demo.scopes);
  await page.waitForSelector("#user-alex");
  const other = await world.open(LOCAL);
  assert.deepEqual(await accountKeys(other), []);
  assert.ok(!Object.keys(await kept(other)).some((key) => key.includes("pending")));
  await page.click("#user-alex");
  await page.waitForURL(/app\.html/);
  const started = await world.started(page);
  assert.ok(started.value, JSON.stringify(started.error));
  await other.waitForFunction(() => app.getAllAccounts().length === 1);
});
