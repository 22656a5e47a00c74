// A challenge answered by redirect: the request is not there any more on the page that the user comes back to. Its descriptor is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const orders = () => `${world.demo.api}/orders`;
const transfers = () => `${world.demo.api}/transfers`;
const files = () => `${world.demo.api}/orders/files`;
const options = () => world.resources({ "/orders": world.demo.scopes, "/transfers": world.demo.scopes }, { interactionType: "redirect" });

async function signedIn() {
  const page = await world.open(options());
  await world.leave(page, (scopes) => app.loginRedirect({ scopes }), world.demo.scopes);
  await world.comeBack(page);
  return page;
}

/** What the app was told of the challenge where it came back. */
const told = (page) =>
  page.evaluate(() =>
    Promise.all(
      window.events
        .filter(({ eventType }) => eventType.startsWith("countersign:"))
        .map(async ({ eventType, interactionType, payload }) => {
          const { body, replay, url, method, headers } = payload ?? {};
          const text = body instanceof Blob ? await body.text() : body;
          return { eventType, interactionType, url, method, headers, body: text, replay: replay === null ? null : typeof replay };
        }),
    ),
  );
const send = ([url, init]) => app.fetch(url, init);

test("a GET comes back with a replay that sends it with the new token, once the app says so", async () => {
  const page = await signedIn();
  world.demo.stronger(true);
  await world.leave(page, send, [`${orders()}?page=2`, { headers: { Accept: "application/json" } }]);
  await world.comeBack(page, () => page.click("#confirm"));
  assert.deepEqual(await told(page), [
    {
      eventType: "countersign:challengeAnswered",
      interactionType: "redirect",
      url: `${orders()}?page=2`,
      method: "GET",
      headers: { accept: "application/json" },
      body: null,
      replay: "function",
    },
  ]);
  assert.deepEqual(world.apiStatuses(), [401], "nothing is sent before the app says so");
  const status = await page.evaluate(
    async () => (await window.events.find(({ payload }) => payload?.replay).payload.replay()).status,
  );
  assert.equal(status, 200);
  const [first, second] = world.apiRequests();
  assert.deepEqual(second.query, { page: "2" });
  assert.equal(second.headers.accept, "application/json");
  assert.notEqual(first.headers.authorization, second.headers.authorization);
  const [authorize] = world.providerRequests("authorize").slice(-1);
  assert.equal(JSON.parse(authorize.query.claims).access_token.acrs.value, "c1");
});

test("a POST comes back with its body and no replay: the app decides whether it is sent again", async () => {
  const page = await signedIn();
  world.demo.stronger(true);
  const init = { method: "POST", headers: { "Content-Type": "application/json", "Accept-Language": "de" }, body: '{"item":"Zürcher Tee"}' };
  await world.leave(page, send, [orders(), init]);
  await world.comeBack(page, () => page.click("#confirm"));
  const [event] = await told(page);
  assert.deepEqual(event, {
    eventType: "countersign:challengeAnswered",
    interactionType: "redirect",
    url: orders(),
    method: "POST",
    headers: { "content-type": "application/json", "accept-language": "de" },
    body: init.body,
    replay: null,
  });
  const status = await page.evaluate(async () => {
    const { url, method, headers, body } = window.events.find(({ payload }) => payload?.url).payload;
    return (await app.fetch(url, { method, headers, body })).status;
  });
  assert.equal(status, 201);
  const [first, second] = world.apiRequests();
  assert.ok(first.raw.equals(second.raw));
  assert.equal(second.headers["content-type"], "application/json");
});

test("a form with a file comes back byte for byte", async () => {
  const page = await signedIn();
  world.demo.stronger(true);
  const post = (url) => {
    const form = new FormData();
    form.append("file", new Blob([Uint8Array.of(0, 255, 128, 13, 10)]), "tea.bin");
    return app.fetch(url, { method: "POST", body: form });
  };
  await world.leave(page, post, files());
  await world.comeBack(page, () => page.click("#confirm"));
  const status = await page.evaluate(async () => {
    const { url, method, headers, body } = window.events.find(({ payload }) => payload?.url).payload;
    return (await app.fetch(url, { method, headers, body })).status;
  });
  assert.equal(status, 201);
  const [first, second] = world.apiRequests();
  assert.ok(first.raw.equals(second.raw));
  assert.equal(first.headers["content-type"], second.headers["content-type"]);
});

