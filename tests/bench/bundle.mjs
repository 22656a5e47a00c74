// Production bundles by esbuild, of this package and of those it is measured beside: one place, so that all are made the same way.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** The built package: what npm users get. */
const packageFolder = here("../../pkg");
/** Where the pages are, and whatever else the bench writes. */
export const outFolder = here("../../target/bench");
const WASM = "wasm/countersign_bg.wasm";

/** `oauth4webapi` keeps its reader to itself. Called through a whole `processResourceResponse` it would be slower than it is. */
const openReader = {
  name: "open-reader",
  setup({ onLoad }) {
    onLoad({ filter: /oauth4webapi.build.index\.js$/ }, ({ path }) => ({
      contents: `${readFileSync(path, "utf8")}\nexport { parseWwwAuthenticateChallenges };`,
    }));
  },
};

/** The bundle of an ES module, as bytes. */
export async function bundle(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: here("pages"), sourcefile: "entry.js" },
    alias: { countersign: packageFolder },
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [openReader],
    write: false,
    logLevel: "error",
  });
  return Buffer.from(outputFiles[0].contents);
}

/** The wasm that a bundle of this package loads. */
export const wasm = () => readFileSync(join(packageFolder, WASM));

/** Makes a page of its own folder, whose one script is the bundle of these contents. `head` is more markup for its head. */
export async function makePage(name, contents, head = "") {
  const folder = join(outFolder, "pages", name);
  const script = await bundle(contents);
  mkdirSync(join(folder, "wasm"), { recursive: true });
  writeFileSync(join(folder, "app.js"), script);
  if (script.includes(WASM)) cpSync(join(packageFolder, WASM), join(folder, WASM));
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>${name}</title>
    <link rel="icon" href="data:," />${head}
    <script type="module" src="app.js"></script>
  </head>
  <body><button id="click" type="button">Click</button></body>
</html>
`;
  writeFileSync(join(folder, "index.html"), html);
}

/** The script `pages/<name>.js` as a page. */
export const makePageOf = (name) => makePage(name, `import "./${name}.js";`);
