// What an app hears of what it did not ask for itself: events, and the log.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const ID = "11111111-2222-4333-8444-555555555555";

/** The events of a call since the last time, each of them with a time; then there are none. */
async function heard(page) {
  const events = await page.evaluate(() => window.events.splice(0));
  for (const { timestamp } of events) assert.ok(Math.abs(Date.now() - timestamp) < 60_000, String(timestamp));
  return events;
}
const names = (events) => events.map(({ eventType, interactionType }) => (interactionType ? `${eventType} ${interactionType}` : eventType));
const ids = (events) => [...new Set(events.map(({ correlationId }) => correlationId))];

async function signIn(page, user, request) {
  const { popup, outcome } = await world.click(page, (request) => app.loginPopup(request), { scopes: world.demo.scopes, ...request });
  await popup.click(user);
  return outcome;
}

test("a start is told: initialize, then the look for an answer", async () => {
  const page = await world.open();
  assert.deepEqual(names(await heard(page)), [
    "msal:initializeStart",
    "msal:initializeEnd",
    "msal:handleRedirectStart redirect",
    "msal:handleRedirectEnd redirect",
  ]);
  await page.evaluate(() => app.initialize());
  assert.deepEqual(await heard(page), [], "initialize again is nothing new");
});

test("a sign-in is told with its correlation id, and loginSuccess only where somebody is new", async () => {
  const page = await world.open();
  await heard(page);
  const { value } = await signIn(page, "#user-alex", { correlationId: ID });
  const first = await heard(page);
  assert.deepEqual(names(first), [
    "msal:popupOpened popup",
    "msal:acquireTokenStart popup",
    "msal:acquireTokenSuccess popup",
    "msal:loginSuccess popup",
  ]);
  assert.deepEqual(ids(first), [ID]);
  assert.equal(first[2].payload.accessToken, value.accessToken);
  assert.deepEqual(first[3].payload, value.account, "MSAL's payload: the account");

  await signIn(page, "#user-alex", { prompt: "login", correlationId: ID });
  assert.ok(!names(await heard(page)).includes("msal:loginSuccess popup"), "nobody new");
  await signIn(page, "#user-sam", { prompt: "select_account", correlationId: ID });
  assert.ok(names(await heard(page)).includes("msal:loginSuccess popup"));
});

test("a token from the cache and a refresh are told apart, each with the id of its request", async () => {
  const page = await world.open();
  await signIn(page, "#user-alex");
  await heard(page);
  const silent = (request) => page.evaluate((request) => app.acquireTokenSilent(request), { scopes: world.demo.scopes, ...request });
  await silent({ correlationId: ID });
  const cached = await heard(page);
  assert.deepEqual(names(cached), ["msal:acquireTokenStart silent", "msal:acquireTokenSuccess silent"]);
  assert.equal(cached[1].payload.fromCache, true);
  await silent({ correlationId: ID, forceRefresh: true });
  const refreshed = await heard(page);
  assert.deepEqual(names(refreshed), [
    "msal:acquireTokenStart silent",
    "msal:acquireTokenFromNetworkStart silent",
    "msal:acquireTokenSuccess silent",
  ]);
  assert.deepEqual(ids([...cached, ...refreshed]), [ID]);
});

test("a failure is told with the error of the call, which has the id of its request", async () => {
  const page = await world.open();
  await heard(page);
  const { popup, outcome } = await world.click(page, (request) => app.loginPopup(request), {
    scopes: world.demo.scopes,
    correlationId: ID,
  });
  await popup.click("#cancel");
  const { error } = await outcome;
  assert.equal(error.correlationId, ID);
  const failure = (await heard(page)).at(-1);
  assert.deepEqual([...names([failure]), failure.error, failure.correlationId], ["msal:acquireTokenFailure popup", "user_cancelled", ID]);
});

test("a redirect is told on the page it comes back to, with the id of the page it left", async () => {
  const page = await world.open();
  await page.evaluate(
    ([scopes, correlationId]) => {
      void app.loginRedirect({ scopes, correlationId });
    },
    [world.demo.scopes, ID],
  );
  await page.click("#user-alex");
  await page.waitForURL((url) => url.origin === world.demo.app);
  await world.started(page);
  const told = (await heard(page)).slice(2);
  assert.deepEqual(names(told), [
    "msal:handleRedirectStart redirect",
    "msal:acquireTokenSuccess redirect",
    "msal:loginSuccess redirect",
    "msal:handleRedirectEnd redirect",
  ]);
  assert.deepEqual(ids(told.slice(1)), [ID]);
});

test("a sign-out that the provider does not hear of is told, ends, and the user is signed out here", async () => {
  const page = await world.open();
  await signIn(page, "#user-alex");
  await page.reload();
  await world.started(page);
  await heard(page);
  world.demo.fault({ at: "provider", endpoint: "discovery", status: 500 });
  const { error } = await page.evaluate((correlationId) => settle(app.logoutRedirect({ correlationId })), ID);
  const told = await heard(page);
  assert.deepEqual(names(told), ["msal:logoutStart redirect", "msal:logoutFailure redirect", "msal:logoutEnd redirect"]);
  assert.deepEqual(ids(told), [ID]);
  assert.equal(told[1].error, error.errorCode);
  assert.equal(error.correlationId, ID);
  assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), []);
  assert.deepEqual(Object.keys(await world.stored(page)).filter((key) => key.includes(".account.")), []);
});

