// Requests that carry a token, in three ways on one page: the browser's own `fetch` with a constant header, ours, and what is written by hand where the
// library only gets the token. It runs by itself for as long as it is open, and reports each round.
import { PublicClientApplication as MsalClient, loadExternalTokens } from "@azure/msal-browser";
import { PublicClientApplication } from "countersign";
import { accessToken, answer, AUTHORITY, configuration, homeAccountId, SCOPES } from "./cloud.js";

const PERSON = 1;
const [REQUESTS, BLOCKS] = [1000, 20];
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

/** Milliseconds that so many take, one after the other, answers read. */
async function send(way, count) {
  const before = performance.now();
  for (let request = 0; request < count; request++) await (await ways[way]()).text();
  return performance.now() - before;
}

/** The milliseconds of each way. */
async function round() {
  const ms = Object.fromEntries(Object.keys(ways).map((way) => [way, 0]));
  const names = Object.keys(ways);
  for (let block = 0; block < BLOCKS; block++) {
    for (let turn = 0; turn < names.length; turn++) {
      // Forwards and backwards: each is as often after each other one.
      const way = names[(block + (block % 2 ? turn : names.length - turn)) % names.length];
      ms[way] += await send(way, REQUESTS / BLOCKS);
    }
  }
  return ms;
}

const report = (what) => fetch("/report", { method: "POST", body: JSON.stringify(what) });

try {
  // First ours: where it finds nobody signed in it takes over what msal-browser has left.
  await ours();
  await msal();
  for (;;) await report({ ms: await round(), requests: REQUESTS, authorization: headers.Authorization });
} catch (error) {
  await report({ error: error.stack });
}
