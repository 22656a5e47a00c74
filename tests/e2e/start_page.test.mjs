// navigateToLoginRequestUrl: the page where a sign-in by redirect started is restored.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const alex = "alex@contoso.example";
const login = (request) => app.loginRedirect(request).catch(() => {});

/** Opens the app away from its redirect URI. */
async function openDeep(options, tail) {
  const page = await world.open({ auth: { redirectUri: `${world.demo.app}/test/app.html` }, ...options });
  await page.goto("about:blank");
  await page.goto(`${world.demo.app}/test/app.html${tail}`);
  await world.started(page);
  return page;
}

/** Where the page ends after the sign-in, and with what. */
async function signIn(page, request = {}) {
  const visited = [];
  page.on("framenavigated", (frame) => frame === page.mainFrame() && visited.push(frame.url()));
  await world.leave(page, login, { scopes: world.demo.scopes, ...request });
  const redeemed = page.waitForResponse((response) => response.url().endsWith("/token") && response.request().method() === "POST");
  await page.click("#user-alex");
  await redeemed;
  return { result: await world.started(page), visited };
}

for (const tail of ["?tab=orders&q=a%20b", "?tab=orders#/orders/17", "#/orders/17"]) {
  test(`the page ${tail} is shown again after the sign-in, and its own start gives the result`, async () => {
    const page = await openDeep({}, tail);
    const { result, visited } = await signIn(page);
    assert.equal(result.value?.account.username, alex);
    assert.equal(page.url(), `${world.demo.app}/test/app.html${tail}`);
    assert.equal(world.providerRequests("token").length, 1);
    assert.equal(world.providerRequests("authorize")[0].query.redirect_uri, `${world.demo.app}/test/app.html`);
    assert.ok(visited.length > 0);
    assert.deepEqual(await page.evaluate(() => app.getAllAccounts().length), 1);
    await page.reload();
    assert.deepEqual(await world.started(page), { value: null });
    assert.equal(world.providerRequests("token").length, 1);
  });
}

test("a fragment of the app's own, given as a router's wrapper does, hides the answer neither on the page it comes to nor on the page that was left", async () => {
  const page = await openDeep({ handle: { hash: "#/orders" } }, "?tab=orders");
  const { result } = await signIn(page);
  assert.equal(result.value?.account.username, alex);
  assert.equal(page.url(), `${world.demo.app}/test/app.html?tab=orders`);
});

test("an answer that sessionStorage has no room for is taken up on the page it came to", async () => {
  const page = await openDeep({}, "?tab=orders");
  await page.addInitScript(() => {
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = function (key, text) {
      if (key.endsWith(".response")) throw new DOMException("full", "QuotaExceededError");
      return setItem.call(this, key, text);
    };
  });
  const { result } = await signIn(page);
  assert.equal(result.value?.account.username, alex);
  assert.equal(page.url(), `${world.demo.app}/test/app.html`);
  assert.equal(world.providerRequests("token").length, 1);
});

test("navigateToLoginRequestUrl: false keeps the user at the redirect URI", async () => {
  const page = await openDeep({ handle: { navigateToLoginRequestUrl: false } }, "?tab=orders");
  const { result } = await signIn(page);
  assert.equal(result.value?.account.username, alex);
  assert.equal(page.url(), `${world.demo.app}/test/app.html`);
});

test("redirectStartPage names another page of the app to come back to", async () => {
  const page = await openDeep({}, "");
  const { result } = await signIn(page, { redirectStartPage: `${world.demo.app}/test/app.html?welcome` });
  assert.equal(result.value?.account.username, alex);
  assert.equal(page.url(), `${world.demo.app}/test/app.html?welcome`);
});

test("a page of another origin is refused as redirectStartPage, before anything is asked", async () => {
  const page = await openDeep({}, "");
  const request = { scopes: world.demo.scopes, redirectStartPage: `${world.demo.api}/orders` };
  const { error } = await page.evaluate((request) => settle(app.loginRedirect(request)), request);
  assert.equal(error?.errorCode, "url_parse_error");
  assert.deepEqual(world.providerRequests("authorize"), []);
});

test("a page that started without a fragment, and whose router has put one there by the time the answer comes, is not loaded again", async () => {
  const page = await openDeep({}, "");
  await page.addInitScript(() => {
    // A router that takes the answer away, and goes to its own start, as soon as the app has been made.
    Object.defineProperty(window, "app", {
      configurable: true,
      set(app) {
        if (location.hash.includes("code=")) history.replaceState(null, "", "#/");
        Object.defineProperty(window, "app", { value: app });
      },
    });
  });
  const { result } = await signIn(page);
  assert.equal(result.value?.account.username, alex);
  assert.equal(page.url(), `${world.demo.app}/test/app.html#/`);
  assert.equal(world.providerRequests("token").length, 1);
});

test("a link with a forged answer in it does not get in the way of a sign-in that starts there", async () => {
  const page = await openDeep({}, `?deep#code=forged&state=r.${"A".repeat(22)}`);
  const { result } = await signIn(page);
  assert.equal(result.value?.account.username, alex);
  assert.equal(page.url(), `${world.demo.app}/test/app.html?deep`);
});

test("handleRedirectPromise() before initialize() is an error, and does not cost the answer", async () => {
  const page = await openDeep({}, "");
  const outcomes = await page.evaluate(async () => {
    const other = new countersign.PublicClientApplication(app.getConfiguration());
    const early = await settle(other.handleRedirectPromise());
    await other.initialize();
    return [early.error.errorCode, await settle(other.handleRedirectPromise())];
  });
  assert.deepEqual(outcomes, ["uninitialized_public_client_application", { value: null }]);
});
