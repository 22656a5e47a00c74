// Parse: the corpus of challenges, and lines that are made to be slow.
//
// Fair, because: each reader gets a line in the form that it takes, ready made (core-rest-pipeline a text, oauth4webapi a `Response`), and ours gets the
// same; the readers of the others are called directly, without the policy or the response handling around them; each line is read by all of them in turn.
// Every line that a response can hold counts, also those that a reader gives up on, which is quick. The median is over lines. Lines of more than 8 KB
// are among those made to be slow: servers refuse to send them, and one reader would take seconds for each.
import { existsSync, readFileSync } from "node:fs";
import { makePageOf } from "../bundle.mjs";
import { interleave, measured, median } from "../statistics.mjs";

const corpus = ["../../../../shared/vectors/challenges.json", "../../vectors/challenges.json"].map((path) => new URL(path, import.meta.url));
const [LONGEST, HALF] = [8192, 8192];
/** The least time of a sample, in milliseconds: a hundred steps of the clock. */
const MS = 0.5;
// Twice the length takes twice the time, or four times: the bound lies between.
const LINEAR = 2.5;

/** Lines of about so many characters, each of which some reader has been slow on. */
const nasty = {
  "a long word": (length) => `Bearer ${"a".repeat(length)}`,
  "a long value without its end": (length) => `Bearer realm="${"x".repeat(length)}`,
  "escapes without an end": (length) => `Bearer realm="${'\\"'.repeat(length / 2)}`,
  "many values without an end": (length) => 'Bearer a="b, '.repeat(length / 13),
  commas: (length) => `Bearer ${",".repeat(length)}`,
  "commas and spaces": (length) => `Bearer ${", ".repeat(length / 2)}`,
  spaces: (length) => `Bearer${" ".repeat(length)}x=y`,
  "many schemes": (length) => "Basic, ".repeat(length / 7),
  "many parameters": (length) => `Bearer ${Array.from({ length: length / 10 }, (_, n) => `p${n}=v${n}`).join(", ")}`,
  "escapes, and repeated names": (length) => `Bearer a="${"\\a".repeat(length / 4)}"${", a=b".repeat(length / 10)}`,
  "equals signs": (length) => `Bearer ${"=".repeat(length)}`,
};

export async function parse({ browser, isolated, rounds, isQuick, progress, peers }) {
  await makePageOf("parse");
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${isolated.origin}/parse/`);
  await page.evaluate(() => bench.start());
  const read = (lines, ms) => page.evaluate(([lines, ms]) => bench.read(lines, ms), [lines, ms]);

  const all = JSON.parse(readFileSync(corpus.find(existsSync), "utf8")).map(({ headers }) => headers.join(", "));
  const short = all.filter((line) => line.length <= LONGEST && line);
  const lines = (await page.evaluate((lines) => bench.fitting(lines), short)).filter((_, n) => !isQuick || n % 8 === 0);
  await read(lines, MS);
  const { corpus: times } = await interleave(rounds, { corpus: () => read(lines, MS) }, (round) =>
    progress(`${lines.length} lines, round ${round}`),
  );
  const medians = (reader) => times.map((round) => median(round[reader]));

  const both = Object.values(nasty).flatMap((line) => [line(HALF), line(2 * HALF)]);
  await read(both, 0);
  const { growth } = await interleave(rounds, { growth: () => read(both, MS) }, (round) => progress(`lines made to be slow, round ${round}`));
  await context.close();

  const slowest = (reader) => worst(Object.keys(nasty).map((_, n) => growth.map((round) => round[reader][2 * n + 1] / round[reader][2 * n])));
  const row = (name, own, other, peer, unit, of, must) => measured(name, unit, peer, { ours: of(own), theirs: of(other) }, must);
  const twice = "parse, slow lines of twice the length";
  return [
    row("parse, median line", "ours", "pipeline", peers.pipeline, "ns", medians, { ratio: 1 }),
    row("parse, median line of a Response", "oursOfResponse", "oauth4webapi", peers.oauth4webapi, "ns", medians, { ratio: 1 }),
    row(twice, "ours", "pipeline", peers.pipeline, "x", slowest, { ours: LINEAR }),
    row(`${twice}, of a Response`, "oursOfResponse", "oauth4webapi", peers.oauth4webapi, "x", slowest, { ours: LINEAR }),
  ];
}

/** The samples of the line that grows most. */
const worst = (samples) => samples.reduce((most, each) => (median(each) > median(most) ? each : most));
