// The built package as Node sees it: importing runs nothing, the challenge functions work on bytes, declarations and exports agree.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const pkg = (path) => new URL(`../../pkg/${path}`, import.meta.url);

test("importing the package in Node runs nothing and needs no window", async () => {
  const before = Object.getOwnPropertyNames(globalThis).sort();
  const countersign = await import(pkg("index.js"));
  assert.deepEqual(Object.getOwnPropertyNames(globalThis).sort(), before);
  new countersign.PublicClientApplication({ auth: { clientId: "c" } });
});

test("declared and real exports agree", async () => {
  const declarations = readFileSync(pkg("index.d.ts"), "utf8");
  const declared = [...declarations.matchAll(/^export declare (?:class|function|const) (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(Object.keys(await import(pkg("index.js"))).sort(), declared.sort());
});

test("declared and real methods of the client agree", async () => {
  const { PublicClientApplication } = await import(pkg("index.js"));
  const declarations = readFileSync(pkg("index.d.ts"), "utf8");
  const [, body] = declarations.match(/export declare class PublicClientApplication \{([\s\S]*?)\n\}/);
  const declared = [...body.matchAll(/^ {2}(?:readonly )?(\w+)[(:]/gm)].map(([, name]) => name).sort();
  const app = new PublicClientApplication({ auth: { clientId: "c" } });
  const real = [...Object.getOwnPropertyNames(PublicClientApplication.prototype), ...Object.keys(app)].sort();
  assert.deepEqual(real, declared);
});

test("every code is declared, and each has a class and a sentence", async () => {
  const { codes } = await import(pkg("errors.js"));
  const { AuthError } = await import(pkg("index.js"));
  const declarations = readFileSync(pkg("index.d.ts"), "utf8");
  const [, union] = declarations.match(/export type AuthErrorCode =([\s\S]*?);/);
  assert.deepEqual(
    [...union.matchAll(/"(\w+)"/g)].map(([, code]) => code),
    Object.keys(codes),
  );
  for (const [code, [Class, sentence]] of Object.entries(codes)) {
    assert.ok(Class === AuthError || Class.prototype instanceof AuthError, code);
    assert.match(sentence, /^[A-Z{].*\.$/, code);
  }
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

test("challenges are read as the shared vectors say", async () => {
  const { init, parseChallenges, getClaimsChallenge } = await import(pkg("index.js"));
  await init(readFileSync(pkg("wasm/countersign_bg.wasm")));
  const vectors = JSON.parse(readFileSync(new URL("../vectors/challenges.json", import.meta.url), "utf8"));
  assert.ok(vectors.length >= 150);
  const plain = (challenges) => challenges.map(({ params, ...rest }) => ({ ...rest, params: { ...params } }));
  for (const { id, headers, strict, tolerant, claims } of vectors) {
    const tolerantly = tolerant ?? strict.map((challenge) => ({ ...challenge, recovered: false }));
    assert.deepEqual(
      plain(parseChallenges(headers)),
      tolerantly.map((challenge) => ({ token68: null, params: {}, recovered: false, ...challenge })),
      id,
    );
    if (strict === null) {
      assert.throws(
        () => parseChallenges(headers, { strict: true }),
        (error) => error.errorCode === "malformed_challenge" && Number.isInteger(error.position),
        id,
      );
    }
    if (claims !== undefined) assert.equal(getClaimsChallenge(headers), claims, id);
  }
});

test("challenges are read from whatever holds them", async () => {
  const { init, parseChallenges, getClaimsChallenge, mergeClaims } = await import(pkg("index.js"));
  await init(readFileSync(pkg("wasm/countersign_bg.wasm")));
  const line =
    'Bearer realm="", authorization_uri="https://login.example.com/authorize", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlIjoiYzEifX19"';
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
  for (const input of [
    line,
    [line],
    new Headers({ "WWW-Authenticate": line }),
    new Response("", { status: 401, headers: { "www-authenticate": line } }),
  ]) {
    assert.equal(getClaimsChallenge(input), claims);
    assert.equal(parseChallenges(input)[0].params.authorization_uri, "https://login.example.com/authorize");
  }
  for (const nothing of [null, undefined, "", [], new Headers()])
    assert.deepEqual([parseChallenges(nothing), getClaimsChallenge(nothing)], [[], null]);
  assert.equal(Object.getPrototypeOf(parseChallenges('Bearer __proto__="x"')[0].params), null);
  assert.equal(mergeClaims(claims, ["CP1"]), '{"access_token":{"acrs":{"essential":true,"value":"c1"},"xms_cc":{"values":["CP1"]}}}');
  assert.equal(mergeClaims(null, ["CP1"]), '{"access_token":{"xms_cc":{"values":["CP1"]}}}');
});
