// ID tokens whose signature is checked, with the keys that the provider publishes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const VERIFYING = { system: { verifyIdTokenSignature: true } };

test("a sign-in whose ID token the provider signed succeeds, and its keys are fetched once", async () => {
  const page = await world.open(VERIFYING);
  await world.signIn(page);
  const { value } = await page.evaluate((scopes) => settle(app.acquireTokenSilent({ scopes, forceRefresh: true })), world.demo.scopes);
  assert.ok(value.accessToken);
  assert.equal(world.providerRequests("keys").length, 1);
});

test("a sign-in by redirect is checked on the page the user comes back to", async () => {
  const page = await world.open(VERIFYING);
  await world.leave(page, (scopes) => app.loginRedirect({ scopes }), world.demo.scopes);
  const back = page.waitForURL((url) => url.origin === world.demo.app);
  await page.click("#user-alex");
  await back;
  assert.equal((await world.started(page)).value.account.username, "alex@contoso.example");
  assert.equal(world.providerRequests("keys").length, 1);
});

test("an ID token that another key signed is signature_mismatch, and nobody is signed in", async () => {
  const page = await world.open(VERIFYING);
  const { publicKey } = await crypto.subtle.generateKey(
    { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ["sign", "verify"],
  );
  const published = await (await fetch(`${world.demo.authority}/oauth2/v2.0/keys`)).json();
  const { n, e } = await crypto.subtle.exportKey("jwk", publicKey);
  const keys = published.keys.map((key) => ({ ...key, n, e }));
  world.demo.fault({ at: "provider", endpoint: "keys", status: 200, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ keys }) });
  const { popup, outcome } = await world.click(page, (scopes) => app.loginPopup({ scopes }), world.demo.scopes);
  await popup.click("#user-alex");
  const { error } = await outcome;
  assert.equal(error.class, "ClientAuthError");
  assert.equal(error.errorCode, "signature_mismatch");
  assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), []);
  assert.deepEqual(Object.keys(await world.stored(page)).filter((key) => key.includes(".account.")), []);
});

test("on a new page a refresh that cannot have the provider's keys sends no refresh token, and the next one succeeds", async () => {
  const page = await world.open(VERIFYING);
  await world.signIn(page);
  await page.reload();
  await world.started(page);
  const refresh = () =>
    page.evaluate((scopes) => settle(app.acquireTokenSilent({ scopes, forceRefresh: true })), world.demo.scopes);
  const refreshes = () => world.providerRequests("token").filter(({ body }) => body.grant_type === "refresh_token").length;
  world.demo.fault({ at: "provider", endpoint: "keys", status: 503, body: "" });
  assert.equal((await refresh()).error.errorCode, "openid_config_error");
  assert.equal(refreshes(), 0);
  assert.ok((await refresh()).value.accessToken);
  assert.equal(refreshes(), 1);
});
