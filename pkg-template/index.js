// The package, with its wasm in a file beside it: bundlers that know `new URL(…, import.meta.url)` take that along.
import { createStandardPublicClientApplication as create, PublicClientApplication as Client } from "./client.js";
import { init as load, located } from "./load.js";

export * from "./client.js";

const file = () => {
  const { href } = new URL("./wasm/countersign_bg.wasm", import.meta.url);
  // The dev server of Vite 7 and before bundles dependencies into a folder of its own, and leaves files behind.
  // Next.js's URL is relative to the page.
  return new URL(href.replace("/.vite/deps/", "/countersign/"), globalThis.location?.href);
};
export const PublicClientApplication = located({ file }, Client);
export const init = located({ file }, load);
export const createStandardPublicClientApplication = located({ file }, create);
