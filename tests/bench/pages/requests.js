// Requests that carry a token, in three ways on one page: the browser's own `fetch` with a constant header, ours, and what is written by hand where the
// library only gets the token.
import { PublicClientApplication as MsalClient, loadExternalTokens } from "@azure/msal-browser";
import { PublicClientApplication } from "countersign";
import { accessToken, answer, AUTHORITY, configuration, homeAccountId, SCOPES } from "./cloud.js";

const PERSON = 1;
const url = new URL("/api/orders", location.href).href;
const headers = { Authorization: `Bearer ${accessToken(PERSON)}` };
const ways = { bare: () => fetch(url, { headers }) };

async function ours() {
  const app = new PublicClientApplication({ ...configuration(), fetch: { protectedResourceMap: { [url]: SCOPES } } });
  await app.initialize();
  const { id_token: idToken, access_token: token, token_type: tokenType } = answer(PERSON);
  const result = { account: { homeAccountId: homeAccountId(PERSON) }, idToken, accessToken: token, tokenType, scopes: SCOPES };
  await app.hydrateCache({ ...result, expiresOn: new Date(Date.now() + 3600_000) }, { scopes: SCOPES });
  ways.ours = () => app.fetch(url);
}

async function msal() {
  const response = answer(PERSON);
  await loadExternalTokens(configuration(), { scopes: SCOPES, authority: AUTHORITY }, response, { clientInfo: response.client_info });
  const app = new MsalClient(configuration());
  await app.initialize();
  const [account] = app.getAllAccounts();
  ways.theirs = async () => {
    const { accessToken: token } = await app.acquireTokenSilent({ scopes: SCOPES, account });
    return fetch(url, { headers: { Authorization: `Bearer ${token}` } });
  };
}

globalThis.bench = {
  async start() {
    // First ours: where it finds nobody signed in it takes over what msal-browser has left.
    await ours();
    await msal();
    return headers.Authorization;
  },

  /** Milliseconds that so many take, one after the other, answers read. */
  async send(way, count) {
    const send = ways[way];
    const before = performance.now();
    for (let request = 0; request < count; request++) await (await send()).text();
    return performance.now() - before;
  },
};
