// The user says no, and is not asked the same again until the app asks by itself. And: one question at a time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const orders = () => `${world.demo.api}/orders`;
const transfers = () => `${world.demo.api}/transfers`;
const both = (more) => world.resources({ "/orders": world.demo.scopes, "/transfers": world.demo.scopes }, more);
const get = (url) => app.fetch(url);
const asked = () => world.providerRequests("authorize").length;
const redeemed = () => world.providerRequests("token").length;

/** A page where the user is signed in, the API wants authentication context c1, and `how` has been declined once. */
async function declined(how = "#cancel", options = both()) {
  const page = await world.open(options);
  await world.signIn(page);
  world.demo.stronger(true);
  const { popup, outcome } = await world.click(page, get, orders());
  await popup.waitForSelector("#confirm");
  if (how === "close") {
    await world.watched(page);
    await popup.close();
  } else {
    await popup.click(how);
  }
  return { page, outcome: await outcome };
}

for (const [what, how] of [
  ["cancels at the provider", "#cancel"],
  ["closes", "close"],
]) {
  test(`a question that the user ${what} is user_cancelled; the same one is not put again, and the session stays`, async () => {
    const { page, outcome } = await declined(how);
    assert.equal(outcome.error.errorCode, "user_cancelled");
    const popups = world.popups(page);
    const before = { asked: asked(), accounts: await page.evaluate(() => app.getAllAccounts().length) };
    assert.equal(before.accounts, 1);
    let { error } = await world.fetch(page, orders());
    assert.equal(error.class, "InteractionRequiredAuthError");
    assert.equal(error.errorCode, "interaction_required");
    assert.deepEqual(JSON.parse(error.claims).access_token.acrs, { essential: true, value: "c1" });
    const tokens = redeemed();
    ({ error } = await world.fetch(page, orders()));
    assert.equal(error.errorCode, "interaction_required");
    assert.equal(redeemed(), tokens, "and the provider is not asked again either");
    assert.equal(asked(), before.asked);
    assert.equal(popups.length, 0);
    world.demo.stronger(false);
    assert.equal((await world.fetch(page, orders())).value.status, 200, "the session serves where it is enough");
  });
}

test("what was declined for one resource is asked for another", async () => {
  const { page } = await declined("#cancel", world.resources({ "/orders": world.demo.scopes, "/transfers": [world.demo.scopes[0]] }));
  world.demo.transfersNeed({});
  const { popup, outcome } = await world.click(page, get, transfers());
  await popup.click("#confirm");
  assert.equal((await outcome).value.status, 200);
});

test("a demand that the user declined does not keep the resource, or a wider one, from a token of its own", async () => {
  const [read, write] = world.demo.scopes;
  const { fetch: options } = world.resources({ "/orders": [read, write], "/orders/narrow": [read] });
  const page = await world.open({ fetch: options });
  await world.signIn(page);
  const decline = ([url, options]) => settle(app.createFetch({ ...options, onInteractionRequired: () => "cancel" })(url));
  for (const path of ["/orders/narrow", "/orders"]) {
    world.challengeOnce(`Bearer error="invalid_token", Bearer error="insufficient_scope", scope="${write}"`, { path });
    const { error } = await page.evaluate(decline, [world.demo.api + path, options]);
    assert.equal(error.errorCode, "user_cancelled");
    assert.equal((await world.fetch(page, orders())).value?.status, 200, path);
  }
});

test("another demand of the same resource is a new question", async () => {
  const { page } = await declined();
  world.demo.stronger(false);
  world.challengeOnce('Bearer error="insufficient_user_authentication", acr_values="mfa"');
  const { popup, outcome } = await world.click(page, get, orders());
  await popup.click("#confirm");
  assert.equal((await outcome).value.status, 200);
});

