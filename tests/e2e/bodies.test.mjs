// Requests with bodies, challenged: what the API received the second time is what it received the first time, byte for byte.
import assert from "node:assert/strict";
import { test } from "node:test";
import { engine } from "./engines.mjs";
import { stage } from "./support.mjs";

const world = stage();
const files = () => `${world.demo.api}/orders/files`;
/** No text in any encoding. */
const BYTES = Buffer.from([0, 255, 10, 13, 10, 0, 128, 195, 40]);

/** Sends what `make(url)` returns, the arguments of a fetch, in the page. */
async function send(page, make) {
  return page.evaluate(`settle(app.fetch(...(${make})(${JSON.stringify(files())})))`);
}

async function revoked(options) {
  const page = await world.open(options);
  await world.signIn(page);
  world.demo.revoke();
  return page;
}

/** The last request was refused and sent again, and the API received the same each time: `expected`, of this type. */
function assertReplayed(what, { value, error }, expected, type) {
  assert.equal(value?.status, 201, `${what}: ${JSON.stringify(value ?? error)}`);
  assert.deepEqual(world.apiStatuses("/orders/files").slice(-2), [401, 201], what);
  const [first, second] = world.apiRequests("/orders/files").slice(-2);
  assert.ok(first.raw.equals(second.raw), `${what}: the same bytes`);
  assert.equal(first.headers["content-type"], second.headers["content-type"], what);
  for (const { raw, headers } of [first, second]) assert.equal(headers["content-length"], String(raw.length), what);
  if (expected) assert.ok(first.raw.equals(expected), `${what}: ${first.raw} is what was given`);
  if (type) assert.match(first.headers["content-type"] ?? "none", type, what);
}

const POST = { method: "POST" };
const BODIES = {
  "a text": ["'\\uFEFFtea\\r\\n\\0Zürich – 10 000 °C 🫖'", Buffer.from("\uFEFFtea\r\n\0Zürich – 10 000 °C 🫖"), /^text\/plain/],
  "an empty text": ["''", Buffer.alloc(0), /^text\/plain/],
  nothing: ["undefined", Buffer.alloc(0), /^none$/],
  "a Blob": ["new Blob([BYTES], { type: 'image/x-tea' })", BYTES, /^image\/x-tea$/],
  "a Blob without a type": ["new Blob([BYTES])", BYTES, /^none$/],
  "an ArrayBuffer": ["BYTES.buffer", BYTES, /^none$/],
  "part of an ArrayBuffer": ["Uint8Array.of(7, 7, ...BYTES, 7).subarray(2, -1)", BYTES, /^none$/],
  "a DataView": ["new DataView(Uint8Array.of(7, ...BYTES).buffer, 1)", BYTES, /^none$/],
  URLSearchParams: ["new URLSearchParams([['item', 'tea & ü'], ['item', '']])", Buffer.from("item=tea+%26+%C3%BC&item="), /^application\/x-www-form-urlencoded/],
  "FormData with files": ["form()", undefined, /^multipart\/form-data; boundary=/],
};

for (const [how, make] of [
  ["in init", (body) => `(url) => [url, { method: "POST", body: ${body} }]`],
  ["in a Request", (body) => `(url) => [new Request(url, { method: "POST", body: ${body} })]`],
  ["in init, over a Request's own", (body) => `(url) => [new Request(url, { method: "POST", body: "coffee" }), { body: ${body} }]`],
]) {
  test(`a body ${how} is sent again byte for byte, whatever it is`, async () => {
    const page = await world.open();
    await world.signIn(page);
    await page.evaluate((bytes) => {
      window.BYTES = Uint8Array.from(bytes);
      window.form = () => {
        const form = new FormData();
        form.append("item", "Zürich\r\n");
        form.append("file", new Blob([window.BYTES], { type: "image/x-tea" }), 'te"a.bin');
        form.append("file", new File(["second"], "second.txt"));
        return form;
      };
    }, [...BYTES]);
    for (const [what, [body, expected, type]] of Object.entries(BODIES)) {
      // With none in init it is the Request's own, whose Content-Type counts in any case.
      const isOver = how.includes("over");
      if (isOver && what === "nothing") continue;
      world.demo.revoke();
      assertReplayed(what, await send(page, make(body)), expected, isOver ? /^text\/plain/ : type);
    }
    const { raw } = world.apiRequests().at(-1);
    assert.ok(raw.includes(BYTES) && raw.includes('filename="second.txt"'));
  });
}

