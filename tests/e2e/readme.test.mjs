// The README's first example, word for word but for the names of the client, the provider and the API.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { stage } from "./support.mjs";

const folder = mkdtempSync(join(tmpdir(), "countersign-readme-"));
after(() => rmSync(folder, { recursive: true }));
const world = stage({ mounts: { "/readme/": folder }, redirectPaths: ["/readme/app.html"] });

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>README</title><link rel="icon" href="data:,">
<script type="importmap">{"imports":{"countersign":"/pkg/index.js"}}</script><script type="module" src="app.js"></script></head>
<body><button id="sign-in">Sign in</button><button id="who-am-i">Who am I</button><pre id="out"></pre></body></html>`;

for (const readme of ["README.md", "pkg-template/README.md"]) {
  test(`the first example of ${readme} signs in and calls the API, also when its token is challenged`, async () => {
    const [, example] = readFileSync(new URL(`../../${readme}`, import.meta.url), "utf8").match(/```js\n([\s\S]*?)```/);
    assert.ok(example.trim().split("\n").length <= 16);
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
    const [popup] = await Promise.all([page.waitForEvent("popup"), page.click("#sign-in")]);
    await popup.click("#user-alex");
    await page.waitForFunction(() => Object.keys(sessionStorage).some((key) => key.includes(".account.")));
    world.demo.revoke();
    await page.click("#who-am-i");
    await page.waitForFunction(() => document.getElementById("out").textContent.includes("orders"));
    assert.deepEqual(
      world.apiRequests().map(({ status }) => status),
      [401, 200],
    );
  });
}
