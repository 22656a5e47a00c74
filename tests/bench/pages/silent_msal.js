import { loadExternalTokens, PublicClientApplication } from "@azure/msal-browser";
import { answer, AUTHORITY, configuration, SCOPES } from "./cloud.js";
import { offer } from "./silent.js";

async function started() {
  const app = new PublicClientApplication(configuration());
  await app.initialize();
  return app;
}

offer(started, async (people) => {
  for (let person = 0; person < people; person++) {
    // `hydrateCache` of the other takes no refresh token either, and with them storage has no room for so many.
    const response = { ...answer(person), refresh_token: undefined };
    await loadExternalTokens(configuration(), { scopes: SCOPES, authority: AUTHORITY }, response, { clientInfo: response.client_info });
  }
});
