/**
 * The address of the WebAssembly file, for bundlers that make one of an import (`asset/resource` of webpack and Rspack, the `file` loader of esbuild; Vite's
 * `countersign/wasm?url` has Vite's own declaration): `initialize({ wasm: new URL(url, location.href) })`. Where the file is found without, as with most
 * of them, nothing needs it. In Node read the file itself: `readFile(new URL(import.meta.resolve("countersign/wasm")))`.
 */
declare const url: string;
export default url;
