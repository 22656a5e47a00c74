// Signing out, by redirect and by popup: here, at the provider, and nowhere else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const accounts = (page) => page.evaluate(() => app.getAllAccounts());

/** Entries of the origin that are not this client's. */
const FOREIGN = {
  "msal.unrelated": "kept",
  "countersign.1.another-client.account.x": "kept",
  [`app.${"c0de0000-0000-4000-8000-00000000c516"}`]: "kept",
};
const plant = (page) => page.evaluate((entries) => Object.entries(entries).forEach(([key, value]) => sessionStorage.setItem(key, value)), FOREIGN);
const planted = (page) => page.evaluate((keys) => Object.fromEntries(keys.map((key) => [key, sessionStorage.getItem(key)])), Object.keys(FOREIGN));

test("logoutRedirect comes back to postLogoutRedirectUri, signed out on both sides", async () => {
  const page = await world.open();
  await world.signIn(page);
  await plant(page);
  const ended = page.waitForRequest((request) => new URL(request.url()).pathname.endsWith("/logout"));
  const back = page.waitForURL(`${world.demo.app}/test/app.html?*`);
  await page.evaluate(() => void app.logoutRedirect({ state: "bye" }));
  await ended;
  await back;
  await world.started(page);
  assert.deepEqual(await accounts(page), []);
  assert.deepEqual(await planted(page), FOREIGN);
  const [{ query }] = world.providerRequests("logout");
  assert.equal(query.post_logout_redirect_uri, `${world.demo.app}/test/app.html`);
  assert.equal(query.state, "bye");
  // The provider has forgotten the user too: it shows its page again.
  assert.equal((await world.signIn(page)).value.account.username, "alex@contoso.example");
});

test("logoutPopup signs out in a window, which closes; the page stays where it is", async () => {
  const page = await world.open();
  await world.signIn(page);
  await plant(page);
  const { popup, outcome } = await world.click(page, () => app.logoutPopup({ postLogoutRedirectUri: `${location.origin}/redirect.html` }));
  await popup.waitForEvent("close");
  assert.equal((await outcome).error, undefined);
  assert.deepEqual(await accounts(page), []);
  assert.deepEqual(await planted(page), FOREIGN);
  const [{ query }] = world.providerRequests("logout");
  assert.equal(query.post_logout_redirect_uri, `${world.demo.app}/redirect.html`);
  assert.equal(query.id_token_hint, undefined, "no token in a URL");
  assert.equal((await world.signIn(page)).value.account.username, "alex@contoso.example");
});

test("without a word about it the user comes back to this page; with null nobody says where to", async () => {
  for (const [options, request, back] of [
    [{}, {}, `${world.demo.app}/test/app.html`],
    [{ auth: { postLogoutRedirectUri: "/redirect.html" } }, {}, `${world.demo.app}/redirect.html`],
    [{ auth: { postLogoutRedirectUri: "/redirect.html" } }, { postLogoutRedirectUri: null }, undefined],
    [{ auth: { postLogoutRedirectUri: null } }, {}, undefined],
  ]) {
    const page = await world.open(options);
    const ended = page.waitForRequest((asked) => new URL(asked.url()).pathname.endsWith("/logout"));
    await page.evaluate((request) => void app.logoutRedirect({ ...request, extraQueryParameters: { returnTo: "here" } }), request);
    assert.equal(new URL((await ended).url()).searchParams.get("returnTo"), "here");
    assert.equal(new URL((await ended).url()).searchParams.get("post_logout_redirect_uri") ?? undefined, back);
    await page.close();
  }
});

test("logoutPopup whose window is closed by the user has signed out here all the same", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.fault({ at: "provider", endpoint: "logout", status: 200, headers: { "Content-Type": "text/html" }, body: "<h1>Which account?</h1>" });
  const { popup, outcome } = await world.click(page, () => app.logoutPopup());
  await popup.waitForSelector("h1");
  await world.watched(page);
  await popup.close();
  assert.equal((await outcome).error, undefined);
  assert.deepEqual(await accounts(page), []);
});

test("logoutPopup that is blocked is popup_window_error, and the session is kept", async () => {
  const page = await world.open();
  await world.signIn(page);
  await page.evaluate(() => {
    window.open = () => null;
  });
  const { error } = await page.evaluate(() => settle(app.logoutPopup()));
  assert.equal(error?.errorCode, "popup_window_error");
  assert.equal((await accounts(page)).length, 1);
  assert.equal(world.providerRequests("logout").length, 0);
});

test("signing one account out leaves the other", async () => {
  const page = await world.open();
  await world.signIn(page);
  const { popup, outcome } = await world.click(page, (scopes) => app.loginPopup({ scopes, prompt: "select_account" }), world.demo.scopes);
  await popup.click("#user-sam");
  await outcome;
  assert.equal((await accounts(page)).length, 2);
  const left = page.waitForURL((url) => url.origin === world.demo.provider);
  await page.evaluate(() => {
    const account = app.getAllAccounts().find(({ username }) => username.startsWith("sam"));
    void app.logoutRedirect({ account });
  });
  await left;
  await world.comeBack(page, () => {});
  assert.deepEqual(
    (await accounts(page)).map(({ username }) => username),
    ["alex@contoso.example"],
  );
  assert.ok((await page.evaluate((scopes) => settle(app.acquireTokenSilent({ scopes })), world.demo.scopes)).value.accessToken);
});
