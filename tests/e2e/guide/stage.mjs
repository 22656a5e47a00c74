// What the tests of the guide share: a demo with the gateway before its API, and the snippets, bundled.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach } from "node:test";
import { fileURLToPath } from "node:url";
import { stage } from "../support.mjs";
import { startGateway } from "./gateway.mjs";
import { bundle } from "./readme.mjs";

export async function guideStage() {
  const folder = mkdtempSync(join(tmpdir(), "countersign-guide-"));
  const gateway = await startGateway(() => world.demo.api);
  const mounts = { "/test/": fileURLToPath(new URL("../pages", import.meta.url)), "/guide/": folder };
  const world = stage({ mounts, connectTo: [gateway.origin], redirectPaths: ["/test/app.html", "/test/leaving.html"] });
  let bundling;

  beforeEach(() => gateway.preflights.splice(0));
  after(async () => {
    await gateway.close();
    rmSync(folder, { recursive: true });
  });

  /** Every snippet is there, under `/guide/`. */
  const bundled = () =>
    (bundling ??= bundle(folder, [
      ["https://graph.microsoft.com", gateway.origin],
      ["https://api.example.com", gateway.origin],
      ["https://login.microsoftonline.com", world.demo.provider],
      // The Graph client has its address built in.
      ["initWithMiddleware({", `initWithMiddleware({ baseUrl: "${gateway.origin}/",`],
    ]));

  const refreshes = () => world.providerRequests("token").filter(({ grant_type }) => grant_type === "refresh_token");

  return {
    world,
    gateway,

    bundled,

    /** A page where alex is signed in, and the gateway has the API's tokens. */
    async signedIn({ fetch, ...options } = {}) {
      await bundled();
      const protectedResourceMap = { [`${gateway.origin}/`]: world.demo.scopes };
      const page = await world.open({ ...options, fetch: { protectedResourceMap, ...fetch } });
      await world.signIn(page);
      return page;
    },

    /** Calls a function of a snippet's module, and settles it. Another `run` runs the snippet again. */
    call: (page, name, member, args = [], run = 1) =>
      page.evaluate(async ([path, member, args]) => settle((await import(path))[member](...args)), [`/guide/${name}.js?${run}`, member, args]),

    /**
     * The page's token requests wait from now on. `arrived` resolves with the first one. Not by Playwright's `route`: after that, Firefox sends no
     * CORS preflights any more.
     */
    async holdTokens(page) {
      await page.evaluate(() => {
        const send = window.fetch;
        const released = new Promise((resolve) => (window.release = resolve));
        window.arrived = new Promise((resolve) => {
          window.fetch = async (...request) => {
            if (new URL(request[0].url ?? request[0]).pathname.endsWith("/token")) {
              resolve();
              await released;
            }
            return send(...request);
          };
        });
      });
      return { arrived: page.evaluate(() => window.arrived), release: () => page.evaluate(() => window.release()) };
    },

    /** How the API answered. */
    statuses: () => world.apiRequests().map(({ status }) => status),

    /** The token requests with a refresh token. */
    refreshes,

    /** The API's last two requests: refused, and accepted with what one refresh with the claims got. */
    assertAnsweredSilently() {
      const [refused, accepted] = world.apiRequests().slice(-2);
      assert.equal(refused.status, 401);
      assert.notEqual(refused.headers.authorization, accepted.headers.authorization);
      assert.equal(refreshes().length, 1);
      assert.deepEqual(Object.keys(JSON.parse(refreshes()[0].body.claims).access_token), ["nbf", "xms_caeerror", "xms_cc"]);
      assert.equal(world.providerRequests("authorize").length, 1, "nobody was asked again");
    },
  };
}
