// An API that says anything at all, for 500 requests: whatever it says, promises settle, nothing loops, the user is not pestered, no token strays.
// Everything is drawn from a seed, by the number of the request and not by the clock, so that a run can be repeated. Another one: `SEED=$RANDOM`.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { stage } from "./support.mjs";

const SEED = Number(process.env.SEED ?? 5);
const ROUNDS = 5;
const STEPS = 100;
/** It is sent, again after each of three challenges that are answered, and once more with a token that somebody else has got meanwhile. */
const MOST_REQUESTS = 5;
/** A token where there was none to begin with, one with claims, and another one. What else is demanded no refresh brings. */
const MOST_REFRESHES = 3;

const world = stage({ connectTo: ["http://127.0.0.1:*"] });
const adversary = { origin: "", plan: [], requests: [] };
const stranger = { origin: "", requests: [] };

// ---- chance

/** Numbers that look random and are not: mulberry32. */
function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end) => Math.floor(next() * end);
  /** One of `[weight, value]`. */
  const weighted = (choices) => {
    let left = next() * choices.reduce((sum, [weight]) => sum + weight, 0);
    return choices.find(([weight]) => (left -= weight) < 0)[1];
  };
  return { below, weighted, one: (list) => list[below(list.length)], is: (share) => next() < share };
}

const shared = new URL("../../../shared/vectors/challenges.json", import.meta.url);
const vectors = existsSync(shared) ? shared : new URL("../vectors/challenges.json", import.meta.url);
/** As bytes of a header; what no server can send, or no browser takes, is left out. */
const HEADERS = JSON.parse(readFileSync(vectors, "utf8"))
  .map(({ headers }) => headers.map((line) => Buffer.from(line).toString("latin1")))
  .filter((lines) => lines.every((line) => /^[\t\x20-\x7e\x80-\xff]*$/.test(line)) && lines.join().length < 16_000);

const claims = (request) => Buffer.from(JSON.stringify({ access_token: request })).toString("base64");
const bearer = (error, more = "") => `Bearer error="${error}"${more}`;
/** What an SDK can answer. */
const MEANT = [
  () => bearer("invalid_token"),
  (dice) => bearer("insufficient_claims", `, claims="${claims({ nbf: { essential: true, value: String(dice.below(9)) } })}"`),
  () => bearer("insufficient_claims", `, claims="${claims({ acrs: { essential: true, value: "c1" } })}"`),
  (dice) => bearer("insufficient_user_authentication", `, acr_values="${dice.one(["mfa", "pwd", "gold"])}"`),
  (dice) => bearer("insufficient_user_authentication", `, max_age="${dice.one([0, 60, 3600])}"`),
  () => bearer("insufficient_scope", ', scope="api://countersign-demo/orders.write"'),
  () => bearer("insufficient_scope", ', scope="api://countersign-demo/orders.burn"'),
];

function draftAnswer(dice) {
  const what = dice.weighted([
    [30, "meant"],
    [30, "vector"],
    [25, "fine"],
    [7, "hangup"],
    [8, "away"],
  ]);
  const status = dice.weighted([
    [60, 401],
    [25, 403],
    [15, dice.one([200, 204, 302, 304, 400, 402, 404, 418, 429, 500, 503, 599])],
  ]);
  const delay = dice.is(0.5) ? dice.below(40) : 0;
  const isExposed = !dice.is(0.05);
  if (what === "meant") return { status, delay, isExposed, lines: Array.from({ length: 1 + dice.below(2) }, () => dice.one(MEANT)(dice)) };
  if (what === "vector") return { status, delay, isExposed, lines: dice.one(HEADERS) };
  if (what === "away") return { status: dice.one([301, 302, 303, 307, 308]), delay, isExposed, lines: [], isAway: true };
  return { status: 200, delay, isExposed, lines: [], isHangup: what === "hangup" };
}

/** A request: what is sent, what its answers will be, and what the user says if asked for it. */
const draft = (dice) => ({
  path: dice.weighted([
    [45, "/read"],
    [45, "/all"],
    [10, "/other"],
  ]),
  method: dice.one(["GET", "POST"]),
  body: dice.one(["text", "blob", "form", "request"]),
  abortAfter: dice.is(0.06) ? dice.below(60) : null,
  choice: dice.weighted([
    [80, "popup"],
    [15, "cancel"],
    [5, "nonsense"],
  ]),
  thinks: dice.below(10),
  answers: Array.from({ length: 12 }, () => draftAnswer(dice)),
});

