// What people and frameworks do to a page around a sign-in by redirect: reload, go back, call twice, come with somebody else's answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
// A page that goes away ends what it was doing; browsers differ in whether it still hears of that.
const login = (scopes) => app.loginRedirect({ scopes }).catch(() => {});
const alex = "alex@contoso.example";

test("handleRedirectPromise called twice at once gives both callers the one result, and the code is redeemed once", async () => {
  const page = await world.open({ isStrict: true });
  await world.leave(page, login, world.demo.scopes);
  const { value: results } = await world.comeBack(page);
  assert.deepEqual(
    results.map((result) => result?.account.username),
    [alex, alex],
  );
  assert.equal(world.providerRequests("token").length, 1);
  assert.equal((await page.evaluate(() => app.getAllAccounts())).length, 1);
});

for (const [what, answer] of [
  ["another library's code in the fragment", "#code=abc&state=somebody-elses"],
  ["a code in the query", "?code=abc&state=somebody-elses"],
  ["a code without a state", "#code=abc"],
  ["an error without a state", "#error=access_denied"],
  ["a query that looks like this library's own answer", `?code=abc&state=r.${"A".repeat(22)}`],
  ["the app's own route", "#/orders/17?code=abc"],
]) {
  test(`${what} is left alone: the start answers null, and the URL stays`, async () => {
    const page = await world.open();
    await world.signIn(page);
    const before = await world.stored(page);
    const url = `${world.demo.app}/test/app.html${answer}`;
    await page.goto("about:blank");
    await page.goto(url);
    assert.deepEqual(await world.started(page), { value: null });
    assert.equal(page.url(), url);
    assert.deepEqual(await world.stored(page), before);
    assert.equal(world.providerRequests("token").length, 1);
  });
}

test("a reload of the provider's page in the middle of a redirect does not matter", async () => {
  const page = await world.open();
  await world.leave(page, login, world.demo.scopes);
  await page.reload();
  assert.equal((await world.comeBack(page)).value.account.username, alex);
});

test("a reload while the code is redeemed loses the sign-in and nothing else: the next one starts at once", async () => {
  const page = await world.open();
  await world.leave(page, login, world.demo.scopes);
  // Never answered: the reload ends it.
  world.demo.fault({ at: "provider", endpoint: "token", method: "POST", delay: 20_000, hangup: true });
  const redeeming = page.waitForRequest((request) => request.url().endsWith("/token") && request.method() === "POST");
  await page.click("#user-alex");
  await redeeming;
  await page.reload();
  assert.deepEqual(await world.started(page), { value: null });
  assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), []);
  // The user is signed in at the provider by now, and is not asked again.
  const redeemed = page.waitForResponse((response) => response.url().endsWith("/token") && response.request().method() === "POST");
  await page.evaluate(`void (${login})(${JSON.stringify(world.demo.scopes)})`);
  await redeemed;
  assert.equal((await world.started(page)).value.account.username, alex);
});

test("a reload before the page has left for the provider leaves nothing that is in the way of the next sign-in", async () => {
  const page = await world.open();
  world.demo.fault({ at: "provider", endpoint: "discovery", delay: 20_000, hangup: true });
  const asking = page.waitForRequest((request) => request.url().includes("openid-configuration"));
  await page.evaluate(`void (${login})(${JSON.stringify(world.demo.scopes)})`);
  await asking;
  await page.reload();
  assert.deepEqual(await world.started(page), { value: null });
  await world.leave(page, login, world.demo.scopes);
  assert.equal((await world.comeBack(page)).value.account.username, alex);
});

test("the back button in the middle of a redirect brings the app back, ready for the next sign-in", async () => {
  const page = await world.open();
  await world.leave(page, login, world.demo.scopes);
  await page.goBack();
  assert.equal(new URL(page.url()).origin, world.demo.app);
  await world.started(page);
  assert.equal((await world.signIn(page)).value.account.username, alex);
});

test("after a redirect the back button does not bring the answer back", async () => {
  const page = await world.open();
  await world.leave(page, login, world.demo.scopes);
  await world.comeBack(page);
  const answers = [];
  page.on("framenavigated", (frame) => answers.push(frame.url()));
  await page.evaluate(() => void setTimeout(() => history.back()));
  await page.waitForURL((url) => url.origin === world.demo.provider);
  await page.evaluate(() => void setTimeout(() => history.forward()));
  await page.waitForURL((url) => url.origin === world.demo.app);
  assert.deepEqual(await world.started(page), { value: null });
  assert.ok(answers.length >= 2);
  assert.ok(!answers.some((url) => url.includes("code=")), "the code is in no history");
  assert.equal((await page.evaluate(() => app.getAllAccounts())).length, 1);
  assert.equal(world.providerRequests("token").length, 1);
});

test("a sign-in by redirect in one tab and another in a second tab do not disturb each other", async () => {
  const [one, two] = [await world.open(), await world.open()];
  await world.leave(one, login, world.demo.scopes);
  await world.leave(two, login, world.demo.scopes);
  assert.equal((await world.comeBack(one)).value.account.username, alex);
  assert.equal((await world.comeBack(two, () => two.click("#user-sam"))).value.account.username, "sam@contoso.example");
  assert.equal(world.providerRequests("token").length, 2);
});
