// Many requests at once, and requests that cannot be sent twice.
/* global url -- what the replayed requests below are made with, in the page */
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const all = ([url, count]) => Promise.all(Array.from({ length: count }, () => settle(app.fetch(url))));
const statuses = (outcomes) => outcomes.map(({ value, error }) => value?.status ?? error.errorCode);

test("fifty requests challenged at once share one refresh, and each is answered", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.revoke();
  const before = world.providerRequests("token").length;
  const outcomes = await page.evaluate(all, [`${world.demo.api}/orders`, 50]);
  assert.deepEqual(statuses(outcomes), Array(50).fill(200));
  assert.equal(world.providerRequests("token").length - before, 1);
});

for (const [what, button, each] of [
  ["and each is answered", "#confirm", 200],
  ["and each is user_cancelled where the user says no", "#cancel", "user_cancelled"],
]) {
  test(`ten requests that need the user open one popup, ${what}`, async () => {
    const page = await world.open();
    await world.signIn(page);
    world.demo.stronger(true);
    const popups = [];
    page.on("popup", (popup) => popups.push(popup));
    const call = ([url, count]) =>
      Promise.all(
        Array.from({ length: count }, () =>
          app.fetch(url).then(
            ({ status }) => status,
            ({ errorCode }) => errorCode,
          ),
        ),
      );
    const { popup, outcome } = await world.click(page, call, [`${world.demo.api}/orders`, 10]);
    await popup.click(button);
    assert.deepEqual((await outcome).value, Array(10).fill(each));
    assert.equal(popups.length, 1);
  });
}

test("a hundred silent calls for an expired token are one token request and equal results", async () => {
  world.demo.options.accessTokenTtl = 1;
  const page = await world.open();
  const { value } = await world.signIn(page);
  await page.waitForFunction((end) => Date.now() > end, value.expiresOn.getTime());
  world.demo.options.accessTokenTtl = 3600;
  const before = world.providerRequests("token").length;
  const tokens = await page.evaluate(async (scopes) => {
    const results = await Promise.all(Array.from({ length: 100 }, () => app.acquireTokenSilent({ scopes })));
    return results.map(({ accessToken }) => accessToken);
  }, world.demo.scopes);
  assert.equal(new Set(tokens).size, 1);
  assert.equal(world.providerRequests("token").length - before, 1);
});

test("refreshes for different scopes go one after the other, so that a rotated refresh token is never used twice", async () => {
  const page = await world.open();
  await world.signIn(page);
  const outcomes = await page.evaluate(
    (scopes) => Promise.all(scopes.map((scope) => settle(app.acquireTokenSilent({ scopes: [scope], forceRefresh: true })))),
    world.demo.scopes,
  );
  assert.deepEqual(
    outcomes.map(({ error }) => error),
    [undefined, undefined],
  );
  const refreshes = world.providerRequests("token").filter(({ body }) => body.grant_type === "refresh_token");
  assert.deepEqual(
    refreshes.map(({ status }) => status),
    [200, 200],
  );
  assert.notEqual(refreshes[0].body.refresh_token, refreshes[1].body.refresh_token);
});

for (const [what, options, body] of [
  ["over maxReplayBodyBytes", { fetch: { maxReplayBodyBytes: 10 } }, () => JSON.stringify({ item: "longer than ten bytes" })],
  ["of a Blob over maxReplayBodyBytes", { fetch: { maxReplayBodyBytes: 10 } }, () => new Blob(['{"item":"longer than ten bytes"}'])],
]) {
  test(`a body ${what} is sent once; its refused token is replaced for the next request`, async () => {
    const page = await world.open(options);
    await world.signIn(page);
    world.demo.revoke();
    const post = ([url, body]) =>
      settle(
        app.fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: new Function(`return (${body})()`)() }),
      );
    const send = () => page.evaluate(`(${post})(${JSON.stringify([`${world.demo.api}/orders`, String(body)])})`);
    assert.equal((await send()).value.status, 401);
    assert.equal(world.apiRequests().length, 1);
    assert.equal((await send()).value.status, 201);
    assert.equal(world.apiRequests().length, 2);
  });
}