// ---- the servers

function allow(response, isExposed = true) {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Allow-Headers", "*, Authorization");
  response.setHeader("Access-Control-Allow-Methods", "*");
  if (isExposed) response.setHeader("Access-Control-Expose-Headers", "WWW-Authenticate");
}

async function attack(request, response) {
  const url = new URL(request.url, adversary.origin);
  const step = adversary.plan[url.searchParams.get("n")];
  allow(response);
  for await (const chunk of request) void chunk;
  if (request.method === "OPTIONS" || !step) return response.end();
  const answer = step.answers[Math.min(step.received, step.answers.length - 1)];
  step.received += 1;
  // A browser sends again by itself where a connection breaks.
  if (!answer.isHangup) step.answered += 1;
  adversary.requests.push({ path: url.pathname, url: request.url, token: request.headers.authorization });
  if (answer.delay) await new Promise((resolve) => setTimeout(resolve, answer.delay));
  if (answer.isHangup) return request.socket.destroy();
  if (!answer.isExposed) response.removeHeader("Access-Control-Expose-Headers");
  if (answer.isAway) response.setHeader("Location", `${stranger.origin}/?n=${url.searchParams.get("n")}`);
  if (answer.lines.length) response.setHeader("WWW-Authenticate", answer.lines);
  response.statusCode = answer.status;
  return response.end("{}");
}

function lure(request, response) {
  allow(response);
  if (request.method === "OPTIONS") return response.end();
  stranger.requests.push({ url: request.url, token: request.headers.authorization });
  response.setHeader("WWW-Authenticate", 'Bearer error="invalid_token"');
  response.statusCode = stranger.requests.length % 2 ? 401 : 200;
  return response.end();
}

const servers = [
  [adversary, attack],
  [stranger, lure],
].map(([at, handle]) => ({ at, server: createServer((request, response) => void Promise.resolve(handle(request, response)).catch(() => response.destroy())) }));
before(async () => {
  for (const { at, server } of servers) {
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    at.origin = `http://127.0.0.1:${server.address().port}`;
  }
});
after(() => servers.forEach(({ server }) => (server.close(), server.closeAllConnections())));

// ---- the user

/** Meets a window as the dice say. One that is not met within a few pages is closed: an API can ask for what nobody has. */
async function meet(page, popup, dice) {
  const does = dice.weighted([
    [60, "confirm"],
    [20, "cancel"],
    [12, "close"],
    [8, "be somebody else"],
  ]);
  const closed = popup.waitForEvent("close", { timeout: 0 });
  const act = async () => {
    for (let turn = 0; turn < 3; turn++) {
      await popup.waitForSelector("#confirm, #cancel, h1");
      const buttons = await popup.$$eval("button", (all) => all.map(({ id }) => `#${id}`));
      const wanted = { confirm: ["#confirm", "#user-alex"], cancel: ["#cancel"], "be somebody else": ["#confirm", "#user-sam"] }[does] ?? [];
      const button = wanted.find((id) => buttons.includes(id));
      if (!button) break;
      await popup.click(button);
      await popup.waitForLoadState();
    }
    // As slowly as people do: the SDK has looked at it on this page.
    await world.watched(page);
    await popup.close();
  };
  // It closes by itself, which is how it should end, at any moment.
  await Promise.race([closed, act().catch(() => {})]);
  await closed;
}

// ---- the page

