// Who is signed in, in which tenant, and accounts that come from elsewhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { base64url } from "../../www/entra.mjs";
import { stage } from "./support.mjs";

const world = stage();

/** Kim, whose account is of another tenant than the demo's. */
const HOME = "99999999-8888-4777-8666-555555555555";
const KIM = { uid: "c1300000-0000-4000-8000-0000000000f3", utid: HOME };
const HOME_ACCOUNT_ID = `${KIM.uid}.${HOME}`;

/** What a page knows of an account: its tenant, and in which tenants it is at home or a guest. */
const seen = `(account) => account && [
  account.homeAccountId, account.tenantId, account.isHomeTenant, account.authorityType,
  [...account.tenantProfiles].map(([id, profile]) => [id, profile.tenantId, profile.isHomeTenant, profile.username, "idToken" in profile]),
]`;
const seenOf = (page, expression) => page.evaluate(`(${seen})(${expression})`);

async function signInAsKim(page) {
  const { popup, outcome } = await world.click(page, (scopes) => app.loginPopup({ scopes }).then((r) => (window.result = r)), world.demo.scopes);
  await popup.click("#user-kim");
  const { value, error } = await outcome;
  assert.ok(value, JSON.stringify(error));
  return value;
}

/** Kim's own tenant at the provider. Returns the token requests that it receives. */
async function openHomeTenant() {
  const authority = `${world.demo.provider}/${HOME}`;
  const received = [];
  const reply = (route, body) =>
    route.fulfill({ status: 200, contentType: "application/json", headers: { "Access-Control-Allow-Origin": "*" }, body: JSON.stringify(body) });
  await world.context.route(`${authority}/v2.0/.well-known/openid-configuration`, (route) =>
    reply(route, {
      issuer: `${authority}/v2.0`,
      authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
      token_endpoint: `${authority}/oauth2/v2.0/token`,
      jwks_uri: `${authority}/oauth2/v2.0/keys`,
    }),
  );
  await world.context.route(`${authority}/oauth2/v2.0/token*`, (route) => {
    received.push(route.request().method());
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: `${authority}/v2.0`, aud: world.demo.clientId, tid: HOME, oid: KIM.uid, sub: "kim-at-home", iat: now, exp: now + 3600 };
    const id_token = [{ alg: "RS256" }, { ...claims, preferred_username: "kim@fabrikam.example" }].map(base64url).join(".");
    return reply(route, {
      token_type: "Bearer",
      access_token: "access-at-home",
      expires_in: 3600,
      scope: world.demo.scopes.join(" "),
      id_token: `${id_token}.c2ln`,
      client_info: base64url(KIM),
    });
  });
  return { authority, received };
}

test("a guest is one account with a profile in each tenant, and the active account is the profile that was set", async () => {
  const page = await world.open();
  const { tenantId: here } = await signInAsKim(page);
  const guest = [here, here, false, "kim@fabrikam.example", false];
  const atHome = [HOME, HOME, true, "kim@fabrikam.example", false];
  assert.notEqual(here, HOME);
  assert.deepEqual(await seenOf(page, "result.account"), [HOME_ACCOUNT_ID, here, false, "MSSTS", [guest]]);
  // As with MSAL, not null.
  assert.deepEqual(await page.evaluate("[typeof result.state, typeof result.account.upn]"), ["undefined", "undefined"]);

  const { authority, received } = await openHomeTenant();
  const ask = (authority) =>
    page.evaluate(
      ([scopes, authority]) =>
        settle(app.acquireTokenSilent({ scopes, account: app.getAllAccounts()[0], authority }).then((r) => (window.result = r))),
      [world.demo.scopes, authority],
    );
  const { value, error } = await ask(authority);
  assert.equal(value?.accessToken, "access-at-home", JSON.stringify(error));
  assert.deepEqual(received, ["POST"]);
  assert.deepEqual(
    world.providerRequests("token").map(({ body }) => body.grant_type),
    ["authorization_code"],
    "the other tenant was not asked again",
  );
  assert.deepEqual(await seenOf(page, "result.account"), [HOME_ACCOUNT_ID, HOME, true, "MSSTS", [atHome, guest]]);
  assert.equal((await ask(undefined)).value.tenantId, here, "each tenant has its own token");
  assert.deepEqual([(await ask(authority)).value.fromCache, received.length], [true, 1]);

  await page.evaluate(`app.setActiveAccount(app.getAccount({ tenantId: "${HOME}" }))`);
  for (let n = 0; n < 2; n++) {
    assert.deepEqual(await seenOf(page, "app.getActiveAccount()"), [HOME_ACCOUNT_ID, HOME, true, "MSSTS", [atHome, guest]]);
    assert.equal(await page.evaluate(() => app.getAllAccounts().length), 2);
    await page.reload();
    await world.started(page);
  }
  await page.evaluate(`app.setActiveAccount(app.getAccount({ isHomeTenant: false }))`);
  assert.equal(await page.evaluate(() => app.getActiveAccount().tenantId), here);
  await page.evaluate(() => app.clearCache({ account: app.getActiveAccount() }));
  assert.equal(await page.evaluate(() => app.getAllAccounts().length), 0, "signed out in one tenant, signed out");
  assert.deepEqual(await seenOf(page, "app.getActiveAccount()"), null);
});

test("a result that another client got is taken over by hydrateCache, and one that is not for this client is not", async () => {
  const page = await world.open();
  await world.signIn(page);
  const take = (edit) =>
    page.evaluate(`(async (scopes) => {
      const result = await app.acquireTokenSilent({ scopes });
      const options = { auth: { clientId: served.clientId, authority: served.authority }, cache: { cacheLocation: "memoryStorage" } };
      const other = await countersign.PublicClientApplication.createPublicClientApplication(options);
      const outcome = await settle(other.hydrateCache(${edit}, { scopes }));
      const [account] = other.getAllAccounts();
      const token = account && (await settle(other.acquireTokenSilent({ scopes, account, cacheLookupPolicy: 1 })));
      return { error: outcome.error?.errorCode, isSame: token?.value?.accessToken === result.accessToken, username: account?.username };
    })(${JSON.stringify(world.demo.scopes)})`);
  assert.deepEqual(await take("result"), { error: undefined, isSame: true, username: "alex@contoso.example" });
  const changed = (claims) => `{ ...result, idToken: [
    result.idToken.split(".")[0], btoa(JSON.stringify({ ...result.idTokenClaims, ${claims} })).replace(/=+$/, ""), "c2ln"].join(".") }`;
  for (const [edit, code] of [
    ["null", "invalid_option"],
    ["{ ...result, account: null }", "invalid_option"],
    ["{ ...result, accessToken: '' }", "invalid_option"],
    ["{ ...result, expiresOn: 'tomorrow' }", "invalid_option"],
    ["{ ...result, expiresOn: new Date(NaN) }", "invalid_option"],
    ["{ ...result, scopes: [] }", "invalid_option"],
    ["{ ...result, tokenType: 'pop' }", "invalid_option"],
    ["{ ...result, idToken: 'opaque' }", "token_parsing_error"],
    [changed("aud: 'another'"), "audience_mismatch"],
    [changed("iss: 'https://evil.example'"), "issuer_mismatch"],
  ]) {
    const { error, username } = await take(edit);
    assert.deepEqual([error, username], [code, undefined], edit);
  }
  assert.equal(world.providerRequests("token").length, 1);
});
