// An app moves over from msal-browser: what the real one, in versions with each of its four text forms, has left in storage becomes the session.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { stage } from "./support.mjs";

const folder = mkdtempSync(join(tmpdir(), "countersign-take-over-"));
after(() => rmSync(folder, { recursive: true }));
const world = stage({
  mounts: { "/test/": fileURLToPath(new URL("pages", import.meta.url)), "/msal/": folder },
  redirectPaths: ["/test/app.html"],
  connectTo: ["https://login.microsoftonline.com"],
});

const PACKAGES = ["msal-browser-4-0", "msal-browser-4-20", "msal-browser-4-30", "@azure/msal-browser"];
const moduleOf = (name) => `${name.replace(/\W/g, "_")}.js`;
before(async () => {
  writeFileSync(join(folder, "blank.html"), "<!doctype html><title>MSAL</title>");
  const entry = (name) => ({ contents: `export * from ${JSON.stringify(name)};`, resolveDir: import.meta.dirname });
  for (const name of PACKAGES) {
    await build({ stdin: entry(name), bundle: true, format: "esm", outfile: join(folder, moduleOf(name)), logLevel: "error" });
  }
});

const TENANT = "11111111-2222-4333-8444-555555555555";
const HOME = `aaaaaaaa-2222-4333-8444-555555555555.${TENANT}`;
const CONFIGURATION = { auth: { clientId: "c0de0000-0000-4000-8000-00000000c516", authority: `https://login.microsoftonline.com/${TENANT}` } };
const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** What the provider answered msal-browser with, when it signed her in. */
function answer(claims = {}) {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
    aud: CONFIGURATION.auth.clientId,
    sub: "subject",
    oid: HOME.split(".")[0],
    tid: TENANT,
    iat: now,
    exp: now + 3600,
    preferred_username: "alex@contoso.example",
    ...claims,
  };
  return {
    token_type: "Bearer",
    scope: "openid profile api://orders/read",
    expires_in: 3600,
    access_token: "access-of-msal",
    refresh_token: "refresh-of-msal",
    id_token: `${encode({ alg: "RS256", typ: "JWT" })}.${encode(payload)}.signature`,
    client_info: encode({ uid: HOME.split(".")[0], utid: TENANT }),
  };
}

/** A tab in which this msal-browser was signed in to. */
async function left(name, cacheLocation, claims) {
  const page = await world.context.newPage();
  await page.goto(`${world.demo.app}/msal/blank.html`);
  const username = await page.evaluate(
    async ([module, configuration, response]) => {
      const msal = await import(`/msal/${module}`);
      const app = new msal.PublicClientApplication(configuration);
      await app.initialize();
      const scopes = ["api://orders/read"];
      const request = { scopes, authority: configuration.auth.authority };
      const options = { clientInfo: response.client_info };
      if (msal.loadExternalTokens) await msal.loadExternalTokens(configuration, request, response, options);
      else await app.getTokenCache().loadExternalTokens(request, response, options);
      const started = new msal.PublicClientApplication(configuration);
      await started.initialize();
      const [account] = started.getAllAccounts();
      started.setActiveAccount(account);
      const { accessToken } = await started.acquireTokenSilent({ scopes, account });
      if (accessToken !== response.access_token) throw new Error("msal-browser does not know what it was given");
      return account.username;
    },
    [moduleOf(name), { ...CONFIGURATION, cache: { cacheLocation } }, answer(claims)],
  );
  assert.equal(username, "alex@contoso.example", "msal-browser itself finds the session");
  return page;
}

/** The same tab after the deployment: Countersign in msal-browser's place. */
async function moved(page, cache) {
  await page.evaluate((text) => sessionStorage.setItem("test.options", text), JSON.stringify({ ...CONFIGURATION, cache }));
  await page.goto(`${world.demo.app}/test/app.html`);
  await world.started(page);
}

