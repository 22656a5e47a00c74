// The same package, with its wasm in the JavaScript: for bundlers that take no file along, and hosts that do not serve one.
import { createStandardPublicClientApplication as create, PublicClientApplication as Client } from "./client.js";
import { init as load, located } from "./load.js";
import base64 from "./wasm/embedded.js";

export * from "./client.js";

const embedded = () => Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
export const PublicClientApplication = located({ embedded }, Client);
export const init = located({ embedded }, load);
export const createStandardPublicClientApplication = located({ embedded }, create);