test("what waits in storage while the user is away holds no token of the request, and no header that could be a secret", async () => {
  const page = await signedIn();
  world.demo.fault({ at: "provider", endpoint: "authorize", status: 204 });
  const stays = page.waitForResponse((response) => response.url().includes("/authorize") && response.status() === 204);
  await page.evaluate((url) => {
    // The API's CORS policy would not let these through.
    const challenge = { "WWW-Authenticate": 'Bearer error="insufficient_user_authentication", acr_values="mfa"' };
    const transport = async (request) => {
      window.sent = request.headers.get("authorization").slice(7);
      return new Response(null, { status: 401, headers: challenge });
    };
    const ask = app.createFetch({ protectedResourceMap: { [url]: served.scopes }, interactionType: "redirect", fetch: transport });
    void ask(url, { method: "PUT", headers: { "X-Api-Key": "opensesame", Cookie: "opensesame", "Content-Type": "text/plain" }, body: "t" });
  }, orders());
  await stays;
  // JSON in JSON, so that a quote has a backslash before it.
  const waiting = Object.values(await world.stored(page)).filter((text) => text.includes(`${orders()}\\`));
  assert.ok(waiting.length > 0, "the descriptor is there");
  const text = JSON.stringify(waiting);
  assert.ok(!text.includes("opensesame"));
  assert.ok(!text.includes(await page.evaluate(() => window.sent)));
  assert.ok(!/eyJ/.test(text));
});

test("a step-up goes by redirect with its acr_values and max_age, and what comes back is verified", async () => {
  const page = await signedIn();
  await world.leave(page, send, [transfers()]);
  const { query } = world.providerRequests("authorize").at(-1);
  assert.deepEqual([query.acr_values, query.max_age], ["mfa", "600"]);
  await world.comeBack(page, () => page.click("#confirm"));
  assert.equal((await world.fetch(page, transfers())).value.status, 200);
});

test("a provider that ignores the step-up on the way is not believed", async () => {
  const page = await signedIn();
  world.demo.options.ignoreStepUp = true;
  // There and back without a stop.
  const answers = page.waitForURL((url) => url.hash.includes("code="));
  await page.evaluate((url) => void app.fetch(url), transfers());
  await answers;
  const { error } = await world.started(page);
  assert.equal(error?.errorCode, "acr_mismatch");
  assert.equal((await world.fetch(page, orders())).value.status, 200, "the session is as it was");
});

test("a user who cancels at the provider has declined: an event with the request and no replay, and the page is not left again for it", async () => {
  const page = await signedIn();
  world.demo.stronger(true);
  await world.leave(page, send, [orders()]);
  const { error } = await world.comeBack(page, () => page.click("#cancel"));
  assert.equal(error.errorCode, "user_cancelled");
  const [event] = await told(page);
  assert.equal(event.eventType, "countersign:challengeDeclined");
  assert.equal(event.url, orders());
  assert.equal(event.replay, null);
  const asked = world.providerRequests("authorize").length;
  for (let i = 0; i < 2; i++) {
    const again = await world.fetch(page, orders());
    assert.equal(again.error?.errorCode, "interaction_required");
    assert.equal(JSON.parse(again.error.claims).access_token.acrs.value, "c1");
  }
  assert.equal(world.providerRequests("authorize").length, asked);
  assert.equal((await page.evaluate(() => app.getAllAccounts())).length, 1);
  // The app asks by itself, and says nothing of claims.
  await world.leave(page, (scopes) => app.acquireTokenRedirect({ scopes }), world.demo.scopes);
  assert.equal(JSON.parse(world.providerRequests("authorize").at(-1).query.claims).access_token.acrs.value, "c1");
  await world.comeBack(page, () => page.click("#confirm"));
  assert.equal((await world.fetch(page, orders())).value.status, 200);
});

test("a user who comes back by the back button has declined", async () => {
  const page = await signedIn();
  world.demo.stronger(true);
  await world.leave(page, send, [orders()]);
  const asked = world.providerRequests("authorize").length;
  await page.goBack();
  await world.started(page);
  const { error } = await world.fetch(page, orders());
  assert.equal(error?.errorCode, "interaction_required");
  assert.equal(JSON.parse(error.claims).access_token.acrs.value, "c1");
  assert.equal(world.providerRequests("authorize").length, asked);
});

test("onInteractionRequired may choose the redirect for one request; one of another wrapper is not replayed by itself", async () => {
  const page = await world.open(world.resources({ "/orders": world.demo.scopes }));
  await world.signIn(page);
  world.demo.stronger(true);
  const ask = ([url, scopes]) =>
    app.createFetch({ protectedResourceMap: { [url]: scopes }, onInteractionRequired: () => "redirect" })(url);
  await world.leave(page, ask, [orders(), world.demo.scopes]);
  await world.comeBack(page, () => page.click("#confirm"));
  const [event] = await told(page);
  assert.equal(event.eventType, "countersign:challengeAnswered");
  assert.equal(event.replay, null);
});

test("a sign-in by the app leaves no descriptor behind, and a second load tells nothing again", async () => {
  const page = await signedIn();
  assert.deepEqual(await told(page), []);
  world.demo.stronger(true);
  await world.leave(page, send, [orders()]);
  await world.comeBack(page, () => page.click("#confirm"));
  assert.equal((await told(page)).length, 1);
  await page.reload();
  await world.started(page);
  assert.deepEqual(await told(page), []);
});
