// Loading, in a process of its own: the wasm is loaded once for all.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const pkg = (path) => new URL(`../../pkg/${path}`, import.meta.url);

test("a wasm that cannot be loaded is wasm_load_failed with its cause, and init may be called again", async () => {
  const { init, parseChallenges, AuthError } = await import(pkg("index.js"));
  await assert.rejects(
    init(new Uint8Array([1, 2, 3])),
    (error) => error instanceof AuthError && error.errorCode === "wasm_load_failed" && error.cause instanceof Error,
  );
  await init(readFileSync(pkg("wasm/countersign_bg.wasm")));
  assert.equal(parseChallenges("Bearer").length, 1);
});
