// Loading, in a process of its own: the wasm is loaded once for all.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pkg } from "./support.mjs";

test("a function that needs the wasm says so before it is loaded", async () => {
  const { AuthError, formatChallenge, getClaimsChallenge, getDemands, mergeClaims, parseChallenges } = await import(pkg("index.js"));
  for (const call of [
    () => parseChallenges("Bearer"),
    () => getDemands(401, "Bearer"),
    () => getClaimsChallenge("Bearer"),
    () => mergeClaims(null, ["CP1"]),
    () => formatChallenge({ scheme: "Bearer", params: {} }),
  ]) {
    assert.throws(call, (error) => error instanceof AuthError && error.errorCode === "uninitialized_public_client_application");
  }
});

test("without a page to load it from, init says what to pass", async () => {
  const { init } = await import(pkg("index.js"));
  await assert.rejects(init(), { errorCode: "wasm_load_failed", message: /pass init\(\) the bytes of countersign\/wasm, or import countersign\/inline/ });
});

test("a wasm that cannot be loaded is wasm_load_failed with its cause, and init may be called again", async () => {
  const { init, parseChallenges, AuthError } = await import(pkg("index.js"));
  await assert.rejects(
    init(new Uint8Array([1, 2, 3])),
    (error) => error instanceof AuthError && error.errorCode === "wasm_load_failed" && error.cause instanceof Error,
  );
  await init(readFileSync(pkg("wasm/countersign_bg.wasm")));
  assert.equal(parseChallenges("Bearer").length, 1);
});
