// The hidden frame: a sign-in without the user, where the browser's session at the provider can be seen from the app's pages; and where it cannot.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stage } from "./support.mjs";

const ALEX = "alex@contoso.example";
const REDIRECTS = ["/test/app.html", "/redirect.html"];

/** What these tests use beside the stage. */
function tools(world) {
  const silents = () => world.providerRequests("authorize").filter(({ query }) => query.prompt === "none");
  const silent = (page, request = {}) =>
    page.evaluate((request) => settle(app.acquireTokenSilent(request)), { scopes: world.demo.scopes, ...request });
  const sso = (page, request = {}) =>
    page.evaluate((request) => settle(app.ssoSilent(request)), { scopes: world.demo.scopes, ...request });
  return {
    silents,
    silent,
    sso,
    /** Signs in, and forgets it all in the page: what is left is the browser's session at the provider. */
    async signInElsewhere(page) {
      await world.signIn(page);
      await page.evaluate(() => app.clearCache());
      assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), []);
      world.demo.log.length = 0;
    },
    /** Starts to write down every frame of the page. */
    watchFrames: (page) =>
      page.evaluate(() => {
        window.frameLog = { seen: [], most: 0 };
        new MutationObserver((changes) => {
          for (const { addedNodes } of changes)
            for (const node of addedNodes) {
              if (node.tagName !== "IFRAME") continue;
              const isHidden = !node.checkVisibility({ visibilityProperty: true }) || node.offsetWidth * node.offsetHeight === 0;
              window.frameLog.seen.push({ sandbox: [...node.sandbox].sort().join(" "), isHidden, isAriaHidden: node.ariaHidden });
            }
          window.frameLog.most = Math.max(window.frameLog.most, document.querySelectorAll("iframe").length);
        }).observe(document, { childList: true, subtree: true });
      }),
    frames: (page) => page.evaluate(() => ({ ...window.frameLog, left: document.querySelectorAll("iframe").length })),
  };
}

describe("on the provider's site", () => {
  const world = stage({ providerHost: "localhost" });
  const { silents, silent, sso, signInElsewhere, watchFrames, frames } = tools(world);

  for (const path of REDIRECTS) {
    test(`ssoSilent signs in whom the provider knows, and ${path} answers for the frame`, async () => {
      const page = await world.open({ auth: { redirectUri: world.demo.app + path } });
      await signInElsewhere(page);
      await watchFrames(page);
      const { value, error } = await sso(page);
      assert.equal(value?.account.username, ALEX, JSON.stringify(error));
      const [authorize] = silents();
      assert.equal(authorize.query.code_challenge_method, "S256");
      assert.deepEqual(JSON.parse(authorize.query.claims).access_token.xms_cc, { values: ["CP1"] });
      assert.equal(world.providerRequests("authorize").length, 1);
      assert.equal(world.providerRequests("token").length, 1);
      const { seen, left } = await frames(page);
      assert.equal(seen.length, 1);
      assert.equal(seen[0].sandbox, "allow-forms allow-same-origin allow-scripts");
      assert.ok(seen[0].isHidden);
      assert.equal(left, 0, "the frame is gone");
      assert.equal((await world.fetch(page, `${world.demo.api}/orders`)).value.status, 200);
      assert.equal((await page.evaluate(() => app.getAllAccounts())).length, 1);
    });
  }

  test("two frames never run at once, and both calls are answered", async () => {
    const page = await world.open();
    await signInElsewhere(page);
    await watchFrames(page);
    const outcomes = await page.evaluate(
      (scopes) => Promise.all(scopes.map((scope) => settle(app.ssoSilent({ scopes: [scope], loginHint: "alex@contoso.example" })))),
      world.demo.scopes,
    );
    assert.deepEqual(
      outcomes.map(({ value, error }) => value?.account.username ?? error.errorCode),
      [ALEX, ALEX],
    );
    assert.equal((await frames(page)).most, 1);
  });

  for (const code of [700084, 70008]) {
    test(`a refresh token that has expired (AADSTS${code}) is replaced through the frame: the user sees nothing`, async () => {
      const page = await world.open();
      await world.signIn(page);
      world.demo.endRefreshTokens(code);
      const { value, error } = await silent(page, { forceRefresh: true });
      assert.equal(value?.account.username, ALEX, JSON.stringify(error));
      assert.equal(silents().length, 1);
      const [{ query }] = silents();
      assert.ok(query.login_hint || query.sid, "the frame asks for the account, not for anybody");
      assert.equal((await silent(page, { forceRefresh: true })).error, undefined);
      assert.equal(silents().length, 1, "the new refresh token serves");
    });
  }

  for (const code of ["login_required", "interaction_required", "consent_required"]) {
    test(`${code} in the frame is InteractionRequiredAuthError, and the session is kept`, async () => {
      const page = await world.open();
      await world.signIn(page);
      world.demo.endRefreshTokens(700084);
      const before = await page.evaluate(() => app.getAllAccounts());
      world.demo.options.silentError = code;
      const { error } = await silent(page, { forceRefresh: true });
      assert.equal(error?.class, "InteractionRequiredAuthError");
      assert.equal(silents().length, 1);
      const sso = await page.evaluate((scopes) => settle(app.ssoSilent({ scopes })), world.demo.scopes);
      assert.equal(sso.error?.class, "InteractionRequiredAuthError");
      assert.equal(sso.error.errorCode, code);
      assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), before);
      assert.ok((await silent(page)).value.fromCache, "the token that was there still serves");
    });
  }

  test("somebody else's session at the provider is no answer: another login hint is login_required", async () => {
    const page = await world.open();
    await signInElsewhere(page);
    const { error } = await sso(page, { loginHint: "sam@contoso.example" });
    assert.equal(error?.errorCode, "login_required");
    assert.deepEqual(await page.evaluate(() => app.getAllAccounts()), []);
    assert.equal(world.providerRequests("token").length, 0);
  });

  for (const [what, fault] of [
    ["does not answer", { delay: 5000, hangup: true }],
    ["shows a page", { status: 200, headers: { "Content-Type": "text/html", "X-Frame-Options": "DENY" }, body: "<h1>Sign in</h1>" }],
  ]) {
    test(`a provider that ${what} in the frame is timed_out; the frame is gone, and the next call has one of its own`, async () => {
      const page = await world.open({ system: { iframeBridgeTimeout: 700 } });
      if (what === "shows a page") world.expectedConsole.push(/X-Frame-Options|Refused to display|load in (a )?frame|denied by/i);
      await signInElsewhere(page);
      await watchFrames(page);
      world.demo.fault({ at: "provider", endpoint: "authorize", ...fault });
      const { error } = await sso(page);
      assert.equal(error?.errorCode, "timed_out");
      assert.equal((await frames(page)).left, 0);
      assert.equal((await page.evaluate((scopes) => settle(app.ssoSilent({ scopes })), world.demo.scopes)).value?.account.username, ALEX);
    });
  }

  test("a hundred calls whose refresh token is dead share one frame", async () => {
    const page = await world.open();
    await world.signIn(page);
    world.demo.endRefreshTokens(700084);
    const tokens = await page.evaluate(async (scopes) => {
      const calls = Array.from({ length: 100 }, () => settle(app.acquireTokenSilent({ scopes, forceRefresh: true })));
      return (await Promise.all(calls)).map(({ value, error }) => value?.accessToken ?? error.errorCode);
    }, world.demo.scopes);
    assert.equal(new Set(tokens).size, 1);
    assert.match(tokens[0], /^ey/);
    assert.equal(silents().length, 1);
  });
});

