// One browser and one demo for a file of tests; for each test a fresh context, whose console must stay silent.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { fileURLToPath } from "node:url";
import { startDemo } from "../../www/server.mjs";
import { launch } from "./engines.mjs";

/** What browsers themselves report of each failed request; a refusal that the SDK answers is one, and nothing can keep it quiet. */
// The last: a hidden frame whose page is the app's own.
const BROWSERS_OWN = [/^Failed to load resource/, /^Cross-Origin Request Blocked/, /allow-scripts and allow-same-origin/];

/** Sets a file of tests up. Returns what the tests use; its members are there once a test runs. */
export function stage(demoOptions = {}, browserOptions = {}) {
  const world = { console: [], expectedConsole: [] };

  before(async () => {
    world.demo = await startDemo({
      mounts: { "/test/": fileURLToPath(new URL("pages", import.meta.url)) },
      redirectPaths: ["/test/app.html"],
      ...demoOptions,
    });
    world.browser = await launch(browserOptions);
  });

  after(async () => {
    await world.browser?.close();
    await world.demo?.close();
  });

  beforeEach(async () => {
    world.demo.reset();
    world.console.length = 0;
    world.expectedConsole.length = 0;
    world.context = await world.browser.newContext();
    world.context.setDefaultTimeout(15_000);
    // Code in a page has no time limit of its own: closing the page ends it, and says where.
    const { context } = world;
    world.watchdog = setTimeout(() => void context.close(), 50_000);
    world.context.on("console", (message) => world.console.push(message.text()));
    world.context.on("weberror", (error) => world.console.push(String(error.error())));
  });

  afterEach(async () => {
    clearTimeout(world.watchdog);
    await world.context.close();
    const expected = [...BROWSERS_OWN, ...world.expectedConsole];
    const unexpected = world.console.filter((text) => !expected.some((known) => known.test(text)));
    assert.deepEqual(unexpected, [], "the page's console stayed silent");
  });

  return Object.assign(world, actions(world));
}

function actions(world) {
  return {
    /** Opens the faceless app with these options. */
    async open(options = {}) {
      const page = await world.context.newPage();
      const keep = ([app, text]) => {
        if (location.origin === app && !sessionStorage.getItem("test.options")) sessionStorage.setItem("test.options", text);
      };
      await page.addInitScript(keep, [world.demo.app, JSON.stringify(options)]);
      await page.goto(`${world.demo.app}/test/app.html`);
      await this.started(page);
      return page;
    },

    /** What the page's start came to; its module may still be on its way when the page has loaded. */
    started: async (page) => (await page.waitForFunction(() => window.started)).jsonValue(),

    /** Runs a call of the page in a click. `popup` is the window it opened. */
    async click(page, call, argument) {
      await page.evaluate(`window.onClick(() => (${call})(${JSON.stringify(argument)}))`);
      const [popup] = await Promise.all([page.waitForEvent("popup"), page.click("#click")]);
      return { popup, outcome: page.evaluate(() => window.outcome) };
    },

    /** Resolves once the page has looked at its popup: often enough to be sure of it, in turns of a timer as slow as the SDK's own. */
    watched: (page) =>
      page.evaluate(
        () =>
          new Promise((resolve) => {
            let turns = 0;
            const timer = setInterval(() => ++turns === 5 && resolve(clearInterval(timer)), 200);
          }),
      ),

    /** Signs alex in by popup. */
    async signIn(page, request = { scopes: world.demo.scopes }) {
      const { popup, outcome } = await this.click(page, (request) => app.loginPopup(request), request);
      await popup.click("#user-alex");
      const result = await outcome;
      assert.ok(result.value, JSON.stringify(result.error));
      return result;
    },

    /** Leaves for the provider by a call of the page. Resolves there. */
    async leave(page, call, argument) {
      const atProvider = page.waitForURL((url) => url.origin === world.demo.provider);
      await page.evaluate(`void (${call})(${JSON.stringify(argument)})`);
      await atProvider;
    },

    /** Comes back from the provider, where `user` acts. Resolves to what the app's start came to. */
    async comeBack(page, user = () => page.click("#user-alex")) {
      const back = page.waitForURL((url) => url.origin === world.demo.app);
      await user();
      await back;
      return this.started(page);
    },

    /** Calls the app's `fetch` in the page, and settles it. */
    fetch(page, url, init) {
      return page.evaluate(([url, init]) => window.settle(app.fetch(url, init)), [url, init]);
    },

    /** What the API received at a path and below: its own requests, not the browser's preflights. */
    apiRequests: (path = "/orders") =>
      world.demo.log.filter((entry) => entry.at === "api" && entry.method !== "OPTIONS" && entry.path.startsWith(path)),

    /** Its answers there. */
    apiStatuses: (path) => world.apiRequests(path).map(({ status }) => status),

    /** Options for `open`: tokens for these paths of the API, `{ "/orders": scopes }`. */
    resources: (map, more = {}) => ({
      fetch: { protectedResourceMap: Object.fromEntries(Object.entries(map).map(([path, to]) => [world.demo.api + path, to])), ...more },
    }),

    /** The API's next answer at /orders is this challenge, or what `more` says of a fault. */
    challengeOnce: (challenge, more = {}) =>
      world.demo.fault({ at: "api", path: "/orders", status: 401, ...more, headers: { "WWW-Authenticate": challenge, ...more.headers } }),

    /** The windows that the page opens from now on. */
    popups(page) {
      const popups = [];
      page.on("popup", (popup) => popups.push(popup));
      return popups;
    },

    /** What the provider's endpoint received. */
    providerRequests: (endpoint) =>
      world.demo.log.filter((entry) => entry.at === "provider" && entry.endpoint === endpoint && entry.method !== "OPTIONS"),

    /** The values stored in the page under this library's keys. */
    stored: (page) =>
      page.evaluate(() => Object.fromEntries(Object.entries(sessionStorage).filter(([key]) => key.startsWith("countersign.")))),
  };
}
