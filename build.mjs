// The one build: cargo (std compiled with the crate) -> wasm-bindgen -> wasm-opt -> pkg/. `--size` prints what users download,
// `--pack` makes the tarball.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { ALPHABET, BASE } from "./pkg-template/embedding.js";
import { functionSizes, nameByLikeness, shortNames } from "./wasm-file.mjs";

process.chdir(import.meta.dirname);
const compiled = "target/wasm32-unknown-unknown/release/countersign.wasm";
/** What is shipped, but with the names of its functions. */
const named = "target/countersign.named.wasm";
/** The wasm as JavaScript, for countersign/inline. */
const embedded = "wasm/embedded.js";
/** What npm would publish. */
const tarball = "target/countersign.tgz";
// Reading and writing challenges, claims and demands, and what hands them to JavaScript. Not what the rest of the crate uses too: JSON, base64.
const engine =
  /countersign\S*::(?:protocol::(?:challenge|claims|demand)\b|api::(?:challenge\b|options::(?:challenge|claims_request|unwritable)\b))|^(?:formatChallenge|getClaimsChallenge|getDemands|mergeClaims|readLine|roomForLines)\b/;
const features = ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"];

if (process.argv.includes("--size")) {
  await printSizes();
} else if (process.argv.includes("--pack")) {
  pack();
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
      // The unstable flags are cargo's and rustc's own, on the stable compiler. To inline what is tiny before LLVM sees it saves 1 %, measured.
      RUSTC_BOOTSTRAP: "1",
      RUSTFLAGS: "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none -Zinline-mir=yes -Zinline-mir-threshold=30 -Zinline-mir-hint-threshold=30",
    },
  );
  rmSync("pkg", { recursive: true, force: true });
  rmSync(tarball, { force: true }); // it would be the one before
  cpSync("pkg-template", "pkg", { recursive: true });
  for (const licence of ["LICENSE-MIT", "LICENSE-APACHE"]) cpSync(licence, `pkg/${licence}`);
  // Where the wasm is, is said by index.js and inline.js: here a bundler would emit the file for both.
  run("wasm-bindgen", ["--target", "web", "--no-typescript", "--omit-default-module-path", "--out-dir", "pkg/wasm", compiled]);
  const wasm = "pkg/wasm/countersign_bg.wasm";
  const optimize = (from, to, flags) =>
    run("npx", ["--no-install", "wasm-opt", ...flags, ...features.map((name) => `--enable-${name}`), from, "-o", to]);
  // A function with many locals compresses badly. What is called from one place only stays where it is, if it is not short: 2.5 %, measured. And what is
  // computed twice is not kept in one more local: 0.6 %.
  const fewLocals = ["--one-caller-inline-max-function-size=32", "--skip-pass=local-cse"];
  // The lowest addresses are the far end of the stack: no offset from a pointer wraps around into them.
  const smallest = ["-Oz", "--low-memory-unused", ...fewLocals];
  // Taken apart into single steps first, it is put together better: 1 %, measured.
  optimize(wasm, named, ["--flatten", "--rereloop", ...smallest, "-g"]);
  // Functions beside those they are like: 2.3 %, measured.
  writeFileSync(wasm, nameByLikeness(readFileSync(named)));
  // Once more, for what that has left. What engines do not look at, alignment, is the same everywhere.
  const dense = ["--dealign", "--reorder-functions-by-name", "--strip-debug", "--strip-producers", "--strip-target-features"];
  optimize(wasm, wasm, [...smallest, ...dense]);
  shorten(wasm, "pkg/wasm/countersign.js");
  makeLazy("pkg/wasm/countersign.js");
  importOnce("pkg/wasm/countersign.js");
  writeFileSync(`pkg/${embedded}`, `export default "${asText(readFileSync(wasm))}";\n`);
  share("errors.js", "transport.js");
  // wasm-bindgen has its own copies, and nothing else needs them.
  for (const snippet of ["page.js", "vault.js"]) rmSync(`pkg/${snippet}`);
}

/** What `unembed` reads. */
function asText(bytes) {
  const digit = (byte) => ALPHABET[byte % BASE];
  const mark = (byte) => (byte < BASE ? "" : ALPHABET[BASE - 1 + Math.floor(byte / BASE)]);
  return Array.from(bytes, (byte) => mark(byte) + digit(byte)).join("");
}

// What wasm and glue call each other is theirs alone, and a third of it are hashes, which do not compress.
function shorten(wasm, glue) {
  const { bytes, names } = shortNames(readFileSync(wasm), "./countersign_bg.js");
  writeFileSync(wasm, bytes);
  const used = /\.\/countersign_bg\.js|\b(?:__wbg|__wbindgen|wasm_bindgen)_\w+/g;
  writeFileSync(glue, readFileSync(glue, "utf8").replace(used, (name) => names.get(name) ?? name));
}

