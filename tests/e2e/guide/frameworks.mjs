// Compiles the guides of www/guides as an app's build does: with the framework's own compiler, and the package as the page has it.
import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "svelte/compiler";
import { compileScript, parse } from "vue/compiler-sfc";
import { countersign } from "./readme.mjs";

export const guides = fileURLToPath(new URL("../../../www/guides", import.meta.url));

/** The guide's file, and what main.js does with it: as the guide says in its first line. */
export const FRAMEWORKS = {
  react: { file: "react.jsx", main: 'import "./react.jsx";' },
  vue: { file: "vue.vue", main: 'import { createApp } from "vue"; import App from "./vue.vue"; createApp(App).mount("#app");' },
  svelte: {
    file: "svelte.svelte",
    main: 'import { mount } from "svelte"; import App from "./svelte.svelte"; mount(App, { target: document.getElementById("app") });',
  },
};

/** Writes `<framework>.js` into the folder. `named` puts the test's addresses in the place of the guide's. */
export async function bundle(framework, folder, named) {
  const compiled = {
    jsx: (text) => text,
    vue: (text) => compileScript(parse(text).descriptor, { id: framework, inlineTemplate: true }).content,
    svelte: (text, filename) => compile(text, { filename, generate: "client", dev: true }).js.code,
  };
  const guide = {
    name: "guide",
    setup: ({ onLoad }) =>
      onLoad({ filter: /\/www\/guides\// }, async ({ path }) => {
        const kind = path.split(".").at(-1);
        const contents = compiled[kind](named(await readFile(path, "utf8")), path);
        return { contents, loader: kind === "jsx" ? "jsx" : "js" };
      }),
  };
  await build({
    stdin: { contents: FRAMEWORKS[framework].main, resolveDir: guides, sourcefile: "main.js" },
    outfile: join(folder, `${framework}.js`),
    bundle: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    plugins: [countersign, guide],
    conditions: ["browser", "development"],
    // In development: React's StrictMode does everything twice there.
    define: {
      "process.env.NODE_ENV": '"development"',
      __VUE_OPTIONS_API__: "false",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
    logLevel: "error",
  });
}