/** Keys of msal-browser, but what it measures and remembers of itself. */
const keysOfMsal = (page, location) =>
  page.evaluate((location) => Object.keys(window[location]).filter((key) => /token|account/i.test(key) && !key.startsWith("countersign.")).sort(), location);

const silent = (page, scopes) => page.evaluate((scopes) => settle(app.acquireTokenSilent({ scopes })), scopes);
const KMSI = { signin_state: ["kmsi"] };

for (const [name, cacheLocation, claims] of [
  ...PACKAGES.map((name) => [name, "sessionStorage", {}]),
  ["msal-browser-4-30", "localStorage", KMSI],
  ["@azure/msal-browser", "localStorage", KMSI],
]) {
  test(`who was signed in with ${name} in ${cacheLocation} still is: account, tokens, and nothing is left behind`, async () => {
    const page = await left(name, cacheLocation, claims);
    assert.ok((await keysOfMsal(page, cacheLocation)).length > 0);
    const refreshes = [];
    await world.context.route("https://login.microsoftonline.com/**", async (route) => {
      refreshes.push(Object.fromEntries(new URLSearchParams(route.request().postData())));
      const headers = { "Access-Control-Allow-Origin": "*" };
      await route.fulfill({ status: 200, headers, json: { ...answer(), access_token: "access-of-now", scope: "api://orders/write" } });
    });
    await moved(page, { cacheLocation });
    for (const run of [1, 2]) {
      const [all, active] = await page.evaluate(() => [app.getAllAccounts(), app.getActiveAccount()]);
      assert.deepEqual([all.length, all[0].homeAccountId, all[0].username], [1, HOME, "alex@contoso.example"]);
      assert.equal(active.homeAccountId, HOME, `start ${run}`);
      const { value } = await silent(page, ["api://orders/read"]);
      assert.deepEqual([value.accessToken, value.fromCache], ["access-of-msal", true]);
      await page.reload();
      await world.started(page);
    }
    assert.deepEqual(await keysOfMsal(page, cacheLocation), []);
    assert.deepEqual(refreshes, [], "nobody was asked so far");
    const { value, error } = await silent(page, ["api://orders/write"]);
    assert.equal(value?.accessToken, "access-of-now", JSON.stringify(error));
    assert.deepEqual([refreshes.length, refreshes[0].grant_type], [1, "refresh_token"]);
    assert.equal(refreshes[0].refresh_token, "refresh-of-msal");
  });
}

test("what msal-browser encrypted cannot be read, and stays", async () => {
  const page = await left("@azure/msal-browser", "localStorage");
  const before = await keysOfMsal(page, "localStorage");
  await moved(page, { cacheLocation: "localStorage" });
  assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), []);
  assert.deepEqual(await keysOfMsal(page, "localStorage"), before);
});

test("with cacheMigrationEnabled: false the session of msal-browser stays msal-browser's", async () => {
  const page = await left("@azure/msal-browser", "sessionStorage");
  const before = await keysOfMsal(page, "sessionStorage");
  await moved(page, { cacheMigrationEnabled: false });
  assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), []);
  assert.deepEqual(await keysOfMsal(page, "sessionStorage"), before);
});

test("two tabs that start at once after the move find the whole session each", async () => {
  const page = await left("@azure/msal-browser", "localStorage", KMSI);
  const other = await world.context.newPage();
  await other.goto(`${world.demo.app}/msal/blank.html`);
  await Promise.all([page, other].map((tab) => moved(tab, { cacheLocation: "localStorage" })));
  for (const tab of [page, other]) {
    const { value, error } = await silent(tab, ["api://orders/read"]);
    assert.equal(value?.accessToken, "access-of-msal", JSON.stringify(error));
  }
  assert.deepEqual(await keysOfMsal(page, "localStorage"), []);
});

