import js from "@eslint/js";
import globals from "globals";

const browser = { ...globals.browser };
const inPage = { app: "readonly", bench: "readonly", countersign: "readonly", memory: "readonly", other: "readonly", served: "readonly", settle: "readonly" };

export default [
  { ignores: ["pkg/", "target/", ".tools/", "tests/fuzz/target/"] },
  js.configs.recommended,
  { rules: { eqeqeq: "error", "no-var": "error", "prefer-const": "error", "object-shorthand": "error" } },
  { files: ["pkg-template/**/*.js", "www/**/*.js", "tests/npm/*/*.js"], languageOptions: { globals: browser } },
  { files: ["tests/npm/*.test.mjs"], languageOptions: { globals: { sessionStorage: "readonly", window: "readonly" } } },
  { files: ["tests/bench/pages/*.js"], languageOptions: { globals: { ...browser, ...inPage } } },
  { files: ["**/*.mjs", "eslint.config.js"], languageOptions: { globals: globals.node } },
  // Functions in these files are sent to the page and run there.
  { files: ["www/docs/build.mjs", "tests/bench/measures/*.mjs", "tests/e2e/**", "tests/npm/{bundlers,hosting,msal_react}.test.mjs", "tests/npm/msal_angular.mjs"], languageOptions: { globals: { ...globals.node, ...browser, ...inPage } } },
];
