// The README's listener for the request that a page was left for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { guideStage } from "./guide/stage.mjs";

const { world, bundled, statuses } = await guideStage();

/** A page that alex left for a stronger sign-in, because of this request, and has come back to. */
async function leftAndBack(init) {
  await bundled();
  const page = await world.context.newPage();
  await page.goto(`${world.demo.app}/test/leaving.html`);
  assert.deepEqual(await world.started(page), { value: null });
  await world.leave(page, (scopes) => app.loginRedirect({ scopes }), world.demo.scopes);
  await world.comeBack(page);
  world.demo.stronger(true);
  await world.leave(page, ([url, init]) => app.fetch(url, init), [`${world.demo.api}/orders`, init]);
  const { value, error } = await world.comeBack(page, () => page.click("#confirm"));
  assert.equal(value?.account.username, "alex@contoso.example", error);
  await page.waitForFunction(() => window.seen.length);
  return page.evaluate(() => window.seen);
}

test("a GET is sent again on the page that the user comes back to, and answered", async () => {
  const [[what, status, { user }], ...more] = await leftAndBack({});
  assert.deepEqual([what, status, user, more], ["shown", 200, "alex@contoso.example", []]);
  assert.deepEqual(statuses(), [401, 200]);
});

test("a POST is offered to the app with its body, and not sent", async () => {
  const order = { item: "Zürich – 10 000 °C" };
  const seen = await leftAndBack({ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(order) });
  assert.deepEqual(seen, [["offered", "POST", `${world.demo.api}/orders`, order]]);
  assert.deepEqual(statuses(), [401]);
});
