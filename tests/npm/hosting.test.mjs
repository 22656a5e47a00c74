// The packed package on hosts good and bad, in a real browser: it works, or `initialize()` refuses with one error that says what to change, and
// may be called again.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { startDemo } from "../../www/server.mjs";
import { launch } from "../e2e/engines.mjs";
import { build, install } from "./project.mjs";

const WASM = "/node_modules/countersign/wasm/countersign_bg.wasm";
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const folders = {};
let browser;
/** What the host does: `headers(html, demo)` for its pages, `wasm(response, bytes)` in place of serving the file. */
let host;
let server;
let demo;
let context;
let console_;
/** How often the app was told that the wasm could not be loaded. */
let told;

before(async () => {
  browser = await launch();
  for (const name of ["importmap", "esbuild"]) folders[name] = await install(name, "hosting");
  await build("esbuild", folders.esbuild);
});
after(() => browser?.close());

beforeEach(async () => {
  host = { folder: folders.importmap, headers: () => ({}) };
  server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  // As Microsoft's: the provider's pages cut their opener off.
  demo = await startDemo({ appOrigin: `http://localhost:${server.address().port}`, coop: true });
  context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  const { api, authority, clientId, scopes } = demo;
  await context.addInitScript((config) => void (window.config = config), { api, authority, clientId, scopes });
  [console_, told] = [[], 0];
  context.on("console", (message) => console_.push(message.text()));
  context.on("weberror", (error) => console_.push(String(error.error())));
});

afterEach(async () => {
  await context.close();
  await demo.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  // Of a failed request, and of what a policy forbids.
  const browsersOwn = /^Failed to load resource|Content Security Policy/;
  const said = console_.filter((text) => !browsersOwn.test(text));
  // MSAL's wrappers drop the error, so the console has it too.
  assert.deepEqual(
    said.map((text) => text.slice(0, 18)),
    Array(told).fill("wasm_load_failed: "),
    said.join("\n"),
  );
});

async function serve(request, response) {
  const { pathname } = new URL(request.url, demo.app);
  const path = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
  const content = await readFile(host.folder + path).catch(() => null);
  if (!content) return response.writeHead(404).end();
  if (path.endsWith(".wasm") && host.wasm) return host.wasm(response, content);
  const type = TYPES[extname(path)];
  return response.writeHead(200, { "Content-Type": type, ...(type === "text/html" ? host.headers(content.toString()) : {}) }).end(content);
}

/** A strict policy. The import map is the page's only script that is not a file: its hash. */
function policy(html, { script = "'self' 'wasm-unsafe-eval'", connect = "'self'" } = {}) {
  const [, map] = html.match(/<script type="importmap">([\s\S]*?)<\/script>/) ?? [];
  const hash = map ? `'sha256-${createHash("sha256").update(map).digest("base64")}'` : "";
  const directives = [
    "default-src 'none'",
    `script-src ${script} ${hash}`,
    `connect-src ${connect} ${demo.provider} ${demo.api}`,
    `frame-src ${demo.provider}`,
    "img-src data:",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return { "Content-Security-Policy": directives.join("; ") };
}

/** Opens the app. Resolves to its page, once it has started or failed to. */
async function open() {
  const page = await context.newPage();
  await page.goto(demo.app);
  return page;
}

/** What the last step came to. */
async function outcome(page) {
  await page.waitForFunction(() => document.getElementById("out")?.textContent);
  const text = await page.textContent("#out");
  if (text.includes("wasm_load_failed")) told++;
  return text;
}

async function again(page) {
  await page.click("#begin");
  return outcome(page);
}

/** Signs in, and has a token revoked. */
async function use(page) {
  assert.equal(await outcome(page), "ready");
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.click("#sign-in")]);
  await popup.click("#user-alex");
  assert.equal(await outcome(page), "alex@contoso.example");
  demo.revoke();
  await page.click("#orders");
  assert.equal(await outcome(page), "200");
  const statuses = demo.log.filter(({ at, path, method }) => at === "api" && path === "/orders" && method === "GET").map(({ status }) => status);
  assert.deepEqual(statuses, [401, 200]);
}

/** The start was refused for this reason; with another host it then succeeds on the same page. */
async function refusedThenReady(reason) {
  const page = await open();
  const said = await outcome(page);
  assert.ok(said.startsWith("BrowserAuthError: wasm_load_failed: "), said);
  assert.match(said, reason);
  host.wasm = undefined;
  assert.equal(await again(page), "ready");
}

test("a strict Content-Security-Policy with Trusted Types is no hindrance", async () => {
  host.headers = (html) => policy(html);
  await use(await open());
});

