// The declarations and what they declare: names, members, values, arguments, codes; and that each of them is documented.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as d from "./declarations.mjs";
import { pkg } from "./support.mjs";

const index = d.declared("./index.d.ts");
const real = await import(pkg("index.js"));
const classes = [...index].filter(([, symbol]) => d.isClass(symbol));
const sorted = (names) => [...names].sort();

/** What a class is constructed with; nothing, where it is not here. */
const samples = { PublicClientApplication: [{ auth: { clientId: "c" } }], Logger: [{}] };
const instance = (name) => new real[name](...(samples[name] ?? []));

for (const { subpath, types, file } of d.entries.filter((entry) => entry.file.endsWith(".js"))) {
  test(`declared and real exports of ${subpath} agree`, async () => {
    const declared = [...d.declared(types)].filter(([, symbol]) => d.isValue(symbol)).map(([name]) => name);
    assert.ok(declared.length > 0);
    assert.deepEqual(sorted(Object.keys(await import(pkg(file)))), sorted(declared));
  });
}

test("countersign/wasm is WebAssembly, and its declaration says no more than that a bundler may make an address of it", () => {
  const { types, file } = d.entries.find(({ subpath }) => subpath === "./wasm");
  assert.ok(WebAssembly.validate(readFileSync(pkg(file))));
  assert.deepEqual([...d.declared(types).keys()], ["default"]);
});

test("countersign/inline declares exactly what countersign declares, types too", () => {
  assert.deepEqual([...d.declared("./inline.d.ts")], [...index]);
});

test("declared and real members of each class agree, static ones too", () => {
  assert.ok(classes.length >= 12);
  for (const [name, symbol] of classes) {
    const isMethod = ([, member]) => d.isFunction(d.typeOf(member));
    const ofInstances = [...d.members(d.typeNamed(symbol))];
    const object = instance(name);
    const methods = new Set();
    for (let at = real[name].prototype; at && at !== Error.prototype && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const own of Object.getOwnPropertyNames(at)) methods.add(own);
    }
    methods.delete("constructor");
    const own = Object.keys(object).filter((key) => key !== "name");
    assert.deepEqual(sorted([...methods, ...own.filter((key) => typeof object[key] === "function")]), sorted(ofInstances.filter(isMethod).map(([key]) => key)), name);
    const properties = ofInstances.filter((member) => !isMethod(member));
    assert.deepEqual(sorted(own.filter((key) => typeof object[key] !== "function")), sorted(properties.filter(([, member]) => !d.isOptional(member)).map(([key]) => key)), name);

    const statics = Object.getOwnPropertyNames(real[name]).filter((key) => !["length", "name", "prototype"].includes(key));
    const declared = [...d.members(d.typeOf(symbol)).keys()].filter((key) => key !== "prototype");
    assert.deepEqual(sorted(statics), sorted(declared), `static members of ${name}`);
  }
});

test("declared and real constants and enumerations agree, in names and values", () => {
  for (const [name, symbol] of index) {
    if (!d.isValue(symbol) || d.isClass(symbol) || d.isFunction(d.typeOf(symbol))) continue;
    const members = d.members(d.typeOf(symbol));
    if (members.size === 0) continue; // a text, a list
    const values = Object.fromEntries([...members].map(([key, member]) => [key, d.literal(d.typeOf(member))]));
    if (Object.values(values).every((value) => value === undefined)) {
      assert.deepEqual(sorted(Object.keys(real[name])), sorted(members.keys()), name);
      continue;
    }
    // As TypeScript compiles an enumeration of numbers.
    const names = d.isEnum(symbol) ? Object.fromEntries(Object.entries(values).map(([key, value]) => [value, key])) : {};
    assert.deepEqual(real[name], { ...values, ...names }, name);
  }
});

test("functions and methods take as many arguments as is declared", () => {
  const check = (path, type, implementation) => {
    const { least, most } = d.arity(type);
    assert.ok(least <= implementation.length && implementation.length <= most, `${path}: ${implementation.length}, not ${least} to ${most}`);
  };
  for (const [name, symbol] of index) {
    if (!d.isValue(symbol) || name === "stubbedPublicClientApplication") continue;
    const type = d.typeOf(symbol);
    if (d.isFunction(type)) check(name, type, real[name]);
    for (const [key, member] of d.members(type)) {
      if (typeof real[name][key] === "function") check(`${name}.${key}`, d.typeOf(member), real[name][key]);
    }
    if (!d.isClass(symbol)) continue;
    const object = instance(name);
    for (const [key, member] of d.members(d.typeNamed(symbol))) {
      if (typeof object[key] === "function" && key !== "fetch") check(`${name}#${key}`, d.typeOf(member), object[key]);
    }
  }
});

test("every code is declared, and each has a class and a sentence", async () => {
  const { codes } = await import(pkg("errors.js"));
  const union = d.typeNamed(index.get("AuthErrorCode")).types.map(({ value }) => value);
  assert.deepEqual(sorted(union), Object.keys(codes));
  for (const [code, [Class, sentence]] of Object.entries(codes)) {
    assert.ok(Class === real.AuthError || Class.prototype instanceof real.AuthError, code);
    assert.match(sentence, /^[A-Z{].*\.$/, code);
  }
});

test("nothing is declared as any", () => {
  assert.deepEqual(d.files.flatMap((file) => [...d.anys(file)]), []);
});

test("every exported name and each of its members is documented", () => {
  // Names of codes are but other spellings; what a code means is in ERRORS.md, which has a test of its own.
  const all = [...d.documented()].filter(({ path }) => !/ErrorCodes\./.test(path));
  assert.ok(all.length > 300, String(all.length));
  assert.deepEqual(all.filter(({ text }) => !text.trim()).map(({ path }) => path), []);
});

test("what the documentation links to is there", () => {
  const broken = [];
  for (const { text } of d.files) {
    for (const [link, name, key] of text.matchAll(/\{@link (\w+)(?:\.(\w+))?[^}]*\}/g)) {
      const symbol = index.get(name);
      const types = symbol ? [d.typeNamed(symbol), ...(d.isValue(symbol) ? [d.typeOf(symbol)] : [])] : [];
      if (!symbol || (key && !types.some((type) => d.members(type).has(key)))) broken.push(link);
    }
  }
  assert.deepEqual(broken, []);
});
