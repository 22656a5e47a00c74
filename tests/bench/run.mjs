// `make bench`: this package and what users would pick instead, in the same run, on the same machine, in the same browser.
//
//   --quick        few rounds and a small part of the work: to see whether the bench works, not what it says
//   --only=start   the measures whose name begins so
//   --write        the README's table and the chart, too; only with everything measured
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { launch } from "../e2e/engines.mjs";
import { chart } from "./chart.mjs";
import { UNCHALLENGED, underChallenge } from "./measures/challenge.mjs";
import { download } from "./measures/download.mjs";
import { memory } from "./measures/memory.mjs";
import { parse } from "./measures/parse.mjs";
import { fetchOverhead } from "./measures/requests.mjs";
import { tokenFromCache } from "./measures/silent.mjs";
import { start } from "./measures/start.mjs";
import { signInTrips } from "./measures/trips.mjs";
import { printTable, writeChart, writeJson, writeReadme } from "./report.mjs";
import { serve } from "./server.mjs";

const measures = {
  download,
  start,
  "token from cache": tokenFromCache,
  "fetch overhead": fetchOverhead,
  "under challenge": underChallenge,
  "sign-in trips": signInTrips,
  parse,
  memory,
};
const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});
if (options.write && (options.quick || options.only)) throw new Error("--write is for a run of everything");

const version = (name) => JSON.parse(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), "utf8")).version;
const named = (name) => `${name.split("/").pop()} ${version(name)}`;
const peers = {
  msal: named("@azure/msal-browser"),
  oidc: named("oidc-client-ts"),
  auth0: named("@auth0/auth0-spa-js"),
  pipeline: named("@azure/core-rest-pipeline"),
  oauth4webapi: named("oauth4webapi"),
};

const began = Date.now();
const say = (line) => console.error(`${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s  ${line}`);
const browser = await launch();
const [server, isolated] = await Promise.all([serve(), serve({ isIsolated: true })]);
const rows = [];
try {
  for (const [name, measure] of Object.entries(measures)) {
    if (!name.startsWith(options.only)) continue;
    say(name);
    const progress = (what) => say(`${name}: ${what}`);
    const rounds = options.quick ? 3 : 7;
    rows.push(...(await measure({ browser, server, isolated, rounds, isQuick: options.quick, progress, peers })));
  }
} finally {
  await Promise.all([browser.close(), server.close(), isolated.close()]);
}

const day = new Date().toISOString().slice(0, 10);
const processors = cpus();
const machine = `${day}, ${processors.length} x ${processors[0].model.trim()}, Chromium ${browser.version()}`;
console.log(`\n${machine}${options.quick ? ", a quick run: these figures mean nothing" : ""}\n`);
printTable(rows);
if (!options.only) writeJson(rows);
if (options.write) {
  writeReadme(rows, machine);
  const isCharted = ({ peer, unit, must }) => [UNCHALLENGED, ...Object.values(peers)].includes(peer) && must && !["", "x"].includes(unit);
  writeChart(chart(rows.filter(isCharted), machine));
}