for (const cacheLocation of ["sessionStorage", "localStorage"]) {
  test(`who signs out after the move is signed out, whatever an old tab, or a storage that was full, has left in ${cacheLocation}`, async () => {
    const page = await left("@azure/msal-browser", cacheLocation, KMSI);
    const entries = await page.evaluate((location) => ({ ...window[location] }), cacheLocation);
    await moved(page, { cacheLocation });
    const putBack = () => page.evaluate(([location, entries]) => void Object.assign(window[location], entries), [cacheLocation, entries]);
    await putBack();
    await page.reload();
    await world.started(page);
    assert.equal((await page.evaluate(() => app.getAllAccounts())).length, 1);
    await page.evaluate(() => app.clearCache());
    assert.deepEqual(await keysOfMsal(page, cacheLocation), []);
    await putBack();
    await page.reload();
    await world.started(page);
    assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), []);
  });
}

test("a take-over that storage had no room for is made up for at the next start", async () => {
  const page = await left("@azure/msal-browser", "sessionStorage");
  const before = await keysOfMsal(page, "sessionStorage");
  await page.evaluate(() => {
    for (let length = 1 << 22; length >= 1; length = Math.floor(length / 2)) {
      for (let n = 0; ; n++) {
        try {
          sessionStorage.setItem(`filler.${length}.${n}`, "x".repeat(length));
        } catch {
          break;
        }
      }
    }
  });
  await page.evaluate((text) => {
    const filler = Object.keys(sessionStorage).find((key) => key.startsWith("filler.") && sessionStorage.getItem(key).length > 2 * text.length);
    sessionStorage.removeItem(filler);
    sessionStorage.setItem("test.options", text);
    for (let n = 0; ; n++) {
      try {
        sessionStorage.setItem(`last.${n}`, "x");
      } catch {
        break;
      }
    }
  }, JSON.stringify(CONFIGURATION));
  await page.goto(`${world.demo.app}/test/app.html`);
  await world.started(page);
  const seen = await page.evaluate(() => [app.getAllAccounts().length, window.events.some(({ eventType }) => eventType === "countersign:cacheQuotaExceeded")]);
  assert.deepEqual(seen, [1, true], "the session is here, and the app is told that it is in memory");
  assert.deepEqual(await keysOfMsal(page, "sessionStorage"), before);
  await page.evaluate(() => Object.keys(sessionStorage).filter((key) => /^(filler|last)\./.test(key)).forEach((key) => sessionStorage.removeItem(key)));
  await page.reload();
  await world.started(page);
  assert.equal((await page.evaluate(() => app.getAllAccounts())).length, 1);
  assert.deepEqual(await keysOfMsal(page, "sessionStorage"), []);
});

test("a frame of a tab that still runs msal-browser takes nothing away from it", async () => {
  const page = await left("@azure/msal-browser", "sessionStorage");
  const before = await keysOfMsal(page, "sessionStorage");
  const accounts = await page.evaluate(async ([text, src]) => {
    sessionStorage.setItem("test.options", text);
    const frame = document.body.appendChild(Object.assign(document.createElement("iframe"), { src }));
    await new Promise((resolve) => (frame.onload = resolve));
    while (!frame.contentWindow.started) await new Promise((resolve) => setTimeout(resolve));
    await frame.contentWindow.started;
    return frame.contentWindow.app.getAllAccounts();
  }, [JSON.stringify(CONFIGURATION), `${world.demo.app}/test/app.html#code=c&state=of-msal`]);
  assert.deepEqual(accounts, []);
  assert.deepEqual(await keysOfMsal(page, "sessionStorage"), before);
});

test("who signs out after the move is signed out: nothing of msal-browser's brings the session back", async () => {
  const page = await left("@azure/msal-browser", "sessionStorage");
  await moved(page, {});
  await page.evaluate(() => app.clearCache());
  await page.reload();
  await world.started(page);
  assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), []);
  assert.deepEqual(await keysOfMsal(page, "sessionStorage"), []);
});