describe("on another site, where browsers keep the provider's cookies from the frame", () => {
  const world = stage();
  const { silents, silent, sso, signInElsewhere, frames, watchFrames } = tools(world);

  test("ssoSilent is login_required after one request", async () => {
    const page = await world.open();
    await signInElsewhere(page);
    await watchFrames(page);
    const { error } = await sso(page);
    assert.equal(error?.class, "InteractionRequiredAuthError");
    assert.equal(error.errorCode, "login_required");
    assert.equal(world.providerRequests("authorize").length, 1);
    assert.equal((await frames(page)).left, 0);
  });

  test("a dead refresh token is InteractionRequiredAuthError, and calls never loop: one frame for each at most", async () => {
    const page = await world.open();
    await world.signIn(page);
    world.demo.endRefreshTokens(700084);
    for (let calls = 1; calls <= 3; calls++) {
      const { error } = await silent(page, { forceRefresh: true });
      assert.equal(error?.class, "InteractionRequiredAuthError");
      assert.ok(silents().length <= calls, `${silents().length} frames for ${calls} calls`);
    }
    assert.equal(world.providerRequests("authorize").length, 1 + silents().length);
    assert.ok((await silent(page)).value.fromCache, "the session is kept");
  });

  test("a request whose session the provider ended (AADSTS50173) goes to the user, and succeeds", async () => {
    const page = await world.open();
    await world.signIn(page);
    world.demo.revoke();
    world.demo.endRefreshTokens(50173);
    const { popup, outcome } = await world.click(page, (url) => app.fetch(url), `${world.demo.api}/orders`);
    await popup.waitForEvent("close");
    assert.equal((await outcome).value?.status, 200);
    assert.ok(silents().length <= 1);
    assert.deepEqual(
      world.apiRequests().map(({ status }) => status),
      [401, 200],
    );
  });
});

describe("an app that asks before it takes answers up", () => {
  const world = stage({ providerHost: "localhost", redirectPaths: ["/test/app.html", "/test/eager.html"] });

  test("does not start in its own hidden frame, and gets its answer", async () => {
    const page = await world.open();
    await world.signIn(page);
    await page.evaluate(() => app.clearCache());
    world.demo.log.length = 0;
    await page.goto(`${world.demo.app}/test/eager.html`);
    await page.waitForFunction(() => window.outcome);
    assert.equal(await page.evaluate(() => window.outcome), "alex@contoso.example");
    assert.equal(world.providerRequests("authorize").length, 1);
  });
});
