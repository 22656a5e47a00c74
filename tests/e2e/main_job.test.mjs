// The main job: an app signs in, its API challenges the token, the user acts where only the user can, the request succeeds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();

test("a popup signs the user in with PKCE, and the verifier is in no URL", async () => {
  const page = await world.open();
  const { value: result } = await world.signIn(page);
  assert.equal(result.account.username, "alex@contoso.example");
  assert.deepEqual(result.scopes.filter((scope) => scope.startsWith("api:")), world.demo.scopes);
  const [authorize] = world.providerRequests("authorize");
  assert.equal(authorize.query.code_challenge_method, "S256");
  assert.equal(authorize.query.response_mode, "fragment");
  const [token] = world.providerRequests("token");
  assert.equal(token.body.grant_type, "authorization_code");
  assert.match(token.body.code_verifier, /^[\w-]{43}$/);
  const urls = JSON.stringify(world.demo.log.map(({ path, query }) => [path, query]));
  assert.ok(!urls.includes(token.body.code_verifier));
  assert.equal((await page.evaluate(() => app.getAllAccounts())).length, 1);
});
