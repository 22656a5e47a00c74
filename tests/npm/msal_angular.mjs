// An app of @azure/msal-angular, whose @azure/msal-browser is this package: guard, interceptor and redirect component, built by Angular's builder.
// Angular's tools are large: run by `make test-package` only.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "../e2e/support.mjs";
import { build, install } from "./project.mjs";

const folder = await install("msal_angular", "msal", "@azure/msal-browser");
await build("msal_angular", folder);
const world = stage({ mounts: { "/": `${folder}/dist` } });
const alex = "alex@contoso.example";
const grants = () => world.providerRequests("token").map(({ body }) => body.grant_type);
const shows = (page, status) => page.waitForSelector(`#status:text-is("${status}")`);

async function open(path = "/") {
  // A server of a single-page app gives every page of it the same file.
  await world.context.route(/\/(members|failed)$/, (route) => route.continue({ url: `${world.demo.app}/` }));
  const page = await world.context.newPage();
  await page.goto(world.demo.app + path);
  return page;
}

/** The window that a click opens. */
async function popup(page, button) {
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.click(button)]);
  return popup;
}

/** How many accounts of this library are kept, and what is of MSAL's or could be read. */
const kept = (page) =>
  page.evaluate(() => {
    const entries = [...Object.entries(sessionStorage), ...Object.entries(localStorage)];
    return {
      accounts: entries.filter(([key]) => key.startsWith("countersign.") && key.includes(".account.")).length,
      foreign: entries.filter(([key, value]) => key.startsWith("msal") || value.includes("eyJ")).map(([key]) => key),
    };
  });

test("a guarded page sends a guest to the provider, and is there after it, with what the API answered to the interceptor's token", async () => {
  const page = await open();
  await shows(page, "none, nobody");
  await page.click("#to-members");
  await page.click("#user-alex");
  await page.waitForSelector('#orders:text-is("200")');
  assert.equal(page.url(), `${world.demo.app}/members`);
  await shows(page, `none, ${alex}`);
  assert.deepEqual(grants(), ["authorization_code"], "redeemed once, whoever asks for it");
  assert.deepEqual(world.apiStatuses(), [200]);
  assert.match(world.apiRequests()[0].headers.authorization, /^Bearer ey/);
  assert.deepEqual(await kept(page), { accounts: 1, foreign: [] });

  await page.reload();
  await page.waitForSelector('#orders:text-is("200")');
  assert.deepEqual(grants(), ["authorization_code"]);

  const back = page.waitForURL(`${world.demo.app}/`);
  await page.click("#logout-redirect");
  await back;
  await shows(page, "none, nobody");
  assert.equal(world.providerRequests("logout").length, 1);
  assert.deepEqual(await kept(page), { accounts: 0, foreign: [] });
});

test("a guest who declines is shown the page for that, and nothing is kept", async () => {
  // MsalRedirectComponent takes no error up: Angular reports it.
  world.expectedConsole.push(/^ERROR BrowserAuthError: user_cancelled/);
  const page = await open("/members");
  await page.click("#cancel");
  await page.waitForSelector("#failed");
  assert.deepEqual(await kept(page), { accounts: 0, foreign: [] });
});

test("a sign-in by popup comes back to the app itself, and a sign-out by popup ends at mainWindowRedirectUri", async () => {
  const page = await open();
  const window = await popup(page, "#popup");
  await shows(page, "acquireToken, nobody");
  await Promise.all([window.waitForEvent("close"), window.click("#user-alex")]);
  await shows(page, `none, ${alex}`);
  assert.equal(page.url(), `${world.demo.app}/`);
  await page.click("#to-members");
  await page.waitForSelector('#orders:text-is("200")');
  assert.deepEqual(grants(), ["authorization_code"]);

  const back = page.waitForURL(`${world.demo.app}/`);
  const last = await popup(page, "#logout-popup");
  await last.waitForEvent("close");
  await back;
  await shows(page, "none, nobody");
  assert.equal(world.providerRequests("logout").length, 1);
  assert.deepEqual(await kept(page), { accounts: 0, foreign: [] });
});

test("a token that only the user can get sends the page to the provider, and the request is made after it", async () => {
  const page = await open();
  // Seconds.
  world.demo.options.accessTokenTtl = 1;
  await page.click("#redirect");
  await page.click("#user-alex");
  await shows(page, `none, ${alex}`);
  await page.waitForFunction((end) => Date.now() > end, Date.now() + 1000);
  world.demo.options.accessTokenTtl = 3600;
  world.demo.endRefreshTokens(50173);
  await page.click("#to-members");
  await page.waitForSelector('#orders:text-is("200")');
  assert.deepEqual(grants(), ["authorization_code", "refresh_token", "authorization_code"]);
  assert.deepEqual(world.apiStatuses(), [200]);
});
