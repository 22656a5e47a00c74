// Who is signed out is out: whatever is under way for the account, here or at the provider.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage({ providerHost: "localhost" });
const accounts = (page) => page.evaluate(() => app.getAllAccounts().map(({ username }) => username));
const orders = () => `${world.demo.api}/orders`;
/** Longer than any of these tests: an answer that does not come. */
const NEVER = 20_000;

test("a sign-out does not wait for a refresh that hangs: tokens are gone, here and for the next page, and the provider hears of it", async () => {
  const options = { cache: { cacheLocation: "localStorage" } };
  const page = await world.open(options);
  await world.signIn(page);
  world.demo.fault({ at: "provider", endpoint: "token", delay: NEVER });
  const refresh = world.demo.arrival({ at: "provider", endpoint: "token" });
  await page.evaluate((scopes) => void settle(app.acquireTokenSilent({ scopes, forceRefresh: true })), world.demo.scopes);
  await refresh;
  const left = page.waitForRequest((request) => new URL(request.url()).pathname.endsWith("/logout"));
  const held = await page.evaluate(async () => {
    const told = (wanted) => new Promise((resolve) => app.addEventCallback(({ eventType }) => eventType === wanted && resolve()));
    const active = told("msal:activeAccountChanged");
    app.setActiveAccount(app.getAllAccounts()[0]);
    await active;
    const over = told("msal:logoutSuccess");
    void app.logoutRedirect();
    await over;
    const entries = Object.keys(localStorage).filter((key) => key.includes(".account."));
    return { active: app.getActiveAccount(), accounts: app.getAllAccounts(), entries };
  });
  assert.deepEqual(held, { active: null, accounts: [], entries: [] });
  await left;
  assert.deepEqual(await accounts(await world.open(options)), []);
});

test("a step-up whose code is redeemed while the user signs out brings nobody back, and its request is not sent again", async () => {
  const page = await world.open(world.resources({ "/orders": world.demo.scopes }));
  await world.signIn(page);
  world.challengeOnce('Bearer error="insufficient_user_authentication", max_age=100000');
  world.demo.fault({ at: "provider", endpoint: "token", delay: 1500 });
  const redeemed = world.demo.arrival({ at: "provider", endpoint: "token" });
  const { popup, outcome } = await world.click(page, (url) => app.fetch(url), orders());
  await Promise.race([redeemed, popup.click("#user-alex").catch(() => {})]);
  await redeemed;
  await page.evaluate(() => app.clearCache());
  assert.equal((await outcome).error.errorCode, "no_account_found");
  assert.deepEqual(await accounts(page), []);
  assert.deepEqual(world.apiStatuses(), [401]);
});

test("a sign-in without the user for an account is nobody else's, whoever the provider's session is", async () => {
  const page = await world.open();
  const { value: alex } = await world.signIn(page);
  const { popup, outcome } = await world.click(page, (scopes) => app.loginPopup({ scopes, prompt: "select_account" }), world.demo.scopes);
  await popup.click("#user-sam");
  await page.evaluate((account) => app.clearCache({ account }), (await outcome).value.account);
  // A provider need not heed the hint.
  await world.context.route(/authorize/, (route) => {
    const url = new URL(route.request().url());
    for (const hint of ["login_hint", "sid"]) url.searchParams.delete(hint);
    return route.continue({ url: url.href });
  });
  const { error } = await page.evaluate((request) => settle(app.ssoSilent(request)), { scopes: world.demo.scopes, account: alex.account });
  assert.equal(error?.errorCode, "account_mismatch");
  assert.deepEqual(await accounts(page), ["alex@contoso.example"]);
});

test("the active account that signs out is told of where it signs out, too", async () => {
  const page = await world.open();
  await world.signIn(page);
  const active = await page.evaluate(async () => {
    const told = () =>
      new Promise((resolve) => {
        const id = app.addEventCallback(({ eventType }) => {
          if (eventType !== "msal:activeAccountChanged") return;
          app.removeEventCallback(id);
          resolve(app.getActiveAccount()?.username ?? null);
        });
      });
    const set = told();
    app.setActiveAccount(app.getAllAccounts()[0]);
    const seen = [await set];
    const signedOut = told();
    await app.clearCache();
    return [...seen, await signedOut];
  });
  assert.deepEqual(active, ["alex@contoso.example", null]);
});

for (const cacheLocation of ["sessionStorage", "localStorage"]) {
  test(`a request under way brings nobody back who signs out before it is refused (${cacheLocation})`, async () => {
    const page = await world.open({ ...world.resources({ "/orders": world.demo.scopes }), cache: { cacheLocation } });
    await world.signIn(page);
    const challenge = { status: 401, headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' } };
    world.demo.fault({ at: "api", path: "/orders", method: "GET", delay: 800, ...challenge });
    const arrived = world.demo.arrival({ at: "api", path: "/orders", method: "GET" });
    await page.evaluate((url) => void (window.pending = settle(app.fetch(url))), orders());
    await arrived;
    await page.evaluate(() => app.clearCache());
    const { error } = await page.evaluate(() => window.pending);
    assert.equal(error?.errorCode, "no_account_found");
    assert.deepEqual(await accounts(page), []);
    assert.deepEqual(world.apiStatuses(), [401]);
  });
}

test("an account that only the app knows keeps no other from its hidden frame", async () => {
  const page = await world.open();
  await world.signIn(page);
  const silent = (request) => page.evaluate((request) => settle(app.acquireTokenSilent(request)), { scopes: world.demo.scopes, ...request });
  const { error } = await silent({ account: { homeAccountId: "gone.gone", username: "gone@contoso.example" } });
  assert.ok(error);
  world.demo.endRefreshTokens(700084);
  const { value } = await silent({ forceRefresh: true });
  assert.equal(value?.account.username, "alex@contoso.example");
  assert.equal(world.providerRequests("authorize").at(-1).query.prompt, "none");
});
