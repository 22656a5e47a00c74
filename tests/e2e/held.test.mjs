// What the wasm holds on to: after more requests, and more renewals, it must be no more.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();

/** The package does not give its tables away. */
const watch = () => {
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...args) => {
    const result = await instantiate(...args);
    const tables = Object.values((result.instance ?? result).exports).filter((value) => value instanceof WebAssembly.Table);
    const taken = (table) => Array.from({ length: table.length }, (_, index) => table.get(index)).filter((entry) => entry !== null).length;
    window.held = () => tables.reduce((sum, table) => sum + taken(table), 0);
    return result;
  };
};

for (const [what, call] of [
  ["requests by address", (api) => app.fetch(`${api}/orders`)],
  ["requests with a signal", (api) => app.fetch(`${api}/orders`, { signal: new AbortController().signal })],
  ["requests by Request", (api) => app.fetch(new Request(`${api}/orders`, { method: "POST", body: "{}" }))],
  ["tokens from the cache", () => app.acquireTokenSilent({ scopes: served.scopes })],
  ["renewed tokens", () => app.acquireTokenSilent({ scopes: served.scopes, forceRefresh: true })],
  ["refused requests", () => app.acquireTokenSilent({ scopes: [] }).catch(() => {})],
]) {
  test(`${what} leave nothing behind in the wasm`, async () => {
    await world.context.addInitScript(watch);
    const page = await world.open();
    await world.signIn(page);
    const rounds = await page.evaluate(`(async () => {
      const rounds = [];
      for (let round = 0; round < 4; round++) {
        for (let n = 0; n < 25; n++) await (${call})(served.api);
        // What a call leaves to be done after it has answered.
        await new Promise((resolve) => setTimeout(resolve));
        rounds.push(window.held());
      }
      return rounds;
    })()`);
    assert.ok(rounds[0] > 0);
    assert.equal(rounds[3], rounds[2], rounds.join(" "));
  });
}

test("sign-ins in a popup, and popups that the user closed, leave nothing behind in the wasm", async () => {
  await world.context.addInitScript(watch);
  const page = await world.open();
  const rounds = [];
  for (let round = 0; round < 3; round++) {
    await world.signIn(page, { scopes: world.demo.scopes, prompt: "select_account" });
    const { popup, outcome } = await world.click(page, (request) => app.loginPopup(request), { scopes: world.demo.scopes, prompt: "login" });
    await popup.waitForSelector("#user-alex");
    await world.watched(page);
    await popup.close();
    assert.equal((await outcome).error.errorCode, "user_cancelled");
    rounds.push(await page.evaluate(() => window.held()));
  }
  assert.equal(rounds[2], rounds[1], rounds.join(" "));
});

test("requests given up in line leave nothing behind in the wasm, while those before them are still under way", async () => {
  const ROUND = 10;
  await world.context.addInitScript(watch);
  const page = await world.open();
  await world.signIn(page);
  world.demo.fault({ at: "api", path: "/orders", delay: 20_000, times: 6 });
  const [first, second, third] = await page.evaluate(async (count) => {
    const send = ({ signal }) => app.fetch(`${served.api}/orders`, { signal }).catch(({ name }) => name);
    const task = () => new Promise((resolve) => setTimeout(resolve));
    const busy = new AbortController();
    const all = Array.from({ length: 100 }, () => send(busy));
    const rounds = [];
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < count; n++) {
        const behind = new AbortController();
        const last = send(behind);
        // It is in line by then.
        await task();
        behind.abort();
        if ((await last) !== "AbortError") throw new Error("it was not given up");
      }
      await task();
      rounds.push(window.held());
    }
    busy.abort();
    await Promise.all(all);
    return rounds;
  }, ROUND);
  // The line's own timer comes and goes.
  assert.ok(second - first < ROUND && third - second < ROUND, `${first} ${second} ${third}`);
});