test("JSON is sent again with its type", async () => {
  const page = await revoked();
  const init = { ...POST, headers: { "Content-Type": "application/json" }, body: '{"item":"Zürich – 10 000 °C 🫖"}' };
  assertReplayed("JSON", await world.fetch(page, files(), init), Buffer.from(init.body), /^application\/json$/);
});

test("a body is read when it is sent: what the app changes afterwards is not replayed", async () => {
  const page = await revoked();
  world.demo.fault({ at: "provider", endpoint: "token", delay: 200 });
  const outcome = await page.evaluate((url) => {
    const bytes = new Uint8Array([1, 2, 3]);
    const sent = settle(app.fetch(url, { method: "POST", body: bytes }));
    bytes.fill(9);
    return sent;
  }, files());
  assertReplayed("bytes", outcome, Buffer.from([1, 2, 3]));
});

// ---- limits

test("maxReplayBodyBytes counts bytes, as they are sent: what has as many is replayed, what has more is sent once", async () => {
  const page = await revoked({ fetch: { maxReplayBodyBytes: 10 } });
  await page.evaluate(() => {
    window.form = (text) => {
      const form = new FormData();
      form.append("file", new Blob([text]));
      return form;
    };
  });
  for (const [body, fits] of [
    ['"é".repeat(5)', true],
    ['"é".repeat(5) + "e"', false],
    ["new Blob(['x'.repeat(10)])", true],
    ["new Blob(['x'.repeat(11)])", false],
    ["new ArrayBuffer(10)", true],
    ["new ArrayBuffer(11)", false],
    ["new Uint8Array(new ArrayBuffer(99), 3, 10)", true],
    ["new URLSearchParams({ a: '12345678' })", true],
    ["new URLSearchParams({ a: 'é   567' })", false],
    ["form('x'.repeat(11))", false],
  ]) {
    for (const make of [`(url) => [url, { method: "POST", body: ${body} }]`, `(url) => [new Request(url, { method: "POST", body: ${body} })]`]) {
      world.demo.revoke();
      const from = world.apiRequests().length;
      const { value } = await send(page, make);
      assert.equal(value.status, fits ? 201 : 401, make);
      assert.deepEqual(world.apiStatuses().slice(from), fits ? [401, 201] : [401], make);
      // The token of the next one is on its way: it must not be among those that are revoked next.
      await page.evaluate((scopes) => app.acquireTokenSilent({ scopes }), world.demo.scopes);
    }
  }
});

test("the limit is 1 MiB where the app says nothing; what is over it is sent once and its 401 is the caller's, and the next one has a better token", async () => {
  const page = await revoked();
  const blob = (size) => `(url) => [url, { method: "POST", body: new Blob([new Uint8Array(${size}).fill(7)]) }]`;
  assertReplayed("1 MiB", await send(page, blob(1 << 20)), Buffer.alloc(1 << 20, 7));
  world.demo.revoke();
  assert.equal((await send(page, blob((1 << 20) + 1))).value.status, 401);
  assert.equal((await send(page, blob((1 << 20) + 1))).value.status, 201);
  assert.deepEqual(world.apiStatuses(), [401, 201, 401, 201]);
  assert.equal(world.providerRequests("token").length, 3);
});

// ---- streams

// Browsers upload streams over HTTP/2 and newer only, which the demo's API does not speak: here the transport reads the stream.
const streamed = ([url, isRequest]) => {
  const transport = async (request) => {
    const { method, headers } = request;
    return fetch(url, { method, headers, body: await request.arrayBuffer() });
  };
  const ask = app.createFetch({ protectedResourceMap: { [url]: served.scopes }, fetch: transport });
  const init = { method: "POST", body: new Blob(["tea, ", "streamed"]).stream(), duplex: "half" };
  return settle(isRequest ? ask(new Request(url, init)) : ask(url, init));
};

test("a stream is sent once, and its 401 is the caller's; the next one has a better token", { skip: engine !== "chromium" }, async () => {
  const page = await revoked();
  assert.equal((await page.evaluate(streamed, [files(), false])).value.status, 401);
  assert.equal((await page.evaluate(streamed, [files(), false])).value.status, 201);
  const received = world.apiRequests().map(({ status, raw }) => [status, raw.toString()]);
  assert.deepEqual(received, [
    [401, "tea, streamed"],
    [201, "tea, streamed"],
  ]);
  assert.equal(world.providerRequests("token").length, 2);
});

test("a Request does not say that its body was a stream: it is replayed as any other", { skip: engine !== "chromium" }, async () => {
  const page = await revoked();
  assertReplayed("a stream", await page.evaluate(streamed, [files(), true]), Buffer.from("tea, streamed"));
});

