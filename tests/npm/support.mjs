// What the tests of the built package share.
import { readFileSync } from "node:fs";

/** A file of the built package. */
export const pkg = (path) => new URL(`../../pkg/${path}`, import.meta.url);

/** The package, with its wasm loaded. */
export async function loaded() {
  const countersign = await import(pkg("index.js"));
  await countersign.init(readFileSync(pkg("wasm/countersign_bg.wasm")));
  return countersign;
}

/** Challenges whose `params` are ordinary objects: deep equality looks at prototypes, and JSON has none without. */
export const plain = (challenges) => challenges.map(({ params, ...rest }) => ({ ...rest, params: withPrototype(params) }));

// Object.fromEntries defines properties, so that `__proto__` is one.
const withPrototype = (params) => Object.fromEntries(Object.entries(params));
