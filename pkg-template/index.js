// The package, with its wasm in a file beside it: bundlers that know `new URL(…, import.meta.url)` take that along.
import { createStandardPublicClientApplication as create, PublicClientApplication as Client } from "./client.js";
import { init as load, located } from "./load.js";

export * from "./client.js";

// Vite's dev server, up to version 7, bundles dependencies into a folder beside them, and leaves files behind. Which of the two names the package was
// installed by, it does not say: it answers a wrong one with a page.
const places = (href) => {
  const [, modules, path] = /^(.*\/node_modules\/)\.[^?]+\/deps\/(.*)/.exec(href) ?? [];
  return modules ? ["countersign", "@azure/msal-browser"].map((name) => `${modules}${name}/${path}`) : [];
};

const file = async () => {
  const { href } = new URL("./wasm/countersign_bg.wasm", import.meta.url);
  for (const place of places(href)) {
    const response = await fetch(place);
    if (response.headers.get("Content-Type") === "application/wasm") return response;
  }
  // Next.js's URL is relative to the page.
  return new URL(href, globalThis.location?.href);
};
export const PublicClientApplication = located({ file }, Client);
export const init = located({ file }, load);
export const createStandardPublicClientApplication = located({ file }, create);