for (const [what, init] of [
  [
    "a Request with a body",
    () => [new Request(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"item":"tea"}' })],
  ],
  ["a Blob", () => [url, { method: "POST", body: new Blob(['{"item":"tea"}'], { type: "application/json" }) }]],
  [
    "bytes",
    () => [url, { method: "POST", headers: { "Content-Type": "application/json" }, body: new TextEncoder().encode('{"item":"tea"}') }],
  ],
  [
    "a URL object and init over a Request",
    () => [new Request(url), { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"item":"tea"}' }],
  ],
]) {
  test(`${what} is replayed as it was`, async () => {
    const page = await world.open();
    await world.signIn(page);
    world.demo.revoke();
    const outcome = await page.evaluate(
      `(() => { const url = ${JSON.stringify(`${world.demo.api}/orders`)}; return settle(app.fetch(...(${init})())); })()`,
    );
    assert.equal(outcome.value?.status, 201, JSON.stringify(outcome.error));
    assert.deepEqual(
      world.apiRequests().map(({ status, body }) => [status, body]),
      [
        [401, { item: "tea" }],
        [201, { item: "tea" }],
      ],
    );
  });
}

test("an API that challenges every time is answered once; the second refusal is the caller's", async () => {
  const page = await world.open();
  await world.signIn(page);
  const claims = Buffer.from('{"access_token":{"nbf":{"essential":true,"value":"1"}}}').toString("base64");
  const headers = {
    "WWW-Authenticate": `Bearer realm="", error="insufficient_claims", claims="${claims}"`,
    "Access-Control-Expose-Headers": "WWW-Authenticate",
  };
  world.demo.fault({ at: "api", path: "/orders", times: 100, status: 401, headers, body: "no" });
  const { value } = await world.fetch(page, `${world.demo.api}/orders`);
  assert.deepEqual(value, { status: 401, body: "no" });
  assert.equal(world.apiRequests().length, 2);
  assert.equal(world.providerRequests("token").length, 2);
});

test("a plain refusal of the token, invalid_token, is answered with one renewal", async () => {
  const page = await world.open();
  await world.signIn(page);
  const headers = { "WWW-Authenticate": 'Bearer error="invalid_token"', "Access-Control-Expose-Headers": "WWW-Authenticate" };
  world.demo.fault({ at: "api", path: "/orders", times: 1, status: 401, headers, body: "no" });
  assert.equal((await world.fetch(page, `${world.demo.api}/orders`)).value.status, 200);
  const [refused, accepted] = world.apiRequests().map(({ headers }) => headers.authorization);
  assert.notEqual(refused, accepted);
  assert.equal(world.providerRequests("token").length, 2);
});

test("two clients of one page that share a session refresh once", async () => {
  const page = await world.open();
  await world.signIn(page);
  const outcomes = await page.evaluate(async (scopes) => {
    window.other = new countersign.PublicClientApplication({ auth: { clientId: served.clientId, authority: served.authority } });
    await other.initialize();
    const request = { scopes, forceRefresh: true };
    return Promise.all([settle(app.acquireTokenSilent(request)), settle(other.acquireTokenSilent(request))]);
  }, world.demo.scopes);
  assert.ok(outcomes[0].value && outcomes[1].value, JSON.stringify(outcomes));
  assert.equal(outcomes[0].value.accessToken, outcomes[1].value.accessToken);
  assert.equal(world.providerRequests("token").length, 2);
});

test("a session belongs to its authority: another one is offered nothing of it", async () => {
  const page = await world.open();
  await world.signIn(page);
  const { accounts, outcome } = await page.evaluate(async (scopes) => {
    const other = new countersign.PublicClientApplication({
      auth: { clientId: served.clientId, authority: `${served.authority}-staging` },
    });
    await other.initialize();
    return { accounts: other.getAllAccounts(), outcome: await settle(other.acquireTokenSilent({ scopes })) };
  }, world.demo.scopes);
  assert.deepEqual(accounts, []);
  assert.equal(outcome.error.errorCode, "no_account_error");
  assert.equal(world.providerRequests("token").length, 1);
});

test("a request that its caller has given up asks nobody and rejects with the caller's reason", async () => {
  const page = await world.open();
  await world.signIn(page);
  const outcome = await page.evaluate(
    (url) => settle(app.fetch(url, { signal: AbortSignal.abort(new Error("changed my mind")) })),
    `${world.demo.api}/orders`,
  );
  assert.equal(outcome.error.message, "changed my mind");
  assert.equal(world.apiRequests().length, 0);
});

test("a popup that was given up by the user makes room for the next request, also where the provider cut it off", async () => {
  world.demo.options.coop = true;
  const page = await world.open();
  await world.signIn(page);
  world.demo.stronger(true);
  const first = await world.click(page, (url) => app.fetch(url), `${world.demo.api}/orders`);
  await first.popup.waitForSelector("#confirm");
  await first.popup.close();
  const second = await world.click(page, (url) => app.fetch(url), `${world.demo.api}/orders`);
  await second.popup.click("#confirm");
  assert.equal((await second.outcome).value.status, 200);
});

test("a window that is closed before it went anywhere is user_cancelled, and so is one given up while the code is redeemed", async () => {
  const page = await world.open();
  world.demo.fault({ at: "provider", endpoint: "discovery", delay: 3000 });
  const blank = await world.click(page, (scopes) => app.loginPopup({ scopes }), world.demo.scopes);
  await blank.popup.close();
  assert.equal((await blank.outcome).error.errorCode, "user_cancelled");

  world.demo.fault({ at: "provider", endpoint: "token", delay: 3000 });
  const late = await world.click(page, (scopes) => app.loginPopup({ scopes }), world.demo.scopes);
  const redeeming = page.waitForRequest((request) => request.url().endsWith("/token"));
  await late.popup.click("#user-alex");
  await redeeming;
  await page.evaluate(() => app.cancelInteraction());
  assert.equal((await late.outcome).error.errorCode, "user_cancelled");
  assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), []);
});

