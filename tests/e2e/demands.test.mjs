// What an API can demand, and what is done about it: each kind alone, several at once, and those that no token can meet.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const transfers = () => `${world.demo.api}/transfers`;
const orders = () => `${world.demo.api}/orders`;
const both = () => world.resources({ "/orders": world.demo.scopes, "/transfers": world.demo.scopes });
const POST = { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"item":"tea"}' };
const post = ([url, init]) => app.fetch(url, init);
const grants = () => world.providerRequests("token").map(({ body }) => body.grant_type);
const claimsChallenge = (claims) =>
  `Bearer realm="", error="insufficient_claims", claims="${Buffer.from(JSON.stringify(claims)).toString("base64")}"`;

test("a step-up goes to the user with its acr_values and max_age, and to no refresh; the request succeeds after it", async () => {
  const page = await world.open(both());
  await world.signIn(page);
  const { popup, outcome } = await world.click(page, (url) => app.fetch(url), transfers());
  await popup.click("#confirm");
  assert.equal((await outcome).value.status, 200);
  assert.deepEqual(world.apiStatuses("/transfers"), [401, 200]);
  const { query } = world.providerRequests("authorize").at(-1);
  assert.equal(query.acr_values, "mfa");
  assert.equal(query.max_age, "600");
  assert.deepEqual(grants(), ["authorization_code", "authorization_code"]);
  const [refused, accepted] = world.apiRequests("/transfers").map(({ token }) => token);
  assert.equal(refused.acr, "pwd");
  assert.equal(accepted.acr, "mfa");
});

test("the stronger token serves the next requests, and where it is renewed it stays as strong: nobody is asked twice", async () => {
  const page = await world.open(both());
  await world.signIn(page);
  const { popup, outcome } = await world.click(page, (url) => app.fetch(url), transfers());
  await popup.click("#confirm");
  await outcome;
  const popups = world.popups(page);
  assert.equal((await world.fetch(page, transfers())).value.status, 200);
  world.demo.revoke();
  assert.equal((await world.fetch(page, transfers())).value.status, 200);
  assert.deepEqual(world.apiStatuses("/transfers"), [401, 200, 200, 401, 200]);
  assert.deepEqual(grants(), ["authorization_code", "authorization_code", "refresh_token"]);
  assert.equal(popups.length, 0);
});

test("a sign-in that lies too far back is made anew", async () => {
  const page = await world.open(both());
  world.demo.options.signInAge = 7200;
  await world.signIn(page);
  world.demo.options.signInAge = 0;
  world.demo.transfersNeed({ maxAge: 600 });
  const { popup, outcome } = await world.click(page, (url) => app.fetch(url), transfers());
  await popup.click("#user-alex");
  assert.equal((await outcome).value.status, 200);
  const { query } = world.providerRequests("authorize").at(-1);
  assert.equal(query.max_age, "600");
  assert.equal(query.acr_values, undefined);
  const [refused, accepted] = world.apiRequests("/transfers").map(({ token }) => token.auth_time);
  assert.ok(accepted - refused >= 7200);
});

test("a max_age of 0 is a demand like any other: the user signs in now", async () => {
  const page = await world.open(both());
  world.demo.options.signInAge = 7200;
  await world.signIn(page);
  world.demo.options.signInAge = 0;
  world.demo.transfersNeed({ maxAge: 0 });
  const { popup, outcome } = await world.click(page, (url) => app.fetch(url), transfers());
  await popup.click("#user-alex");
  assert.equal((await outcome).value.status, 200);
  assert.equal(world.providerRequests("authorize").at(-1).query.max_age, "0");
});

for (const [what, need, options, code, user] of [
  ["of a lower class than was asked for", { acrValues: ["mfa"] }, { ignoreStepUp: true }, "acr_mismatch", null],
  ["older than was asked for", { maxAge: 600 }, { signInAge: 7200 }, "max_age_transpired", "#user-alex"],
]) {
  test(`a provider that answers with a sign-in ${what} is not believed: an error, nothing stored, the request not repeated`, async () => {
    const page = await world.open(both());
    world.demo.options.signInAge = 7200;
    await world.signIn(page);
    world.demo.options.signInAge = 0;
    const before = await world.stored(page);
    Object.assign(world.demo.options, options);
    world.demo.transfersNeed(need);
    const { popup, outcome } = await world.click(page, (url) => app.fetch(url), transfers());
    if (user) await popup.click(user);
    const { error } = await outcome;
    assert.equal(error?.errorCode, code);
    assert.deepEqual(await world.stored(page), before);
    assert.deepEqual(world.apiStatuses("/transfers"), [401]);
    // What there was still serves where it is enough.
    assert.equal((await world.fetch(page, orders())).value.status, 200);
    assert.equal(grants().length, 2);
  });
}

