// What an app's users download, as text that is committed: a change of it shows beside the code that caused it.
import { readFileSync } from "node:fs";
import { bundle, wasm } from "./bundle.mjs";
import { client } from "./measures/download.mjs";
import { brotli } from "./server.mjs";

/** `tests/size.snap`, of the built package: bytes, raw and by brotli 11. */
export async function snapshot() {
  const files = { wasm: wasm(), JavaScript: await bundle(client("countersign")) };
  const rows = Object.entries(files).map(([name, bytes]) => [name, bytes.length, brotli(bytes).length]);
  rows.push(["together", ...[1, 2].map((column) => rows.reduce((sum, row) => sum + row[column], 0))]);
  return [compiler(), ...rows.map((row) => row.join(" "))].join("\n") + "\n";
}

/** Another compiler makes another wasm. It says so in the file that still has names. */
export function compiler() {
  const named = new WebAssembly.Module(readFileSync(new URL("../../target/countersign.named.wasm", import.meta.url)));
  const [producers] = WebAssembly.Module.customSections(named, "producers");
  return /rustc[^]([\d.]+ \([^)]*\))/.exec(Buffer.from(producers).toString("latin1"))[0].replace(/[^ -~]/, " ");
}

/** The bytes that are downloaded, by brotli 11. */
export const together = (text) => Number(/^together \d+ (\d+)$/m.exec(text)[1]);
