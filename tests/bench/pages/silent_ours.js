import { PublicClientApplication } from "countersign";
import { answer, configuration, homeAccountId, SCOPES } from "./cloud.js";
import { offer } from "./silent.js";

async function started() {
  const app = new PublicClientApplication(configuration());
  await app.initialize();
  return app;
}

offer(started, async (people) => {
  const app = await started();
  for (let person = 0; person < people; person++) {
    const { id_token: idToken, access_token: accessToken, token_type: tokenType, expires_in: seconds } = answer(person);
    const result = { account: { homeAccountId: homeAccountId(person) }, idToken, accessToken, tokenType, scopes: SCOPES };
    await app.hydrateCache({ ...result, expiresOn: new Date(Date.now() + seconds * 1000) }, { scopes: SCOPES });
  }
});
