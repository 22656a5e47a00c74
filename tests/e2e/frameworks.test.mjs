// The guides for React, Vue and Svelte, word for word but for addresses, each with the real framework.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { bundle, FRAMEWORKS, guides } from "./guide/frameworks.mjs";
import { stage } from "./support.mjs";

const folder = mkdtempSync(join(tmpdir(), "countersign-frameworks-"));
after(() => rmSync(folder, { recursive: true }));
const frameworks = Object.keys(FRAMEWORKS);
const mounts = { "/test/": fileURLToPath(new URL("pages", import.meta.url)), "/guide/": folder };
const world = stage({ mounts, redirectPaths: frameworks.map((name) => `/guide/${name}.html`) });

let bundling;
async function bundleAll() {
  const { clientId, authority, api, scopes } = world.demo;
  const names = [
    ["11111111-2222-3333-4444-555555555555", clientId],
    ["https://login.microsoftonline.com/your-tenant-id", authority],
    ["https://graph.microsoft.com/v1.0/me", `${api}/orders`],
    ["https://graph.microsoft.com/v1.0/", `${api}/`],
    ['["User.Read"]', JSON.stringify(scopes)],
  ];
  const named = (text) => names.reduce((text, [from, to]) => text.replaceAll(from, to), text);
  for (const name of frameworks) {
    await bundle(name, folder, named);
    const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,">
<script type="importmap">{"imports":{"countersign":"/pkg/index.js"}}</script><script type="module" src="/test/callbacks.js"></script>
<script type="module" src="${name}.js"></script></head><body><div id="app"></div></body></html>`;
    writeFileSync(join(folder, `${name}.html`), page);
  }
}

/** Opens the guide's app. */
async function open(name) {
  await (bundling ??= bundleAll());
  // What the frameworks say of themselves in development.
  world.expectedConsole.push(/React DevTools/, /development build of Vue/);
  const page = await world.context.newPage();
  await page.goto(`${world.demo.app}/guide/${name}.html`);
  return page;
}

const button = (page, name) => page.getByRole("button", { name });

/** Presses a button, and does something in the popup that this opens. */
async function popup(page, name, user) {
  const [window] = await Promise.all([page.waitForEvent("popup"), button(page, name).click()]);
  await Promise.all([window.waitForEvent("close"), user?.(window)]);
}

/** Calls the API, and waits until it has given what was asked for. */
async function call(page, how = () => button(page, "Who am I").click()) {
  const isServed = (response) => response.url() === `${world.demo.api}/orders` && response.status() === 200;
  await Promise.all([page.waitForResponse(isServed), how()]);
  await says(page, "orders");
}

const says = (page, text) => page.locator("output", { hasText: text }).waitFor();

async function signIn(page) {
  await popup(page, "Sign in", (window) => window.click("#user-alex"));
  await page.getByText("alex@contoso.example", { exact: true }).waitFor();
}

for (const [name, { file }] of Object.entries(FRAMEWORKS)) {
  test(`the guide for ${name} has at most 40 lines`, () => {
    const lines = readFileSync(join(guides, file), "utf8").trimEnd().split("\n");
    assert.ok(lines.length <= 40, `${lines.length}`);
    for (const line of lines) assert.ok(line.length <= 160, line);
  });

  test(`${name}: signs in, shows the user after a reload too, calls the API, answers its challenges with and without the user, and signs out`, async () => {
    const page = await open(name);
    await page.getByText("Nobody is signed in").waitFor();
    await signIn(page);
    await call(page);
    assert.match(world.apiRequests()[0].headers.authorization, /^Bearer ey/);

    await page.reload();
    await page.getByText("alex@contoso.example", { exact: true }).waitFor();
    world.demo.revoke();
    await call(page);
    assert.deepEqual(world.apiStatuses(), [200, 401, 200]);
    assert.equal(world.providerRequests("authorize").length, 1, "nobody was asked");

    world.demo.stronger(true);
    await call(page, () => popup(page, "Who am I", (window) => window.click("#confirm")));
    assert.deepEqual(world.apiStatuses(), [200, 401, 200, 401, 200]);

    await popup(page, "Sign out");
    await button(page, "Sign in").waitFor();
    assert.equal(await page.getByText("alex@contoso.example").count(), 0);
    assert.deepEqual(Object.keys(await world.stored(page)).filter((key) => key.includes(".account.")), []);
    assert.equal(world.providerRequests("logout").length, 1);
  });

  test(`${name}: a user who cancels sees no error, a fault is shown with the section that helps, and a refusal by its status`, async () => {
    const page = await open(name);
    await popup(page, "Sign in", (window) => window.click("#cancel"));
    await page.waitForFunction(() => window.over === 1);
    assert.equal(await page.locator("output").textContent(), "");
    world.demo.fault({ at: "provider", endpoint: "token", status: 400, body: { error: "invalid_client" } });
    await popup(page, "Sign in", (window) => window.click("#user-alex"));
    await says(page, "invalid_client: The provider refused without giving a reason");
    await says(page, "ERRORS.md#server_error");
    await popup(page, "Sign in"); // the provider knows alex by now
    world.demo.fault({ at: "api", path: "/orders", status: 500, body: "{}" });
    await button(page, "Who am I").click();
    await says(page, "Status 500");
  });

  test(`${name}: nothing can be pressed before the client has started`, async () => {
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await world.context.route("**/*.wasm", async (route) => {
      await held;
      await route.continue();
    });
    const asked = world.context.waitForEvent("request", (request) => request.url().endsWith(".wasm"));
    const page = await open(name);
    await asked;
    assert.equal(await page.getByRole("button").count(), 0);
    release();
    await button(page, "Sign in").waitFor();
  });

  test(`${name}: however often it renders, the client calls back once`, async () => {
    const page = await open(name);
    await button(page, "Sign in").waitFor();
    // StrictMode subscribes, takes it back and subscribes again.
    assert.deepEqual(await page.evaluate(() => window.callbacks), name === "react" ? { added: 2, removed: 1 } : { added: 1, removed: 0 });
    await signIn(page);
    const { added, removed } = await page.evaluate(() => window.callbacks);
    assert.equal(added - removed, 1);
  });
}