test("a sign-out by popup is told from its start to its end, whoever closes the window", async () => {
  const page = await world.open();
  await signIn(page, "#user-alex");
  await heard(page);
  const { popup, outcome } = await world.click(page, (correlationId) => app.logoutPopup({ correlationId }), ID);
  await popup.waitForURL((url) => url.origin === world.demo.provider);
  await world.watched(page);
  await popup.close();
  assert.equal((await outcome).error, undefined);
  const told = await heard(page);
  assert.deepEqual(names(told), ["msal:popupOpened popup", "msal:logoutStart popup", "msal:logoutSuccess popup", "msal:logoutEnd popup"]);
  assert.deepEqual(ids(told), [ID]);
  assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), []);
});

test("a token that is sought in a frame and not found there is told as silent, and changes no status", async () => {
  const page = await world.open();
  await heard(page);
  const { error } = await page.evaluate(
    (correlationId) => settle(app.ssoSilent({ scopes: ["openid"], loginHint: "alex@contoso.example", correlationId })),
    ID,
  );
  const told = await heard(page);
  assert.deepEqual(names(told), ["msal:acquireTokenStart silent", "msal:acquireTokenFailure silent"]);
  assert.deepEqual([ids(told), told[1].error], [[ID], error.errorCode]);
});

test("a tab that hears of a sign-in and of a sign-out in another finds the session as it is then", async () => {
  const local = { cache: { cacheLocation: "localStorage" } };
  const other = await world.open(local);
  await other.evaluate(() => {
    window.told = [];
    const { LOGIN_SUCCESS, LOGOUT_SUCCESS } = countersign.EventType;
    app.addEventCallback(
      ({ eventType, payload, correlationId }) => window.told.push({ eventType, payload, correlationId, accounts: app.getAllAccounts().length }),
      [LOGIN_SUCCESS, LOGOUT_SUCCESS],
    );
  });
  const page = await world.open(local);
  const { value } = await signIn(page, "#user-alex", { correlationId: ID });
  await other.waitForFunction(() => window.told.length === 1);
  await page.evaluate((correlationId) => void app.logoutRedirect({ correlationId }), ID);
  await other.waitForFunction(() => window.told.length === 2);
  const told = await other.evaluate(() => window.told);
  assert.deepEqual(
    told.map(({ eventType, correlationId, accounts }) => [eventType, correlationId, accounts]),
    [
      ["msal:loginSuccess", ID, 1],
      ["msal:logoutSuccess", ID, 0],
    ],
  );
  const account = { ...value.account };
  delete account.idToken;
  assert.deepEqual(told[0].payload, account, "no token crosses the channel");
});

test("an event callback that throws undoes nothing, and is reported", async () => {
  const page = await world.open();
  world.expectedConsole.push(/the app's own mistake/);
  await page.evaluate(() =>
    app.addEventCallback(() => {
      throw new Error("the app's own mistake");
    }, [countersign.EventType.LOGIN_SUCCESS]),
  );
  const { value } = await signIn(page, "#user-alex");
  assert.equal(value.account.username, "alex@contoso.example");
});

test("what is logged at the finest level holds no token, code, verifier, claim or user", async () => {
  const page = await world.open();
  const secrets = new Set();
  const add = (value) => {
    if (typeof value === "string" && value.length > 3) secrets.add(value);
    else if (value && typeof value === "object") Object.values(value).forEach(add);
  };
  const bodies = [];
  world.context.on("response", (response) => {
    const isToken = response.url().endsWith("/token") && response.request().method() === "POST";
    if (isToken) bodies.push(response.json());
  });

  // A sign-in, a refresh, one that is refused, a challenge that is answered, a popup that is declined.
  await signIn(page, "#user-alex", { state: "state-of-the-app", loginHint: "alex@contoso.example" });
  const silent = (request) =>
    page.evaluate((request) => settle(app.acquireTokenSilent(request)), { scopes: world.demo.scopes, forceRefresh: true, ...request });
  assert.ok((await silent()).value);
  world.demo.fault({
    at: "provider",
    endpoint: "token",
    status: 400,
    body: {
      error: "invalid_grant",
      error_description: "AADSTS70000: description-with-a-secret",
      suberror: "suberror-with-a-secret",
      correlation_id: "correlation-with-a-secret",
      claims: '{"access_token":{"secret":{"value":"claims-with-a-secret"}}}',
    },
  });
  assert.ok((await silent()).error);
  world.demo.revoke();
  assert.equal((await world.fetch(page, `${world.demo.api}/orders`)).value.status, 200);
  const { popup, outcome } = await world.click(page, (request) => app.acquireTokenPopup(request), {
    scopes: world.demo.scopes,
    prompt: "login",
  });
  await popup.click("#cancel");
  assert.ok((await outcome).error);

  (await Promise.all(bodies)).forEach(({ access_token, refresh_token, id_token, client_info }) => add({ access_token, refresh_token, id_token, client_info }));
  for (const { query, body } of [...world.providerRequests("authorize"), ...world.providerRequests("token")]) {
    const { code, code_verifier, refresh_token, claims, code_challenge, state, nonce, login_hint, username } = { ...query, ...body };
    add({ code, code_verifier, refresh_token, claims, code_challenge, state, nonce, login_hint, username });
  }
  for (const { sub, oid, name, username } of world.demo.users) add({ sub, oid, name, username });
  add(["state-of-the-app", ...["description", "suberror", "correlation", "claims"].map((of) => `${of}-with-a-secret`)]);
  assert.ok(secrets.size > 25, `${secrets.size} secrets are known`);

  const logged = await page.evaluate(() => window.logged);
  const text = logged.map(([, line]) => line).join("\n");
  for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} in\n${text}`);
  for (const line of ["msal:loginSuccess (popup)", "countersign:challengeAnswered", "login_required", "user_cancelled"])
    assert.ok(text.includes(line), `${line} in\n${text}`);
});
