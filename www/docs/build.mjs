// Builds target/docs, one static site: the references of both languages, the package's documents, and a recording of the demo.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { launch } from "../../tests/e2e/engines.mjs";
import { startDemo } from "../server.mjs";

process.chdir(new URL("../..", import.meta.url).pathname);
const run = (program, args, options) => execFileSync(program, args, { stdio: "inherit", ...options });

rmSync("target/docs", { recursive: true, force: true });
mkdirSync("target/docs/demo", { recursive: true });

rmSync("target/doc", { recursive: true, force: true });
run("cargo", ["doc", "--no-deps", "--quiet"], { env: { ...process.env, RUSTDOCFLAGS: "-D warnings" } });
cpSync("target/doc", "target/docs/rust", { recursive: true });

const isInstalled = existsSync("www/docs/node_modules") && statSync("www/docs/node_modules").mtimeMs > statSync("www/docs/package-lock.json").mtimeMs;
if (!isInstalled) run("npm", ["ci", "--no-progress", "--loglevel=error"], { cwd: "www/docs" });
run("npx", ["--no-install", "typedoc", "--options", "typedoc.json"], { cwd: "www/docs" });

await record("target/docs/demo/index.html");
for (const file of ["style.css", "guides"]) cpSync(`www/${file}`, `target/docs/demo/${file}`, { recursive: true });
cpSync("www/docs/index.html", "target/docs/index.html");
for (const [, target] of readFileSync("www/docs/index.html", "utf8").matchAll(/href="([^":]+)"/g)) {
  if (!existsSync(`target/docs/${target}`)) throw new Error(`www/docs/index.html leads to ${target}, which is not there`);
}
console.log("target/docs/index.html");

/** The demo's page after a challenge that the session answers and one that the user answers: its own steps, without its scripts and servers. */
async function record(file) {
  const demo = await startDemo({ coop: true });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const act = async (button, inPopup) => {
      const [popup] = await Promise.all([page.waitForEvent("popup"), page.click(button)]);
      await popup.click(inPopup);
    };
    const done = (count) => page.waitForFunction((count) => document.querySelectorAll('#timeline > [data-step="done"]').length === count, count);
    await page.goto(demo.app);
    await page.waitForSelector("#sign-in-popup:enabled");
    await act("#sign-in-popup", "#user-alex");
    await page.waitForSelector("#call-api:enabled");
    const revoked = page.waitForResponse((response) => response.url().endsWith("/control/revoke"));
    await page.click("#revoke");
    await revoked;
    await page.click("#call-api");
    await done(1);
    const switched = page.waitForResponse((response) => response.url().includes("/control/stronger"));
    await page.click("label:has(#stronger)");
    await switched;
    await act("#call-api", "#confirm");
    await done(2);
    await page.evaluate(still);
    writeFileSync(file, await page.content());
  } finally {
    await browser.close();
    await demo.close();
  }
}

/** Runs in the page. */
function still() {
  for (const element of document.querySelectorAll("script, noscript")) element.remove();
  for (const control of document.querySelectorAll("button, input, select")) control.disabled = true;
  document.querySelector('link[rel="stylesheet"]').setAttribute("href", "style.css");
  const note = document.createElement("p");
  note.className = "soft";
  note.innerHTML = 'A recording, made when this site was built: a page cannot be its own provider and API. <code>make demo</code> runs it. <a href="../index.html">Documentation</a>';
  document.querySelector("header").append(note);
}
