// The README's credential for the Azure SDK, under the pipeline that every Azure client has.
import assert from "node:assert/strict";
import { test } from "node:test";
import { guideStage } from "./guide/stage.mjs";

const { world, gateway, signedIn, call, holdTokens, refreshes, statuses, assertAnsweredSilently } = await guideStage();
const me = `${gateway.origin}/v1.0/me`;

/** A page with an Azure client, `window.azure`. */
async function withClient(options) {
  const page = await signedIn(options);
  await page.evaluate(async (scopes) => (window.azure = (await import("/guide/azure.js?1")).createClient(scopes)), world.demo.scopes);
  return page;
}
const send = (page, options) => page.evaluate(([url, options]) => settle(window.azure(url, options)), [me, options]);
const getToken = (page, options) => call(page, "azure", "getToken", [world.demo.scopes, options]);
const asked = () => refreshes().map(({ body }) => JSON.parse(body.claims ?? "{}").access_token ?? null);

test("an Azure client's request carries the token of the sign-in, and nobody is asked for another", async () => {
  const page = await withClient();
  const { value, error } = await send(page);
  assert.equal(value?.status, 200, JSON.stringify(error));
  assert.equal((await send(page)).value.status, 200);
  assert.deepEqual(statuses(), [200, 200]);
  assert.match(world.apiRequests()[0].headers.authorization, /^Bearer ey/);
  assert.equal(world.providerRequests("token").length, 1);
});

for (const [what, options, answered] of [
  ["a request", {}, 200],
  ["a POST", { method: "POST", body: '{"item":"tea"}' }, 201],
]) {
  test(`the challenge of ${what} reaches the provider as the claims of one refresh, and the client sees the answer`, async () => {
    const page = await withClient();
    await send(page);
    world.demo.revoke();
    assert.equal((await send(page, options)).value.status, answered);
    assert.deepEqual(statuses(), [200, 401, answered]);
    assertAnsweredSilently();
    const [refused, accepted] = world.apiRequests().slice(-2);
    assert.deepEqual(accepted.body, refused.body);
    const stored = JSON.stringify(await world.stored(page));
    assert.ok(!stored.includes(refused.headers.authorization.slice(7)), "app.fetch has the better token too");
  });
}

test("claims that only the user can meet open a popup that asks for them", async () => {
  const page = await withClient();
  await send(page);
  world.demo.stronger(true);
  const { popup, outcome } = await world.click(page, (url) => window.azure(url).then(({ status }) => status), me);
  await popup.click("#confirm");
  assert.equal((await outcome).value, 200);
  assert.deepEqual(statuses(), [200, 401, 200]);
  const { access_token } = JSON.parse(world.providerRequests("authorize").at(-1).query.claims);
  assert.deepEqual(access_token, { acrs: { essential: true, value: "c1" }, xms_cc: { values: ["CP1"] } });
});

test("two clients that need the user at once open one popup, and both are answered", async () => {
  const page = await withClient();
  await page.evaluate(async (scopes) => (window.other = (await import("/guide/azure.js?1")).createClient(scopes)), world.demo.scopes);
  world.demo.stronger(true);
  const popups = [];
  page.on("popup", (popup) => popups.push(popup));
  const both = (url) => Promise.all([window.azure(url), window.other(url)]).then((responses) => responses.map(({ status }) => status));
  const { popup, outcome } = await world.click(page, both, me);
  await popup.click("#confirm");
  assert.deepEqual((await outcome).value, [200, 200]);
  assert.equal(popups.length, 1);
});

test("a user who says no is the error of that one request", async () => {
  const page = await withClient();
  await send(page);
  world.demo.stronger(true);
  const { popup, outcome } = await world.click(page, (url) => window.azure(url), me);
  await popup.click("#cancel");
  assert.equal((await outcome).error.errorCode, "user_cancelled");
  assert.equal((await page.evaluate(() => app.getAllAccounts())).length, 1);
});

test("enableCae asks for nothing where the app declares CP1: every token has it", async () => {
  const page = await signedIn();
  const { value } = await getToken(page, { enableCae: true });
  assert.ok(value.expiresOnTimestamp > Date.now());
  assert.deepEqual(asked(), []);
});

test("enableCae declares CP1 for its token where the app does not", async () => {
  const page = await signedIn({ auth: { clientCapabilities: [] } });
  await getToken(page, { enableCae: false });
  assert.deepEqual(asked(), [], "the token of the sign-in served");
  await getToken(page, { enableCae: true });
  assert.deepEqual(asked(), [{ xms_cc: { values: ["CP1"] } }]);
  await getToken(page, { enableCae: true, claims: '{"access_token":{"nbf":{"essential":true,"value":"1"}}}' });
  assert.deepEqual(asked()[1], { nbf: { essential: true, value: "1" }, xms_cc: { values: ["CP1"] } });
});

test("an Azure client answers a challenge also where the app does not declare CP1", async () => {
  const page = await withClient({ auth: { clientCapabilities: [] } });
  await send(page);
  world.demo.revoke();
  assert.equal((await send(page)).value.status, 200);
  assert.deepEqual(statuses(), [200, 401, 200]);
});

test("tenantId is the tenant that is asked", async () => {
  world.expectedConsole.push(/openid-configuration/); // the demo has no such tenant
  const page = await signedIn();
  const tenant = "99999999-0000-4000-8000-000000000001";
  await getToken(page, { tenantId: tenant });
  assert.ok(world.demo.log.some(({ at, path }) => at === "provider" && path.startsWith(`/${tenant}/`)));
});

test("abortSignal ends the wait for a token at once, with Azure's own error; the token comes all the same", async () => {
  const page = await signedIn();
  world.demo.revoke();
  const { arrived, release } = await holdTokens(page);
  await page.evaluate(async (scopes) => {
    const { getToken } = await import("/guide/azure.js?1");
    const controller = new AbortController();
    const options = { claims: '{"access_token":{"nbf":{"essential":true,"value":"1"}}}', abortSignal: controller.signal };
    const settled = settle(getToken(scopes, options));
    window.abort = () => {
      controller.abort();
      return settled;
    };
  }, world.demo.scopes);
  await arrived;
  const { error } = await page.evaluate(() => window.abort());
  assert.deepEqual([error.name, error.class], ["AbortError", "AbortError"]);
  await release();
  assert.equal((await world.fetch(page, me)).value.status, 200);
  assert.equal(refreshes().length, 1);
});

test("an aborted request is Azure's AbortError", async () => {
  const page = await withClient();
  await send(page);
  const { arrived, release } = gateway.hold();
  await page.evaluate((url) => {
    const controller = new AbortController();
    const settled = settle(window.azure(url, { abortSignal: controller.signal }));
    window.abort = () => {
      controller.abort();
      return settled;
    };
  }, me);
  await arrived;
  assert.equal((await page.evaluate(() => window.abort())).error.name, "AbortError");
  release();
});
