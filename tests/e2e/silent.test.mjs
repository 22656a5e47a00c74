// Tokens without the user: how many requests they cost, and what a bad day of the network or of the token endpoint leaves behind.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const refreshes = () => world.providerRequests("token").filter(({ body }) => body.grant_type === "refresh_token");
const silent = (page, request = {}) =>
  page.evaluate((request) => settle(app.acquireTokenSilent(request)), { scopes: world.demo.scopes, ...request });

/** Signs in with a token that has expired when this is over. */
async function signInBriefly(page) {
  world.demo.options.accessTokenTtl = 1;
  const { value } = await world.signIn(page);
  await page.waitForFunction((end) => Date.now() > end, value.expiresOn.getTime());
  world.demo.options.accessTokenTtl = 3600;
}

/** Resolves once the page has asked the token endpoint again. */
const asked = (page) => page.waitForRequest((request) => request.url().endsWith("/token") && request.method() === "POST");

test("a thousand silent calls at once for an expired token are one token request, a thousand equal results, and no rejection", async () => {
  const page = await world.open();
  await signInBriefly(page);
  const results = await page.evaluate(async (scopes) => {
    const calls = Array.from({ length: 1000 }, () => app.acquireTokenSilent({ scopes }));
    const outcomes = await Promise.allSettled(calls);
    return outcomes.map(({ value, reason }) => (value ? `${value.accessToken} ${value.expiresOn.getTime()} ${value.scopes}` : String(reason)));
  }, world.demo.scopes);
  assert.equal(results.length, 1000);
  assert.equal(new Set(results).size, 1);
  assert.match(results[0], /^ey/);
  assert.equal(refreshes().length, 1);
});

test("a device that goes offline keeps its session, and the first call after it is online again succeeds", async () => {
  const page = await world.open();
  await signInBriefly(page);
  const before = await world.stored(page);
  await world.context.setOffline(true);
  for (const outcome of [await silent(page), await silent(page)]) assert.equal(outcome.error.errorCode, "no_network_connectivity");
  assert.deepEqual(await world.stored(page), before);
  await world.context.setOffline(false);
  assert.ok((await silent(page)).value.accessToken);
  assert.deepEqual(
    refreshes().map(({ status }) => status),
    [200],
  );
});

test("a refresh that the network lost is sent once more, and the caller does not notice", async () => {
  const page = await world.open();
  await world.signIn(page);
  await page.evaluate(() => {
    window.attempts = 0;
    window.fetch = new Proxy(window.fetch, {
      apply: (fetch, self, args) => (++window.attempts === 1 ? Promise.reject(new TypeError("network")) : Reflect.apply(fetch, self, args)),
    });
  });
  assert.ok((await silent(page, { forceRefresh: true })).value?.accessToken);
  assert.equal(await page.evaluate(() => window.attempts), 2);
  assert.equal(refreshes().length, 1);
});

for (const [what, after] of [
  ["in seconds", () => "30"],
  ["as a date", () => new Date(Date.now() + 30_000).toUTCString()],
]) {
  test(`429 with Retry-After ${what} keeps the next calls of the account from the network; interaction and the session are not concerned`, async () => {
    const page = await world.open();
    await world.signIn(page);
    const body = { error: "temporarily_unavailable", error_description: "AADSTS50196: Too many requests.", error_codes: [50196] };
    world.demo.fault({ at: "provider", endpoint: "token", method: "POST", status: 429, headers: { "Retry-After": after() }, body });
    const first = await silent(page, { forceRefresh: true });
    assert.equal(first.error?.class, "ServerError");
    assert.equal(first.error.errorCode, "temporarily_unavailable");
    for (const scopes of [world.demo.scopes, [...world.demo.scopes].reverse()]) {
      const { error } = await silent(page, { scopes, forceRefresh: true });
      assert.equal(error?.errorCode, "temporarily_unavailable", "the first refusal, in its own words");
    }
    assert.equal(refreshes().length, 1);
    assert.ok((await silent(page)).value.fromCache);
    assert.equal((await world.signIn(page, { scopes: world.demo.scopes, prompt: "login" })).value?.account.username, "alex@contoso.example");
    assert.ok((await silent(page, { forceRefresh: true })).value?.accessToken, "who has just been let in is not throttled");
  });
}

test("a slow token endpoint is asked once, however many wait for it", async () => {
  const page = await world.open();
  await signInBriefly(page);
  world.demo.fault({ at: "provider", endpoint: "token", grant_type: "refresh_token", delay: 1500 });
  const first = asked(page);
  const early = page.evaluate((scopes) => settle(app.acquireTokenSilent({ scopes })), world.demo.scopes);
  await first;
  const [one, two] = await Promise.all([early, silent(page)]);
  assert.equal(one.value.accessToken, two.value.accessToken);
  assert.equal(refreshes().length, 1);
});

