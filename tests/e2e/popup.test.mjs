// The window of a sign-in by popup: blocked, closed, slow, cut off, or in the way of the next one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const login = (scopes) => app.loginPopup({ scopes });
const override = (scopes) => app.loginPopup({ scopes, overrideInteractionInProgress: true });
const alex = "alex@contoso.example";

test("a popup opens in the click itself, before anything is awaited", async () => {
  const page = await world.open();
  const opened = await page.evaluate(async (scopes) => {
    const { open } = window;
    let opened = false;
    window.open = (...args) => {
      opened = true;
      return open(...args);
    };
    const promise = settle(app.loginPopup({ scopes }));
    const atOnce = opened;
    app.cancelInteraction();
    await promise;
    return atOnce;
  }, world.demo.scopes);
  assert.equal(opened, true);
});

test("a blocked popup is popup_window_error, no request leaves, and the next click signs in", async () => {
  const page = await world.open();
  await page.evaluate(() => {
    window.unblocked = window.open;
    window.open = () => null;
  });
  const blocked = await page.evaluate((scopes) => settle(app.loginPopup({ scopes })), world.demo.scopes);
  assert.equal(blocked.error.errorCode, "popup_window_error");
  assert.equal(world.demo.log.length, 0);
  await page.evaluate(() => {
    window.open = window.unblocked;
  });
  assert.equal((await world.signIn(page)).value.account.username, alex);
});

test("a popup that the user closes on the provider's page is user_cancelled, and the next click signs in", async () => {
  const page = await world.open();
  const { popup, outcome } = await world.click(page, login, world.demo.scopes);
  await popup.waitForSelector("#user-alex");
  await world.watched(page);
  await popup.close();
  assert.equal((await outcome).error.errorCode, "user_cancelled");
  assert.equal(world.providerRequests("token").length, 0);
  assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), []);
  assert.equal((await world.signIn(page)).value.account.username, alex);
});

test("a popup whose opener is cut off and whose user takes long is waited for: closed says nothing there", async () => {
  world.demo.options.coop = true;
  const page = await world.open();
  await page.clock.install();
  const { popup, outcome } = await world.click(page, login, world.demo.scopes);
  await popup.waitForSelector("#user-alex");
  // A minute and a half of multi-factor authentication, in turns of every timer of the page.
  await page.clock.runFor(90_000);
  await popup.click("#user-alex");
  assert.equal((await outcome).value?.account.username, alex);
});

test("a popup that is never answered is timed_out after popupBridgeTimeout, and closes", async () => {
  const page = await world.open({ system: { popupBridgeTimeout: 2000 } });
  const { popup, outcome } = await world.click(page, login, world.demo.scopes);
  const closed = popup.waitForEvent("close");
  assert.equal((await outcome).error?.errorCode, "timed_out");
  await closed;
  assert.equal(world.providerRequests("token").length, 0);
});

test("overrideInteractionInProgress gives the popup that is open up: interaction_in_progress_cancelled there, a sign-in here", async () => {
  const page = await world.open();
  const first = await world.click(page, login, world.demo.scopes);
  await first.popup.waitForSelector("#user-alex");
  const closed = first.popup.waitForEvent("close");
  const second = await world.click(page, override, world.demo.scopes);
  assert.equal((await first.outcome).error?.errorCode, "interaction_in_progress_cancelled");
  await closed;
  await second.popup.click("#user-alex");
  assert.equal((await second.outcome).value?.account.username, alex);
  assert.equal(world.providerRequests("token").length, 1);
});

test("a popup that is stuck behind a provider that cut it off makes room for the next click without a word", async () => {
  world.demo.options.coop = true;
  const page = await world.open();
  const first = await world.click(page, login, world.demo.scopes);
  await first.popup.waitForSelector("#user-alex");
  await first.popup.close();
  const second = await world.click(page, login, world.demo.scopes);
  assert.equal((await first.outcome).error?.errorCode, "interaction_in_progress_cancelled");
  await second.popup.click("#user-alex");
  assert.equal((await second.outcome).value?.account.username, alex);
});

test("a page that is reloaded while its popup is open has nothing in its way: the next click signs in", async () => {
  const page = await world.open();
  const { popup, outcome } = await world.click(page, login, world.demo.scopes);
  outcome.catch(() => {}); // It ends with its page.
  await popup.waitForSelector("#user-alex");
  await page.reload();
  await world.started(page);
  assert.equal((await world.signIn(page)).value.account.username, alex);
});

test("an answer that comes when nobody waits any more signs nobody in", async () => {
  const page = await world.open();
  const { popup, outcome } = await world.click(page, login, world.demo.scopes);
  outcome.catch(() => {}); // It ends with its page.
  await popup.waitForSelector("#user-alex");
  await page.reload();
  await world.started(page);
  const back = popup.waitForURL((url) => url.origin === world.demo.app).catch(() => {});
  await popup.click("#user-alex");
  await back;
  assert.equal(world.providerRequests("token").length, 0);
  assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), []);
});

test("a window may be to the left of the first screen, and between two pixels", async () => {
  const page = await world.open();
  const features = await page.evaluate(async (scopes) => {
    const features = [];
    window.open = (url, name, text) => void features.push(text);
    for (const popupWindowAttributes of [
      { popupSize: { width: 483.5, height: 600.5 }, popupPosition: { left: -1200, top: 100.5 } },
      { popupSize: { width: 0, height: 600 }, popupPosition: { left: 0, top: -0.5 } },
    ]) {
      await settle(app.loginPopup({ scopes, popupWindowAttributes }));
    }
    return features;
  }, world.demo.scopes);
  assert.deepEqual(features, ["popup,width=483,height=600,left=-1200,top=100", "popup,width=483,height=600,left=0,top=0"]);
});
