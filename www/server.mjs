// Starts the whole demo in one process: the app, the identity provider and the protected API, each on an origin of its
// own. `node www/server.mjs` for people, `startDemo()` for tests.

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createApi } from "./api.mjs";
import { createProvider, USERS } from "./provider.mjs";
import { createStatic } from "./static.mjs";
import { close, listen, recorded } from "./wire.mjs";

const TENANT = "11111111-2222-4333-8444-555555555555";
const CLIENT = "c0de0000-0000-4000-8000-00000000c516";
const AUDIENCE = "api://countersign-demo";
const SCOPES = ["orders.read", "orders.write"];

/**
 * @param options
 *   appPort, providerPort, apiPort: 0 (default) takes free ports
 *   pkgDir: the built package, served at /pkg/
 *   appOrigin: where the app is served by another server than this one
 *   mounts: `{ "/prefix/": "/folder" }`, more folders for the app's origin (pages of tests)
 *   redirectPaths: more paths of the app's origin that are registered as redirect URIs
 *   connectTo: more origins that the app's pages may talk to (Content-Security-Policy)
 *   appHeaders: more headers on every file of the app's origin
 *   providerHost: "127.0.0.1" (default) is another site than the app, as in reality; "localhost" the same one
 *   coop: the provider's pages cut the opener off, as Entra's do
 *   accessTokenTtl: seconds, default 3600
 *   refreshTokens: `false` issues none
 *   refreshIn: seconds, `refresh_in` of token answers; default none
 *   silentError: what every authorize request with `prompt=none` is answered with: "login_required", "interaction_required",
 *     "consent_required"; default: what the browser's session at the provider allows
 *   signInAge: seconds that every sign-in lies back when it is made, default 0: what the API calls too old, and a provider that
 *     was asked for a newer one and does not say it
 *   ignoreStepUp: the provider does not know `acr_values` and `max_age`, and answers with the sign-in there is
 */
export async function startDemo({
  appPort = 0,
  appOrigin = undefined,
  providerPort = 0,
  apiPort = 0,
  pkgDir = fileURLToPath(new URL("../pkg", import.meta.url)),
  mounts = {},
  redirectPaths = [],
  connectTo = [],
  appHeaders = {},
  providerHost = "127.0.0.1",
  coop = false,
  accessTokenTtl = 3600,
  refreshTokens = true,
  refreshIn = undefined,
  silentError = undefined,
  signInAge = 0,
  ignoreStepUp = false,
} = {}) {
  const servers = await Promise.all([appPort, providerPort, apiPort].map(listen));
  const [appServer, providerServer, apiServer] = servers;
  const at = (host, server) => `http://${host}:${server.address().port}`;
  const app = appOrigin ?? at("localhost", appServer);
  const providerOrigin = at(providerHost, providerServer);
  const apiOrigin = at("localhost", apiServer);

  const log = [];
  const faults = [];
  const waits = [];
  const tokens = { issued: new Set() };
  const initial = { coop, accessTokenTtl, refreshTokens, refreshIn, silentError, signInAge, ignoreStepUp };
  const options = { ...initial };
  const uris = ["", "/", "/redirect.html", ...redirectPaths].map((path) => app + path);
  const provider = createProvider({
    origin: providerOrigin,
    tenantId: TENANT,
    clientId: CLIENT,
    appOrigin: app,
    redirectUris: uris,
    postLogoutRedirectUris: uris,
    audience: AUDIENCE,
    apiScopes: SCOPES,
    tokens,
    options,
  });
  const api = createApi({ ...provider, appOrigin: app, audience: AUDIENCE, tokens });
  const known = {
    app,
    provider: providerOrigin,
    api: apiOrigin,
    authority: provider.authority,
    clientId: CLIENT,
    scopes: SCOPES.map((s) => `${AUDIENCE}/${s}`),
  };
  const files = createStatic({
    mounts: { "/": fileURLToPath(new URL(".", import.meta.url)), "/pkg/": resolve(pkgDir), ...mounts },
    config: () => ({ authority: known.authority, clientId: CLIENT, api: apiOrigin, scopes: known.scopes }),
    origins: () => [providerOrigin, apiOrigin, ...connectTo],
    headers: appHeaders,
  });

  appServer.on("request", (req, res) => void files(req, res).catch(() => res.destroy()));
  providerServer.on("request", recorded({ at: "provider", log, faults, waits, describe: provider.describe }, provider.handle));
  apiServer.on("request", recorded({ at: "api", log, faults, waits }, api.handle));

  return {
    ...known,
    tenantId: TENANT,
    issuer: provider.issuer,
    audience: AUDIENCE,
    users: USERS,
    /** Every request the provider and the API received, oldest first. */
    log,
    /** Options that may change while it runs: coop, accessTokenTtl, refreshTokens, refreshIn, silentError, signInAge, ignoreStepUp. */
    options,
    ...api.switches,
    forgetStepUps: () => tokens.forgetStepUps(),
    /**
     * Every refresh token issued until now is refused from now on, with `invalid_grant` and Entra's number: 50173 (revoked),
     * 700084 (a single-page app's day is over), 70008 (expired).
     */
    endRefreshTokens: (code, suberror) => tokens.endRefreshTokens({ code, ...(suberror ? { suberror } : {}) }),
    /**
     * The next `times` (1) requests that match `at`, `method`, `path`, `endpoint`, `grant_type` wait for `delay` ms, then
     * are cut (`hangup`), answered with `status`, `headers`, `body`, or, with neither, handled as usual.
     */
    fault: (what) => void faults.push({ times: 1, ...what }),
    /** Resolves to the next request that matches `at`, `method`, `path`, `endpoint`, `grant_type`, as soon as it has arrived. */
    arrival: (what) => new Promise((resolve) => waits.push({ ...what, resolve })),
    /** Switches off, orders, faults and log as at the start. Sessions and tokens stay. */
    reset() {
      api.switches.resetApi();
      tokens.forgetStepUps();
      faults.length = waits.length = 0;
      log.length = 0;
      Object.assign(options, initial);
    },
    close: () => Promise.all(servers.map(close)).then(() => undefined),
  };
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const demo = await startDemo({ appPort: 4280, providerPort: 4281, apiPort: 4282, coop: true });
  process.stdout.write(`${demo.app}\nOpen it in a browser. Ctrl+C stops the demo.\n`);
  const stop = () => demo.close().then(() => process.exit(0));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}