test("a caller that gives up while the refresh is under way gets its own reason; the rotated refresh token is kept all the same", async () => {
  const page = await world.open();
  await signInBriefly(page);
  world.demo.fault({ at: "provider", endpoint: "token", grant_type: "refresh_token", delay: 1000 });
  const refreshing = asked(page);
  const outcome = page.evaluate((url) => {
    window.controller = new AbortController();
    return settle(app.fetch(url, { signal: window.controller.signal }));
  }, `${world.demo.api}/orders`);
  await refreshing;
  await page.evaluate(() => window.controller.abort(new Error("changed my mind")));
  assert.equal((await outcome).error.message, "changed my mind");
  // It goes on without that caller.
  assert.equal((await silent(page)).error, undefined);
  assert.equal((await silent(page, { forceRefresh: true })).error, undefined);
  assert.deepEqual(
    refreshes().map(({ status }) => status),
    [200, 200],
  );
  const [first, second] = refreshes().map(({ body }) => body.refresh_token);
  assert.notEqual(first, second);
  assert.equal(world.apiRequests().length, 0);
});

for (const [what, fault] of [
  ["HTML", { status: 200, body: "<html>a proxy says hello</html>" }],
  ["nothing", { status: 200, body: "" }],
  ["500", { status: 500, body: '{"error":"server_error","error_description":"AADSTS90033: A transient error has occurred."}' }],
  ["503 and a page", { status: 503, body: "<html>down</html>" }],
  ["a closed connection", { hangup: true }],
]) {
  test(`a sign-in whose code is answered with ${what} leaves nothing behind, and the next one succeeds`, async () => {
    const page = await world.open();
    world.demo.fault({ at: "provider", endpoint: "token", times: 10, ...fault });
    const { popup, outcome } = await world.click(page, (scopes) => app.loginPopup({ scopes }), world.demo.scopes);
    await popup.click("#user-alex");
    assert.ok((await outcome).error.errorCode);
    assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), []);
    const left = JSON.stringify(await world.stored(page));
    const [{ body }] = world.providerRequests("token");
    for (const secret of [body.code, body.code_verifier]) assert.ok(!left.includes(secret));
    world.demo.reset();
    const next = await world.click(page, (scopes) => app.loginPopup({ scopes, prompt: "login" }), world.demo.scopes);
    await next.popup.click("#user-alex");
    assert.ok((await next.outcome).value?.accessToken);
  });
}

test("a sign-in whose code is answered after a while arrives", async () => {
  const page = await world.open();
  world.demo.fault({ at: "provider", endpoint: "token", delay: 1500 });
  assert.equal((await world.signIn(page)).value.account.username, "alex@contoso.example");
  assert.equal(world.providerRequests("token").length, 1);
});

test("a session that the provider ended (AADSTS50173) is answered with the user, and the request succeeds", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.revoke();
  world.demo.endRefreshTokens(50173);
  // The user is signed in at the provider, whose popup would close by itself; `stronger` keeps it open for a person.
  world.demo.stronger(true);
  const { popup, outcome } = await world.click(page, (url) => app.fetch(url), `${world.demo.api}/orders`);
  await popup.click("#confirm");
  assert.equal((await outcome).value?.status, 200);
  assert.deepEqual(
    world.apiRequests().map(({ status }) => status),
    [401, 200],
  );
  assert.equal(refreshes()[0].status, 400);
  assert.ok((await silent(page, { forceRefresh: true })).value.accessToken, "the new session has a refresh token of its own");
});

test("refresh_in in the past: the token in the cache is given at once, and one refresh runs behind the caller's back", async () => {
  const page = await world.open();
  world.demo.options.refreshIn = 1;
  const { value } = await world.signIn(page);
  await page.waitForFunction((end) => Date.now() > end, Date.now() + 1500);
  world.demo.options.refreshIn = undefined;
  const refreshed = page.waitForResponse((response) => response.url().endsWith("/token") && response.request().method() === "POST");
  const results = await page.evaluate(async (scopes) => {
    const calls = Array.from({ length: 10 }, () => app.acquireTokenSilent({ scopes }));
    return (await Promise.all(calls)).map(({ accessToken, fromCache }) => [accessToken, fromCache]);
  }, world.demo.scopes);
  assert.deepEqual(results, Array(10).fill([value.accessToken, true]));
  await refreshed;
  await page.waitForFunction(
    async ([scopes, old]) => (await app.acquireTokenSilent({ scopes })).accessToken !== old,
    [world.demo.scopes, value.accessToken],
  );
  assert.equal(refreshes().length, 1);
});

