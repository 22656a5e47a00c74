// A request whose token is in the cache is sent in the call itself; what comes of it is what comes of any other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();
const orders = () => `${world.demo.api}/orders`;

async function signedIn() {
  const page = await world.open();
  await world.signIn(page);
  return page;
}

test("it is on its way, with the token, before fetch returns; in the page's own fetch and in the app's transport", async () => {
  const page = await signedIn();
  const seen = await page.evaluate(async (url) => {
    const { accessToken } = await app.acquireTokenSilent({ scopes: served.scopes });
    const sent = [];
    const transport = async (request) => {
      sent.push(request.headers.get("authorization") === `Bearer ${accessToken}`);
      return new Response();
    };
    const own = app.createFetch({ protectedResourceMap: { [url]: served.scopes }, fetch: transport });
    const { signal } = new AbortController();
    const calls = [
      () => own(url),
      () => own(url, { signal }),
      () => own(new Request(url, { method: "DELETE" })),
      () => own(url, { method: "PUT", body: "tea" }),
    ];
    window.fetch = transport;
    calls.push(() => app.fetch(url));
    const counts = calls.map((call) => {
      window.answer = call();
      return sent.length;
    });
    return { sent, counts };
  }, orders());
  assert.deepEqual(seen, { sent: Array(5).fill(true), counts: [1, 2, 3, 4, 5] });
});

test("it is given up at once, with the caller's own reason, where the app's transport does not listen", async () => {
  const page = await signedIn();
  const outcome = await page.evaluate(async (url) => {
    const transport = () => new Promise(() => {});
    const ask = app.createFetch({ protectedResourceMap: { [url]: served.scopes }, fetch: transport });
    const control = new AbortController();
    const reason = new RangeError("changed my mind");
    const sent = ask(url, { signal: control.signal }).catch((thrown) => thrown === reason);
    control.abort(reason);
    return sent;
  }, orders());
  assert.equal(outcome, true);
});

test("it is given up where that happens while the transport is called, or in the same task, whatever the transport answers", async () => {
  const page = await signedIn();
  const outcomes = await page.evaluate(async (url) => {
    const reason = new RangeError("changed my mind");
    const answers = [() => new Promise(() => {}), () => new Response(), async () => new Response(), () => Promise.reject(new Error("of the network"))];
    const attempts = answers.flatMap((answer) =>
      [true, false].map((isInside) => {
        const control = new AbortController();
        const transport = () => {
          if (isInside) control.abort(reason);
          return answer();
        };
        const ask = app.createFetch({ protectedResourceMap: { [url]: served.scopes }, fetch: transport });
        const sent = ask(url, { signal: control.signal });
        if (!isInside) control.abort(reason);
        return sent.then(String, (thrown) => thrown === reason);
      }),
    );
    return Promise.all(attempts);
  }, orders());
  assert.deepEqual(outcomes, Array(8).fill(true));
});

test("given up while the page's fetch is called, it leaves its place to others", async () => {
  const page = await signedIn();
  const all = await page.evaluate(async (url) => {
    const { fetch } = window;
    const given = [];
    for (let n = 0; n < 100; n++) {
      const control = new AbortController();
      window.fetch = () => {
        control.abort();
        return new Promise(() => {});
      };
      given.push(app.fetch(url, { signal: control.signal }).catch(({ name }) => name));
    }
    const names = new Set(await Promise.all(given));
    // Behind a gate that is full it would not be called in the call itself.
    let isCalled = false;
    window.fetch = (...request) => {
      isCalled = true;
      return fetch(...request);
    };
    const last = app.fetch(url);
    return [[...names], isCalled, (await last).status];
  }, orders());
  assert.deepEqual(all, [["AbortError"], true, 200]);
});

test("requests reach the transport in the order of their calls, whatever their bodies are", async () => {
  const page = await signedIn();
  const methods = await page.evaluate(async (url) => {
    const seen = [];
    const transport = async (request) => {
      seen.push(request.method);
      return new Response();
    };
    const ask = app.createFetch({ protectedResourceMap: { [url]: served.scopes }, maxReplayBodyBytes: 4, fetch: transport });
    await Promise.all([
      ask(new Request(url, { method: "PUT", body: "tea" })),
      ask(new Request(url, { method: "DELETE" })),
      ask(url),
      ask(url, { method: "POST", body: new Blob(["too large"]) }),
      ask(url, { method: "PATCH", body: "tea" }),
    ]);
    return seen;
  }, orders());
  assert.deepEqual(methods, ["PUT", "DELETE", "GET", "POST", "PATCH"]);
});

test("a sign-out by another client on the page is seen, also where the app says whose token it is", async () => {
  const page = await signedIn();
  const framed = page.waitForEvent("frameattached");
  await page.evaluate((url) => {
    const [account] = app.getAllAccounts();
    window.sent = 0;
    const transport = async () => {
      window.sent++;
      return new Response();
    };
    const ask = app.createFetch({ protectedResourceMap: { [url]: served.scopes }, account: () => account, fetch: transport });
    window.send = () => ask(url).then(({ status }) => status, ({ errorCode }) => errorCode);
    document.body.append(Object.assign(document.createElement("iframe"), { src: location.href }));
  }, orders());
  assert.equal(await page.evaluate("send()"), 200);
  const other = await framed;
  await other.waitForFunction(() => Boolean(window.started));
  await other.evaluate(async () => {
    await window.started;
    await app.clearCache();
  });
  assert.equal(await page.evaluate("send()"), "no_account_found");
  assert.equal(await page.evaluate("sent"), 1);
});

