// Writes the fuzzers' first inputs, from the vectors that the tests read.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const here = (path) => new URL(path, import.meta.url);
const vectors = JSON.parse(readFileSync(here("../vectors/challenges.json"), "utf8"));

function seed(target, inputs) {
  mkdirSync(here(`corpus/${target}/`), { recursive: true });
  for (const [name, input] of inputs) writeFileSync(here(`corpus/${target}/${name}`), input);
  console.log(`seeded ${target} with ${inputs.length} inputs`);
}

seed(
  "parse",
  vectors.map(({ id, headers }) => [id, headers.join("\n")]),
);

const params = ({ strict, tolerant }) => (tolerant ?? strict).map((challenge) => challenge.params?.claims);
seed(
  "claims",
  vectors.flatMap((vector) =>
    params(vector)
      .filter((claims) => claims !== undefined)
      .map((claims, index) => [`${vector.id}-${index}`, claims]),
  ),
);

const requests = vectors.filter(({ claims }) => claims).map(({ id, claims }) => [id, claims]);
seed(
  "merge",
  requests.map(([id, claims], index) => [id, [claims, requests[(index + 1) % requests.length][1], "cp1,LLT"].join("\n")]),
);
