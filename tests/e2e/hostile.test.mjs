// What an API, a transport or an unlucky app could do to a page: bounded, settled, and nobody's sign-in is spoiled.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const orders = () => `${world.demo.api}/orders`;
const STEP_UP = 'Bearer error="insufficient_user_authentication", max_age=100000';

/** The page's own API: `answers(n)` is its nth response. What the wrapper makes of one request, and how often it was sent. */
const withApi = (page, { answer, options = "{}", call = "wrapped(url)" }) =>
  page.evaluate(`(async () => {
    const url = ${JSON.stringify(orders())}, scopes = ${JSON.stringify(world.demo.scopes)};
    const seen = { sends: 0, asked: 0 };
    const wrapped = app.createFetch({
      protectedResourceMap: { [url]: scopes },
      fetch: async () => (${answer})(++seen.sends),
      ...(${options}),
    });
    return { ...(await settle(${call})), ...seen };
  })()`);
const refuses = (challenge) => `() => new Response("", { status: 401, headers: { "WWW-Authenticate": ${JSON.stringify(challenge)} } })`;

test("an app that gets a token itself while it is asked, and an API that is never content, do not keep each other going", async () => {
  const page = await world.open();
  await world.signIn(page);
  const onInteractionRequired = `async () => {
    seen.asked++;
    await app.acquireTokenSilent({ scopes, forceRefresh: true });
    return "popup";
  }`;
  const { value, sends, asked } = await withApi(page, { answer: refuses(STEP_UP), options: `{ onInteractionRequired: ${onInteractionRequired} }` });
  assert.equal(value.status, 401);
  assert.deepEqual([sends, asked], [2, 1]);
});

test("tokens that others get meanwhile do not keep a request going that is always refused", async () => {
  const page = await world.open();
  await world.signIn(page);
  const answer = `async () => {
    await app.acquireTokenSilent({ scopes, forceRefresh: true });
    return (${refuses('Bearer error="invalid_token"')})();
  }`;
  const { value, sends } = await withApi(page, { answer });
  assert.equal(value.status, 401);
  assert.ok(sends <= 3, `${sends} sends`);
});

test("what nobody can grant is asked once, and does not keep the next user from signing in", async () => {
  const page = await world.open();
  await world.signIn(page);
  const impossible = 'Bearer error="insufficient_user_authentication", acr_values="impossible", scope="evil.scope"';
  const { error } = await withApi(page, { answer: refuses(impossible), options: '{ interactionType: "none" }' });
  assert.equal(error.errorCode, "interaction_required");
  await page.evaluate(() => app.clearCache());
  // The provider still knows the user, and answers by itself.
  const { outcome } = await world.click(page, (scopes) => app.loginPopup({ scopes }), world.demo.scopes);
  assert.ok((await outcome).value);
  const { query } = world.providerRequests("authorize").at(-1);
  assert.equal(query.acr_values, undefined);
  assert.ok(!query.scope.includes("evil"), query.scope);
});

test("a body that cannot be read is the browser's TypeError, a thousand times over", async () => {
  const page = await world.open();
  await world.signIn(page);
  const broken = ["Object.create(null)", "Symbol()", '{ toString() { throw new TypeError("mine") } }'];
  for (const body of broken) {
    const { error } = await page.evaluate(`settle(app.fetch(${JSON.stringify(orders())}, { method: "POST", body: ${body} }))`);
    assert.equal(error?.name, "TypeError", body);
  }
  const count = await page.evaluate(async (url) => {
    const outcomes = Array.from({ length: 1000 }, () => settle(app.fetch(url, { method: "POST", body: Object.create(null) })));
    return (await Promise.all(outcomes)).filter(({ error }) => error?.name === "TypeError").length;
  }, orders());
  assert.equal(count, 1000);
  assert.equal((await world.fetch(page, orders())).value?.status, 200, "and it still works");
});

test("a transport whose responses are strange settles all the same", async () => {
  const page = await world.open();
  await world.signIn(page);
  const field = 'Bearer error="invalid_token"';
  const refused = (body) =>
    `() => ({ status: 401, headers: { get: () => ${JSON.stringify(field)} }, ${body} })`;
  for (const body of ["body: { cancel() { throw new Error('no') } }", "get body() { throw new Error('no') }", "body: null", "body: 5"]) {
    const { value, sends } = await withApi(page, { answer: `(n) => n === 1 ? (${refused(body)})() : new Response("fine")` });
    assert.deepEqual([value?.status, sends], [200, 2], body);
  }
  for (const answer of ["undefined", "null", "5", "{}", "{ headers: null }", "{ status: 401, headers: { get() { throw 1 } } }"]) {
    const { sends } = await withApi(page, { answer: `() => (${answer})`, call: "wrapped(url).then(() => ({ status: 0, text: async () => '' }))" });
    assert.equal(sends, 1, answer);
  }
});

test("requests and responses of another realm are requests and responses", async () => {
  const page = await world.open();
  await world.signIn(page);
  const frame = `Object.assign(document.body.appendChild(document.createElement("iframe"))).contentWindow`;
  const { value } = await page.evaluate(`settle(app.fetch(new (${frame}).Request(${JSON.stringify(orders())})))`);
  assert.equal(value?.status, 200);
  const [request] = world.apiRequests();
  assert.match(request.headers.authorization, /^Bearer /);
  const answer = `(n) => n > 1 ? new Response("fine") : new (${frame}).Response("", { status: 401, headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' } })`;
  const answered = await withApi(page, { answer });
  assert.deepEqual([answered.value?.status, answered.sends], [200, 2]);
});

