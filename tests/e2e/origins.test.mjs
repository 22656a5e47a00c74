// Where tokens go, and where they do not: asserted on what the servers received.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { stage } from "./support.mjs";

const stranger = { requests: [], server: null, origin: "" };
before(async () => {
  stranger.server = createServer((request, response) => {
    const isPreflight = request.method === "OPTIONS";
    if (!isPreflight) stranger.requests.push({ url: request.url, headers: request.headers });
    response.writeHead(request.url.startsWith("/401") && !isPreflight ? 401 : 200, {
      "Access-Control-Allow-Origin": "*",
      // Firefox asks before it follows a redirect with a token that it then leaves out; "*" does not cover that name.
      "Access-Control-Allow-Headers": "*, Authorization",
      "Access-Control-Expose-Headers": "*",
      // A stranger's challenge must not get a token either.
      "WWW-Authenticate": 'Bearer realm="", error="insufficient_claims", claims="e30="',
    });
    response.end("stranger");
  });
  await new Promise((resolve) => stranger.server.listen(0, "127.0.0.1", resolve));
  stranger.origin = `http://127.0.0.1:${stranger.server.address().port}`;
});
after(() => new Promise((resolve) => stranger.server.close(resolve)));

const world = stage({ connectTo: ["http://127.0.0.1:*", "http://localhost:*"] });

test("an origin that is not listed never receives an Authorization header", async () => {
  const page = await world.open();
  await world.signIn(page);
  for (const path of ["/orders", "/401", "/orders?next=/orders"]) {
    const { value } = await world.fetch(page, stranger.origin + path);
    assert.equal(value.body, "stranger");
  }
  assert.equal(stranger.requests.length, 3, "each sent once, none answered");
  for (const { headers } of stranger.requests) assert.equal(headers.authorization, undefined);
  assert.equal(world.providerRequests("token").length, 1);
});

test("a path of the API that is not listed, and a look-alike of one that is, receive no token", async () => {
  const page = await world.open();
  await world.signIn(page);
  for (const path of ["/", "/orders2", "/ordersx/..", "/orders/../control/state", "/orders%2f..", "/Orders"]) {
    await world.fetch(page, world.demo.api + path);
  }
  const received = world.demo.log.filter((entry) => entry.at === "api" && entry.method !== "OPTIONS");
  assert.equal(received.length, 6);
  for (const { path, headers } of received) assert.equal(headers.authorization, undefined, path);
});

test("a path below a listed one receives the token", async () => {
  const page = await world.open();
  await world.signIn(page);
  await world.fetch(page, `${world.demo.api}/orders/17?x=1#y`);
  assert.match(world.demo.log.at(-1).headers.authorization, /^Bearer /);
});

test("a caller's own Authorization header is respected", async () => {
  const page = await world.open();
  await world.signIn(page);
  const { value } = await world.fetch(page, `${world.demo.api}/orders`, { headers: { authorization: "Bearer mine" } });
  assert.equal(value.status, 401);
  assert.deepEqual(
    world.apiRequests().map(({ headers }) => headers.authorization),
    ["Bearer mine"],
  );
});

test("a subtree that the map switches off receives no token", async () => {
  const { api, scopes } = world.demo;
  const page = await world.open({ fetch: { protectedResourceMap: { [`${api}/orders`]: { scopes }, [`${api}/orders/public/`]: null } } });
  await world.signIn(page);
  await world.fetch(page, `${api}/orders/public/17`);
  assert.equal(world.demo.log.at(-1).headers.authorization, undefined);
  await world.fetch(page, `${api}/orders/publican`);
  assert.match(world.demo.log.at(-1).headers.authorization, /^Bearer /);
});

test("no token is in any URL, in any error, or on the network beside the listed resource", async () => {
  const page = await world.open();
  const { value } = await world.signIn(page);
  world.demo.revoke();
  await world.fetch(page, `${world.demo.api}/orders`);
  const stored = JSON.stringify(await world.stored(page));
  const tokens = [value.accessToken, value.idToken, ...(stored.match(/ey[\w-]+\.[\w-]+\.[\w-]+/g) ?? [])];
  assert.ok(tokens.length >= 4);
  for (const { at, path, query, headers } of world.demo.log) {
    const line = JSON.stringify([path, query, headers.referer]);
    for (const token of tokens) assert.ok(!line.includes(token));
    if (at === "provider") assert.equal(headers.authorization, undefined);
  }
});