test("a redirect that does not leave the page is timed_out, and does not keep the next request from asking", async () => {
  const page = await world.open({ fetch: { interactionType: "redirect" }, system: { redirectNavigationTimeout: 1000 } });
  await world.signIn(page);
  world.demo.stronger(true);
  // A 204 is an answer that leaves the page where it is.
  world.demo.fault({ at: "provider", endpoint: "authorize", status: 204 });
  const { error } = await world.fetch(page, `${world.demo.api}/orders`);
  assert.equal(error?.errorCode, "timed_out");
  await page.evaluate((url) => void app.fetch(url), `${world.demo.api}/orders`);
  await page.waitForSelector("#confirm");
});

test("a 401 that comes late, for a token that was replaced meanwhile, is replayed with the new one: it asks nobody and deletes nothing", async () => {
  const page = await world.open();
  await world.signIn(page);
  const late = 'Bearer error="invalid_token"';
  world.demo.fault({ at: "api", path: "/orders", status: 401, headers: { "WWW-Authenticate": late }, delay: 1500 });
  const slow = page.waitForRequest((request) => request.url() === `${world.demo.api}/orders?late`);
  const outcome = world.fetch(page, `${world.demo.api}/orders?late`);
  await slow;
  world.demo.revoke();
  assert.equal((await world.fetch(page, `${world.demo.api}/orders`)).value.status, 200);
  const before = await world.stored(page);
  assert.equal((await outcome).value.status, 200);
  const tokens = world.apiRequests().map(({ headers }) => headers.authorization);
  assert.equal(new Set(tokens).size, 2);
  assert.deepEqual([tokens.at(0), tokens.at(-1)], [tokens.at(1), tokens.at(-2)], "the new token served both");
  assert.equal(world.providerRequests("token").length, 2);
  assert.deepEqual(await world.stored(page), before);
});
