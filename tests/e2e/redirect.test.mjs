// Sign-in and challenges by redirect: the page leaves, and what it left for is taken up where it comes back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();

async function signIn(page) {
  await world.leave(page, (scopes) => app.loginRedirect({ scopes, state: "the app's own | state" }), world.demo.scopes);
  return world.comeBack(page);
}

test("a redirect signs the user in, and the code leaves the address bar", async () => {
  const page = await world.open();
  const { value: result } = await signIn(page);
  assert.equal(result.account.username, "alex@contoso.example");
  assert.equal(result.state, "the app's own | state");
  assert.equal(await page.evaluate(() => location.hash), "");
  const [token] = world.providerRequests("token");
  assert.equal(token.body.grant_type, "authorization_code");
  assert.ok(!JSON.stringify(world.providerRequests("authorize")).includes(token.body.code_verifier));
  assert.ok(!Object.keys(await world.stored(page)).some((key) => key.endsWith(".pending")), "the verifier is gone from storage");
  assert.equal((await world.fetch(page, `${world.demo.api}/orders`)).value.status, 200);
});

test("a session survives a reload, and the reload redeems nothing", async () => {
  const page = await world.open();
  await signIn(page);
  await page.reload();
  assert.deepEqual(await world.started(page), { value: null });
  assert.equal((await page.evaluate(() => app.getAllAccounts())).length, 1);
  assert.equal((await world.fetch(page, `${world.demo.api}/orders`)).value.status, 200);
  assert.equal(world.providerRequests("token").length, 1);
});

test("a callback that is replayed redeems nothing and answers null", async () => {
  const page = await world.open();
  const answers = [];
  page.on("framenavigated", (frame) => frame.url().includes("#") && answers.push(frame.url()));
  await signIn(page);
  const [callback] = answers.filter((url) => url.includes("code="));
  await page.goto("about:blank");
  await page.goto(callback);
  assert.deepEqual(await world.started(page), { value: null });
  assert.equal(world.providerRequests("token").length, 1);
});

test("a forged callback is state_mismatch: nothing is redeemed, and the real answer still arrives", async () => {
  const page = await world.open();
  await world.leave(page, (scopes) => app.loginRedirect({ scopes }), world.demo.scopes);
  const provider = page.url();
  await page.goto(`${world.demo.app}/test/app.html#code=stolen&state=r.${"A".repeat(22)}`);
  const { error } = await world.started(page);
  assert.equal(error.class, "ClientAuthError");
  assert.equal(error.errorCode, "state_mismatch");
  assert.equal(world.providerRequests("token").length, 0);
  await page.goto(provider);
  assert.equal((await world.comeBack(page)).value.account.username, "alex@contoso.example");
});

test("a fragment that is not ours is left alone", async () => {
  const page = await world.open();
  await page.goto("about:blank");
  await page.goto(`${world.demo.app}/test/app.html#code=abc&state=somebody-elses`);
  assert.deepEqual(await world.started(page), { value: null });
  assert.equal(await page.evaluate(() => location.hash), "#code=abc&state=somebody-elses");
});

test("a demand for stronger sign-in by redirect is met on return, and the next request succeeds", async () => {
  const page = await world.open({ fetch: { interactionType: "redirect" } });
  await signIn(page);
  world.demo.stronger(true);
  await world.leave(page, (url) => app.fetch(url), `${world.demo.api}/orders`);
  const { value } = await world.comeBack(page, () => page.click("#confirm"));
  assert.equal(value.account.username, "alex@contoso.example");
  assert.deepEqual(JSON.parse(world.providerRequests("authorize").at(-1).query.claims).access_token.acrs, { essential: true, value: "c1" });
  const tokens = world.providerRequests("token").length;
  assert.equal((await world.fetch(page, `${world.demo.api}/orders`)).value.status, 200);
  assert.deepEqual(
    world.apiRequests().map(({ status }) => status),
    [401, 200],
  );
  assert.equal(world.providerRequests("token").length, tokens, "the token that the redirect brought served");
});

test("a sign-in by redirect that the user cancels is user_cancelled", async () => {
  const page = await world.open();
  await world.leave(page, (scopes) => app.loginRedirect({ scopes }), world.demo.scopes);
  const { error } = await world.comeBack(page, () => page.click("#cancel"));
  assert.equal(error.errorCode, "user_cancelled");
  assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), []);
});

test("the small redirect page sends a sign-in by redirect on to the app", async () => {
  const page = await world.open({ auth: { redirectUri: `${world.demo.app}/redirect.html` } });
  await world.leave(page, (scopes) => app.loginRedirect({ scopes }), world.demo.scopes);
  const back = page.waitForURL((url) => url.origin === world.demo.app && url.pathname === "/test/app.html");
  await page.click("#user-alex");
  await back;
  assert.equal((await world.started(page)).value.account.username, "alex@contoso.example");
});

test("logoutRedirect ends the session here and at the provider, and touches nothing else in storage", async () => {
  const page = await world.open();
  await signIn(page);
  await page.evaluate(() => sessionStorage.setItem("msal.unrelated", "kept"));
  await world.leave(page, () => app.logoutRedirect());
  const [end] = world.providerRequests("logout");
  assert.equal(end.query.client_id, world.demo.clientId);
  assert.equal(end.query.id_token_hint, undefined, "no token in a URL");
  await world.comeBack(page, () => {});
  assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), []);
  assert.equal(await page.evaluate(() => sessionStorage.getItem("msal.unrelated")), "kept");
});