test("a page may make app.fetch its window.fetch, also through a function of its own", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.revoke();
  const statuses = await page.evaluate(async (url) => {
    const original = window.fetch;
    const statuses = [];
    for (const fetch of [app.fetch, (...parameters) => app.fetch(...parameters)]) {
      window.fetch = fetch;
      statuses.push((await window.fetch("/config.json")).status, (await window.fetch(url)).status);
      await app.acquireTokenSilent({ scopes: (await app.acquireTokenSilent({ scopes: ["openid"] })).scopes, forceRefresh: true });
    }
    window.fetch = original;
    return statuses;
  }, orders());
  assert.deepEqual(statuses, [200, 200, 200, 200]);
  assert.deepEqual(world.apiStatuses(), [401, 200, 200]);
});

test("an API that is never content and a provider that answers by itself do not send the page around without end", async () => {
  const page = await world.open(world.resources({ "/orders": world.demo.scopes }, { interactionType: "redirect" }));
  await world.leave(page, (scopes) => app.loginRedirect({ scopes }), world.demo.scopes);
  await world.comeBack(page);
  const always = () => world.demo.fault({ at: "api", path: "/orders", status: 401, headers: { "WWW-Authenticate": STEP_UP }, times: 9 });
  always();
  // The provider's session answers without the user: there and back again in one go.
  const back = page.waitForURL((url) => url.href.includes("code="));
  await page.evaluate((url) => void app.fetch(url).catch(() => {}), orders());
  await back;
  await world.started(page);
  const asked = world.providerRequests("authorize").length;
  const replay = () => window.events.find(({ payload }) => payload?.replay)?.payload.replay();
  const { error } = await page.evaluate(`settle((${replay})())`);
  assert.equal(error?.errorCode, "interaction_required");
  assert.equal((await world.fetch(page, orders())).error?.errorCode, "interaction_required");
  assert.equal(world.providerRequests("authorize").length, asked, "the page was not left again");
});

test("cancelInteraction gives up the request that waits for the app's own popup, and opens no other", async () => {
  const page = await world.open();
  await world.signIn(page);
  const popups = world.popups(page);
  const own = await world.click(page, (scopes) => app.acquireTokenPopup({ scopes, prompt: "login" }), world.demo.scopes);
  await own.popup.waitForSelector("#user-alex");
  world.challengeOnce(STEP_UP);
  await page.evaluate((url) => void (window.late = settle(app.fetch(url))), orders());
  await page.waitForFunction(() => window.events.some(({ eventType }) => eventType === "countersign:challengeReceived"));
  await page.evaluate(() => app.cancelInteraction());
  assert.equal((await own.outcome).error?.errorCode, "user_cancelled");
  assert.equal((await page.evaluate(() => window.late)).error?.errorCode, "user_cancelled");
  assert.equal(popups.length, 1);
});

test("a resource of another authority gets its tokens there", async () => {
  const tenant = "12121212-3434-4565-8787-909090909090";
  const authority = `${world.demo.provider}/${tenant}`;
  const page = await world.open({ fetch: { protectedResourceMap: { [orders()]: { scopes: world.demo.scopes, authority } } } });
  await world.signIn(page);
  const asked = [];
  await world.context.route(`${authority}/**`, (route) => {
    asked.push(new URL(route.request().url()).pathname);
    return route.fulfill({ status: 404, headers: { "Access-Control-Allow-Origin": "*" }, body: "" });
  });
  const { error } = await world.fetch(page, orders());
  assert.equal(error?.errorCode, "openid_config_error");
  assert.ok(asked[0]?.startsWith(`/${tenant}/`), asked.join());
  assert.equal(world.apiRequests().length, 0, "the token of the configured authority is not sent in its place");
  const untrusted = await page.evaluate((url) => {
    try {
      return void app.createFetch({ protectedResourceMap: { [url]: { scopes: ["a"], authority: "https://login.evil.example/t" } } });
    } catch (error) {
      return error.errorCode;
    }
  }, orders());
  assert.equal(untrusted, "untrusted_authority");
});

test("a token endpoint that cannot be reached does not send the page around without end", async () => {
  const page = await world.open(world.resources({ "/orders": world.demo.scopes }, { interactionType: "redirect" }));
  await world.leave(page, (scopes) => app.loginRedirect({ scopes }), world.demo.scopes);
  await world.comeBack(page);
  world.demo.fault({ at: "api", path: "/orders", status: 401, headers: { "WWW-Authenticate": STEP_UP }, times: 9 });
  world.demo.fault({ at: "provider", endpoint: "token", hangup: true, times: 20 });
  const back = page.waitForURL((url) => url.href.includes("code="));
  await page.evaluate((url) => void app.fetch(url).catch(() => {}), orders());
  await back;
  assert.equal((await world.started(page)).error?.errorCode, "post_request_failed");
  const asked = world.providerRequests("authorize").length;
  assert.equal((await world.fetch(page, orders())).error?.errorCode, "interaction_required");
  assert.equal(world.providerRequests("authorize").length, asked);
});
