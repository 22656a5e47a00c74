// What is wrong around the SDK: each is a typed error with a stable code and a sentence, and the session stays as it was.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./support.mjs";

const world = stage();

/** Asserts class and code, and that the sentence says more than the code. */
async function refuses(outcome, Class, code, about = /./) {
  const { error } = await outcome;
  assert.ok(error, "it was refused");
  assert.equal(error.class, Class);
  assert.equal(error.errorCode, code);
  assert.ok(error.message.length > code.length + 20, error.message);
  assert.match(error.message, about);
}

const silent = (page, request = {}) =>
  page.evaluate((request) => settle(app.acquireTokenSilent(request)), { scopes: world.demo.scopes, forceRefresh: true, ...request });

for (const [what, options, Class, code, about] of [
  ["no client id", { auth: { clientId: "" } }, "ClientConfigurationError", "invalid_option", /auth\.clientId/],
  [
    "an authority over http",
    { auth: { authority: "http://login.example.com/tenant" } },
    "ClientConfigurationError",
    "authority_uri_insecure",
    /login\.example\.com/,
  ],
  ["an authority that is no URL", { auth: { authority: "https://" } }, "ClientConfigurationError", "url_parse_error", /auth\.authority/],
  [
    "an authority without its scheme",
    { auth: { authority: "login.microsoftonline.com/common" } },
    "ClientConfigurationError",
    "url_parse_error",
    /auth\.authority/,
  ],
  [
    "a resource without its scheme",
    { fetch: { protectedResourceMap: { "graph.microsoft.com/v1.0": ["User.Read"] } } },
    "ClientConfigurationError",
    "url_parse_error",
    /protectedResourceMap/,
  ],
  [
    "MSAL Angular's scopes for a method",
    { fetch: { protectedResourceMap: { "https://api.example.com/": [{ httpMethod: "POST", scopes: ["s"] }] } } },
    "ClientConfigurationError",
    "invalid_option",
    /protectedResourceMap/,
  ],
  [
    "one of them alone",
    { fetch: { protectedResourceMap: { "https://api.example.com/": { httpMethod: "POST", scopes: ["s"] } } } },
    "ClientConfigurationError",
    "invalid_option",
    /protectedResourceMap\.httpMethod/,
  ],
  [
    "a number for capabilities",
    { auth: { clientCapabilities: 1 } },
    "ClientConfigurationError",
    "invalid_option",
    /auth\.clientCapabilities/,
  ],
  ["an unknown cache", { cache: { cacheLocation: "cookie" } }, "ClientConfigurationError", "invalid_cache_type", /cacheLocation/],
  [
    "msal-browser's native broker",
    { system: { allowPlatformBroker: true } },
    "ClientConfigurationError",
    "unsupported_option",
    /system\.allowPlatformBroker/,
  ],
  [
    "scopes of one's own for sign-ins",
    { auth: { OIDCOptions: { defaultScopes: ["openid"] } } },
    "ClientConfigurationError",
    "unsupported_option",
    /auth\.OIDCOptions/,
  ],
  ["a network client", { system: { networkClient: { sendGetRequestAsync: "mine" } } }, "ClientConfigurationError", "unsupported_option", /system\.networkClient/],
  [
    "a cloud by name",
    { auth: { azureCloudOptions: { azureCloudInstance: "https://login.microsoftonline.us", tenant: "t" } } },
    "ClientConfigurationError",
    "unsupported_option",
    /auth\.azureCloudOptions/,
  ],
  [
    "a text for whether msal-browser's session is taken over",
    { cache: { cacheMigrationEnabled: "no" } },
    "ClientConfigurationError",
    "invalid_option",
    /cache\.cacheMigrationEnabled/,
  ],
  [
    "a resource over http",
    { fetch: { protectedResourceMap: { "http://api.example.com/": ["s"] } } },
    "ClientConfigurationError",
    "resource_uri_insecure",
    /api\.example\.com/,
  ],
  [
    "a resource without scopes",
    { fetch: { protectedResourceMap: { "https://api.example.com/": [] } } },
    "ClientConfigurationError",
    "empty_input_scopes_error",
    /api\.example\.com/,
  ],
]) {
  test(`a configuration with ${what} is ${code}`, async () => {
    const page = await world.open(options);
    await refuses(world.started(page), Class, code, about);
  });
}

