// The same package, with its wasm in the JavaScript: for bundlers that take no file along, and hosts that do not serve one.
import { createStandardPublicClientApplication as create, PublicClientApplication as Client } from "./client.js";
import { unembed } from "./embedding.js";
import { init as load, located } from "./load.js";
import text from "./wasm/embedded.js";

export * from "./client.js";

const embedded = () => unembed(text);
export const PublicClientApplication = located({ embedded }, Client);
export const init = located({ embedded }, load);
export const createStandardPublicClientApplication = located({ embedded }, create);
