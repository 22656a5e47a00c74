// MIGRATING.md's tables of options, held to MSAL's declarations and to ours.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript-api";
import * as ours from "./declarations.mjs";
import { optionTable, read, root } from "./markdown.mjs";

const names = ours.declared("./index.d.ts");
const file = fileURLToPath(new URL("node_modules/@azure/msal-browser/types/index.d.ts", root));
const program = ts.createProgram([file], {
  module: ts.ModuleKind.ES2022,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
  types: [],
  strict: true,
});
const msal = program.getTypeChecker();
const msalNames = new Map(msal.getExportsOfModule(msal.getSymbolAtLocation(program.getSourceFile(file))).map((symbol) => [symbol.name, symbol]));

const REQUESTS = ["PopupRequest", "RedirectRequest", "SilentRequest", "SsoSilentRequest"];
const ENDINGS = ["EndSessionRequest", "EndSessionPopupRequest"];

/** The members of a type, by name. */
const members = (checker, type) => checker.getPropertiesOfType(checker.getNonNullableType(type));
const typeNamed = (checker, names, name) => {
  const symbol = names.get(name);
  return checker.getDeclaredTypeOfSymbol(symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
};
const options = (checker, names, types) =>
  new Set(types.flatMap((name) => members(checker, typeNamed(checker, names, name))).map(({ name }) => name));
/** `group.option` of a Configuration. */
const configuration = (checker, names) =>
  new Set(
    members(checker, typeNamed(checker, names, "Configuration")).flatMap((group) =>
      members(checker, checker.getTypeOfSymbol(group)).map(({ name }) => `${group.name}.${name}`),
    ),
  );

for (const [heading, theirs, own] of [
  ["Configuration", configuration(msal, msalNames), configuration(ours.checker, names)],
  ["Requests", options(msal, msalNames, REQUESTS), options(ours.checker, names, REQUESTS)],
  ["Sign-out", options(msal, msalNames, ENDINGS), options(ours.checker, names, ENDINGS)],
]) {
  test(`${heading}: every option of msal-browser has one row, and there is no other`, () => {
    assert.ok(theirs.size > 10);
    assert.deepEqual(optionTable(heading).map(({ option }) => option).sort(), [...theirs].sort());
  });

  test(`${heading}: what is there is declared, what is ignored or refused is not, and a refusal names a code`, () => {
    for (const { option, here, note } of optionTable(heading)) {
      assert.ok(["same", "other default", "default only", "ignored", "refused"].includes(here), `${option}: ${here}`);
      assert.equal(own.has(option), !["ignored", "refused"].includes(here), `${option}: ${here}`);
      if (here === "refused" || here === "default only") assert.match(note, /`unsupported_\w+`/, option);
      if (here === "other default") assert.ok(note, option);
    }
  });
}

test("every name that msal-browser exports, types too, is here, or the guide says what happens without", () => {
  const text = read("pkg-template/MIGRATING.md");
  const missing = [...msalNames.keys()].filter((name) => !names.has(name));
  assert.ok(missing.length > 30);
  assert.deepEqual(missing.filter((name) => !text.includes(`\`${name}\``)), []);
});
