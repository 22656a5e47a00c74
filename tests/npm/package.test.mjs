// The built package as Node sees it: importing runs nothing, every file is there, errors are true errors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pkg } from "./support.mjs";

test("importing the package in Node runs nothing and needs no window", async () => {
  const before = Object.getOwnPropertyNames(globalThis).sort();
  const countersign = await import(pkg("index.js"));
  assert.deepEqual(Object.getOwnPropertyNames(globalThis).sort(), before);
  new countersign.PublicClientApplication({ auth: { clientId: "c" } });
});

test("a client that is started where there is no page says so, and not that an option is wrong", async () => {
  const { PublicClientApplication } = await import(pkg("index.js"));
  const app = new PublicClientApplication({ auth: { clientId: "c", redirectUri: "https://app.example/" } });
  await assert.rejects(app.initialize({ wasm: readFileSync(pkg("wasm/countersign_bg.wasm")) }), { errorCode: "non_browser_environment" });
});

test("every file that the modules import is in the package, and the version is the package's", async () => {
  const { files, version } = JSON.parse(readFileSync(pkg("package.json"), "utf8"));
  assert.equal((await import(pkg("index.js"))).version, version);
  const modules = files.filter((name) => name.endsWith(".js") && !name.includes("*"));
  for (const name of modules) {
    const imported = [...readFileSync(pkg(name), "utf8").matchAll(/from "\.\/([\w.-]+)"/g)].map(([, file]) => file);
    for (const file of imported) assert.ok(files.includes(file), `${name} imports ${file}`);
  }
});

test("npm installs the package alone: it has no dependency and runs no script", () => {
  const known = ["name", "version", "description", "license", "keywords", "type", "sideEffects", "exports", "files"];
  assert.deepEqual(Object.keys(JSON.parse(readFileSync(pkg("package.json"), "utf8"))), known);
});

test("errors thrown by the wasm are instances of the exported classes, with stack and no secret in their JSON", async () => {
  const countersign = await import(pkg("index.js"));
  await countersign.init(readFileSync(pkg("wasm/countersign_bg.wasm")));
  assert.throws(
    () => countersign.mergeClaims("[]", ["CP1"]),
    (error) => {
      assert.ok(error instanceof Error && error instanceof countersign.ClientConfigurationError);
      assert.equal(error.errorCode, "invalid_claims");
      assert.match(error.stack, /mergeClaims/);
      assert.deepEqual(Object.keys(error.toJSON()), ["name", "errorCode", "errorMessage", "subError", "correlationId"]);
      return true;
    },
  );
});