test("a challenge from where the API redirects to is not answered: no refresh, and the good token is kept", async () => {
  const page = await world.open();
  await world.signIn(page);
  const before = await world.stored(page);
  world.demo.fault({ at: "api", path: "/orders", status: 302, headers: { Location: `${stranger.origin}/401/elsewhere` } });
  const { value } = await world.fetch(page, `${world.demo.api}/orders`);
  assert.equal(value?.status, 401);
  const [redirected] = stranger.requests.filter(({ url }) => url === "/401/elsewhere");
  assert.equal(redirected.headers.authorization, undefined);
  assert.equal(world.providerRequests("token").length, 1);
  assert.deepEqual(await world.stored(page), before);
});

test("a request that is redirected to another origin when it is sent again carries no token there", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.challengeOnce('Bearer error="invalid_token"');
  const Location = `${stranger.origin}/replayed`;
  world.demo.fault({ at: "api", path: "/orders", status: 307, headers: { Location } });
  const { value } = await world.fetch(page, `${world.demo.api}/orders`, { method: "POST", body: "tea" });
  assert.deepEqual(value, { status: 200, body: "stranger" });
  assert.deepEqual(world.apiStatuses(), [401, 307]);
  const [redirected] = stranger.requests.filter(({ url }) => url === "/replayed");
  assert.equal(redirected.headers.authorization, undefined);
  for (const { headers } of world.apiRequests()) assert.match(headers.authorization, /^Bearer /);
});

test("an origin that looks like a listed one receives no token: another name of its host, another port, its name before an @", async () => {
  const { api } = world.demo;
  const { port } = new URL(api);
  const { host, port: other } = new URL(stranger.origin);
  const page = await world.open();
  await world.signIn(page);
  const from = stranger.requests.length;
  for (const url of [`http://127.0.0.1:${port}/orders`, `http://localhost:${other}/orders`, `//${host}/orders`, `${stranger.origin}/${api}/orders`]) {
    await world.fetch(page, url);
  }
  // A URL with a user in it is none that fetch takes.
  const { error } = await world.fetch(page, `http://localhost:${port}@${host}/orders`);
  assert.equal(error.class, "TypeError");
  assert.equal(stranger.requests.length - from, 3);
  for (const { headers } of [...stranger.requests.slice(from), ...world.apiRequests()]) assert.equal(headers.authorization, undefined);
  assert.equal(world.apiRequests().length, 1);
});

test("an input that only looks like a Request settles, and so does the request beside it", async () => {
  const page = await world.open();
  await world.signIn(page);
  const outcomes = await page.evaluate(
    (url) => Promise.all([settle(app.fetch(new Proxy(new Request(url), {}))), settle(app.fetch(url))]),
    `${world.demo.api}/orders`,
  );
  // The browser itself takes it for a URL, "[object Request]", which the app's own origin does not have.
  assert.equal(outcomes[0].value.status, 404);
  assert.equal(outcomes[1].value.status, 200);
  assert.equal(world.apiRequests().length, 1);
});

test("onInteractionRequired sees the decoded challenge; where it declines, no window opens and the app is told once", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.demo.stronger(true);
  const popups = [];
  page.on("popup", (popup) => popups.push(popup));
  const { seen, outcome } = await page.evaluate(async ([url, scopes]) => {
    const seen = [];
    const onInteractionRequired = (context) => seen.push(context) && "cancel";
    const ask = app.createFetch({ protectedResourceMap: { [url]: scopes }, onInteractionRequired });
    return { outcome: await settle(ask(url)), seen };
  }, [`${world.demo.api}/orders`, world.demo.scopes]);
  assert.equal(outcome.error.errorCode, "user_cancelled");
  assert.equal(seen.length, 1);
  assert.equal(seen[0].status, 401);
  assert.deepEqual(JSON.parse(seen[0].claims).access_token.acrs, { essential: true, value: "c1" });
  assert.equal(popups.length, 0);
  const events = await page.evaluate(() => window.events.map(({ eventType }) => eventType));
  assert.equal(events.filter((event) => event === "countersign:challengeDeclined").length, 1);
});