// wasm-bindgen's glue makes its coders while it is imported, which must run nothing: Jest's jsdom has none. Browsers that the wasm runs in have
// `encodeInto`.
function makeLazy(glue) {
  const decoder = "new TextDecoder('utf-8', { ignoreBOM: true });\n";
  const replacements = [
    [`let cachedTextDecoder = ${decoder}cachedTextDecoder.decode();\n`, "let cachedTextDecoder;\n"],
    ["if (numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {", "if (!cachedTextDecoder || numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {"],
    [/const cachedTextEncoder = new TextEncoder\(\);\n\nif \(!\('encodeInto' in cachedTextEncoder\)\) \{\n[^]*?\n\}\n/g, "let cachedTextEncoder;\n"],
    ["cachedTextEncoder.encode(", "(cachedTextEncoder ??= new TextEncoder()).encode("],
    ["cachedTextEncoder.encodeInto(", "(cachedTextEncoder ??= new TextEncoder()).encodeInto("],
  ];
  const lazy = replacements.reduce((code, [eager, text]) => {
    const parts = code.split(eager);
    if (parts.length !== 2) throw new Error(`wasm-bindgen's glue has ${parts.length - 1} places, and not one, like: ${eager}`);
    return parts.join(text);
  }, readFileSync(glue, "utf8"));
  writeFileSync(glue, lazy);
}

// wasm-bindgen imports a module once for each block of Rust that names it, under one key of one object. Bundlers warn of that.
function importOnce(glue) {
  const places = new Map();
  const isFirst = (line) => {
    const [place] = /(?<=^import \* as import\d+ from )".*"$|(?<=^ {8})".*\.js": (?=import\d+,$)/.exec(line) ?? [];
    if (place) places.set(place, (places.get(place) ?? 0) + 1);
    return !place || places.get(place) === 1;
  };
  const lines = readFileSync(glue, "utf8").split("\n");
  writeFileSync(glue, lines.filter(isFirst).join("\n"));
  // Each module in an import and under a key, as often.
  for (const [place, count] of places) {
    const other = place.endsWith(": ") ? place.slice(0, -2) : `${place}: `;
    if (places.get(other) !== count) throw new Error(`wasm-bindgen's glue imports ${place} in another way`);
  }
  if (!places.size) throw new Error("wasm-bindgen's glue imports its modules in another way");
}

// wasm-bindgen copies these beside its glue. There must be one copy, or an error would not be an `instanceof` the class that the app imports: the
// package's own file becomes a pointer to it.
function share(...files) {
  const [folder] = readdirSync("pkg/wasm/snippets");
  for (const file of files) {
    const copy = `wasm/snippets/${folder}/pkg-template/${file}`;
    if (!existsSync(`pkg/${copy}`)) throw new Error(`wasm-bindgen did not copy ${file} to pkg/${copy}`);
    writeFileSync(`pkg/${file}`, `export * from "./${copy}";\n`);
  }
}

/** Makes the tarball, and prints what is in it. */
function pack() {
  const packed = execFileSync("npm", ["pack", "./pkg", "--pack-destination", "target", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  const [{ filename, files, size }] = JSON.parse(packed);
  renameSync(`target/${filename}`, tarball);
  printTable(files.map(({ path }) => path));
  console.log(`\n${tarball}: ${size} bytes, ${files.length} files`);
}

async function printSizes() {
  const isDownloaded = (name) => /\.(js|wasm)$/.test(name) && name !== embedded;
  printTable(readdirSync("pkg", { recursive: true }).filter(isDownloaded).sort());
  printRow(`${embedded}, in place of the .wasm`, measure(embedded));
  const functions = functionSizes(readFileSync(named));
  const sum = (some) => some.reduce((bytes, [, size]) => bytes + size, 0);
  const list = (title, rows) => console.log(`\n${title}\n${rows.map(([name, size]) => `${String(size).padStart(9)}  ${name}`).join("\n")}`);
  const bySize = (one, other) => other[1] - one[1];
  const plain = (name) => name.replace(/\[[0-9a-f]{16}\]/g, "").slice(0, 140);
  list("the 25 largest functions, raw", functions.map(([name, size]) => [plain(name), size]).sort(bySize).slice(0, 25));
  const crates = new Map();
  for (const [name, size] of functions) {
    const [, crate = "exports and glue", layer = ""] = /^[<&]*(?:dyn )?(\w+)\[\w+\](::(?:protocol|session|browser|api)\b)?/.exec(name) ?? [];
    crates.set(crate + layer, (crates.get(crate + layer) ?? 0) + size);
  }
  list("by crate, and our own by layer, raw; what is generic counts where it comes from", [...crates].sort(bySize));
  const own = functions.filter(([name]) => engine.test(name));
  const rules = sum(own.filter(([name]) => name.includes("::protocol::")));
  console.log(`\nof the wasm, functions of the challenge engine: rules ${rules}, exports and conversion ${sum(own) - rules} bytes, raw`);
  const { snapshot } = await import("./tests/bench/size.mjs");
  writeFileSync("tests/size.snap", await snapshot());
  console.log(`\ntests/size.snap\n${readFileSync("tests/size.snap", "utf8")}`);
}

function printTable(files) {
  console.log("file".padEnd(72), ...["raw", "gzip", "brotli"].map((name) => name.padStart(9)));
  const total = { raw: 0, gzip: 0, brotli: 0 };
  for (const name of files) {
    const size = measure(name);
    printRow(name, size);
    for (const kind of Object.keys(total)) total[kind] += size[kind];
  }
  printRow("total", total);
}

function printRow(name, { raw, gzip, brotli }) {
  console.log(name.padEnd(72), ...[raw, gzip, brotli].map((bytes) => String(bytes).padStart(9)));
}

function measure(name) {
  const bytes = readFileSync(`pkg/${name}`);
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length };
}

function run(program, args, env = {}) {
  mkdirSync("target", { recursive: true });
  execFileSync(program, args, { stdio: "inherit", env: { ...process.env, ...env } });
}
