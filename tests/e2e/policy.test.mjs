// CacheLookupPolicy: where a token may come from, seen by what the provider receives.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

// The provider is on the app's site: the hidden frame can succeed.
const world = stage({ providerHost: "localhost" });

const POLICIES = { Default: 0, AccessToken: 1, AccessTokenAndRefreshToken: 2, RefreshToken: 3, RefreshTokenAndNetwork: 4, Skip: 5 };

/** What the provider receives, per policy, in three situations: R a refresh, F a frame; "error" where there is no token. */
const EXPECTED = {
  //                            good tokens, expired token,  and no refresh token that serves
  Default: ["cache", "R", "R F"],
  AccessToken: ["cache", "error", "error"],
  AccessTokenAndRefreshToken: ["cache", "R", "R error"],
  RefreshToken: ["R", "R", "R error"],
  RefreshTokenAndNetwork: ["R", "R", "R F"],
  Skip: ["F", "F", "F"],
};

for (const [name, [good, expired, dead]] of Object.entries(EXPECTED)) {
  test(`CacheLookupPolicy.${name}: with good tokens ${good}, with an expired one ${expired}, with a dead refresh token as well ${dead}`, async () => {
    const page = await world.open();
    assert.equal(await page.evaluate((name) => countersign.CacheLookupPolicy[name], name), POLICIES[name]);

    const call = async () => {
      const from = world.demo.log.length;
      const { value, error } = await page.evaluate(([scopes, cacheLookupPolicy]) => settle(app.acquireTokenSilent({ scopes, cacheLookupPolicy })), [
        world.demo.scopes,
        POLICIES[name],
      ]);
      const received = world.demo.log.slice(from).filter(({ method }) => method !== "OPTIONS");
      const steps = received.flatMap(({ endpoint, query, body }) => {
        if (endpoint === "authorize" && query.prompt === "none") return ["F"];
        return endpoint === "token" && body.grant_type === "refresh_token" ? ["R"] : [];
      });
      if (error) steps.push("error");
      else if (value.fromCache) steps.push("cache");
      return { steps: steps.join(" "), error };
    };
    const signInBriefly = async (prompt) => {
      world.demo.options.accessTokenTtl = 1;
      const { value } = await world.signIn(page, { scopes: world.demo.scopes, prompt });
      await page.waitForFunction((end) => Date.now() > end, value.expiresOn.getTime());
      world.demo.options.accessTokenTtl = 3600;
    };

    await world.signIn(page);
    assert.equal((await call()).steps, good);
    await signInBriefly("login");
    assert.equal((await call()).steps, expired);
    await signInBriefly("login");
    world.demo.endRefreshTokens(700084);
    const { steps, error } = await call();
    assert.equal(steps, dead);
    if (name.includes("RefreshToken") && error) assert.equal(error.class, "InteractionRequiredAuthError");
  });
}
