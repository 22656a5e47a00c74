// How often a request is answered: each kind of demand once, three answers in all, one question to the user. After that the response is the caller's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const orders = () => `${world.demo.api}/orders`;
const get = (url) => app.fetch(url);
const base64 = (claims) => Buffer.from(JSON.stringify(claims)).toString("base64");
const grants = () => world.providerRequests("token").map(({ body }) => body.grant_type);
const [CODE, REFRESH] = ["authorization_code", "refresh_token"];

const CLAIMS = `Bearer error="insufficient_claims", claims="${base64({ access_token: { nbf: { essential: true, value: "1" } } })}"`;
const CONTEXT = `Bearer error="insufficient_claims", claims="${base64({ access_token: { acrs: { essential: true, value: "c1" } } })}"`;
const INVALID = 'Bearer error="invalid_token"';
const STEP_UP = 'Bearer error="insufficient_user_authentication", acr_values="mfa"';
const SCOPE = 'Bearer error="insufficient_scope", scope="api://countersign-demo/orders.write"';

for (const [what, challenge, expected, user] of [
  ["claims that a refresh brings", CLAIMS, [REFRESH]],
  ["claims that only the user brings", CONTEXT, [REFRESH, CODE], "#confirm"],
  ["another token", INVALID, [REFRESH]],
  ["a step-up", STEP_UP, [CODE], "#confirm"],
  ["scope", SCOPE, [CODE], null],
  ["claims and a step-up", `${CLAIMS}, ${STEP_UP}`, [CODE], "#confirm"],
  ["everything at once", [CLAIMS, STEP_UP, SCOPE, INVALID].join(", "), [CODE], "#confirm"],
]) {
  test(`an API that always asks for ${what} is answered once; its second refusal comes back as the response it is`, async () => {
    const page = await world.open();
    await world.signIn(page);
    const popups = world.popups(page);
    world.challengeOnce(challenge, { times: 100, body: "no" });
    let outcome;
    if (user === undefined) {
      outcome = await world.fetch(page, orders());
    } else {
      const click = await world.click(page, get, orders());
      if (user) await click.popup.click(user);
      outcome = await click.outcome;
    }
    assert.deepEqual(outcome, { value: { status: 401, body: "no" } });
    assert.deepEqual(world.apiStatuses(), [401, 401]);
    assert.deepEqual(grants(), [CODE, ...expected]);
    assert.equal(popups.length, user === undefined ? 0 : 1);
  });
}

test("three kinds, one after the other, are answered; the fourth is the caller's", async () => {
  const page = await world.open();
  await world.signIn(page);
  const popups = world.popups(page);
  for (const challenge of [CLAIMS, INVALID, STEP_UP, SCOPE]) world.challengeOnce(challenge, { body: "no" });
  const { popup, outcome } = await world.click(page, get, orders());
  await popup.click("#confirm");
  assert.deepEqual(await outcome, { value: { status: 401, body: "no" } });
  assert.deepEqual(world.apiStatuses(), [401, 401, 401, 401]);
  assert.deepEqual(grants(), [CODE, REFRESH, REFRESH, CODE]);
  assert.equal(popups.length, 1);
});

test("what an earlier challenge asked for is asked for in the later answers, too", async () => {
  const page = await world.open();
  await world.signIn(page);
  for (const challenge of [CLAIMS, STEP_UP]) world.challengeOnce(challenge);
  const { popup, outcome } = await world.click(page, get, orders());
  await popup.click("#confirm");
  assert.equal((await outcome).value.status, 200);
  const { query } = world.providerRequests("authorize").at(-1);
  assert.equal(query.acr_values, "mfa");
  assert.equal(JSON.parse(query.claims).access_token.nbf.value, "1");
});

test("the user is asked once for a request: a second demand that needs the user is the caller's", async () => {
  const page = await world.open();
  await world.signIn(page);
  const popups = world.popups(page);
  world.challengeOnce(STEP_UP);
  world.challengeOnce(SCOPE, { status: 403, body: "no" });
  const { popup, outcome } = await world.click(page, get, orders());
  await popup.click("#confirm");
  assert.deepEqual(await outcome, { value: { status: 403, body: "no" } });
  assert.deepEqual(world.apiStatuses(), [401, 403]);
  assert.deepEqual(grants(), [CODE, CODE]);
  assert.equal(popups.length, 1);
});

test("the budget is a request's own: the next one is answered again", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.challengeOnce(CLAIMS, { times: 2, body: "no" });
  assert.equal((await world.fetch(page, orders())).value.status, 401);
  world.challengeOnce(CLAIMS);
  assert.equal((await world.fetch(page, orders())).value.status, 200);
  assert.deepEqual(grants(), [CODE, REFRESH, REFRESH]);
});

test("a late refusal of a token that is not the cached one any more is answered with that one, and asks nobody", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.fault({ at: "api", path: "/orders", delay: 1000 });
  const arrival = world.demo.arrival({ at: "api", path: "/orders" });
  await page.evaluate((url) => void (window.late = settle(app.fetch(url))), orders());
  await arrival;
  world.demo.revoke();
  const quick = await world.fetch(page, orders());
  const late = await page.evaluate(() => window.late);
  assert.equal(late.value?.status, 200, JSON.stringify(late.error));
  assert.equal(quick.value?.status, 200, JSON.stringify(quick.error));
  assert.deepEqual(world.apiStatuses().sort(), [200, 200, 401, 401]);
  assert.deepEqual(grants(), [CODE, REFRESH]);
  const stored = JSON.stringify(await world.stored(page));
  assert.ok(stored.includes(world.apiRequests().at(-1).headers.authorization.slice(7)), "the new token is still there");
});