test("what the app's transport throws or makes up is the caller's", async () => {
  const page = await signedIn();
  const outcomes = await page.evaluate(async (url) => {
    const thrown = new RangeError("mine");
    const answers = [
      () => {
        throw thrown;
      },
      async () => {
        throw thrown;
      },
      () => undefined,
      async () => null,
      () => "tea",
      () => ({ status: 200, mine: true }),
      () => ({
        get status() {
          throw thrown;
        },
      }),
    ];
    return Promise.all(
      answers.map(async (fetch) => {
        let made;
        const transport = () => (made = fetch());
        const ask = app.createFetch({ protectedResourceMap: { [url]: served.scopes }, fetch: transport });
        const [got, error] = await ask(url).then(
          (value) => [value],
          (error) => [undefined, error],
        );
        return error === undefined ? got === (await made) : error === thrown;
      }),
    );
  }, orders());
  assert.deepEqual(outcomes, Array(7).fill(true));
});

test("refused, it is sent again for the account that it was sent for, whoever is the active one by then", async () => {
  const page = await signedIn();
  const seen = await page.evaluate(async (url) => {
    const [first] = app.getAllAccounts();
    const { accessToken } = await app.acquireTokenSilent({ scopes: served.scopes });
    const other = { ...first, homeAccountId: `other.${first.tenantId}` };
    const later = { account: other, idToken: first.idToken, accessToken: "other's", tokenType: "Bearer", scopes: served.scopes };
    app.setActiveAccount(first);
    const sent = [];
    let answer;
    const transport = async (request) => {
      sent.push(request.headers.get("authorization"));
      return sent.length === 1 ? new Promise((resolve) => (answer = resolve)) : new Response();
    };
    const ask = app.createFetch({ protectedResourceMap: { [url]: served.scopes }, fetch: transport });
    const outcome = ask(url);
    await app.hydrateCache({ ...later, expiresOn: new Date(Date.now() + 3600_000) }, { scopes: served.scopes });
    app.setActiveAccount(app.getAllAccounts().find(({ homeAccountId }) => homeAccountId === other.homeAccountId));
    answer(new Response(null, { status: 401, headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' } }));
    const { status } = await outcome;
    const renewed = await app.acquireTokenSilent({ scopes: served.scopes, account: first });
    return { status, isFirst: sent[0] === `Bearer ${accessToken}`, isRenewed: sent[1] === `Bearer ${renewed.accessToken}`, sent: sent.length };
  }, orders());
  assert.deepEqual(seen, { status: 200, isFirst: true, isRenewed: true, sent: 2 });
  assert.deepEqual(
    world.providerRequests("token").map(({ body }) => body.grant_type),
    ["authorization_code", "refresh_token"],
  );
});

test("a page's own storage functions may call the client, also where another client has written", async () => {
  const page = await signedIn();
  const framed = page.waitForEvent("frameattached");
  await page.evaluate(() => void document.body.append(Object.assign(document.createElement("iframe"), { src: location.href })));
  const other = await framed;
  await other.waitForFunction(() => Boolean(window.started));
  await other.evaluate(() => window.started);
  await page.evaluate(() => {
    const { getItem } = Storage.prototype;
    let isInside = false;
    Storage.prototype.getItem = function (key) {
      if (!isInside) {
        isInside = true;
        try {
          app.setActiveAccount(app.getActiveAccount());
        } catch (error) {
          window.failed = String(error);
        }
        isInside = false;
      }
      return getItem.call(this, key);
    };
  });
  await other.evaluate(() => app.setActiveAccount(app.getAllAccounts()[0]));
  const outcome = await page.evaluate(async (url) => [(await app.fetch(url)).status, app.getAllAccounts().length, window.failed], orders());
  assert.deepEqual(outcome, [200, 1, undefined]);
});

test("whatever a page has put in the place of Request, nothing is thrown in the call, and what is not listed is passed on", async () => {
  const page = await signedIn();
  const outcomes = await page.evaluate(async (url) => {
    const native = Request;
    const own = app.createFetch({ protectedResourceMap: { [url]: served.scopes }, fetch: async (input) => new Response(input.headers?.get("authorization")) });
    const elsewhere = new URL("/elsewhere", url).href;
    const outcome = async (target) => (await own(target)).text();
    const stubs = [
      class {
        get url() {
          throw new TypeError("mine");
        }
      },
      class extends native {
        get url() {
          return Symbol("mine");
        }
      },
      class extends native {
        constructor(...parameters) {
          super(...parameters);
          this.headers.set("Authorization", "Mine");
        }
      },
    ];
    const seen = [];
    for (const stub of stubs) {
      window.Request = stub;
      seen.push(await outcome(elsewhere), await outcome(url));
    }
    window.Request = native;
    return seen;
  }, orders());
  assert.deepEqual(outcomes, Array(6).fill(""));
});