for (const [what, call] of [
  ["acquireTokenPopup", (scopes) => app.acquireTokenPopup({ scopes })],
  ["loginPopup", (scopes) => app.loginPopup({ scopes })],
]) {
  test(`${what} asks for what was declined without being told, and the request succeeds after it`, async () => {
    const { page } = await declined();
    await world.fetch(page, orders());
    const { popup, outcome } = await world.click(page, call, world.demo.scopes);
    await popup.click("#confirm");
    assert.equal((await outcome).value.account.username, "alex@contoso.example");
    const { claims } = world.providerRequests("authorize").at(-1).query;
    assert.deepEqual(JSON.parse(claims).access_token.acrs, { essential: true, value: "c1" });
    const before = redeemed();
    assert.equal((await world.fetch(page, orders())).value.status, 200);
    assert.equal(redeemed(), before, "the token it brought served");
    await world.click(page, call, world.demo.scopes).then(({ outcome }) => outcome);
    const later = world.providerRequests("authorize").at(-1).query.claims;
    assert.equal(JSON.parse(later).access_token.acrs, undefined, "once there is a token, the claims are dropped");
  });
}

test("an app that asks by itself, and gets a no again, has lifted the first one: the next request may ask", async () => {
  const { page } = await declined();
  const mine = await world.click(page, (scopes) => app.acquireTokenPopup({ scopes }), world.demo.scopes);
  await mine.popup.click("#cancel");
  assert.equal((await mine.outcome).error.errorCode, "user_cancelled");
  const { popup, outcome } = await world.click(page, get, orders());
  await popup.click("#confirm");
  assert.equal((await outcome).value.status, 200);
});

for (const [what, arrange, url, user] of [
  ["a step-up", () => undefined, transfers, "#cancel"],
  ["a newer sign-in", () => world.demo.transfersNeed({ maxAge: 600 }), transfers, "#cancel"],
]) {
  test(`${what} that is declined is remembered, carried by the app's own call, and met by it`, async () => {
    const page = await world.open(both());
    world.demo.options.signInAge = 7200;
    await world.signIn(page);
    world.demo.options.signInAge = 0;
    arrange();
    const first = await world.click(page, get, url());
    await first.popup.click(user);
    assert.equal((await first.outcome).error.errorCode, "user_cancelled");
    const before = [asked(), redeemed()];
    const { error } = await world.fetch(page, url());
    assert.equal(error.errorCode, "interaction_required");
    assert.deepEqual([asked(), redeemed()], before);
    const { popup, outcome } = await world.click(page, (scopes) => app.acquireTokenPopup({ scopes }), world.demo.scopes);
    await popup.click("#user-alex");
    if (world.providerRequests("authorize").at(-1).query.acr_values) await popup.click("#confirm");
    assert.ok((await outcome).value);
    assert.equal((await world.fetch(page, url())).value.status, 200);
  });
}

test("a popup that could not be opened is not the user's no: the next request asks", async () => {
  const page = await world.open(both());
  await world.signIn(page);
  world.demo.stronger(true);
  await page.evaluate(() => {
    window.opens = window.open;
    window.open = () => null;
  });
  const { error } = await world.fetch(page, orders());
  assert.equal(error.errorCode, "popup_window_error");
  await page.evaluate(() => void (window.open = window.opens));
  const { popup, outcome } = await world.click(page, get, orders());
  await popup.click("#confirm");
  assert.equal((await outcome).value.status, 200);
});

test("where onInteractionRequired declines, it is asked once, and no window opens", async () => {
  const page = await world.open(both());
  await world.signIn(page);
  const popups = world.popups(page);
  const { seen, codes } = await page.evaluate(
    async ([url, scopes]) => {
      const seen = [];
      const onInteractionRequired = async (context) => seen.push(context) && "cancel";
      const ask = app.createFetch({ protectedResourceMap: { [url]: scopes }, onInteractionRequired });
      const codes = [];
      for (let i = 0; i < 3; i++) codes.push((await settle(ask(url))).error.errorCode);
      return { seen, codes };
    },
    [transfers(), world.demo.scopes],
  );
  assert.deepEqual(codes, ["user_cancelled", "interaction_required", "interaction_required"]);
  assert.equal(seen.length, 1);
  assert.deepEqual(seen[0].demands, [{ kind: "step_up", acrValues: ["mfa"], maxAge: 600 }]);
  assert.equal(seen[0].url, transfers());
  assert.equal(popups.length, 0);
  assert.equal(redeemed(), 1);
});

