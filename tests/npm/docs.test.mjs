// What is written for people: links lead somewhere, code can be read, and every error leads to the section that is about it.
import assert from "node:assert/strict";
import { transformSync } from "esbuild";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript-api";
import { codes, createAuthError, AuthError, BrowserAuthError } from "../../pkg-template/errors.js";
import { anchors, code, links, read, root } from "./markdown.mjs";
import { pkg } from "./support.mjs";

const documents = ["", "pkg-template/", "tests/", "www/"].flatMap((folder) =>
  readdirSync(new URL(folder, root)).filter((name) => name.endsWith(".md")).map((name) => folder + name),
);
const sections = anchors(read("pkg-template/ERRORS.md"));

/** The section that an error's message leads to. */
const section = ({ message }) => message.match(/ \(countersign\/ERRORS\.md#(\w+)\)$/)?.[1];

test("every link between our documents leads to a file and a heading that exist", () => {
  const paths = documents.flatMap((from) => links(read(from)).filter((target) => !/^[a-z]+:/.test(target)).map((target) => [from, target]));
  assert.ok(paths.length > 10);
  for (const [from, target] of paths) {
    const url = new URL(target, new URL(from, root));
    const hash = decodeURIComponent(url.hash.slice(1));
    url.hash = "";
    assert.ok(existsSync(url), `${from}: ${target}`);
    if (hash) assert.ok(anchors(readFileSync(url, "utf8")).includes(hash), `${from}: ${target}`);
  }
});

test("what the package's documents link to is in the package", () => {
  const { files } = JSON.parse(read("pkg-template/package.json"));
  for (const from of ["README.md", "ERRORS.md", "MIGRATING.md"]) {
    for (const target of links(read(`pkg-template/${from}`)).filter((target) => !/^([a-z]+:|#)/.test(target))) {
      const [file] = target.split("#");
      assert.ok(file === "README.md" || files.includes(file) || (file.endsWith(".d.ts") && files.includes("*.d.ts")), `${from}: ${target}`);
    }
  }
});

test("every error code has a section, in the table's order, and no section is about a code that does not exist", () => {
  assert.deepEqual(sections.slice(1), Object.keys(codes));
});

test("every section says something", () => {
  for (const text of read("pkg-template/ERRORS.md").split("\n## ").slice(1)) assert.ok(text.length > 90, text);
});

test("every error's message ends with the section that is about it", () => {
  for (const code of Object.keys(codes)) {
    assert.equal(section(createAuthError(code)), code);
    assert.equal(section(createAuthError(code, "a detail, with $& in it")), code);
    assert.equal(section(new AuthError(code)), code, "one that the app makes, in a test say");
  }
  assert.equal(new BrowserAuthError("of_the_app").message, "of_the_app");
  assert.equal(new AuthError("user_cancelled", "", "in the app's words").message, "user_cancelled: in the app's words");
});

test("a provider's refusal leads to the section that fits, whatever its code", () => {
  const refusal = (code, error) => createAuthError(code, undefined, { error, status: 400, errorNumbers: [], description: "AADSTS1: no" });
  assert.equal(refusal("server_error", "invalid_client").message, "invalid_client: AADSTS1: no (countersign/ERRORS.md#server_error)");
  assert.equal(section(refusal("interaction_required", "login_required")), "interaction_required");
  assert.equal(section(refusal("user_cancelled", "access_denied")), "user_cancelled");
});

test("the code in the package's documents can be read", () => {
  for (const file of ["README.md", "ERRORS.md", "MIGRATING.md"]) {
    for (const block of code(read(`pkg-template/${file}`), "js")) {
      // A part of something larger: members of an object, or the end of a `try`.
      const forms = [block, `async () => {${block}}`, `({${block}})`, `async () => { try {} ${block} }`];
      const isReadable = forms.some((form) => {
        try {
          return transformSync(form, { loader: "js", format: "esm", target: "es2022" });
        } catch {
          return false;
        }
      });
      assert.ok(isReadable, `${file}: ${block}`);
    }
  }
});

test("what the README does with events, TypeScript takes as it is", (t) => {
  const blocks = code(read("pkg-template/README.md"), "js").filter((block) => block.includes("addEventCallback"));
  assert.equal(blocks.length, 2);
  const folder = mkdtempSync(join(tmpdir(), "countersign-docs-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const around = `
    import type { PublicClientApplication } from "countersign";
    declare const app: PublicClientApplication, $: (id: string) => HTMLElement;
    declare function show(response: Response): void;
    declare function offer(method: string, url: string, body: Blob | null): void;`;
  const file = join(folder, "events.ts");
  writeFileSync(file, [around, ...blocks].join("\n"));
  const program = ts.createProgram([file], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
    types: [],
    strict: true,
    paths: { countersign: [fileURLToPath(pkg("index.d.ts"))] },
  });
  assert.deepEqual(ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")), []);
});