test("a demand for scope asks for the resource's scopes and the new one, and to no refresh; nobody is asked twice", async () => {
  const [read, write] = world.demo.scopes;
  const page = await world.open(world.resources({ "/orders": [read] }));
  await world.signIn(page, { scopes: [read] });
  const popups = world.popups(page);
  const { outcome } = await world.click(page, post, [orders(), POST]);
  assert.equal((await outcome).value.status, 201);
  assert.deepEqual(world.apiStatuses(), [403, 201]);
  const asked = world.providerRequests("authorize").at(-1).query.scope.split(" ");
  assert.ok(asked.includes(read) && asked.includes(write), asked.join(" "));
  assert.equal((await world.fetch(page, orders(), POST)).value.status, 201);
  assert.equal((await world.fetch(page, orders())).value.status, 200);
  assert.deepEqual(grants(), ["authorization_code", "authorization_code"]);
  assert.equal(popups.length, 1);
  assert.equal(world.apiRequests()[1].raw.toString(), POST.body);
});

test("a claims demand and a step-up of one response are met by one interaction and one token request", async () => {
  const page = await world.open(both());
  await world.signIn(page);
  world.demo.revoke();
  const { popup, outcome } = await world.click(page, (url) => app.fetch(url), transfers());
  await popup.click("#confirm");
  assert.equal((await outcome).value.status, 200);
  assert.deepEqual(world.apiStatuses("/transfers"), [401, 200]);
  assert.deepEqual(grants(), ["authorization_code", "authorization_code"]);
  const { query } = world.providerRequests("authorize").at(-1);
  assert.equal(query.acr_values, "mfa");
  assert.ok(JSON.parse(query.claims).access_token.nbf.essential);
});

test("a step-up that needs more scope is met by one interaction", async () => {
  const [read, write] = world.demo.scopes;
  const page = await world.open(world.resources({ "/transfers": [read] }));
  await world.signIn(page, { scopes: [read] });
  const { popup, outcome } = await world.click(page, post, [transfers(), POST]);
  await popup.click("#confirm");
  assert.equal((await outcome).value.status, 201);
  assert.deepEqual(world.apiStatuses("/transfers"), [401, 201]);
  const { query } = world.providerRequests("authorize").at(-1);
  assert.equal(query.acr_values, "mfa");
  for (const scope of [read, write]) assert.ok(query.scope.split(" ").includes(scope));
  assert.deepEqual(grants(), ["authorization_code", "authorization_code"]);
});

test("claims and more scope are met by one interaction", async () => {
  const [read, write] = world.demo.scopes;
  const page = await world.open(world.resources({ "/orders": [read] }));
  await world.signIn(page, { scopes: [read] });
  world.demo.stronger(true);
  const { popup, outcome } = await world.click(page, post, [orders(), POST]);
  await popup.click("#confirm");
  assert.equal((await outcome).value.status, 201);
  assert.deepEqual(world.apiStatuses(), [401, 201]);
  const { query } = world.providerRequests("authorize").at(-1);
  assert.ok(query.scope.split(" ").includes(write));
  assert.equal(JSON.parse(query.claims).access_token.acrs.value, "c1");
  assert.deepEqual(grants(), ["authorization_code", "authorization_code"]);
});

test("a DPoP nonce after a claims demand is the caller's to answer", async () => {
  const page = await world.open();
  await world.signIn(page);
  world.challengeOnce(claimsChallenge({ access_token: { nbf: { essential: true, value: "1" } } }));
  world.challengeOnce('DPoP error="use_dpop_nonce"', { body: "a nonce", headers: { "DPoP-Nonce": "n" } });
  assert.deepEqual((await world.fetch(page, orders())).value, { status: 401, body: "a nonce" });
  assert.equal(world.apiRequests().length, 2);
  assert.deepEqual(grants(), ["authorization_code", "refresh_token"]);
});

