// An app of @azure/msal-react in StrictMode, whose @azure/msal-browser is this package: what the user sees, what servers receive, what is kept.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "../e2e/support.mjs";
import { build, install } from "./project.mjs";

const folder = await install("msal_react", "msal", "@azure/msal-browser");
await build("msal_react", folder);
const world = stage({ mounts: { "/": `${folder}/dist` } });
const alex = "alex@contoso.example";
const grants = () => world.providerRequests("token").map(({ body }) => body.grant_type);

async function open(path = "/") {
  const page = await world.context.newPage();
  await page.goto(world.demo.app + path);
  return page;
}
const shows = (page, status) => page.waitForSelector(`#status:text-is("${status}")`);

/** The window that a click opens. */
async function popup(page, button) {
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.click(button)]);
  return popup;
}

async function signIn(page) {
  const window = await popup(page, "#popup");
  await shows(page, "acquireToken, signed out");
  await Promise.all([window.waitForEvent("close"), window.click("#user-alex")]);
  await shows(page, "none, signed in");
}

/** Whether this tab's storage holds an account of this library, and whether it holds anything of MSAL's. */
const kept = (page) =>
  page.evaluate(() => {
    const keys = [...Object.keys(sessionStorage), ...Object.keys(localStorage)];
    return { account: keys.some((key) => key.startsWith("countersign.") && key.includes(".account.")), msal: keys.some((key) => key.startsWith("msal")) };
  });

test("a sign-in by popup, a token for the API, and a sign-out by popup", async () => {
  const page = await open();
  await shows(page, "none, signed out");
  await signIn(page);
  assert.equal(await page.textContent("#user"), alex);
  assert.deepEqual(await kept(page), { account: true, msal: false });
  assert.equal(world.providerRequests("authorize")[0].query.redirect_uri, `${world.demo.app}/redirect.html`);

  await page.click("#orders");
  await page.waitForSelector('output:text-is("200")');
  assert.deepEqual(world.apiStatuses(), [200]);
  assert.match(world.apiRequests()[0].headers.authorization, /^Bearer ey/);
  assert.deepEqual(grants(), ["authorization_code"], "the token was in the cache");

  const window = await popup(page, "#logout-popup");
  await window.waitForEvent("close");
  await shows(page, "none, signed out");
  assert.equal(world.providerRequests("logout").length, 1);
  assert.deepEqual(await kept(page), { account: false, msal: false });
});

test("a sign-in by redirect is taken up once by an app that asks twice, outlives a reload, and ends by redirect", async () => {
  const page = await open();
  await page.click("#redirect");
  await page.click("#user-alex");
  await shows(page, "none, signed in");
  assert.equal(page.url(), `${world.demo.app}/`);
  assert.deepEqual(grants(), ["authorization_code"]);
  await page.reload();
  await shows(page, "none, signed in");
  assert.deepEqual(grants(), ["authorization_code"]);

  await page.click("#logout-redirect");
  await shows(page, "none, signed out");
  const [{ query }] = world.providerRequests("logout");
  assert.equal(query.post_logout_redirect_uri, `${world.demo.app}/`);
  assert.deepEqual(await kept(page), { account: false, msal: false });
});

test("a page for members sends a guest to the provider once, and is there after it", async () => {
  const page = await open("/?members");
  await page.click("#user-alex");
  assert.equal(await page.textContent("#members"), "For members");
  assert.equal(page.url(), `${world.demo.app}/?members`);
  const interactive = world.providerRequests("authorize").filter(({ query }) => query.client_id);
  assert.equal(interactive.length, 1);
  assert.deepEqual(grants(), ["authorization_code"]);
});

test("a page for members says why where the user declines", async () => {
  const page = await open("/?members");
  await page.click("#cancel");
  assert.equal(await page.textContent("#error"), "user_cancelled");
  assert.deepEqual(await kept(page), { account: false, msal: false });
});

test("a sign-in without asking fails as MSAL's does, and the hook's login helps", async () => {
  const page = await open("/?silent");
  await page.waitForSelector('#error:text-is("login_required")');
  assert.equal(world.providerRequests("authorize")[0].query.prompt, "none");
  const window = await popup(page, "#login");
  await Promise.all([window.waitForEvent("close"), window.click("#user-alex")]);
  await page.waitForSelector(`#user:text-is("${alex}")`);
  await shows(page, "none, signed in");
});

test("a token that only the user can get is an error of the class that the app imports, and a popup gets it", async () => {
  const page = await open();
  // Seconds.
  world.demo.options.accessTokenTtl = 1;
  await signIn(page);
  await page.waitForFunction((end) => Date.now() > end, Date.now() + 1000);
  world.demo.options.accessTokenTtl = 3600;
  world.demo.endRefreshTokens(50173);
  const window = await popup(page, "#orders");
  await window.waitForEvent("close");
  await page.waitForSelector('output:text-is("200")');
  assert.deepEqual(grants(), ["authorization_code", "refresh_token", "authorization_code"]);
});
