// The package, with its wasm in a file beside it: bundlers that know `new URL(…, import.meta.url)` take that along.
import { PublicClientApplication as Client } from "./client.js";
import { init as load, located } from "./load.js";

export * from "./client.js";

const file = () => new URL("./wasm/countersign_bg.wasm", import.meta.url);
export const PublicClientApplication = located({ file }, Client);
export const init = located({ file }, load);
