// The main job: an app signs in, its API challenges the token, the user acts where only the user can, the request succeeds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();

test("a popup signs the user in with PKCE, and the verifier is in no URL", async () => {
  const page = await world.open();
  const { value: result } = await world.signIn(page);
  assert.equal(result.account.username, "alex@contoso.example");
  assert.deepEqual(
    result.scopes.filter((scope) => scope.startsWith("api:")),
    world.demo.scopes,
  );
  const [authorize] = world.providerRequests("authorize");
  assert.equal(authorize.query.code_challenge_method, "S256");
  assert.equal(authorize.query.response_mode, "fragment");
  const [token] = world.providerRequests("token");
  assert.equal(token.body.grant_type, "authorization_code");
  assert.match(token.body.code_verifier, /^[\w-]{43}$/);
  const urls = JSON.stringify(world.demo.log.map(({ path, query }) => [path, query]));
  assert.ok(!urls.includes(token.body.code_verifier));
  assert.equal((await page.evaluate(() => app.getAllAccounts())).length, 1);
});

test("an authorized request reaches the API with the token and comes back 200", async () => {
  const page = await world.open();
  await world.signIn(page);
  const { value } = await world.fetch(page, `${world.demo.api}/orders`);
  assert.equal(value.status, 200);
  const [request] = world.apiRequests();
  assert.match(request.headers.authorization, /^Bearer ey/);
  assert.equal(world.providerRequests("token").length, 1, "the token of the sign-in served");
});

test("every authorize and token request declares the client's capabilities", async () => {
  const page = await world.open();
  await world.signIn(page);
  await page.evaluate((scopes) => app.acquireTokenSilent({ scopes, forceRefresh: true }), world.demo.scopes);
  const requests = [
    ...world.providerRequests("authorize").map(({ query }) => query),
    ...world.providerRequests("token").map(({ body }) => body),
  ];
  assert.equal(requests.length, 3);
  for (const { claims } of requests) assert.deepEqual(JSON.parse(claims).access_token.xms_cc, { values: ["CP1"] });
});

test("a revoked session is answered silently: one refresh with the claims, one replay, and the user sees nothing", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.revoke();
  const { value } = await world.fetch(page, `${world.demo.api}/orders`);
  assert.equal(value.status, 200);
  assert.deepEqual(
    world.apiRequests().map(({ status }) => status),
    [401, 200],
  );
  const [refused, accepted] = world.apiRequests().map(({ headers }) => headers.authorization);
  assert.notEqual(refused, accepted);
  const refresh = world.providerRequests("token").at(-1).body;
  assert.equal(refresh.grant_type, "refresh_token");
  assert.deepEqual(Object.keys(JSON.parse(refresh.claims).access_token), ["nbf", "xms_caeerror", "xms_cc"]);
  assert.equal(world.providerRequests("authorize").length, 1, "nobody was asked again");
  const stored = JSON.stringify(await world.stored(page));
  assert.ok(!stored.includes(refused.slice(7)), "the refused token is in no cache");
  assert.ok(stored.includes(accepted.slice(7)));
});

test("a demand for stronger sign-in opens a popup and the request succeeds after it", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.stronger(true);
  const { popup, outcome } = await world.click(page, (url) => app.fetch(url), `${world.demo.api}/orders`);
  await popup.click("#confirm");
  assert.equal((await outcome).value.status, 200);
  assert.deepEqual(
    world.apiRequests().map(({ status }) => status),
    [401, 200],
  );
  const refusal = world.providerRequests("token").find(({ status }) => status === 400);
  assert.equal(refusal.error, "interaction_required");
  const asked = JSON.parse(world.providerRequests("authorize").at(-1).query.claims);
  assert.deepEqual(asked.access_token.acrs, { essential: true, value: "c1" });
  assert.deepEqual(asked.access_token.xms_cc, { values: ["CP1"] });
  const events = await page.evaluate(() => window.events.map(({ eventType }) => eventType));
  for (const event of ["countersign:challengeReceived", "msal:popupOpened", "countersign:challengeAnswered"])
    assert.ok(events.includes(event), event);
});

