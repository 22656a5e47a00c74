// The back button in the middle of a redirect, where the browser shows the page as it was left: with all that was in its memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

// "no-store" keeps a page out of the back-forward cache.
const world = stage({ appHeaders: { "Cache-Control": "no-cache" } }, { hasBackForwardCache: true });

test("a page that the back button restores is told that the redirect is over", async () => {
  const page = await world.open();
  await world.leave(
    page,
    (scopes) => {
      window.isTheSamePage = true;
      addEventListener("pageshow", ({ persisted }) => (window.isRestored = persisted));
      window.left = settle(app.loginRedirect({ scopes }));
    },
    world.demo.scopes,
  );
  await page.evaluate(() => void setTimeout(() => history.back()));
  await page.waitForFunction(() => window.isRestored);
  assert.equal(await page.evaluate(() => window.isTheSamePage), true, "its memory was kept");
  assert.equal((await page.evaluate(() => window.left)).error?.errorCode, "user_cancelled");
  const events = await page.evaluate(() => window.events.map(({ eventType }) => eventType));
  assert.ok(events.includes("msal:restoreFromBFCache"));
});

test("a page that the back button restores can leave for the provider again, and comes back signed in", async () => {
  const page = await world.open();
  const login = (scopes) => {
    addEventListener("pageshow", ({ persisted }) => (window.isRestored = persisted));
    void app.loginRedirect({ scopes }).catch(() => {});
  };
  await world.leave(page, login, world.demo.scopes);
  await page.evaluate(() => void setTimeout(() => history.back()));
  await page.waitForFunction(() => window.isRestored);
  await world.leave(page, login, world.demo.scopes);
  assert.equal((await world.comeBack(page)).value?.account.username, "alex@contoso.example");
  assert.equal(world.providerRequests("token").length, 1);
});