test("a stream that the browser cannot send is rejected as the browser's own fetch rejects it", { skip: engine !== "chromium" }, async () => {
  const page = await world.open();
  await world.signIn(page);
  const [ours, theirs] = await page.evaluate(
    (url) =>
      Promise.all(
        [app.fetch, fetch].map((send) =>
          send(url, { method: "POST", body: new Blob(["tea"]).stream(), duplex: "half" }).then(String, (error) => `${error.name}: ${error.message}`),
        ),
      ),
    files(),
  );
  assert.equal(ours, theirs);
  assert.match(ours, /^TypeError/);
});

// ---- what the transport sees

test("a request that no listed resource claims reaches the transport as the very objects that the app gave, unread", async () => {
  const page = await world.open();
  await world.signIn(page);
  const same = await page.evaluate(async () => {
    let seen;
    const answer = new Response("mine");
    const ask = app.createFetch({ protectedResourceMap: {}, fetch: async (...given) => ((seen = given), answer) });
    const request = new Request("/elsewhere", { method: "POST", body: "tea" });
    const init = { headers: { a: "b" } };
    return [(await ask(request, init)) === answer, seen.length, seen[0] === request, seen[1] === init, request.bodyUsed];
  });
  assert.deepEqual(same, [true, 2, true, true, false]);
});

test("a request for a listed resource is consumed as fetch consumes it, its answer is the transport's own, and the refused one's body is cancelled", async () => {
  const page = await world.open();
  await world.signIn(page);
  const outcome = await page.evaluate(async (url) => {
    let cancelled = 0;
    const sent = [];
    const accepted = new Response("mine");
    const transport = async (request) => {
      sent.push({ token: request.headers.get("authorization"), body: await request.text() });
      if (sent.length > 1) return accepted;
      const body = new ReadableStream({ cancel: () => void cancelled++ });
      return new Response(body, { status: 401, headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' } });
    };
    const ask = app.createFetch({ protectedResourceMap: { [url]: served.scopes }, fetch: transport });
    const request = new Request(url, { method: "POST", body: "tea" });
    const answer = await ask(request);
    return { isSame: answer === accepted, used: request.bodyUsed, cancelled, sent, again: await ask(request).catch((error) => error.name) };
  }, files());
  assert.equal(outcome.isSame, true);
  assert.equal(outcome.used, true);
  assert.equal(outcome.cancelled, 1);
  assert.deepEqual(
    outcome.sent.map(({ body }) => body),
    ["tea", "tea"],
  );
  assert.notEqual(outcome.sent[0].token, outcome.sent[1].token);
  assert.equal(outcome.again, "TypeError", "a body that is gone is gone");
});

test("what the transport adds to a request is not there when it is sent again", async () => {
  const page = await world.open();
  await world.signIn(page);
  const sent = await page.evaluate(async (url) => {
    const post = { method: "POST", body: "tea" };
    const sent = [];
    for (const request of [[url], [url, post], [new Request(url, post)]]) {
      let count = 0;
      const transport = async (request) => {
        request.headers.append("x-trace", String(++count));
        sent.push(request.headers.get("x-trace"));
        return new Response(null, { status: count > 1 ? 204 : 401, headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' } });
      };
      await app.createFetch({ protectedResourceMap: { [url]: served.scopes }, fetch: transport })(...request);
    }
    return sent;
  }, files());
  assert.deepEqual(sent, ["1", "2", "1", "2", "1", "2"]);
});

test("what is sent again is the same request in all else", async () => {
  const page = await world.open();
  await world.signIn(page);
  const [first, second] = await page.evaluate(async (url) => {
    const sent = [];
    const names = ["cache", "credentials", "destination", "integrity", "keepalive", "method", "mode", "redirect", "referrer", "referrerPolicy", "url"];
    const transport = async (request) => {
      const headers = [...request.headers].filter(([name]) => name !== "authorization");
      sent.push({ ...Object.fromEntries(names.map((name) => [name, request[name]])), headers });
      return new Response(null, { status: sent.length > 1 ? 204 : 401, headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' } });
    };
    const ask = app.createFetch({ protectedResourceMap: { [url]: served.scopes }, fetch: transport });
    const init = { cache: "no-store", credentials: "include", keepalive: true, redirect: "manual", referrer: "/test/", referrerPolicy: "origin", headers: { a: "b" } };
    await ask(`${url}?x=1`, { method: "PATCH", body: "tea", ...init });
    return sent;
  }, files());
  assert.deepEqual(first, second);
  assert.equal(first.method, "PATCH");
  assert.equal(first.credentials, "include");
  assert.equal(first.keepalive, true);
});
