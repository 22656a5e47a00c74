// The snippets of the package's README, each in one module with the file of its name here, bundled as an app's build does it.
import { build } from "esbuild";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const guide = readFileSync(new URL("../../../pkg-template/README.md", import.meta.url), "utf8").split("\n## ").find((section) => section.startsWith("Using it with"));

/** Heading and code of every snippet, in order. */
export const snippets = new Map([...guide.matchAll(/^### (.*)\n[^#]*?^```js\n([\s\S]*?)^```/gm)].map(([, heading, code]) => [heading, code]));

/** The package as the page has it: two copies of it would be two clients. */
export const countersign = {
  name: "countersign",
  setup: ({ onResolve }) => onResolve({ filter: /^countersign$/ }, () => ({ path: "/pkg/index.js", external: true })),
};

/** Writes `<name>.js` into the folder for every file of that name here. `names` are what the README's addresses are in the test: `[[from, to]]`. */
export async function bundle(folder, names) {
  for (const file of readdirSync(import.meta.dirname).filter((file) => file.endsWith(".js"))) {
    const driver = readFileSync(join(import.meta.dirname, file), "utf8");
    const [, heading] = driver.match(/^\/\/ Follows the README's "(.*)"/);
    if (!snippets.has(heading)) throw new Error(`the README has no snippet "${heading}"`);
    const named = names.reduce((text, [from, to]) => text.replaceAll(from, to), snippets.get(heading));
    await build({
      stdin: { contents: `${named}\n${driver}`, resolveDir: import.meta.dirname, sourcefile: file },
      outfile: join(folder, file),
      bundle: true,
      format: "esm",
      target: "es2022",
      plugins: [countersign],
      define: { "process.env.NODE_ENV": '"production"' },
      logLevel: "error",
    });
  }
}
