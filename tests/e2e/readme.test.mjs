// What the two READMEs begin with, word for word but for the names of the client, the provider and the API.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { code, read } from "../npm/markdown.mjs";
import { stage } from "./support.mjs";

const folder = mkdtempSync(join(tmpdir(), "countersign-readme-"));
after(() => rmSync(folder, { recursive: true }));
const world = stage({ mounts: { "/readme/": folder }, redirectPaths: ["/readme/app.html"] });

const [, start] = read("pkg-template/README.md").match(/^## Start\n([\s\S]*?)^## /m);
const [map, body] = code(start, "html");
const place = "/node_modules/countersign/";
assert.ok(map.includes(place), map);
const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>README</title><link rel="icon" href="data:,">
${map.replace(place, "/pkg/")}</head><body>${body}</body></html>`;

/** Opens a page with this code in it. */
async function run(example) {
  const { clientId, authority, api, scopes } = world.demo;
  const names = [
    ["11111111-2222-3333-4444-555555555555", clientId],
    ["https://login.microsoftonline.com/your-tenant-id", authority],
    ["https://graph.microsoft.com/v1.0/me", `${api}/orders`],
    ["https://graph.microsoft.com/v1.0/", `${api}/`],
    ['["User.Read"]', JSON.stringify(scopes)],
  ];
  const named = names.reduce((text, [from, to]) => {
    assert.ok(text.includes(from), from);
    return text.replaceAll(from, to);
  }, example);
  writeFileSync(join(folder, "app.html"), PAGE);
  // The last statement says that the ones before it, which are awaited, are over.
  writeFileSync(join(folder, "app.js"), `${named}\ndocument.body.dataset.ready = "yes";\n`);
  const page = await world.context.newPage();
  await page.goto(`${world.demo.app}/readme/app.html`);
  await page.waitForSelector("body[data-ready]");
  return page;
}

/** Clicks, and uses the popup that this opens. */
async function popup(page, button, user) {
  const [window] = await Promise.all([page.waitForEvent("popup"), page.click(button)]);
  await Promise.all([window.waitForEvent("close"), user?.(window)]);
}

/** Resolves once the element has this text. */
const shows = (page, id, text) =>
  page.waitForFunction(([id, text]) => document.getElementById(id).textContent.includes(text), [id, text]);

/** Forgets what the page shows of an answer. */
const forget = (page) => page.evaluate(() => (document.getElementById("out").textContent = ""));

test("the repository's example signs in and calls the API, also when its token is challenged", async () => {
  const [example] = code(read("README.md"), "js");
  assert.ok(example.trim().split("\n").length <= 16);
  const page = await run(example);
  await popup(page, "#sign-in", (window) => window.click("#user-alex"));
  await page.waitForFunction(() => Object.keys(sessionStorage).some((key) => key.includes(".account.")));
  world.demo.revoke();
  await page.click("#who-am-i");
  await shows(page, "out", "orders");
  assert.deepEqual(world.apiStatuses(), [401, 200]);
});

test("the package's README says what a sign-in by redirect is", async () => {
  const [, call] = start.match(/By redirect it is `(app\.loginRedirect\(.*?\))`/);
  const page = await run(`${code(start, "js").join("\n")}\n$("sign-in").onclick = () => ${call};`);
  await page.click("#sign-in");
  await page.click("#user-alex");
  await shows(page, "user", "alex@contoso.example");
});

test("the steps of the package's README, one after the other: configure, sign in, fetch, challenge, sign out", async () => {
  const steps = [...start.matchAll(/^### \d\. (.*)$/gm)].map(([, title]) => title);
  assert.deepEqual(steps, ["Install", "Configure", "Sign in", "Fetch", "Challenge", "Sign out"]);
  const page = await run(code(start, "js").join("\n"));
  await shows(page, "user", "nobody");
  await popup(page, "#sign-in", (window) => window.click("#user-alex"));
  await shows(page, "user", "alex@contoso.example");
  assert.deepEqual(Object.keys(await world.stored(page)).filter((key) => key.includes(".account.")).length, 1);

  await page.click("#who-am-i");
  await shows(page, "out", "orders");
  assert.match(world.apiRequests()[0].headers.authorization, /^Bearer ey/);

  world.demo.revoke();
  await forget(page);
  await page.click("#who-am-i");
  await shows(page, "out", "orders");
  assert.deepEqual(world.apiStatuses(), [200, 401, 200], "answered without the user");

  world.demo.stronger(true);
  await forget(page);
  await popup(page, "#who-am-i", (window) => window.click("#confirm"));
  await shows(page, "out", "orders");
  assert.deepEqual(world.apiStatuses(), [200, 401, 200, 401, 200], "answered with the user");
  const kinds = (await page.textContent("#log")).trim().split("\n");
  const once = ["countersign:challengeReceived claims", "countersign:challengeAnswered claims"];
  assert.deepEqual(kinds.map((line) => line.trim()), [...once, ...once]);

  await page.reload();
  await page.waitForSelector("body[data-ready]");
  await shows(page, "user", "alex@contoso.example");
  await popup(page, "#sign-out");
  await shows(page, "user", "nobody");
  assert.deepEqual(Object.keys(await world.stored(page)).filter((key) => key.includes(".account.")), []);
  assert.equal(world.providerRequests("logout").length, 1);
});
