// The README's guide: each snippet, word for word but for addresses, with the real package. What its API and provider receive is what counts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { engine } from "./engines.mjs";
import { snippets } from "./guide/readme.mjs";
import { guideStage } from "./guide/stage.mjs";

const { world, gateway, signedIn, call, holdTokens, refreshes, statuses, assertAnsweredSilently } = await guideStage();
const me = `${gateway.origin}/v1.0/me`;

/** File of `guide/`, and the headers beside `Authorization` that the package's GET needs leave for. */
const PACKAGES = {
  fetch: [],
  axios: ["user-agent"],
  ky: [],
  openapi_fetch: [],
  apollo: ["content-type"], // its GET is a POST
  graph: [],
  kiota: ["user-agent"],
};

test("the guide's snippets are short", () => {
  for (const [heading, code] of snippets) assert.ok(code.trim().split("\n").length <= (heading === "Azure SDK" ? 20 : 12), heading);
});

for (const [name, headers] of Object.entries(PACKAGES)) {
  const answered = name === "apollo" ? 201 : 200;

  test(`${name}: the snippet's request carries the token and is answered, a challenged one after one refresh with the claims`, async () => {
    const page = await signedIn();
    const { value, error } = await call(page, name, "user");
    assert.equal(value, "alex@contoso.example", JSON.stringify(error));
    assert.match(world.apiRequests()[0].headers.authorization, /^Bearer ey/);
    assert.equal(refreshes().length, 0, "the token of the sign-in served");
    // Chromium keeps User-Agent to itself.
    const sent = headers.filter((header) => engine === "firefox" || header !== "user-agent");
    assert.deepEqual([...new Set(gateway.preflights)].sort(), ["authorization", ...sent], "what the API's CORS must allow, as the guide says");
    world.demo.revoke();
    assert.equal((await call(page, name, "user", [], 2)).value, "alex@contoso.example");
    assert.deepEqual(statuses(), [answered, 401, answered]);
    assertAnsweredSilently();
  });

  test(`${name}: a POST is replayed with the same body`, async () => {
    const page = await signedIn();
    await call(page, name, "user");
    world.demo.revoke();
    const order = { item: "Zürich – 10 000 °C" };
    const { value, error } = await call(page, name, "post", [`${me}/messages`, order]);
    assert.equal(value, true, JSON.stringify(error));
    const [refused, accepted] = world.apiRequests().slice(-2);
    assert.deepEqual([refused.status, accepted.status], [401, 201]);
    assert.deepEqual(accepted.body, refused.body);
    assert.equal((accepted.body.variables ?? accepted.body).item, order.item);
    assert.match(accepted.headers["content-type"], /^application\/json/);
    assertAnsweredSilently();
  });

  test(`${name}: with a sign-in that only the user can give, the request waits for it`, async () => {
    const page = await signedIn();
    await call(page, name, "user");
    world.demo.stronger(true);
    const run = (path) => import(path).then(({ user }) => user());
    const { popup, outcome } = await world.click(page, run, `/guide/${name}.js?2`);
    await popup.click("#confirm");
    assert.equal((await outcome).value, "alex@contoso.example");
    assert.deepEqual(statuses(), [answered, 401, answered]);
  });

  for (const [when, hold] of [
    ["while the API is asked", () => gateway.hold()],
    ["while the provider is asked", (page) => holdTokens(page)],
  ]) {
    test(`${name}: a request that is aborted ${when} rejects as the package's own do`, async () => {
      const page = await signedIn();
      await call(page, name, "user");
      world.demo.revoke();
      const { arrived, release } = await hold(page);
      await page.evaluate(
        async ([path, url]) => {
          const { get, isAbort } = await import(path);
          const controller = new AbortController();
          const settled = get(url, controller.signal).then(
            () => "answered",
            (error) => (isAbort(error, controller.signal.reason) ? "its own" : String(error)),
          );
          window.abort = () => {
            controller.abort();
            return settled;
          };
        },
        [`/guide/${name}.js?1`, me],
      );
      await arrived;
      assert.equal(await page.evaluate(() => window.abort()), "its own");
      await release();
      assert.equal((await world.fetch(page, me)).value.status, 200, "the next request is answered");
      assert.equal(refreshes().length, 1);
    });
  }
}

test("kiota sends a request that stays refused once more, and nobody is asked", async () => {
  const page = await signedIn();
  await call(page, "kiota", "user");
  const claims = Buffer.from('{"access_token":{"nbf":{"essential":true,"value":"1"}}}').toString("base64");
  const headers = { "WWW-Authenticate": `Bearer error="insufficient_claims", claims="${claims}"` };
  world.demo.fault({ at: "api", path: "/orders", times: 100, status: 401, headers });
  assert.match((await call(page, "kiota", "post", [me, { item: "tea" }])).error.message, /401/);
  assert.deepEqual(statuses(), [200, 401, 401, 401, 401]);
  assert.equal(refreshes().length, 2);
  assert.equal(world.providerRequests("authorize").length, 1);
});

test("the guide's button is asked before the popup opens, and the click on it opens it", async () => {
  const page = await signedIn();
  world.demo.stronger(true);
  await page.evaluate(
    async ([url, protectedResourceMap]) => {
      document.body.insertAdjacentHTML("beforeend", '<button id="continue" hidden></button>');
      const { ask } = await import("/guide/click.js?1");
      window.outcome = settle(app.createFetch({ protectedResourceMap, onInteractionRequired: ask })(url));
    },
    [me, { [me]: world.demo.scopes }],
  );
  await page.waitForSelector("#continue", { state: "visible" });
  assert.equal(await page.textContent("#continue"), `Continue with ${new URL(me).host}`);
  assert.equal(page.context().pages().length, 1);
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.click("#continue")]);
  await popup.click("#confirm");
  assert.equal((await page.evaluate(() => window.outcome)).value.status, 200);
  assert.equal(await page.isVisible("#continue"), false);
  assert.deepEqual(statuses(), [401, 200]);
});
