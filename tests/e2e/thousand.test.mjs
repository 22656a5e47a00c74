// A thousand requests at once when the token is revoked: one acquisition, and each is answered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const orders = () => `${world.demo.api}/orders`;
/** What each of so many came to, counted. */
const send = async ([url, length]) => {
  const each = () =>
    app.fetch(url).then(
      async (response) => `${response.status} ${(await response.json()).user}`,
      (error) => error.errorCode ?? String(error),
    );
  const counts = {};
  for (const outcome of await Promise.all(Array.from({ length }, each))) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};
const grants = () => world.providerRequests("token").map(({ body, status }) => [body.grant_type, status]);
const ALL = { "200 alex@contoso.example": 1000 };

test("a thousand requests whose token is revoked are one token request and a thousand answers", async () => {
  const page = await world.open();
  await world.signIn(page);
  const popups = world.popups(page);
  world.demo.revoke();
  assert.deepEqual(await page.evaluate(send, [orders(), 1000]), ALL);
  assert.deepEqual(grants(), [
    ["authorization_code", 200],
    ["refresh_token", 200],
  ]);
  assert.equal(world.apiStatuses().filter((status) => status === 200).length, 1000);
  assert.ok(world.apiRequests().length <= 2000, "none is sent three times");
  assert.equal(popups.length, 0);
});

test("a thousand requests that need the user are one window, and a thousand answers", async () => {
  const page = await world.open();
  await world.signIn(page);
  const popups = world.popups(page);
  world.demo.stronger(true);
  const { popup, outcome } = await world.click(page, send, [orders(), 1000]);
  await popup.click("#confirm");
  assert.deepEqual((await outcome).value, ALL);
  assert.equal(popups.length, 1);
  assert.deepEqual(grants(), [
    ["authorization_code", 200],
    ["refresh_token", 400],
    ["authorization_code", 200],
  ]);
  assert.equal(world.apiStatuses().filter((status) => status === 200).length, 1000);
  assert.ok(world.apiRequests().length <= 2000, "none is sent three times");
});

test("a hundred requests that need the user, who says no, are one window and a hundred refusals", async () => {
  const page = await world.open();
  await world.signIn(page);
  const popups = world.popups(page);
  world.demo.stronger(true);
  const { popup, outcome } = await world.click(page, send, [orders(), 100]);
  await popup.click("#cancel");
  // Six at a time are sent; those that are refused after the no are told that it was said.
  const { user_cancelled: first = 0, interaction_required: later = 0 } = (await outcome).value;
  assert.ok(first > 0);
  assert.equal(first + later, 100);
  assert.equal(popups.length, 1);
  assert.deepEqual(world.apiStatuses(), Array(100).fill(401));
});
