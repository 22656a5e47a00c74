// A caller gives up: at every stage its promise rejects at once with its own reason, and what is under way for others goes on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const orders = () => `${world.demo.api}/orders`;
const grants = () => world.providerRequests("token").map(({ body }) => body.grant_type);

/** Starts a request that can be given up (`window.given`) and one beside it that is not (`window.kept`). */
const start = (page) =>
  page.evaluate((url) => {
    window.control = new AbortController();
    window.reason = new RangeError("changed my mind");
    const { signal } = window.control;
    window.given = app.fetch(url, { signal }).then(
      ({ status }) => `answered ${status}`,
      (thrown) => (thrown === window.reason ? "its own reason" : `another reason: ${thrown}`),
    );
    window.kept = settle(app.fetch(url));
  }, orders());

const giveUp = (page) =>
  page.evaluate(() => {
    window.control.abort(window.reason);
    return window.given;
  });

const kept = async (page) => {
  const { value, error } = await page.evaluate(() => window.kept);
  return value?.status ?? error.errorCode;
};

test("before it is sent: nothing leaves the page", async () => {
  const page = await world.open();
  await world.signIn(page);
  const outcomes = await page.evaluate(
    async ([url]) => {
      const caught = (promise, reason) => promise.then(String, (thrown) => thrown === reason);
      const mine = { mine: true };
      const signal = AbortSignal.abort(mine);
      const plain = await app.fetch(url, { signal: AbortSignal.abort() }).catch((error) => [error.constructor.name, error.name]);
      return [
        await caught(app.fetch(url, { signal }), mine),
        await caught(app.fetch(new URL(url), { signal }), mine),
        await caught(app.fetch(new Request(url, { signal })), mine),
        await caught(app.fetch(new Request(url), { signal }), mine),
        plain,
      ];
    },
    [orders()],
  );
  assert.deepEqual(outcomes, [true, true, true, true, ["DOMException", "AbortError"]]);
  assert.equal(world.apiRequests().length, 0);
});

test("while it is on its way", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.fault({ at: "api", path: "/orders", delay: 1000, times: 2 });
  const arrival = world.demo.arrival({ at: "api", path: "/orders" });
  await start(page);
  await arrival;
  assert.equal(await giveUp(page), "its own reason");
  assert.equal(await kept(page), 200);
});

test("while a token is fetched: the others share the same one request", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.revoke();
  world.demo.fault({ at: "provider", endpoint: "token", delay: 1000 });
  const arrival = world.demo.arrival({ at: "provider", endpoint: "token" });
  await start(page);
  const refresh = await arrival;
  assert.equal(await giveUp(page), "its own reason");
  assert.equal(refresh.status, undefined, "the token request is still under way");
  assert.equal(await kept(page), 200);
  assert.deepEqual(grants(), ["authorization_code", "refresh_token"]);
  assert.equal(world.apiStatuses().filter((status) => status === 200).length, 1, "what was given up is not sent again");
});

test("while a token is fetched for it alone: the token is there for the next request", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.revoke();
  world.demo.fault({ at: "provider", endpoint: "token", delay: 1000 });
  const arrival = world.demo.arrival({ at: "provider", endpoint: "token" });
  const given = page.evaluate((url) => {
    window.control = new AbortController();
    return app.fetch(url, { signal: window.control.signal }).catch((error) => error.name);
  }, orders());
  await arrival;
  await page.evaluate(() => window.control.abort());
  assert.equal(await given, "AbortError");
  assert.equal((await world.fetch(page, orders())).value.status, 200);
  assert.deepEqual(grants(), ["authorization_code", "refresh_token"]);
  assert.deepEqual(world.apiStatuses(), [401, 200]);
});

test("while the user is asked: the window stays for the others, and they succeed", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.stronger(true);
  const popups = world.popups(page);
  const opened = page.waitForEvent("popup");
  await start(page);
  const popup = await opened;
  await popup.waitForSelector("#confirm");
  assert.equal(await giveUp(page), "its own reason");
  assert.equal(popup.isClosed(), false);
  await popup.click("#confirm");
  assert.equal(await kept(page), 200);
  assert.equal(popups.length, 1);
  assert.equal(world.apiStatuses().filter((status) => status === 200).length, 1);
});