test("a refresh behind the caller's back that fails is nobody's error: the token in the cache serves on", async () => {
  const page = await world.open();
  world.demo.options.refreshIn = 1;
  await world.signIn(page);
  await page.waitForFunction((end) => Date.now() > end, Date.now() + 1500);
  world.demo.fault({ at: "provider", endpoint: "token", method: "POST", times: 10, status: 500, body: "down" });
  const refused = page.waitForResponse((response) => response.url().endsWith("/token") && response.request().method() === "POST");
  assert.equal((await silent(page)).value?.fromCache, true);
  await refused;
  assert.equal((await silent(page)).value?.fromCache, true);
});

test("a result from the cache is made once, and nobody can change what others are given", async () => {
  const page = await world.open();
  await world.signIn(page);
  const seen = await page.evaluate(async (scopes) => {
    "use strict"; // else a change that is refused is silent
    const one = await app.acquireTokenSilent({ scopes });
    const two = await app.acquireTokenSilent({ scopes: [...scopes].reverse() });
    const named = await app.acquireTokenSilent({ scopes, correlationId: "c-1", state: "s-1" });
    const text = (result) => JSON.stringify({ ...result, correlationId: "", state: undefined });
    const [before, profiles] = [text(one), one.account.tenantProfiles.size];
    one.expiresOn.setFullYear(2020);
    one.account.tenantProfiles.clear();
    const refused = [one, named].flatMap(({ account, scopes }) =>
      [() => (account.name = "Eve"), () => (account.idTokenClaims.roles = ["admin"]), () => (account.idTokenClaims.name = "Eve"), () => scopes.push("more")].filter((change) => {
        try {
          change();
          return false;
        } catch (error) {
          return error instanceof TypeError;
        }
      }),
    );
    return {
      same: one === two,
      shared: named.account === one.account,
      own: [named.correlationId, named.state, one.correlationId.length, one.state],
      refused: refused.length,
      unchanged: [text(two), text(named)].every((after) => after === before) && two.account.tenantProfiles.size === profiles,
    };
  }, world.demo.scopes);
  assert.deepEqual(seen, { same: true, shared: true, own: ["c-1", "s-1", 36, undefined], refused: 8, unchanged: true });
});

test("a token that came since is in the next result from the cache", async () => {
  const page = await world.open();
  await world.signIn(page);
  const hit = () => page.evaluate((scopes) => settle(app.acquireTokenSilent({ scopes })), world.demo.scopes);
  const { value: before } = await hit();
  const { value: renewed } = await page.evaluate((scopes) => settle(app.acquireTokenSilent({ scopes, forceRefresh: true })), world.demo.scopes);
  const { value: after } = await hit();
  assert.notEqual(before.accessToken, after.accessToken);
  assert.deepEqual([after.accessToken, after.idToken, after.fromCache], [renewed.accessToken, renewed.idToken, true]);
});

test("a request is answered by what it asks, however its object is made: the shortest way to the cache is for scopes and an account only", async () => {
  const page = await world.open();
  await world.signIn(page);
  const seen = await page.evaluate(async (scopes) => {
    const [account] = app.getAllAccounts();
    class Forced {
      scopes = scopes;
      get forceRefresh() {
        return true;
      }
    }
    const broken = {
      get scopes() {
        throw new Error("the app's own");
      },
    };
    const said = async (request) => {
      const { value, error } = await settle(app.acquireTokenSilent(request));
      return error?.errorCode ?? (value.fromCache ? "cache" : "network");
    };
    const outcomes = {};
    for (const [name, request] of Object.entries({
      plain: { scopes, account },
      nobody: { scopes, account: null },
      text: { scopes: [scopes.join("  ")] },
      reordered: { scopes: [...scopes].reverse(), account: { homeAccountId: account.homeAccountId } },
      emptyClaims: { scopes, claims: "" },
      own: { scopes, correlationId: "00000000-0000-4000-8000-000000000000" },
      noScopes: { scopes: [] },
      notAList: { scopes: scopes[0] },
      nested: { scopes: [scopes] },
      noText: { scopes: [1] },
      broken,
      emptyId: { scopes, account: { homeAccountId: "" } },
      wrongId: { scopes, account: { homeAccountId: 1 } },
      stranger: { scopes, account: { homeAccountId: "nobody.nowhere" } },
      forced: new Forced(),
    })) {
      outcomes[name] = await said(request);
    }
    return outcomes;
  }, world.demo.scopes);
  assert.deepEqual(seen, {
    plain: "cache",
    nobody: "cache",
    text: "cache",
    reordered: "cache",
    emptyClaims: "cache",
    own: "cache",
    noScopes: "network",
    notAList: "invalid_option",
    nested: "invalid_option",
    noText: "invalid_option",
    broken: "invalid_option",
    emptyId: "invalid_option",
    wrongId: "invalid_option",
    stranger: "login_required",
    forced: "network",
  });
  assert.equal(refreshes().length, 2);
});
