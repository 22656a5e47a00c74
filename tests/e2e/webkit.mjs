// The flows in WebKit, by `make test-engines`. Every other test runs in Chromium and Firefox; these are what differs between engines: windows,
// navigations, storage, CORS.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startDemo } from "../../www/server.mjs";
import { launchWebKit } from "./webdriver.mjs";

let demo;
let browser;
before(async () => {
  demo = await startDemo({ mounts: { "/test/": fileURLToPath(new URL("pages", import.meta.url)) }, redirectPaths: ["/test/app.html"] });
  browser = await launchWebKit();
});
after(async () => {
  await browser?.close();
  await demo?.close();
});
beforeEach(async () => {
  demo.reset();
  await browser.fresh();
  await browser.goto(`${demo.app}/test/app.html`);
  assert.deepEqual(await started(), { value: null });
});

/** What the page's start came to; its module may still be on its way when the page has loaded. */
const started = () => browser.until(() => browser.evaluate(async () => window.started), "the app started");
const at = (endpoint) => demo.log.filter((entry) => entry.endpoint === endpoint && entry.method !== "OPTIONS");
const apiStatuses = () => demo.log.filter((entry) => entry.at === "api" && entry.method === "GET").map(({ status }) => status);
const orders = () => browser.evaluate(async (url) => window.settle(app.fetch(url)), `${demo.api}/orders`);

/** Clicks, and presses `press` in the window that opens. */
async function inPopup(press) {
  const [opener] = await browser.windows();
  await browser.click("#click");
  const popup = await browser.until(async () => (await browser.windows()).find((handle) => handle !== opener), "a popup opened");
  await browser.switchTo(popup);
  await browser.click(press);
  await browser.switchTo(opener);
  return browser.evaluate(async () => window.outcome);
}

async function signIn() {
  await browser.evaluate(async (scopes) => window.onClick(() => app.loginPopup({ scopes })), demo.scopes);
  return inPopup("#user-alex");
}

for (const coop of [false, true]) {
  test(`a popup signs the user in${coop ? ", also where the provider cuts the opener off" : ""}`, async () => {
    demo.options.coop = coop;
    const { value } = await signIn();
    assert.equal(value?.account.username, "alex@contoso.example");
    assert.equal((await orders()).value.status, 200);
    assert.deepEqual(await browser.until(async () => (await browser.windows()).length === 1, "the popup closed"), true);
  });
}

test("a redirect signs the user in, and logoutRedirect ends it", async () => {
  await browser.evaluate(async (scopes) => void app.loginRedirect({ scopes, state: "the app's own | state" }), demo.scopes);
  await browser.click("#user-alex");
  await browser.until(async () => (await browser.url()) === `${demo.app}/test/app.html`, "the page is back, without the code");
  const { value } = await started();
  assert.equal(value?.account.username, "alex@contoso.example");
  assert.equal(value.state, "the app's own | state");
  assert.equal(at("token").length, 1);
  await browser.evaluate(async () => void app.logoutRedirect());
  await browser.until(async () => at("logout").length > 0, "the provider is asked to end the session");
  await browser.goto(`${demo.app}/test/app.html`);
  await started();
  assert.deepEqual(await browser.evaluate(async () => app.getAllAccounts()), []);
});

test("an expired token is refreshed silently, once", async () => {
  await signIn();
  const silent = () => browser.evaluate(async (scopes) => {
    const results = Array.from({ length: 20 }, () => settle(app.acquireTokenSilent({ scopes, forceRefresh: true })));
    return (await Promise.all(results)).map(({ value, error }) => value?.accessToken ?? error.errorCode);
  }, demo.scopes);
  assert.equal(new Set(await silent()).size, 1);
  assert.deepEqual(at("token").map(({ body }) => body.grant_type), ["authorization_code", "refresh_token"]);
});

test("a challenge is answered silently where it can be, and with the user where it must", async () => {
  await signIn();
  demo.revoke();
  assert.equal((await orders()).value.status, 200);
  assert.deepEqual(apiStatuses(), [401, 200]);
  assert.equal(at("authorize").length, 1);
  demo.stronger(true);
  assert.equal((await orders()).error?.errorCode, "popup_window_error", "without a click no window opens");
  await browser.evaluate(
    async ([url, scopes]) => {
      const click = () => new Promise((resolve) => document.getElementById("click").addEventListener("click", resolve, { once: true }));
      const onInteractionRequired = () => {
        window.isAsked = true;
        return click().then(() => "popup");
      };
      window.outcome = settle(app.createFetch({ protectedResourceMap: { [url]: scopes }, onInteractionRequired })(url));
    },
    [`${demo.api}/orders`, demo.scopes],
  );
  await browser.until(() => browser.evaluate(async () => window.isAsked), "the app is asked");
  const { value } = await inPopup("#confirm");
  assert.equal(value?.status, 200);
  assert.deepEqual(apiStatuses(), [401, 200, 401, 401, 200]);
});
