// The built package as Node sees it: importing runs nothing, every file is there, errors are true errors.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { promisify } from "node:util";
import { pkg } from "./support.mjs";

for (const entry of ["index.js", "inline.js"]) {
  test(`importing ${entry} runs nothing, and making a client needs nothing of a browser`, async () => {
    // What Jest's jsdom lacks, and more, in a process of its own.
    const script = `
      for (const name of ["TextDecoder", "TextEncoder", "WebAssembly", "atob", "crypto", "fetch"]) delete globalThis[name];
      const before = Object.getOwnPropertyNames(globalThis).join();
      const { PublicClientApplication } = await import(${JSON.stringify(pkg(entry))});
      new PublicClientApplication({ auth: { clientId: "c" } });
      if (Object.getOwnPropertyNames(globalThis).join() !== before) throw new Error("it left something behind");`;
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  });
}

test("a client that is started where there is no page says so, and not that an option is wrong, or that a file is missing", async (context) => {
  const { PublicClientApplication } = await import(pkg("index.js"));
  const app = new PublicClientApplication({ auth: { clientId: "c", redirectUri: "https://app.example/" } });
  const told = context.mock.method(console, "error", () => {});
  await assert.rejects(app.initialize(), { errorCode: "non_browser_environment" });
  assert.match(told.mock.calls[0].arguments[0], /^non_browser_environment: /);
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
