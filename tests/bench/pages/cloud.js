// A tenant of Microsoft's cloud, whose endpoints both libraries know without a request, and people in it. For pages, and for Node in its place.

const TENANT = "11111111-2222-4333-8444-555555555555";
export const CLIENT_ID = "c0de0000-0000-4000-8000-00000000c516";
export const AUTHORITY = `https://login.microsoftonline.com/${TENANT}`;
export const SCOPES = ["api://orders/read"];

/** For `new PublicClientApplication`, whoever's it is. */
export const configuration = (cacheLocation = "sessionStorage") => ({
  auth: { clientId: CLIENT_ID, authority: AUTHORITY, clientCapabilities: ["CP1"] },
  cache: { cacheLocation },
});

const encode = (part) => btoa(JSON.stringify(part)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** So many characters as a token has them, the same for the same seed. */
function characters(count, seed) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  let [state, text] = [seed + 1, ""];
  while (text.length < count) {
    // The minimal standard generator.
    state = (state * 48271) % 2147483647;
    text += alphabet[state & 63];
  }
  return text;
}

export const homeAccountId = (person) => `aaaaaaaa-2222-4333-8444-${String(person).padStart(12, "0")}.${TENANT}`;

/** An access token as Entra's are: 1.5 KB. Who renews it gets another one: `issue` counts. */
export const accessToken = (person, issue = 0) => `${encode({ typ: "JWT", alg: "RS256" })}.${characters(1463, person * 7919 + issue)}`;

/** What the token endpoint answers about this person. */
export function answer(person, claims = {}, issue = 0) {
  const now = Math.floor(Date.now() / 1000);
  const [uid, utid] = homeAccountId(person).split(".");
  const payload = {
    ...{ aud: CLIENT_ID, iss: `${AUTHORITY}/v2.0`, iat: now, nbf: now, exp: now + 3600 },
    ...{ name: `Person ${person}`, oid: uid, preferred_username: `person${person}@contoso.example`, rh: characters(60, person) },
    ...{ sid: characters(36, person), sub: characters(43, person), tid: TENANT, uti: characters(22, person), ver: "2.0" },
    ...claims,
  };
  return {
    token_type: "Bearer",
    scope: `openid profile ${SCOPES.join(" ")}`,
    expires_in: 3600,
    access_token: accessToken(person, issue),
    refresh_token: characters(1000, person * 104729 + issue),
    id_token: `${encode({ typ: "JWT", alg: "RS256", kid: characters(27, 0) })}.${encode(payload)}.${characters(342, person)}`,
    client_info: encode({ uid, utid }),
  };
}