test("a question that is given up when its turn has come is not put to the app any more, and nothing of it is left to go wrong", async () => {
  const page = await world.open(both());
  await world.signIn(page);
  const own = await world.click(page, (request) => app.loginPopup(request), { scopes: world.demo.scopes, prompt: "login" });
  await own.popup.waitForSelector("#user-alex");
  const seen = await page.evaluate(
    async ([url, scopes]) => {
      const wrong = [];
      addEventListener("unhandledrejection", ({ reason }) => wrong.push(String(reason)));
      addEventListener("error", ({ message }) => wrong.push(message));
      let asked = 0;
      const onInteractionRequired = () => void asked++;
      const headers = { "WWW-Authenticate": 'Bearer error="insufficient_user_authentication", acr_values="x"' };
      const transport = async () => new Response(null, { status: 401, headers });
      const given = settle(app.createFetch({ protectedResourceMap: { [url]: scopes }, fetch: transport, onInteractionRequired })(url));
      const task = () => new Promise((resolve) => setTimeout(resolve));
      // It waits for the window by then.
      await task();
      app.addEventCallback(({ eventType }) => eventType === "msal:acquireTokenFailure" && app.cancelInteraction());
      window.open = () => null;
      const second = await settle(app.loginPopup({ scopes, overrideInteractionInProgress: true }));
      const codes = [second, await given].map(({ error }) => error.errorCode);
      await task();
      return { codes, asked, wrong };
    },
    [transfers(), world.demo.scopes],
  );
  assert.deepEqual(seen, { codes: ["popup_window_error", "user_cancelled"], asked: 0, wrong: [] });
  await own.outcome;
});

test("a challenge while the app's own popup is open waits for it, and takes what it brought", async () => {
  const page = await world.open(both());
  await world.signIn(page);
  world.demo.stronger(true);
  const popups = world.popups(page);
  const own = await world.click(
    page,
    (request) => app.acquireTokenPopup(request),
    { scopes: world.demo.scopes, claims: '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}' },
  );
  await own.popup.waitForSelector("#confirm");
  const refused = world.demo.arrival({ at: "provider", endpoint: "token", grant_type: "refresh_token" });
  await page.evaluate((url) => void (window.late = settle(app.fetch(url))), orders());
  await refused;
  await own.popup.click("#confirm");
  assert.ok((await own.outcome).value);
  assert.equal((await page.evaluate(() => window.late)).value?.status, 200);
  assert.equal(popups.length, 1);
});

test("a challenge that another interaction does not meet asks after it: never two windows", async () => {
  const page = await world.open(both());
  await world.signIn(page);
  const popups = world.popups(page);
  const own = await world.click(page, (scopes) => app.acquireTokenPopup({ scopes, prompt: "login" }), world.demo.scopes);
  await own.popup.waitForSelector("#user-alex");
  await page.evaluate((url) => void (window.late = settle(app.fetch(url))), transfers());
  await page.waitForFunction(() => window.events.some(({ eventType }) => eventType === "countersign:challengeReceived"));
  await world.watched(page);
  assert.equal(popups.length, 1);
  const next = page.waitForEvent("popup");
  await own.popup.click("#user-alex");
  assert.ok((await own.outcome).value);
  await (await next).click("#confirm");
  assert.equal((await page.evaluate(() => window.late)).value?.status, 200);
});

test("across tabs that share a session at most one window is open at a time, and both requests succeed", async () => {
  const options = { ...both(), cache: { cacheLocation: "localStorage" } };
  const first = await world.open(options);
  await world.signIn(first);
  const second = await world.open(options);
  let open = 0;
  let most = 0;
  const windows = [];
  for (const page of [first, second]) {
    page.on("popup", (popup) => {
      windows.push(popup);
      most = Math.max(most, ++open);
      popup.on("close", () => open--);
    });
  }
  const one = await world.click(first, get, transfers());
  await one.popup.waitForSelector("#confirm");
  await second.evaluate((url) => void (window.late = settle(app.fetch(url))), transfers());
  await second.waitForFunction(() => window.events.some(({ eventType }) => eventType === "countersign:challengeReceived"));
  await world.watched(second);
  assert.equal(windows.length, 1);
  await one.popup.click("#confirm");
  assert.equal((await one.outcome).value.status, 200);
  assert.equal((await second.evaluate(() => window.late)).value?.status, 200);
  assert.equal(most, 1);
});