/** Sends all requests, `width` at a time. Resolves to what each came to, what the user was asked, and which never ended. */
async function run({ origin, plan, scopes, width }) {
  const asked = plan.map(() => 0);
  const fetch = app.createFetch({
    protectedResourceMap: { [`${origin}/read`]: [scopes[0]], [`${origin}/all`]: scopes },
    onInteractionRequired: async ({ url }) => {
      const n = Number(new URL(url).searchParams.get("n"));
      asked[n] += 1;
      await new Promise((resolve) => setTimeout(resolve, plan[n].thinks));
      return plan[n].choice;
    },
  });
  const bodies = { text: () => "tea", request: () => "tea", blob: () => new Blob(["tea"]), form: () => new URLSearchParams({ tea: 1 }) };
  const outcomes = plan.map(() => null);
  const send = async (step, n) => {
    const control = new AbortController();
    if (step.abortAfter !== null) setTimeout(() => control.abort(`gave up ${n}`), step.abortAfter);
    const init = { method: step.method, signal: control.signal, body: step.method === "GET" ? undefined : bodies[step.body]() };
    const url = `${origin}${step.path}?n=${n}`;
    try {
      const response = await (step.body === "request" ? fetch(new Request(url, init)) : fetch(url, init));
      outcomes[n] = { status: response.status };
      await response.text();
    } catch (thrown) {
      const isOurs = thrown instanceof countersign.AuthError;
      outcomes[n] = { thrown: isOurs ? thrown.errorCode : thrown === `gave up ${n}` ? "gave up" : (thrown?.name ?? String(thrown)) };
    }
  };
  let next = 0;
  const worker = async () => {
    while (next < plan.length) await send(plan[next], next++);
  };
  const all = Promise.all(Array.from({ length: width }, worker));
  let limit;
  await Promise.race([all, new Promise((resolve) => (limit = setTimeout(resolve, 40_000)))]);
  clearTimeout(limit);
  return { asked, outcomes };
}

for (let round = 0; round < ROUNDS; round++) {
  test(`an adversary's answers to ${STEPS} requests (SEED=${SEED}, round ${round + 1})`, async (t) => {
    world.expectedConsole.push(/Access-Control-Expose-Headers/);
    const seed = SEED + Math.imul(round, 0x9e3779b1);
    const dice = chance(seed);
    adversary.plan = Array.from({ length: STEPS }, () => ({ ...draft(dice), received: 0, answered: 0 }));
    adversary.requests.length = stranger.requests.length = 0;
    const page = await world.open();
    await world.signIn(page, { scopes: world.demo.scopes });
    const signIn = world.demo.log.length;
    const met = [];
    page.on("popup", (popup) => met.push(meet(page, popup, chance(seed + met.length + 1))));

    world.demo.fault({ at: "provider", endpoint: "token", delay: dice.below(150), times: dice.below(STEPS) });
    const width = 1 + dice.below(16);
    const { asked, outcomes } = await page.evaluate(run, { origin: adversary.origin, plan: adversary.plan, scopes: world.demo.scopes, width });
    await Promise.all(met);
    const count = (list) => list.reduce((counts, each) => ({ ...counts, [each]: (counts[each] ?? 0) + 1 }), {});
    t.diagnostic(`width ${width}, windows ${met.length}, ${JSON.stringify(count(outcomes.map((one) => one?.status ?? one?.thrown ?? "never")))}`);

    const never = outcomes.flatMap((outcome, n) => (outcome === null ? [n] : []));
    assert.deepEqual(never, [], "each promise settles");
    for (const [n, step] of adversary.plan.entries()) {
      assert.ok(step.answered <= MOST_REQUESTS, `request ${n} was sent ${step.answered} times`);
      assert.ok(asked[n] <= 1, `request ${n} asked the user ${asked[n]} times`);
      if (outcomes[n].thrown === "gave up") assert.notEqual(step.abortAfter, null);
      if (step.path === "/other") assert.ok(step.answered <= 1, `request ${n}, which no token is for, was sent again`);
    }
    const total = (list) => list.reduce((sum, each) => sum + each, 0);
    assert.ok(met.length <= total(asked), "no window without a question");

    // What was asked of the provider for one request carries its correlation id.
    const perRequest = {};
    for (const { endpoint, method, body } of world.demo.log.slice(signIn)) {
      if (endpoint === "token" && method === "POST") (perRequest[body["client-request-id"]] ??= []).push(body.grant_type);
    }
    for (const grants of Object.values(perRequest)) {
      const codes = grants.filter((grant) => grant === "authorization_code").length;
      assert.ok(codes <= 1, String(grants));
      assert.ok(grants.length - codes <= MOST_REFRESHES, String(grants));
    }

    for (const { url, token } of stranger.requests) assert.equal(token, undefined, url);
    for (const { path, url, token } of adversary.requests) {
      assert.equal(Boolean(token), path !== "/other", url);
      assert.ok(!url.includes("eyJ"));
    }
    const hints = world.console.filter((text) => /Access-Control-Expose-Headers/.test(text));
    assert.ok(hints.length <= 1, "one hint for each page");

    // And after all that the session is as good as ever.
    assert.equal((await page.evaluate(() => app.getAllAccounts())).length, 1);
    assert.equal((await world.fetch(page, `${world.demo.api}/orders`)).value?.status, 200);
  });
}