test("the next plain request uses the stronger token: nobody is asked twice", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.stronger(true);
  const { popup, outcome } = await world.click(page, (url) => app.fetch(url), `${world.demo.api}/orders`);
  await popup.click("#confirm");
  await outcome;
  const before = world.providerRequests("token").length;
  assert.equal((await world.fetch(page, `${world.demo.api}/orders`)).value.status, 200);
  assert.equal(world.providerRequests("token").length, before);
});

test("a POST with a JSON body is replayed with the same body", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.revoke();
  const order = { item: "Zürich – 10 000 °C", count: 3 };
  const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(order) };
  const { value } = await world.fetch(page, `${world.demo.api}/orders`, init);
  assert.ok(value.status < 300, String(value.status));
  const posts = world.apiRequests();
  assert.equal(posts.length, 2);
  assert.equal(posts[0].status, 401);
  for (const post of posts) {
    assert.deepEqual(post.body, order);
    assert.equal(post.headers["content-type"], "application/json");
  }
});

test("a request for a stronger sign-in that the user closes is user_cancelled, and the session is kept", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.stronger(true);
  const { popup, outcome } = await world.click(page, (url) => app.fetch(url), `${world.demo.api}/orders`);
  await popup.waitForSelector("#confirm");
  await world.watched(page);
  await popup.close();
  const { error } = await outcome;
  assert.equal(error.class, "BrowserAuthError");
  assert.equal(error.errorCode, "user_cancelled");
  assert.equal((await page.evaluate(() => app.getAllAccounts())).length, 1);
  world.demo.stronger(false);
  assert.equal((await world.fetch(page, `${world.demo.api}/orders`)).value.status, 200);
  assert.equal(world.providerRequests("token").at(-1).body.grant_type, "refresh_token", "the old session still refreshes");
});

test("a sign-in that the user cancels at the provider is user_cancelled", async () => {
  const page = await world.open();
  const { popup, outcome } = await world.click(page, (scopes) => app.loginPopup({ scopes }), world.demo.scopes);
  await popup.click("#cancel");
  const { error } = await outcome;
  assert.equal(error.class, "BrowserAuthError");
  assert.equal(error.errorCode, "user_cancelled");
  assert.equal(error.subError, "cancel");
  assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), []);
  assert.equal(world.providerRequests("token").length, 0);
});

test("the provider's popup pages may cut the opener off, and the sign-in still arrives", async () => {
  world.demo.options.coop = true;
  const page = await world.open();
  const { value } = await world.signIn(page);
  assert.equal(value.account.username, "alex@contoso.example");
});

test("the small redirect page answers for a popup as the app's own page does", async () => {
  const page = await world.open({ auth: { redirectUri: `${world.demo.app}/redirect.html` } });
  const { value } = await world.signIn(page);
  assert.equal(value.account.username, "alex@contoso.example");
});

test("cancelInteraction gives a popup up, and the next one opens", async () => {
  const page = await world.open();
  const { popup, outcome } = await world.click(page, (scopes) => app.loginPopup({ scopes }), world.demo.scopes);
  await popup.waitForSelector("#user-alex");
  const closed = popup.waitForEvent("close");
  await page.evaluate(() => app.cancelInteraction());
  assert.equal((await outcome).error.errorCode, "user_cancelled");
  await closed;
  assert.equal((await world.signIn(page)).value.account.username, "alex@contoso.example");
});

test("a client without capabilities is refused with 403 and gets the response as it is", async () => {
  const page = await world.open({ auth: { clientCapabilities: [] } });
  await world.signIn(page);
  world.demo.stronger(true);
  const { value, error } = await world.fetch(page, `${world.demo.api}/orders`);
  assert.equal(value?.status, 403, JSON.stringify(error));
  assert.equal(world.apiRequests().length, 1);
});
