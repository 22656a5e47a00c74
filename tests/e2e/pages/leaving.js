// An app that leaves its page for the user's answer, with the README's listener for the request that waited.
import { PublicClientApplication } from "/pkg/index.js";

const { api, authority, clientId, scopes } = await (await fetch("/config.json")).json();
const app = new PublicClientApplication({
  auth: { clientId, authority, redirectUri: location.origin + location.pathname, clientCapabilities: ["CP1"] },
  fetch: { interactionType: "redirect", protectedResourceMap: { [`${api}/orders`]: scopes } },
});
const seen = [];
const show = async (response) => seen.push(["shown", response.status, await response.json()]);
const offer = async (method, url, body) => seen.push(["offered", method, url, JSON.parse(await body.text())]);
Object.assign(window, { app, offer, seen, show });

async function start() {
  await app.initialize();
  await import("/guide/leaving.js");
  return app.handleRedirectPromise();
}
window.started = start().then(
  (value) => ({ value }),
  (error) => ({ error: String(error) }),
);
