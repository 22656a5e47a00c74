// A service worker between the app and the network: each request of the page, the SDK's own included, goes through it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { stage } from "./support.mjs";

const stranger = { seen: [], server: null, origin: "" };
before(async () => {
  stranger.server = createServer((request, response) => {
    if (request.method !== "OPTIONS") stranger.seen.push(request.headers);
    response.writeHead(200, { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*, Authorization" });
    response.end("stranger");
  });
  await new Promise((resolve) => stranger.server.listen(0, "127.0.0.1", resolve));
  stranger.origin = `http://127.0.0.1:${stranger.server.address().port}`;
});
after(() => new Promise((resolve) => stranger.server.close(resolve)));

const world = stage({ connectTo: ["http://127.0.0.1:*"] });
const orders = () => `${world.demo.api}/orders`;
const transfers = () => `${world.demo.api}/transfers`;

/** A signed-in page whose requests the worker answers. */
async function controlled(options = world.resources({ "/orders": world.demo.scopes, "/transfers": world.demo.scopes })) {
  const page = await world.open(options);
  await page.evaluate(async () => {
    const isControlled = new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
    await navigator.serviceWorker.register("/test/proxy.js");
    await isControlled;
  });
  await world.signIn(page);
  return page;
}

test("a revoked token is replaced and the request sent again, byte for byte", async () => {
  const page = await controlled();
  world.demo.revoke();
  const outcome = await page.evaluate((url) => {
    const form = new FormData();
    form.append("file", new Blob([Uint8Array.of(0, 255, 128, 13, 10)]), "tea.bin");
    return settle(app.fetch(url, { method: "POST", body: form }));
  }, `${orders()}/files`);
  assert.equal(outcome.value?.status, 201, JSON.stringify(outcome));
  const [first, second] = world.apiRequests();
  assert.ok(first.raw.length > 0 && first.raw.equals(second.raw));
  assert.equal(first.headers["content-type"], second.headers["content-type"]);
  assert.equal(world.providerRequests("token").length, 2);
  const seen = await page.evaluate(async () => (await fetch("/test/seen")).json());
  assert.equal(seen.filter((line) => line === `POST ${orders()}/files`).length, 2, "the worker was in between");
});

test("a step-up goes to the user and the request succeeds", async () => {
  const page = await controlled();
  const { popup, outcome } = await world.click(page, (url) => app.fetch(url), transfers());
  await popup.click("#confirm");
  assert.equal((await outcome).value.status, 200);
  assert.deepEqual(world.apiStatuses("/transfers"), [401, 200]);
});

test("a challenge by redirect is met on return", async () => {
  const page = await controlled(world.resources({ "/orders": world.demo.scopes }, { interactionType: "redirect" }));
  world.demo.stronger(true);
  await world.leave(page, (url) => app.fetch(url), orders());
  assert.ok((await world.comeBack(page, () => page.click("#confirm"))).value);
  assert.equal((await world.fetch(page, orders())).value.status, 200);
});

test("a challenge that CORS hides is still told from one that is there", async () => {
  const HINT = /Access-Control-Expose-Headers/;
  world.expectedConsole.push(HINT);
  const page = await controlled();
  world.demo.exposeChallenge(false);
  world.demo.revoke();
  assert.equal((await world.fetch(page, orders())).value.status, 401);
  assert.equal(world.console.filter((text) => HINT.test(text)).length, 1);
  assert.equal(world.providerRequests("token").length, 1);
});

test("a redirect to another origin carries no token, at first and when it is sent again", async () => {
  const page = await controlled();
  const away = { at: "api", path: "/orders", status: 302, headers: { Location: `${stranger.origin}/elsewhere` } };
  world.demo.fault(away);
  assert.equal((await world.fetch(page, orders())).value.body, "stranger");
  world.challengeOnce('Bearer error="invalid_token"');
  world.demo.fault(away);
  assert.equal((await world.fetch(page, orders())).value.body, "stranger");
  assert.equal(stranger.seen.length, 2);
  for (const headers of stranger.seen) assert.equal(headers.authorization, undefined);
});

test("a caller who gives up is told at once", async () => {
  const page = await controlled();
  world.demo.revoke();
  world.demo.fault({ at: "provider", endpoint: "token", delay: 2000 });
  const arrival = world.demo.arrival({ at: "provider", endpoint: "token" });
  await page.evaluate((url) => {
    window.control = new AbortController();
    window.given = app.fetch(url, { signal: window.control.signal }).catch((thrown) => thrown);
  }, orders());
  await arrival;
  const given = await page.evaluate(() => {
    window.control.abort("never mind");
    return window.given;
  });
  assert.equal(given, "never mind");
});
