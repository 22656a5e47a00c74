// A thousand requests at once when the token is revoked: one acquisition, and each is answered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const orders = () => `${world.demo.api}/orders`;
/** What each of so many came to, counted. */
const send = async ([url, length]) => {
  const each = () =>
    app.fetch(url).then(
      async (response) => `${response.status} ${(await response.json()).user}`,
      (error) => error.errorCode ?? String(error),
    );
  const counts = {};
  for (const outcome of await Promise.all(Array.from({ length }, each))) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};
const grants = () => world.providerRequests("token").map(({ body, status }) => [body.grant_type, status]);
/** How often the API gave which answer. */
const answers = () => {
  const counts = {};
  for (const status of world.apiStatuses()) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};
/** Keeps the requests to `/orders?held` from the API. Resolves to them, once there are a hundred. */
const holdHundred = () =>
  new Promise((resolve) => {
    const held = [];
    void world.context.route("**/orders?held", (route) => held.push(route) === 100 && resolve(held));
  });
const ALL = { "200 alex@contoso.example": 1000 };

test("a thousand requests whose token is revoked are one token request and a thousand answers", async () => {
  const page = await world.open();
  await world.signIn(page);
  const popups = world.popups(page);
  world.demo.revoke();
  assert.deepEqual(await page.evaluate(send, [orders(), 1000]), ALL);
  assert.deepEqual(grants(), [
    ["authorization_code", 200],
    ["refresh_token", 200],
  ]);
  assert.deepEqual(answers(), { 200: 1000, 401: 100 }, "those that waited in line left with the new token");
  assert.equal(popups.length, 0);
});

test("a thousand requests that need the user are one window, and a thousand answers", async () => {
  const page = await world.open();
  await world.signIn(page);
  const popups = world.popups(page);
  world.demo.stronger(true);
  const { popup, outcome } = await world.click(page, send, [orders(), 1000]);
  await popup.click("#confirm");
  assert.deepEqual((await outcome).value, ALL);
  assert.equal(popups.length, 1);
  assert.deepEqual(grants(), [
    ["authorization_code", 200],
    ["refresh_token", 400],
    ["authorization_code", 200],
  ]);
  assert.equal(answers()[200], 1000);
  assert.ok(world.apiRequests().length <= 2000, "none is sent three times");
});

test("a hundred requests that need the user, who says no, are one window and a hundred refusals", async () => {
  const page = await world.open();
  await world.signIn(page);
  const popups = world.popups(page);
  world.demo.stronger(true);
  const { popup, outcome } = await world.click(page, send, [orders(), 100]);
  await popup.click("#cancel");
  // Six at a time are sent; those that are refused after the no are told that it was said.
  const { user_cancelled: first = 0, interaction_required: later = 0 } = (await outcome).value;
  assert.ok(first > 0);
  assert.equal(first + later, 100);
  assert.equal(popups.length, 1);
  assert.deepEqual(world.apiStatuses(), Array(100).fill(401));
});

test("a request that is given up in line is not sent, the one behind it is, and one that is to outlive the page does not wait", async () => {
  const page = await world.open();
  await world.signIn(page);
  const hundred = holdHundred();
  await page.evaluate((url) => {
    const all = Array.from({ length: 100 }, () => app.fetch(`${url}?held`));
    window.given = new AbortController();
    window.aborted = app.fetch(`${url}?aborted`, { signal: window.given.signal }).catch(({ name }) => name);
    const behind = app.fetch(`${url}?behind`);
    const last = app.fetch(`${url}?last`, { keepalive: true });
    window.rest = Promise.all([behind, last, ...all]).then((responses) => responses.map(({ status }) => status));
    // In line, and no longer than that.
    setTimeout(() => window.given.abort());
  }, orders());
  assert.equal(await page.evaluate(() => window.aborted), "AbortError");
  const held = await hundred;
  for (const route of held) await route.continue();
  assert.deepEqual(await page.evaluate(() => window.rest), Array(102).fill(200));
  const sent = world.apiRequests().map(({ query }) => Object.keys(query).join());
  assert.ok(sent.indexOf("last") < sent.indexOf("behind"), sent.join(" "));
  assert.deepEqual(sent.sort(), ["behind", ...Array(100).fill("held"), "last"]);
});

for (const [what, path, demand] of [
  ["a step-up", "/transfers", () => world.challengeOnce('Bearer error="insufficient_user_authentication", acr_values="mfa"', { path: "/transfers", times: 350 })],
  ["claims", "/orders", () => world.demo.stronger(true)],
]) {
  test(`an app that is asked about the user, for ${what}, may send requests first, however many wait for its answer`, async () => {
    const page = await world.open();
    await world.signIn(page);
    demand();
    const asked = page.evaluate(
      async ([api, path, scopes]) => {
        const statuses = [];
        const hundreds = new Promise((resolve) => (window.go = resolve));
        const onInteractionRequired = async () => {
          await hundreds;
          statuses.push((await ask(`${api}/other`)).status);
          return "cancel";
        };
        const ask = app.createFetch({ protectedResourceMap: { [api]: scopes }, onInteractionRequired });
        const refused = await Promise.allSettled(Array.from({ length: 350 }, () => ask(api + path)));
        return { statuses, refused: refused.filter(({ reason }) => reason?.errorCode).length };
      },
      [world.demo.api, path, world.demo.scopes],
    );
    while (world.apiStatuses(path).filter((status) => status === 401).length < 200) await world.demo.arrival({ at: "api", path });
    await page.evaluate(() => window.go());
    assert.deepEqual(await asked, { statuses: [404], refused: 350 });
  });
}

test("a page whose own fetch sends through the wrapper does not wait for itself", async () => {
  const page = await world.open();
  await world.signIn(page);
  const statuses = await page.evaluate(async (url) => {
    const { fetch } = window;
    window.fetch = async (request) => {
      if (request.url.endsWith("?outer")) await app.fetch(`${url}?inner`);
      return fetch(request);
    };
    const responses = await Promise.all(Array.from({ length: 101 }, () => app.fetch(`${url}?outer`)));
    return responses.map(({ status }) => status);
  }, orders());
  assert.deepEqual(statuses, Array(101).fill(200));
});

test("an app's own transport may send requests through the wrapper that it is under", async () => {
  const page = await world.open();
  await world.signIn(page);
  const statuses = await page.evaluate(
    async ([api, scopes]) => {
      const send = app.createFetch({
        protectedResourceMap: { [api]: scopes },
        fetch: async (request) => {
          if (request.url.endsWith("?outer")) await send(`${api}/orders?inner`);
          return fetch(request);
        },
      });
      const responses = await Promise.all(Array.from({ length: 101 }, () => send(`${api}/orders?outer`)));
      return responses.map(({ status }) => status);
    },
    [world.demo.api, world.demo.scopes],
  );
  assert.deepEqual(statuses, Array(101).fill(200));
});

test("a request that waits in line while its account is signed out is not sent", async () => {
  const page = await world.open();
  await world.signIn(page);
  const hundred = holdHundred();
  await page.evaluate((url) => {
    window.all = Promise.all(Array.from({ length: 100 }, () => app.fetch(`${url}?held`)));
    window.behind = settle(app.fetch(`${url}?behind`));
    setTimeout(() => (window.cleared = app.clearCache()));
  }, orders());
  const held = await hundred;
  await page.evaluate(() => window.cleared);
  for (const route of held) await route.continue();
  assert.equal((await page.evaluate(() => window.behind)).error?.errorCode, "no_account_found");
  await page.evaluate(() => window.all.then(() => null));
  assert.equal(world.apiRequests().filter(({ query }) => "behind" in query).length, 0);
});