test("while the user is asked for it alone: the user may still answer, and the next request is not asked", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.stronger(true);
  const { popup, outcome } = await world.click(
    page,
    (url) => {
      window.control = new AbortController();
      return app.fetch(url, { signal: window.control.signal });
    },
    orders(),
  );
  await popup.waitForSelector("#confirm");
  await page.evaluate(() => window.control.abort());
  assert.equal((await outcome).error.name, "AbortError");
  const redeemed = page.waitForResponse((response) => response.url().endsWith("/token") && response.request().method() === "POST");
  await popup.click("#confirm");
  await redeemed;
  assert.equal((await world.fetch(page, orders())).value.status, 200);
  assert.deepEqual(world.apiStatuses(), [401, 200]);
});

test("while onInteractionRequired is thinking: its caller need not wait for it", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.stronger(true);
  const outcome = await page.evaluate(
    async ([url, scopes]) => {
      const control = new AbortController();
      const onInteractionRequired = () => new Promise(() => control.abort("never mind"));
      const ask = app.createFetch({ protectedResourceMap: { [url]: scopes }, onInteractionRequired });
      return ask(url, { signal: control.signal }).catch((thrown) => thrown);
    },
    [orders(), world.demo.scopes],
  );
  assert.equal(outcome, "never mind");
});

test("while it waits for its turn to ask", async () => {
  const page = await world.open(world.resources({ "/orders": world.demo.scopes, "/transfers": world.demo.scopes }));
  await world.signIn(page);
  const first = await world.click(page, (url) => app.fetch(url), `${world.demo.api}/transfers`);
  await first.popup.waitForSelector("#confirm");
  world.challengeOnce('Bearer error="insufficient_scope", scope="api://countersign-demo/orders.write"');
  await page.evaluate((url) => {
    window.control = new AbortController();
    window.given = app.fetch(url, { signal: window.control.signal }).catch((thrown) => thrown);
  }, orders());
  await page.waitForFunction(() => window.events.filter(({ eventType }) => eventType === "countersign:challengeReceived").length === 2);
  const given = await page.evaluate(() => {
    window.control.abort("never mind");
    return window.given;
  });
  assert.equal(given, "never mind");
  await first.popup.click("#confirm");
  assert.equal((await first.outcome).value.status, 200);
});

test("while it is replayed", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.revoke();
  const first = world.demo.arrival({ at: "api", path: "/orders" });
  world.demo.fault({ at: "provider", endpoint: "token", delay: 200 });
  await page.evaluate((url) => {
    window.control = new AbortController();
    window.reason = { mine: true };
    window.given = app.fetch(url, { signal: window.control.signal }).catch((thrown) => thrown === window.reason);
  }, orders());
  await first;
  const replay = world.demo.arrival({ at: "api", path: "/orders" });
  world.demo.fault({ at: "api", path: "/orders", delay: 2000 });
  await replay;
  const own = await page.evaluate(() => {
    window.control.abort(window.reason);
    return window.given;
  });
  assert.equal(own, true);
});

test("while its body streams in", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.revoke();
  const outcome = await page.evaluate(async (url) => {
    const control = new AbortController();
    // A transport whose answer never ends.
    const transport = async (...request) => {
      const answer = await fetch(...request);
      if (!answer.ok) return answer;
      const { signal } = request[0];
      const body = new ReadableStream({
        start(stream) {
          stream.enqueue(new Uint8Array([123]));
          signal.addEventListener("abort", () => stream.error(signal.reason));
        },
      });
      return new Response(body, answer);
    };
    const ask = app.createFetch({ protectedResourceMap: { [url]: served.scopes }, fetch: transport });
    const reader = (await ask(url, { signal: control.signal })).body.getReader();
    const first = await reader.read();
    control.abort("enough");
    return [first.value.length, await reader.read().catch((thrown) => thrown)];
  }, orders());
  assert.deepEqual(outcome, [1, "enough"]);
});

test("a timeout is a reason like any other", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.fault({ at: "api", path: "/orders", delay: 2000 });
  const name = await page.evaluate((url) => app.fetch(url, { signal: AbortSignal.timeout(50) }).catch((error) => error.name), orders());
  assert.equal(name, "TimeoutError");
});
