// What the bench says: on the terminal, in target/bench.json, and between two marks of the README.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const [START, END] = ["<!-- measured: written by `make bench` -->", "<!-- /measured -->"];

/** A number with three digits that count, in groups. */
export function text(value, unit) {
  if (value === null) return "";
  const digits = unit === "B" || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const number = Number.isInteger(value) ? value : Number(value.toFixed(digits));
  return `${number.toLocaleString("en")}${unit ? ` ${unit}` : ""}`;
}

/** A ratio has more digits than a time: twenty times faster is 0.05. */
const ratioText = (ratio) => (ratio === null ? "" : ratio < 0.1 ? ratio.toFixed(3) : ratio.toFixed(2));
const mustText = ({ must, unit }) => (must ? ("ours" in must ? `≤ ${text(must.ours, unit)}` : `ratio ≤ ${must.ratio}`) : "");
const verdict = ({ isMet }) => (isMet === null ? "" : isMet ? "met" : "missed");
const rangeText = (range, show) => (range ? `${show(range.min)}..${show(range.max)}` : "");

/** Everything, for the terminal. */
export function printTable(rows) {
  const head = ["measure", "ours", "spread", "theirs", "spread", "ratio", "n", "must", "", "theirs is"];
  const lines = rows.map((row) => [
    row.name,
    text(row.ours, row.unit),
    rangeText(row.spread?.ours, text),
    text(row.theirs, row.unit),
    rangeText(row.spread?.theirs, text),
    ratioText(row.ratio),
    String(row.n),
    mustText(row),
    verdict(row),
    row.peer ?? "",
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column].length)));
  for (const line of [head, ...lines]) console.log(line.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd());
}

/** Everything, for programs. */
export function writeJson(rows) {
  mkdirSync(root("target"), { recursive: true });
  writeFileSync(root("target/bench.json"), `${JSON.stringify(rows, null, 2)}\n`);
}

/** The table of the README, with the day and the machine: what there is a bound for, and how small others are. */
export function writeReadme(rows, machine) {
  const path = root("README.md");
  const readme = readFileSync(path, "utf8");
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`README.md has no ${START}`);
  const isShown = ({ must, name }) => must || name === "download, brotli 11, for scale";
  const table = rows.filter(isShown).map((row) => {
    const met = row.isMet === null ? "" : row.isMet ? `${mustText(row)}, met` : `**${mustText(row)}, missed**`;
    const theirs = row.theirs === null ? "" : `${text(row.theirs, row.unit)} (${row.peer})`;
    return `| ${row.name} | ${text(row.ours, row.unit)} | ${theirs} | ${ratioText(row.ratio)} | ${met} |`;
  });
  const section = [
    START,
    "![Countersign and its peers, a pair of bars for each measure](tests/bench/chart.svg)",
    "",
    `${machine}. Medians; \`target/bench.json\` has the spread, and more.`,
    "",
    "| measure | ours | theirs | ratio | must |",
    "|---|---|---|---|---|",
    ...table,
    "",
  ];
  writeFileSync(path, readme.slice(0, start) + section.join("\n") + readme.slice(end));
}

/** Where the chart is. */
export const writeChart = (svg) => writeFileSync(root("tests/bench/chart.svg"), svg);
