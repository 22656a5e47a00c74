// The package as npm publishes it, in a folder of its own: packed, and installed beside an app.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { pkg } from "./support.mjs";

export const run = (script, args) => promisify(execFile)(process.execPath, [script, ...args], { maxBuffer: 1 << 26 });

/** Packs it. The folder is removed after the tests. */
export function publish() {
  const folder = mkdtempSync(join(tmpdir(), "countersign-published-"));
  after(() => rmSync(folder, { recursive: true }));
  const printed = execFileSync("npm", ["pack", fileURLToPath(pkg("")), "--pack-destination", folder, "--json"], { stdio: ["ignore", "pipe", "ignore"] });
  const tarball = join(folder, JSON.parse(printed)[0].filename);
  mkdirSync(join(folder, "node_modules"));
  execFileSync("tar", ["-xzf", tarball, "-C", folder]);
  renameSync(join(folder, "package"), join(folder, "node_modules/countersign"));
  // node16 and nodenext ask whether the app is an ES module. Others have no types of a package that is one.
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  return { folder, tarball };
}

/** What a project can ask of a compiler beside `strict`, and the least that a library can be. */
const strictest = {
  exactOptionalPropertyTypes: true,
  isolatedModules: true,
  lib: ["ES2022", "DOM"],
  noEmit: true,
  noPropertyAccessFromIndexSignature: true,
  noUncheckedIndexedAccess: true,
  strict: true,
  target: "ES2022",
  types: [],
};

/** Compiles an app of `types/` beside the package with this compiler, a path of its `tsc`. */
export async function compiles(folder, app, compiler, options) {
  copyFileSync(new URL(`types/${app}`, import.meta.url), join(folder, app));
  const project = join(mkdtempSync(join(folder, "project-")), "tsconfig.json");
  writeFileSync(project, JSON.stringify({ compilerOptions: { ...strictest, ...options }, files: [`../${app}`] }));
  await run(compiler, ["-p", project]).catch(({ stdout, stderr }) => assert.fail(`${JSON.stringify(options)}\n${stdout}${stderr}`));
}

/** Ways to find a package, each with the `module` that belongs to it. */
export const resolutions = { bundler: "ESNext", node16: "Node16", nodenext: "NodeNext" };
