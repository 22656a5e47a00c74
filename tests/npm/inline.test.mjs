// countersign/inline beside countersign, in a process of its own: the wasm is loaded once for all.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mock, test } from "node:test";
import { pkg } from "./support.mjs";

test("where both are imported, in whichever order, there is one package with one wasm: the embedded one", async () => {
  const inline = await import(pkg("inline.js"));
  const countersign = await import(pkg("index.js"));
  assert.deepEqual(Object.keys(inline), Object.keys(countersign));
  for (const name of Object.keys(inline)) assert.equal(inline[name], countersign[name], name);
  // There is no page to load a file from.
  const compile = mock.method(WebAssembly, "compile");
  await countersign.init();
  assert.ok(readFileSync(pkg("wasm/countersign_bg.wasm")).equals(compile.mock.calls[0].arguments[0]), "byte for byte the file");
  assert.equal(inline.parseChallenges("Bearer").length, 1);
  assert.throws(() => inline.mergeClaims("[]", ["CP1"]), countersign.ClientConfigurationError);
});