test("countersign/inline fetches nothing: the policy need not allow the app's own origin, and the host needs no file beside the script", async () => {
  host.folder = `${folders.esbuild}/dist`;
  host.headers = (html) => policy(html, { connect: "" });
  await use(await open());
});

test("a page that preloads the .wasm fetches it once, before the script asks for it", async () => {
  const fetched = [];
  const preload = new Promise((resolve) => {
    host.headers = () => ({ Link: `<${WASM}>; rel=preload; as=fetch; type="application/wasm"; crossorigin` });
    host.wasm = (response, content) => {
      fetched.push(response);
      resolve();
      response.writeHead(200, { "Content-Type": "application/wasm" }).end(content);
    };
  });
  // The script is kept back until the file is on its way.
  await context.route("**/main.js", (route) => preload.then(() => route.continue()));
  assert.equal(await outcome(await open()), "ready");
  assert.equal(fetched.length, 1);
});

test("a page that is isolated from other origins signs in by popup", async () => {
  host.headers = () => ({ "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" });
  const page = await open();
  assert.equal(await page.evaluate(() => crossOriginIsolated), true);
  await use(page);
});

for (const type of ["application/octet-stream", "text/html", "application/wasm; charset=utf-8", undefined]) {
  test(`a host that serves the .wasm as ${type ?? "nothing"} will do, and the console stays silent`, async () => {
    host.wasm = (response, content) => response.writeHead(200, { ...(type && { "Content-Type": type }), "X-Content-Type-Options": "nosniff" }).end(content);
    await use(await open());
  });
}

test("a host that answers a page in place of the .wasm", async () => {
  host.wasm = (response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html>");
  await refusedThenReady(new RegExp(`${WASM} is not WebAssembly .* serve the package's file there and no page in its place`));
});

test("a host that calls something else application/wasm", async () => {
  host.wasm = (response) => response.writeHead(200, { "Content-Type": "application/wasm" }).end("<!doctype html>");
  await refusedThenReady(new RegExp(`${WASM} is not WebAssembly`));
});

test("a host that has no .wasm", async () => {
  host.wasm = (response) => response.writeHead(404).end();
  await refusedThenReady(new RegExp(`${WASM} answered 404: serve the package's file there, or import countersign/inline`));
});

test("a host that has the .wasm of something else", async () => {
  const smallest = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  host.wasm = (response) => response.writeHead(200, { "Content-Type": "application/wasm" }).end(smallest);
  await refusedThenReady(new RegExp(`${WASM} is of another version of the package`));
});

test("a host, or a cache, that has the .wasm of another build", async () => {
  host.wasm = (response, content) => {
    const [{ module }] = WebAssembly.Module.imports(new WebAssembly.Module(content));
    const other = content.toString("latin1").replaceAll(module, "x".repeat(module.length));
    response.writeHead(200, { "Content-Type": "application/wasm" }).end(other, "latin1");
  };
  await refusedThenReady(new RegExp(`${WASM} is of another version of the package`));
});

test("a network that fails before the answer", async () => {
  host.wasm = (response) => response.destroy();
  await refusedThenReady(new RegExp(`${WASM} could not be fetched: check the network`));
});

for (const type of ["application/wasm", "application/octet-stream"]) {
  test(`a network that fails within the answer (${type})`, async () => {
    host.wasm = (response, content) => {
      response.writeHead(200, { "Content-Type": type, "Content-Length": content.length });
      response.write(content.subarray(0, 1000), () => response.destroy());
    };
    await refusedThenReady(new RegExp(`${WASM} could not be fetched: check the network`));
  });
}

test("a policy that forbids WebAssembly is named, each time, and nothing else is blamed", async () => {
  host.headers = (html) => policy(html, { script: "'self'" });
  const page = await open();
  const reason = /^BrowserAuthError: wasm_load_failed: .*the page's CSP forbids it: add 'wasm-unsafe-eval' to script-src/;
  assert.match(await outcome(page), reason);
  assert.match(await again(page), reason);
  host.headers = (html) => policy(html);
  await page.reload();
  assert.equal(await outcome(page), "ready");
});

test("a policy that forbids to fetch the .wasm", async () => {
  host.headers = (html) => policy(html, { connect: "" });
  const page = await open();
  assert.match(await outcome(page), /^BrowserAuthError: wasm_load_failed: .* could not be fetched: .*connect-src/);
});

test("a browser whose WebAssembly is turned off", async () => {
  await context.addInitScript(() => delete window.WebAssembly);
  assert.match(await outcome(await open()), /^BrowserAuthError: wasm_load_failed: .*this browser has it turned off/);
});