test("what no token can meet is the caller's: no token is asked for, and none is lost", async () => {
  const page = await world.open();
  await world.signIn(page);
  const before = await world.stored(page);
  const conflict = [1, 2].map((value) => claimsChallenge({ access_token: { a: { value } } })).join(", ");
  for (const [what, header, status = 401] of [
    ["a DPoP nonce", 'DPoP error="use_dpop_nonce"'],
    ["a token, where one was sent", 'Bearer realm="orders"'],
    ["what its metadata say", 'Bearer resource_metadata="https://api.example/.well-known/oauth-protected-resource"'],
    ["claims that cannot be read", 'Bearer error="insufficient_claims", claims="!"'],
    ["claims that contradict each other", conflict],
    ["another scheme", 'Negotiate, Basic realm="orders"'],
    ["nothing that is known", 'Bearer error="out_of_tea"', 403],
    ["more scope, and does not say which", 'Bearer error="insufficient_scope"', 403],
  ]) {
    world.challengeOnce(header, { status, body: what });
    assert.deepEqual((await world.fetch(page, orders())).value, { status, body: what });
  }
  assert.equal(world.apiRequests().length, 8);
  assert.equal(grants().length, 1);
  assert.deepEqual(await world.stored(page), before);
});

test("a claims demand is answered by a client that has declared no capabilities, too", async () => {
  const page = await world.open({ auth: { clientCapabilities: [] } });
  await world.signIn(page);
  world.challengeOnce(claimsChallenge({ access_token: { nbf: { essential: true, value: "1" } } }));
  assert.equal((await world.fetch(page, orders())).value.status, 200);
  const { claims } = world.providerRequests("token").at(-1).body;
  assert.deepEqual(JSON.parse(claims), { access_token: { nbf: { essential: true, value: "1" } } });
});

test("the app is told of each demand before anybody is asked, and of the answer", async () => {
  const page = await world.open(both());
  await world.signIn(page);
  world.demo.revoke();
  const { popup, outcome } = await world.click(page, (url) => app.fetch(url), transfers());
  await popup.click("#confirm");
  await outcome;
  const told = await page.evaluate(() => window.events.filter(({ eventType }) => eventType.startsWith("countersign:")));
  assert.deepEqual(
    told.map(({ eventType, interactionType }) => [eventType, interactionType]),
    [
      ["countersign:challengeReceived", null],
      ["countersign:challengeAnswered", "popup"],
    ],
  );
  for (const { payload } of told) {
    assert.equal(payload.url, transfers());
    assert.equal(payload.method, "GET");
    assert.equal(payload.status, 401);
    assert.deepEqual(
      payload.demands.map(({ kind }) => kind),
      ["claims", "step_up"],
    );
    assert.deepEqual(payload.demands[1].acrValues, ["mfa"]);
  }
  assert.ok(!JSON.stringify(told).includes("ey"), "no token is told");
});

test("an API gets no token with a scope that is listed for another origin only, in whichever map, and whatever else the two share", async () => {
  const [read, write] = world.demo.scopes;
  const page = await world.open(world.resources({ "/orders": [read], "/admin": [write] }));
  await world.signIn(page, { scopes: [read] });
  const popups = world.popups(page);
  const answers = await page.evaluate(
    async ([read, write, api]) => {
      const challenge = { status: 403, headers: { "WWW-Authenticate": `Bearer error="insufficient_scope", scope="${write}"` } };
      const shared = { "https://a.example/": [read], [`${api}/orders`]: [read], [`${api}/admin`]: [write] };
      const answers = [];
      for (const protectedResourceMap of [shared, { "https://a.example/": [read] }]) {
        const sent = [];
        const fetch = async (request) => sent.push(request.headers.get("Authorization")) && new Response("", challenge);
        const { status } = await app.createFetch({ protectedResourceMap, fetch })("https://a.example/x");
        answers.push([status, sent.length]);
      }
      return answers;
    },
    [read, write, world.demo.api],
  );
  assert.deepEqual(answers, [
    [403, 1],
    [403, 1],
  ]);
  assert.equal(popups.length, 0);
});