test("what msal-browser's options ask for and this library cannot give is refused before anything opens or is sent", async () => {
  const nothing = { auth: { OIDCOptions: { responseMode: "fragment", defaultScopes: ["openid", "profile", "offline_access"] }, azureCloudOptions: {} } };
  const page = await world.open({ ...nothing, system: { allowPlatformBroker: false } });
  await world.signIn(page, { scopes: world.demo.scopes, authenticationScheme: "Bearer", extraParameters: {} });
  const before = world.demo.log.length;
  const popups = world.popups(page);
  const methods = ["acquireTokenSilent", "ssoSilent", "loginPopup", "acquireTokenPopup", "loginRedirect", "acquireTokenRedirect"];
  for (const [request, code, about] of [
    [{ authenticationScheme: "pop" }, "unsupported_authentication_scheme"],
    [{ authenticationScheme: "ssh-cert" }, "unsupported_authentication_scheme"],
    [{ authenticationScheme: "DPoP" }, "unsupported_authentication_scheme"],
    [{ storeInCache: { refreshToken: false } }, "unsupported_option", /request\.storeInCache/],
    [{ tokenBodyParameters: { a: "b" } }, "unsupported_option", /request\.tokenBodyParameters/],
    [{ extraParameters: { acr_values: "mfa" } }, "unsupported_option", /request\.extraParameters/],
    [{ resource: "https://mcp.example.com" }, "unsupported_option", /request\.resource/],
    [{ azureCloudOptions: { tenant: "t" } }, "unsupported_option", /request\.azureCloudOptions/],
  ]) {
    for (const method of methods) {
      const call = page.evaluate(([method, request]) => settle(app[method](request)), [method, { scopes: world.demo.scopes, ...request }]);
      await refuses(call, "ClientConfigurationError", code, about);
    }
  }
  // A network client of a class has nothing of its own.
  const own = page.evaluate(() => {
    class Client {
      sendGetRequestAsync() {}
    }
    const { clientId, authority } = served;
    return settle(new countersign.PublicClientApplication({ auth: { clientId, authority }, system: { networkClient: new Client() } }).initialize());
  });
  await refuses(own, "ClientConfigurationError", "unsupported_option", /system\.networkClient/);
  // Of version 4: who does not want to leave the page must not be made to.
  for (const method of ["loginRedirect", "logoutRedirect", "logoutPopup"]) {
    const call = page.evaluate((method) => settle(app[method]({ onRedirectNavigate: () => false })), method);
    await refuses(call, "ClientConfigurationError", "unsupported_option", /request\.onRedirectNavigate/);
  }
  assert.equal(await page.evaluate(() => app.getAllAccounts().length), 1);
  assert.deepEqual([world.demo.log.length, popups.length, world.context.pages().length], [before, 0, 1]);
});

test("an undecoded challenge passed as claims is invalid_claims, never the cached token", async () => {
  const page = await world.open();
  await world.signIn(page);
  const claims = Buffer.from('{"access_token":{"nbf":{"essential":true}}}').toString("base64");
  await refuses(silent(page, { claims, forceRefresh: false }), "ClientConfigurationError", "invalid_claims");
});

for (const [what, fault, Class, code] of [
  ["HTML", { status: 200, body: "<html>a proxy says hello</html>" }, "BrowserAuthError", "failed_to_parse_response"],
  ["nothing", { status: 200, body: "" }, "BrowserAuthError", "failed_to_parse_response"],
  ["an error that is none of OAuth's", { status: 500, body: '{"message":"oops"}' }, "ServerError", "server_error"],
  [
    "an OAuth error",
    { status: 400, body: '{"error":"invalid_request","error_description":"The client is not allowed to do this."}' },
    "ServerError",
    "invalid_request",
  ],
  // Browsers ask again by themselves where a connection is cut, each a number of times, and so does the SDK, once.
  ["a closed connection", { hangup: true, times: 20 }, "NetworkError", "post_request_failed"],
]) {
  test(`a token endpoint that answers with ${what} is ${code}, and the session is kept`, async () => {
    const page = await world.open();
    await world.signIn(page);
    const before = await world.stored(page);
    world.demo.fault({ at: "provider", endpoint: "token", times: 20, ...fault });
    await refuses(silent(page), Class, code);
    assert.deepEqual(await world.stored(page), before);
    world.demo.reset();
    assert.ok((await silent(page)).value.accessToken);
  });
}

test("a provider that cannot be reached is get_request_failed, and the next call tries again", async () => {
  const page = await world.open();
  world.demo.fault({ at: "provider", endpoint: "discovery", times: 20, hangup: true });
  const first = await world.click(page, (scopes) => app.loginPopup({ scopes }), world.demo.scopes);
  await refuses(first.outcome, "NetworkError", "get_request_failed", /openid-configuration/);
  world.demo.reset();
  assert.ok((await world.signIn(page)).value.accessToken);
});

