// The package as its users install, bundle and serve it, in a real browser: each app signs its user in and answers its API's challenge.
// `BUNDLERS=all` takes every project (`make test-package`), `BUNDLERS="next rollup"` those; else a quick few.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { startDemo } from "../../www/server.mjs";
import { launch } from "../e2e/engines.mjs";
import { build, install, serve, wasmFiles } from "./project.mjs";

const QUICK = "vite esbuild importmap";
const wanted = process.env.BUNDLERS ?? QUICK;
const KNOWN = "vite webpack rspack parcel esbuild rollup importmap next all".split(" ");
for (const name of wanted.split(" ")) assert.ok(KNOWN.includes(name), `BUNDLERS: ${name} is none of ${KNOWN.join(" ")}`);
const isWanted = (name) => wanted === "all" || wanted.split(" ").includes(name);
let browser;

before(async () => {
  browser = await launch();
});
after(() => browser?.close());

for (const name of ["vite", "webpack", "rspack", "parcel"].filter(isWanted)) {
  test(`an app built with ${name} signs in and answers a challenge, with the one .wasm of its bundle`, async () => {
    const folder = await install(name, "bundlers");
    await build(name, folder);
    assert.equal(wasmFiles(`${folder}/dist`).length, 1);
    assert.equal(await inBrowser({ mounts: { "/": `${folder}/dist` } }), 1);
  });
}

for (const name of ["esbuild", "rollup"].filter(isWanted)) {
  test(`an app built with ${name} and countersign/inline signs in and answers a challenge, with no .wasm at all`, async () => {
    const folder = await install(name, "bundlers");
    await build(name, folder);
    assert.deepEqual(wasmFiles(`${folder}/dist`), []);
    assert.equal(await inBrowser({ mounts: { "/": `${folder}/dist` } }), 0);
  });
}

if (isWanted("esbuild")) {
  test("an app that esbuild leaves without the .wasm is told to import countersign/inline", async () => {
    const folder = await install("esbuild", "bundlers");
    cpSync(new URL("app/main.js", import.meta.url), `${folder}/main.js`);
    await build("esbuild", folder);
    const told = "BrowserAuthError: wasm_load_failed: .*this bundle does not say where its file is: import countersign/inline";
    await inBrowser({ mounts: { "/": `${folder}/dist` } }, (page) => shows(page, new RegExp(told)));
  });
}

if (isWanted("importmap")) {
  test("an app without a bundler signs in and answers a challenge", async () => {
    assert.equal(await inBrowser({ mounts: { "/": await install("importmap", "bundlers") } }), 1);
  });
}

if (isWanted("vite")) {
  for (const script of ["dev", "dev:7"]) {
    test(`vite's dev server, which bundles dependencies by itself, finds the .wasm at once (npm run ${script})`, async () => {
      assert.equal(await underVite(await install("vite", "bundlers"), script), 1);
    });
  }

  for (const [script, requests] of Object.entries({ dev: 1, "dev:7": 2 })) {
    test(`vite's dev server finds the .wasm of a package that has MSAL's name, from a cache of the app's choice (npm run ${script})`, async () => {
      const folder = await install("vite", "bundlers");
      useMsalsName(folder);
      setCacheDir(folder, "node_modules/.cache/vite");
      assert.equal(await underVite(folder, script), requests);
    });
  }

  test("an app whose vite dev server keeps its cache where the package cannot be found from is told what to configure", async () => {
    const folder = await install("vite", "bundlers");
    setCacheDir(folder, ".cache/vite");
    const told = /^BrowserAuthError: wasm_load_failed: .*optimizeDeps: \{ exclude: \["countersign"\] \}.* or import countersign\/inline/;
    await underVite(folder, "dev:7", (page) => shows(page, told));
    setCacheDir(folder, ".cache/vite", 'optimizeDeps: { exclude: ["countersign"] }');
    assert.equal(await underVite(folder, "dev:7"), 1);
  });
}

if (isWanted("next")) {
  test("an app of Next.js imports the package on the server, and signs in and answers a challenge in the browser", async () => {
    const folder = await install("next", "bundlers");
    await build("next", folder);
    assert.equal(wasmFiles(`${folder}/.next/static`).length, 1);
    const server = await serve(folder, "start");
    try {
      const html = await (await fetch(server.origin)).text();
      assert.match(html, /<p id="version">\d+\.\d+\.\d+<\/p>/);
      assert.equal(await inBrowser({ appOrigin: server.origin }), 1);
    } finally {
      await server.close();
    }
  });
}

/** As `npm install @azure/msal-browser@npm:countersign` leaves it. */
function useMsalsName(folder) {
  const scope = `${folder}/node_modules/@azure`;
  rmSync(scope, { recursive: true, force: true });
  mkdirSync(scope);
  renameSync(`${folder}/node_modules/countersign`, `${scope}/msal-browser`);
  const main = readFileSync(`${folder}/main.js`, "utf8");
  writeFileSync(`${folder}/main.js`, main.replace('from "countersign"', 'from "@azure/msal-browser"'));
}

const setCacheDir = (folder, cacheDir, more = "") =>
  writeFileSync(`${folder}/vite.config.js`, `export default { cacheDir: ${JSON.stringify(cacheDir)}, ${more} };\n`);

/** Uses the app on vite's dev server. Resolves as `inBrowser` does. */
async function underVite(folder, script, use) {
  const server = await serve(folder, script);
  try {
    return await inBrowser({ appOrigin: server.origin }, use);
  } finally {
    await server.close();
  }
}

/** Opens the app and uses it. Resolves to how many .wasm files were fetched. */
async function inBrowser(options, use = signInAndAnswer) {
  const demo = await startDemo(options);
  const { api, app, authority, clientId, scopes } = demo;
  const context = await browser.newContext();
  try {
    context.setDefaultTimeout(20_000);
    await context.addInitScript((config) => void (window.config = config), { api, authority, clientId, scopes });
    const [complaints, fetched] = [[], []];
    context.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
    context.on("weberror", (error) => complaints.push(String(error.error())));
    const page = await context.newPage();
    page.on("request", (request) => request.url().includes(".wasm") && fetched.push(request.url()));
    await page.goto(app);
    await use(page, demo);
    // The browser's own line about the 401, and ours about what the page shows, too.
    assert.deepEqual(
      complaints.filter((text) => !/^(Failed to load resource|wasm_load_failed: )/.test(text)),
      [],
    );
    return fetched.length;
  } finally {
    await context.close();
    await demo.close();
  }
}

/** What the app's user does; then its session is revoked. */
async function signInAndAnswer(page, demo) {
  await shows(page, /^ready$/);
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.click("#sign-in")]);
  await popup.click("#user-alex");
  await shows(page, /^alex@contoso\.example$/);
  await page.click("#orders");
  await shows(page, /^200$/);
  demo.revoke();
  await page.click("#orders");
  await shows(page, /^200$/);

  const received = (at) => demo.log.filter((entry) => entry.at === at && entry.method !== "OPTIONS");
  const orders = received("api").filter(({ path }) => path === "/orders");
  assert.deepEqual(
    orders.map(({ status }) => status),
    [200, 401, 200],
  );
  const refreshes = received("provider").filter(({ body }) => body?.grant_type === "refresh_token");
  assert.deepEqual(
    refreshes.map(({ body }) => JSON.parse(body.claims).access_token.nbf.essential),
    [true],
  );
}

/** Waits until the page shows the outcome of a step. */
async function shows(page, outcome) {
  await page.waitForFunction(() => document.getElementById("out")?.textContent);
  assert.match(await page.textContent("#out"), outcome);
}
