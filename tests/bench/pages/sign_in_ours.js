import { PublicClientApplication } from "countersign";
import { configuration, SCOPES } from "./cloud.js";

const { auth, cache } = configuration();
const app = new PublicClientApplication({ auth: { ...auth, redirectUri: new URL("../bridge_ours/", location.href).href }, cache });
globalThis.bench = { signIn: () => app.loginPopup({ scopes: SCOPES }), ready: app.initialize() };
