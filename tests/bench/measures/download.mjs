// Download: what an app that signs people in adds to what its users fetch.
//
// Fair, because: the same bundler with the same options for each; of each package the client that does the work, and for the two that have such an
// error, the one that apps catch. Ours has `fetch` in it, which the others have not, and its wasm counts as the file of its own that it is. What is
// compressed is what a server sends: each file by itself.
import { gzipSync } from "node:zlib";
import { bundle, wasm } from "../bundle.mjs";
import { brotli } from "../server.mjs";
import { counted } from "../statistics.mjs";

export const client = (name) => `export { PublicClientApplication, InteractionRequiredAuthError } from "${name}";`;
const bridge = (name) => `export { broadcastResponseToMainFrame } from "${name}/redirect-bridge";`;
const gzip = (bytes) => gzipSync(bytes, { level: 9 });

const sum = (files, compress) => files.reduce((bytes, file) => bytes + compress(file).length, 0);

export async function download({ peers }) {
  const ours = [await bundle(client("countersign")), wasm()];
  const msal = [await bundle(client("@azure/msal-browser"))];
  const oidc = [await bundle('export { UserManager } from "oidc-client-ts";')];
  const auth0 = [await bundle('export { Auth0Client } from "@auth0/auth0-spa-js";')];
  const bridges = await Promise.all(["countersign", "@azure/msal-browser"].map((name) => bundle(bridge(name))));
  const beside = [
    [peers.msal, msal, { ours: 50_000 }],
    [peers.oidc, oidc],
    [peers.auth0, auth0],
  ];
  const rows = [
    ["brotli 11", brotli],
    ["gzip 9", gzip],
  ].flatMap(([name, compress]) =>
    beside.map(([peer, theirs, must]) => {
      const bound = compress === brotli ? must : undefined;
      const scale = must ? "" : ", for scale";
      return counted(`download, ${name}${scale}`, "B", peer, sum(ours, compress), sum(theirs, compress), bound);
    }),
  );
  const [own, other] = bridges.map((file) => brotli(file).length);
  return [...rows, counted("redirect bridge, brotli 11", "B", peers.msal, own, other, { ours: 1500 })];
}