test("an offline device is no_network_connectivity, and the session is kept", async () => {
  const page = await world.open();
  await world.signIn(page);
  await world.context.setOffline(true);
  await refuses(silent(page), "NetworkError", "no_network_connectivity");
  await world.context.setOffline(false);
  assert.ok((await silent(page)).value.accessToken);
});

test("storage that is blocked is storage_not_supported, and memory works without it", async () => {
  const page = await world.open();
  await page.evaluate(() => {
    Object.defineProperty(window, "sessionStorage", {
      get: () => {
        throw new DOMException("blocked", "SecurityError");
      },
    });
    window.other = new countersign.PublicClientApplication({ auth: { clientId: "c" } });
    window.memory = new countersign.PublicClientApplication({
      auth: { clientId: served.clientId, authority: served.authority, redirectUri: location.origin + location.pathname },
      cache: { cacheLocation: "memoryStorage" },
    });
  });
  await refuses(
    page.evaluate(() => settle(window.other.initialize())),
    "BrowserConfigurationAuthError",
    "storage_not_supported",
  );
  await page.evaluate(() => window.memory.initialize());
  const { popup, outcome } = await world.click(page, (scopes) => memory.loginPopup({ scopes }), world.demo.scopes);
  await popup.click("#user-alex");
  assert.equal((await outcome).value.account.username, "alex@contoso.example");
  const again = await page.evaluate((scopes) => settle(memory.acquireTokenSilent({ scopes })), world.demo.scopes);
  assert.equal(again.value.fromCache, true);
  assert.equal((await page.evaluate(() => memory.getAllAccounts())).length, 1);
});

test("corrupt and foreign entries in storage are passed over, and the corrupt one is removed", async () => {
  const page = await world.open();
  await world.signIn(page);
  await page.evaluate(() => {
    const key = Object.keys(sessionStorage).find((key) => key.includes(".account."));
    sessionStorage.setItem(key.replace(/account\..*/, "account.broken"), '{"home":"broken"');
    sessionStorage.setItem("countersign.1.another-client.account.x", "not ours");
  });
  await page.reload();
  await world.started(page);
  assert.equal((await page.evaluate(() => app.getAllAccounts())).length, 1);
  const keys = Object.keys(await world.stored(page));
  assert.ok(!keys.some((key) => key.endsWith(".broken")));
  assert.ok(keys.includes("countersign.1.another-client.account.x"));
});

test("a popup that the browser blocks is popup_window_error at once", async () => {
  const page = await world.open();
  await page.evaluate(() => {
    window.open = () => null;
  });
  const outcome = page.evaluate(() => settle(app.loginPopup({ scopes: ["openid"] })));
  await refuses(outcome, "BrowserAuthError", "popup_window_error");
});

test("a second popup while one is open is interaction_in_progress, and the first goes on", async () => {
  const page = await world.open();
  const { popup, outcome } = await world.click(page, (scopes) => app.loginPopup({ scopes }), world.demo.scopes);
  await refuses(
    page.evaluate(() => settle(app.loginPopup())),
    "BrowserAuthError",
    "interaction_in_progress",
  );
  await popup.click("#user-alex");
  assert.ok((await outcome).value.accessToken);
});

test("a request to a listed resource without an account is no_account_error, and nothing is sent", async () => {
  const page = await world.open();
  await refuses(world.fetch(page, `${world.demo.api}/orders`), "BrowserAuthError", "no_account_error");
  assert.equal(world.apiRequests().length, 0);
});

test("a method called before initialize() is uninitialized_public_client_application", async () => {
  const page = await world.open();
  const outcome = page.evaluate(() =>
    settle(new countersign.PublicClientApplication({ auth: { clientId: "c" } }).acquireTokenSilent({ scopes: ["s"] })),
  );
  await refuses(outcome, "BrowserAuthError", "uninitialized_public_client_application");
});

test("without interaction the caller gets InteractionRequiredAuthError with the claims to pass on", async () => {
  const page = await world.open({ fetch: { interactionType: "none" } });
  await world.signIn(page);
  world.demo.stronger(true);
  const { error } = await world.fetch(page, `${world.demo.api}/orders`);
  assert.equal(error.class, "InteractionRequiredAuthError");
  assert.equal(error.errorCode, "interaction_required");
  assert.deepEqual(JSON.parse(error.claims).access_token.acrs, { essential: true, value: "c1" });
  const { popup, outcome } = await world.click(page, (claims) => app.acquireTokenPopup({ scopes: served.scopes, claims }), error.claims);
  await popup.click("#confirm");
  await outcome;
  assert.equal((await world.fetch(page, `${world.demo.api}/orders`)).value.status, 200);
});
