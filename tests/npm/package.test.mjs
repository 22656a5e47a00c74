// The built package as Node sees it: importing runs nothing, declarations and exports agree, errors are what they are declared to be.
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

test("declared and real exports agree", async () => {
  const index = readFileSync(pkg("index.d.ts"), "utf8");
  const others = [...index.matchAll(/^export \* from "\.\/(\w+)\.js";/gm)].map(([, name]) => readFileSync(pkg(`${name}.d.ts`), "utf8"));
  const exported = /^export declare (?:class|enum|function|const) (\w+)/gm;
  const declared = [...[index, ...others].join("\n").matchAll(exported)].map(([, name]) => name);
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

test("every file that the modules import is in the package, and the version is the package's", async () => {
  const { files, version } = JSON.parse(readFileSync(pkg("package.json"), "utf8"));
  assert.equal((await import(pkg("index.js"))).version, version);
  const modules = files.filter((name) => name.endsWith(".js") && !name.includes("*"));
  for (const name of modules) {
    const imported = [...readFileSync(pkg(name), "utf8").matchAll(/from "\.\/([\w.-]+)"/g)].map(([, file]) => file);
    for (const file of imported) assert.ok(files.includes(file), `${name} imports ${file}`);
  }
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
