// The one build: cargo (std compiled with the crate) -> wasm-bindgen -> wasm-opt -> pkg/. `--size` prints what users download.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

process.chdir(import.meta.dirname);
const compiled = "target/wasm32-unknown-unknown/release/countersign.wasm";
const features = ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"];

if (process.argv.includes("--size")) {
  printSizes();
} else {
  build();
}

function build() {
  run(
    "cargo",
    [
      "build",
      "--lib",
      "--release",
      "--target",
      "wasm32-unknown-unknown",
      "-Zbuild-std=std,panic_abort",
      "-Zbuild-std-features=optimize_for_size",
    ],
    {
      // The unstable flags are cargo's and rustc's own, on the stable compiler.
      RUSTC_BOOTSTRAP: "1",
      RUSTFLAGS: "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none",
    },
  );
  rmSync("pkg", { recursive: true, force: true });
  cpSync("pkg-template", "pkg", { recursive: true });
  for (const licence of ["LICENSE-MIT", "LICENSE-APACHE"]) cpSync(licence, `pkg/${licence}`);
  run("wasm-bindgen", ["--target", "web", "--no-typescript", "--out-dir", "pkg/wasm", compiled]);
  const wasm = "pkg/wasm/countersign_bg.wasm";
  run("npx", [
    "--no-install",
    "wasm-opt",
    "-Oz",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
    ...features.map((name) => `--enable-${name}`),
    wasm,
    "-o",
    wasm,
  ]);
  shareErrors();
}

// wasm-bindgen copies errors.js beside its glue. There must be one copy, or an error would not be an `instanceof` the class that the app
// imports: the package's own file becomes a pointer to it.
function shareErrors() {
  const [folder] = readdirSync("pkg/wasm/snippets");
  const copy = `wasm/snippets/${folder}/pkg-template/errors.js`;
  if (!existsSync(`pkg/${copy}`)) throw new Error(`wasm-bindgen did not copy errors.js to pkg/${copy}`);
  writeFileSync("pkg/errors.js", `export * from "./${copy}";\n`);
}

function printSizes() {
  const files = readdirSync("pkg", { recursive: true }).filter((name) => /\.(js|wasm)$/.test(name));
  const total = { raw: 0, gzip: 0, brotli: 0 };
  const row = (name, { raw, gzip, brotli }) =>
    console.log(name.padEnd(72), ...[raw, gzip, brotli].map((bytes) => String(bytes).padStart(9)));
  console.log("file".padEnd(72), ...["raw", "gzip", "brotli"].map((name) => name.padStart(9)));
  for (const name of files.sort()) {
    const bytes = readFileSync(`pkg/${name}`);
    const size = { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length };
    row(name, size);
    for (const kind of Object.keys(total)) total[kind] += size[kind];
  }
  row("total", total);
}

function run(program, args, env = {}) {
  mkdirSync("target", { recursive: true });
  execFileSync(program, args, { stdio: "inherit", env: { ...process.env, ...env } });
}
