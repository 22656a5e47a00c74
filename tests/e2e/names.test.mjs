// MSAL's smaller names that need a page: BrowserUtils and NavigationClient.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();

test("BrowserUtils says where the page is", async () => {
  const page = await world.open();
  await page.evaluate(() => history.replaceState(null, "", "?a=1#b=2"));
  const said = await page.evaluate(() => {
    const { createGuid, getCurrentUri, getHomepage, isInIframe, isInPopup } = countersign.BrowserUtils;
    return { guids: [createGuid(), createGuid()], uri: getCurrentUri(), home: getHomepage(), isInIframe: isInIframe(), isInPopup: isInPopup() };
  });
  const guid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
  assert.match(said.guids[0], guid);
  assert.notEqual(said.guids[0], said.guids[1]);
  assert.deepEqual(
    [said.uri, said.home, said.isInIframe, said.isInPopup],
    [`${world.demo.app}/test/app.html`, `${world.demo.app}/`, false, false],
  );
});

test("a popup is one that came back from the provider, and no page that another one has opened", async () => {
  const page = await world.open();
  const [opened] = await Promise.all([page.waitForEvent("popup"), page.evaluate(() => void window.open(location.href))]);
  await world.started(opened);
  const state = (flow) => `state=${flow}.${"A".repeat(22)}`;
  const said = await opened.evaluate(
    (tails) =>
      tails.map((tail) => {
        history.replaceState(null, "", location.pathname + tail);
        return countersign.BrowserUtils.isInPopup();
      }),
    ["", "#home", `#code=1&${state("r")}`, "#code=1&state=p", `#code=1&${state("p")}`, `#code=1&${state("p")}%7Cmine`, `?${state("p")}`],
  );
  assert.deepEqual(said, [false, false, false, false, true, true, true]);
});

test("BrowserUtils takes an answer out of the URL, replaces the fragment, and changes nothing else", async () => {
  const page = await world.open();
  const urls = await page.evaluate(() => {
    const { clearHash, replaceHash } = countersign.BrowserUtils;
    const cleared = ["#code=1&state=2", "#/orders"].map((fragment) => {
      history.replaceState({ router: 1 }, "", `?a=1${fragment}`);
      clearHash(window);
      return [location.href, history.state];
    });
    replaceHash("https://elsewhere.example/#c=3#d");
    const replaced = location.href;
    replaceHash("https://elsewhere.example/");
    return { cleared, replaced, none: location.hash };
  });
  const app = `${world.demo.app}/test/app.html?a=1`;
  const cleared = [
    [app, { router: 1 }],
    [`${app}#/orders`, { router: 1 }],
  ];
  assert.deepEqual(urls, { cleared, replaced: `${app}#c=3#d`, none: "" });
});

test("an app that is loaded in a frame with an answer in its URL is stopped, and only there", async () => {
  const page = await world.open();
  const outcomes = await page.evaluate(async () => {
    const check = ({ countersign, location, history }, fragment) => {
      history.replaceState(null, "", location.pathname + fragment);
      try {
        return countersign.BrowserUtils.blockReloadInHiddenIframes() ?? null;
      } catch (error) {
        return [error.errorCode, error instanceof countersign.BrowserAuthError];
      }
    };
    const frame = document.createElement("iframe");
    frame.src = location.pathname;
    await new Promise((resolve) => {
      frame.onload = resolve;
      document.body.append(frame);
    });
    // Its module may still be on its way.
    while (!frame.contentWindow.started) await new Promise((resolve) => frame.contentWindow.requestAnimationFrame(resolve));
    await frame.contentWindow.started;
    const fragments = ["", "#home", "#code=1", "#code=1&state=2", "#error=1&state=2"];
    return [window, frame.contentWindow].map((view) => fragments.map((fragment) => check(view, fragment)));
  });
  const stopped = ["block_iframe_reload", true];
  assert.deepEqual(outcomes, [
    [null, null, null, null, null],
    [null, null, stopped, stopped, stopped],
  ]);
});

test("a NavigationClient leaves the page, with and without an entry in the history", async () => {
  const page = await world.open();
  const { app } = world.demo;
  const [length] = await page.evaluate(() => [history.length]);
  const go = (method, url, noHistory) =>
    Promise.all([
      page.waitForURL(url),
      page.evaluate(
        ([method, url, noHistory]) => void new countersign.NavigationClient()[method](url, { timeout: 10_000, noHistory }),
        [method, url, noHistory],
      ),
    ]);
  await go("navigateExternal", `${app}/test/app.html?1`, false);
  await world.started(page);
  assert.equal(await page.evaluate(() => history.length), length + 1);
  await go("navigateInternal", `${app}/test/app.html?2`, true);
  await world.started(page);
  assert.equal(await page.evaluate(() => history.length), length + 1, "replaced");
  const still = await page.evaluate(() => new countersign.NavigationClient().navigateInternal("#here", { timeout: 0, noHistory: false }));
  assert.equal(still, true, "the page is still there: only the fragment changed");
});

test("the app's own NavigationClient takes the user to the provider", async () => {
  const page = await world.open({ system: { redirectNavigationTimeout: 100 } });
  const { left, outcome } = await page.evaluate(async (scopes) => {
    const left = [];
    app.setNavigationClient({
      navigateExternal: async (url, options) => left.push(["external", url, options]) > 0,
      navigateInternal: async (url, options) => left.push(["internal", url, options]) > 0,
    });
    return { outcome: await settle(app.loginRedirect({ scopes })), left };
  }, world.demo.scopes);
  const [[where, url, options]] = left;
  assert.equal(left.length, 1);
  assert.equal(where, "external");
  assert.ok(url.startsWith(`${world.demo.authority}/oauth2/v2.0/authorize?`), url);
  assert.deepEqual(options, { apiId: 0, timeout: 100, noHistory: false });
  assert.equal(outcome.error.errorCode, "timed_out", "it stayed, and the call says so");
});
