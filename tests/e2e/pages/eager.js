// An app that never calls handleRedirectPromise(): it asks at once, in whichever window it starts.
import { PublicClientApplication } from "/pkg/index.js";

const { clientId, authority, scopes } = await (await fetch("/config.json")).json();
const app = new PublicClientApplication({ auth: { clientId, authority, redirectUri: location.origin + location.pathname } });
await app.initialize();
window.outcome = app.ssoSilent({ scopes, loginHint: "alex@contoso.example" }).then(({ account }) => account.username, String);
