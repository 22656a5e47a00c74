// What tools and compilers say of the package's tarball. With `BUNDLERS=all` (`make test-package`): compilers from the oldest on, and msal-angular.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { install } from "./project.mjs";
import { pkg } from "./support.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const tarball = here("../../target/countersign.tgz");
const tool = (path) => here(`../../node_modules/${path}`);
const run = (script, args) => promisify(execFile)(process.execPath, [script, ...args], { maxBuffer: 1 << 26 });

test("publint has nothing to say, not even a suggestion", async () => {
  const { buffer, byteOffset, length } = readFileSync(tarball);
  const { messages, pkg: published } = await publint({ level: "suggestion", strict: true, pack: { tarball: buffer.slice(byteOffset, byteOffset + length) } });
  assert.equal(published.name, "countersign");
  assert.deepEqual(messages.map((message) => formatMessage(message, published)), []);
});

test("arethetypeswrong finds but one thing: there is no CommonJS copy, which would be a second set of classes (Node 20.19 can require the ES module)", async () => {
  const { stdout } = await run(tool("@arethetypeswrong/cli/dist/index.js"), [
    tarball, "--ignore-rules", "cjs-resolves-to-esm", "--no-definitely-typed", "--format", "json",
  ]);
  const { entrypoints, problems } = JSON.parse(stdout).analysis;
  assert.deepEqual(Object.keys(entrypoints), Object.keys(JSON.parse(readFileSync(pkg("package.json"), "utf8")).exports));
  assert.deepEqual([...new Set(problems.map(({ kind }) => kind))], ["CJSResolvesToESM"]);
});

/** Ways to find a package, each with the `module` that belongs to it. */
const resolutions = { bundler: "ESNext", node16: "Node16", nodenext: "NodeNext" };

/** What a project can ask of a compiler, and the least that a library can be. */
const strictest = {
  exactOptionalPropertyTypes: true,
  isolatedModules: true,
  lib: ["ES2022", "DOM"],
  noEmit: true,
  noPropertyAccessFromIndexSignature: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  strict: true,
  target: "ES2022",
  types: [],
};

/** Compiles a file of a project with this `tsc`. */
async function compiles(folder, file, tsc, moduleResolution, options = {}) {
  const compilerOptions = { ...strictest, module: resolutions[moduleResolution], moduleResolution, ...options };
  const project = `${mkdtempSync(`${folder}/with-`)}/tsconfig.json`;
  writeFileSync(project, JSON.stringify({ compilerOptions, files: [`../${file}`] }));
  await run(tsc, ["-p", project]).catch(({ stdout, stderr }) => assert.fail(`${JSON.stringify(compilerOptions)}\n${stdout}${stderr}`));
}

let app;
before(async () => {
  app = await install("types", "published");
});

for (const moduleResolution of Object.keys(resolutions)) {
  test(`an app compiles with moduleResolution ${moduleResolution}, by TypeScript 7 with and without skipLibCheck, and by 5.9`, async () => {
    await compiles(app, "app.ts", tool("typescript/bin/tsc"), moduleResolution, { skipLibCheck: true });
    await compiles(app, "app.ts", tool("typescript/bin/tsc"), moduleResolution);
    await compiles(app, "app.ts", tool("typescript-api/bin/tsc"), moduleResolution);
  });
}

if (process.env.BUNDLERS === "all") {
  let old;
  before(async () => {
    old = await install("compilers", "published");
    cpSync(here("types/app.ts"), `${old}/app.ts`);
  });

  // 4.7 is the first that reads `exports`, and 5.0 the first that knows bundlers.
  for (const [version, names] of [["4.7", ["node16", "nodenext"]], ["5.0", Object.keys(resolutions)], ["6.0", Object.keys(resolutions)]]) {
    test(`an app compiles with TypeScript ${version} and moduleResolution ${names.join(", ")}`, async () => {
      for (const name of names) await compiles(old, "app.ts", `${old}/node_modules/typescript-${version}/bin/tsc`, name);
    });
  }

  test("an app with msal-angular compiles, its declarations too, where this package stands for msal-browser", async () => {
    const paths = { "@azure/msal-browser": [`${old}/node_modules/countersign/index.d.ts`] };
    await compiles(old, "msal_angular.ts", `${old}/node_modules/typescript-6.0/bin/tsc`, "bundler", { paths });
  });
}
