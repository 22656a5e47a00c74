// Projects that use the package as its users do: installed from its tarball, built and served in target/npm.
import { execFile, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const tarball = here("../../target/countersign.tgz");
/** Next.js would send statistics, and lines that are read here would be coloured. */
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1" };

/**
 * Puts the project of that name, the app that all share and the package into a folder of this file of tests, and resolves to it. What npm has
 * installed there stays as long as the lock file does. A project with an app of its own may have the package `as` another name, and depends on
 * `file:countersign` then.
 */
export async function install(name, tests, as = "countersign") {
  if (!existsSync(tarball)) throw new Error(`${tarball} is missing: run make pack`);
  const folder = here(`../../target/npm/${tests}/${name}`);
  const modules = `${folder}/node_modules`;
  mkdirSync(modules, { recursive: true });
  for (const entry of readdirSync(folder)) if (entry !== "node_modules") rmSync(`${folder}/${entry}`, { recursive: true });
  const isSource = (file) => !/\/(node_modules|dist)$/.test(file);
  const hasOwnApp = as !== "countersign";
  for (const source of hasOwnApp ? [name] : ["app", name]) cpSync(here(source), folder, { recursive: true, filter: isSource });
  const unpack = async (place) => {
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place, { recursive: true });
    await run("tar", ["-xzf", tarball, "--strip-components=1", "-C", place]);
  };
  if (hasOwnApp) await unpack(`${folder}/countersign`);

  const [wanted, installed] = [`${folder}/package-lock.json`, `${modules}/.lock.json`];
  const isInstalled = () => existsSync(installed) && readFileSync(installed, "utf8") === readFileSync(wanted, "utf8");
  if (existsSync(wanted) && !isInstalled()) {
    say(name, "npm ci");
    await run("npm", ["ci", "--no-progress", "--loglevel=error"], { cwd: folder, env });
    cpSync(wanted, installed);
  }
  // All that npm does with a tarball that has neither dependencies nor scripts. `npm install` takes one of the same version for the same one.
  for (const stale of [".vite", ".cache"]) rmSync(`${modules}/${stale}`, { recursive: true, force: true });
  await unpack(`${modules}/${as}`);
  return folder;
}

/** Builds an installed project for production. */
export async function build(name, folder) {
  say(name, "npm run build");
  try {
    await run("npm", ["run", "build"], { cwd: folder, env });
  } catch (cause) {
    throw new Error(`${name} could not be built:\n${cause.stdout}\n${cause.stderr}`, { cause });
  }
}

/** Runs a project's own server, by a script of its package.json. Resolves once it listens. */
export async function serve(folder, script) {
  const port = await freePort();
  const [program, ...args] = JSON.parse(readFileSync(`${folder}/package.json`, "utf8")).scripts[script].split(" ");
  const child = spawn(program, [...args, "--port", port], { cwd: folder, env: { ...env, PATH: `${folder}/node_modules/.bin:${env.PATH}` } });
  const output = [];
  await new Promise((resolve, reject) => {
    const isUp = (line) => output.push(line) && line.includes(`localhost:${port}`);
    createInterface(child.stdout).on("line", (line) => isUp(line) && resolve());
    createInterface(child.stderr).on("line", (line) => output.push(line));
    child.on("error", reject);
    child.on("exit", () => reject(new Error(`${script} ended:\n${output.join("\n")}`)));
  });
  const close = () =>
    new Promise((resolve) => {
      child.removeAllListeners("exit").on("exit", resolve);
      child.kill();
    });
  return { origin: `http://localhost:${port}`, close };
}

/** The .wasm files below a folder. */
export const wasmFiles = (folder) => readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".wasm"));

/** What takes long says so. */
const say = (name, what) => process.stderr.write(`${name}: ${what}\n`);

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}
