// Answers that ask for nothing, or for something that this page may not see: they are the caller's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const orders = () => `${world.demo.api}/orders`;
const tokens = () => world.providerRequests("token").length;
const HINT = /Access-Control-Expose-Headers/;
const hints = () => world.console.filter((text) => HINT.test(text));
const told = (page) => page.evaluate(() => window.events.filter(({ eventType }) => eventType.startsWith("countersign:")));

test("a challenge that CORS hides goes back with an event each time, and one hint for the developer that names the header", async () => {
  world.expectedConsole.push(HINT);
  const page = await world.open();
  await world.signIn(page);
  const before = await world.stored(page);
  world.demo.exposeChallenge(false);
  world.demo.revoke();
  for (let i = 0; i < 3; i++) {
    const { value } = await world.fetch(page, orders());
    assert.deepEqual(value, { status: 401, body: '{"error":"insufficient_claims"}' });
  }
  assert.deepEqual(world.apiStatuses(), [401, 401, 401]);
  assert.equal(tokens(), 1);
  assert.deepEqual(await world.stored(page), before, "the token may be good for all we know");
  const events = await told(page);
  assert.deepEqual(
    events.map(({ eventType, payload }) => [eventType, payload.url, payload.method, payload.status]),
    Array(3).fill(["countersign:challengeHidden", orders(), "GET", 401]),
  );
  assert.equal(hints().length, 1);
  assert.ok(hints()[0].includes("WWW-Authenticate"));
  assert.ok(!hints()[0].includes("ey"), "no token in it");
});

test("the same challenge is answered once the API exposes it", async () => {
  world.expectedConsole.push(HINT);
  const page = await world.open();
  await world.signIn(page);
  world.demo.exposeChallenge(false);
  world.demo.revoke();
  assert.equal((await world.fetch(page, orders())).value.status, 401);
  world.demo.exposeChallenge(true);
  assert.equal((await world.fetch(page, orders())).value.status, 200);
  assert.equal(tokens(), 2);
});

test("a 401 without a challenge is hidden as far as anybody can tell; one of the page's own origin, or a 403, is not", async () => {
  world.expectedConsole.push(HINT);
  const page = await world.open();
  await world.signIn(page);
  world.demo.fault({ at: "api", path: "/orders", status: 403, body: "no" });
  assert.deepEqual((await world.fetch(page, orders())).value, { status: 403, body: "no" });
  const own = await page.evaluate((url) => {
    const ask = app.createFetch({ protectedResourceMap: { [url]: served.scopes }, fetch: async () => new Response("own", { status: 401 }) });
    return settle(ask(url));
  }, orders());
  assert.deepEqual(own.value, { status: 401, body: "own" });
  assert.deepEqual(await told(page), []);
  world.demo.fault({ at: "api", path: "/orders", status: 401, body: "no" });
  assert.deepEqual((await world.fetch(page, orders())).value, { status: 401, body: "no" });
  assert.deepEqual(
    (await told(page)).map(({ eventType }) => eventType),
    ["countersign:challengeHidden"],
  );
  assert.equal(world.apiRequests().length, 2);
  assert.equal(tokens(), 1);
});

test("any other status is the caller's, challenge or not", async () => {
  const page = await world.open();
  await world.signIn(page);
  const statuses = [200, 400, 402, 404, 429, 500, 503];
  for (const status of statuses) {
    world.challengeOnce('Bearer error="invalid_token"', { status, body: "tea" });
    assert.deepEqual((await world.fetch(page, orders())).value, { status, body: "tea" });
  }
  assert.deepEqual(world.apiStatuses(), statuses);
  assert.equal(tokens(), 1);
  assert.deepEqual(await told(page), []);
});

test("an API that is down rejects as the browser's own fetch does; nothing is asked for, and the next request is served", async () => {
  const page = await world.open();
  await world.signIn(page);
  // More than one: a browser may try again on a new connection.
  world.demo.fault({ at: "api", path: "/orders", hangup: true, times: 100 });
  const outcomes = await page.evaluate(
    (url) => Promise.all([fetch, app.fetch].map((send) => send(url).then(String, (error) => `${error.name}: ${error.message}`))),
    orders(),
  );
  assert.equal(outcomes[1], outcomes[0]);
  assert.match(outcomes[1], /^TypeError/);
  assert.equal(tokens(), 1);
  world.demo.reset();
  assert.equal((await world.fetch(page, orders())).value.status, 200);
});

test("an API that goes down before the replay rejects, and the new token serves the next request", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.challengeOnce('Bearer error="invalid_token"');
  world.demo.fault({ at: "api", path: "/orders", hangup: true, times: 100 });
  const { error } = await world.fetch(page, orders());
  assert.equal(error.class, "TypeError");
  assert.equal(tokens(), 2);
  world.demo.reset();
  assert.equal((await world.fetch(page, orders())).value.status, 200);
  assert.equal(tokens(), 0);
});

test("an API that answers 500 to the replay has answered: nothing is tried again", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.challengeOnce('Bearer error="invalid_token"');
  world.demo.fault({ at: "api", path: "/orders", status: 500, body: "oh" });
  assert.deepEqual((await world.fetch(page, orders())).value, { status: 500, body: "oh" });
  assert.deepEqual(world.apiStatuses(), [401, 500]);
});

test("a provider that is down at a challenge is the provider's error; the user is not asked, and stays signed in", async () => {
  const page = await world.open();
  await world.signIn(page);
  const popups = world.popups(page);
  world.demo.revoke();
  world.demo.fault({ at: "provider", endpoint: "token", status: 503, body: {}, times: 8 });
  const { error } = await world.fetch(page, orders());
  assert.equal(error.class, "ServerError");
  assert.equal(popups.length, 0);
  assert.equal((await page.evaluate(() => app.getAllAccounts())).length, 1);
});

test("a request in no-cors mode cannot carry a token, and its opaque answer is the caller's", async () => {
  const page = await world.open();
  await world.signIn(page);
  const type = await page.evaluate((url) => app.fetch(url, { mode: "no-cors" }).then((response) => response.type), orders());
  assert.equal(type, "opaque");
  assert.deepEqual(await told(page), []);
});
