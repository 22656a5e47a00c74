// What tools and compilers say of the package as npm publishes it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { compiles, publish, resolutions, run } from "./published.mjs";
import { pkg } from "./support.mjs";

const { folder, tarball } = publish();
const tool = (path) => fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url));

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

for (const [moduleResolution, module] of Object.entries(resolutions)) {
  test(`an app compiles with moduleResolution ${moduleResolution}, by TypeScript 7 with and without skipLibCheck, and by 5.9`, async () => {
    const compile = (compiler, skipLibCheck) => compiles(folder, "app.ts", tool(`${compiler}/bin/tsc`), { module, moduleResolution, skipLibCheck });
    await compile("typescript", true);
    await compile("typescript", false);
    await compile("typescript-api", false);
  });
}
