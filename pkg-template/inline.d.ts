/**
 * The same as `countersign`, with the WebAssembly in the JavaScript: nothing is fetched. For the Angular CLI, esbuild and Rollup, which do not take the file
 * along, and for hosts that do not serve it. The classes are the same ones: in an app that imports both, `instanceof` holds and there is one
 * WebAssembly, this one.
 */
export * from "./index.js";
