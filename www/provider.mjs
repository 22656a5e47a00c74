// The identity provider: npm `oidc-provider` (certified by the OpenID Foundation) taught Entra's dialect (entra.mjs),
// with pages to click through (pages.mjs). Everything is in memory and ends with the process.

import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import * as entra from "./entra.mjs";
import * as pages from "./pages.mjs";

// oidc-provider greets Node 20 with an advice to update. It works there, and the advice is not for who runs the demo.
const { warn } = console;
console.warn = (...args) => (/Unsupported runtime/.test(args[0]) ? undefined : warn(...args));
const { errors, interactionPolicy, Provider } = await import("oidc-provider");
const { createMemoryAdapter } = await import("oidc-provider/lib/adapters/memory_adapter.js");
console.warn = warn;

const { Check, Prompt, base } = interactionPolicy;
const OIDC_SCOPES = ["openid", "profile", "email", "offline_access"];
const DAY = 24 * 60 * 60;

/**
 * `sub` and `oid` differ, as in Entra: one names the user to this app, the other in the whole tenant. A guest has a `home` elsewhere.
 */
export const USERS = [
  {
    key: "alex",
    name: "Alex Demo",
    username: "alex@contoso.example",
    sub: "Zk0xkq3hLq8Yt1m5cV7wXe2b",
    oid: "a1e00000-0000-4000-8000-000000000001",
  },
  {
    key: "sam",
    name: "Sam Demo",
    username: "sam@contoso.example",
    sub: "Qw9vTn4rPs6Hd2j8fK3yLb5c",
    oid: "5a000000-0000-4000-8000-000000000002",
  },
  {
    key: "kim",
    name: "Kim Guest",
    username: "kim@fabrikam.example",
    sub: "Hb5xRc2mWt7Ks9qVz4pJf6Lg",
    oid: "c1300000-0000-4000-8000-000000000003",
    home: { uid: "c1300000-0000-4000-8000-0000000000f3", utid: "99999999-8888-4777-8666-555555555555" },
  },
];

/** What Entra calls an account where no text of the user's may show: the `login_hint` claim. */
const loginHint = (user) => `O.${Buffer.from(user.oid).toString("base64url")}`;

/**
 * @param options.tokens shared with the API: `issued` collects the id of every access token, `forgetStepUps` is set here.
 * @returns { handle, describe, issuer, authority, ... } for the server at `origin`.
 */
export function createProvider({
  origin,
  tenantId,
  clientId,
  redirectUris,
  postLogoutRedirectUris,
  appOrigin,
  audience,
  apiScopes,
  tokens,
  options,
}) {
  const authority = `${origin}/${tenantId}`;
  const issuer = `${authority}/v2.0`;
  const endpoints = `/${tenantId}/oauth2/v2.0`;
  const interactions = `/${tenantId}/interaction`;
  const fullScopes = apiScopes.map((s) => `${audience}/${s}`);
  const short = (scope = "") =>
    scope
      .split(" ")
      .filter(Boolean)
      .map((s) => s.slice(audience.length + 1))
      .join(" ");

  /** Authentication contexts each sign-in session has satisfied. Refresh tokens know their session, so they share in it. */
  const stepUps = new Map();
  tokens.forgetStepUps = () => stepUps.clear();
  /** Refresh tokens, by id: all there are, and those that are of no more use with the reason why. */
  const refreshTokens = { issued: new Set(), dead: new Map() };
  tokens.endRefreshTokens = (reason) => refreshTokens.issued.forEach((jti) => refreshTokens.dead.set(jti, reason));
  const missing = (sessionUid, contexts) => contexts.filter((c) => !stepUps.get(sessionUid)?.has(c));

  /** What the token request's `claims` insist on and its session has not satisfied needs the user. */
  function assertContexts(ctx, sessionUid) {
    const unmet = missing(sessionUid, entra.contextsDemanded(ctx.req.entry.claims));
    if (!unmet.length) return;
    ctx.state.errorExtra = { suberror: "basic_action", claims: entra.demandFor(unmet) };
    throw new errors.InteractionRequired(`The user must confirm the sign-in to use '${audience}'.`);
  }

  function assertClaims(ctx) {
    if (ctx.req.entry.claims === null) throw new errors.InvalidRequest("The claims parameter is not a JSON object.");
  }

  const policy = base();
  policy.remove("consent");
  policy.add(new Prompt({ name: "select_account", requestable: true }), 0);
  policy.get("login").checks.add(
    new Check("login_hint", "another account is signed in than the one asked for", "login_required", ({ oidc }) => {
      const hinted = USERS.find((u) => [u.username, loginHint(u)].includes(oidc.params.login_hint));
      const isAnother = hinted && hinted.sub !== oidc.session.accountId;
      const isAnotherSession = oidc.params.sid && oidc.params.sid !== oidc.session.uid;
      return Boolean((isAnother || isAnotherSession) && oidc.session.accountId && !oidc.result?.login);
    }),
  );
  policy.add(
    new Prompt(
      { name: "step_up" },
      new Check(
        "acrs",
        "the sign-in must be confirmed for the authentication context asked for",
        ({ oidc }) => missing(oidc.session.uid, entra.contextsDemanded(entra.parseClaims(oidc.params.claims))).length > 0,
      ),
      new Check("acr", "the sign-in must be confirmed to be of a class asked for", ({ oidc }) =>
        entra.needsConfirmation(oidc.params.acr_values, oidc.session.acr),
      ),
    ),
  );

  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const provider = new Provider(issuer, {
    adapter: createMemoryAdapter(),
    jwks: {
      keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: randomBytes(6).toString("hex") }],
    },
    cookies: {
      keys: [randomBytes(24).toString("hex")],
      names: { session: "demo_session", interaction: "demo_interaction", resume: "demo_resume" },
    },
    clients: [
      {
        client_id: clientId,
        client_name: "Countersign demo",
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        redirect_uris: redirectUris,
        post_logout_redirect_uris: postLogoutRedirectUris,
      },
    ],
    responseTypes: ["code"],
    scopes: OIDC_SCOPES,
    acrValues: Object.values(entra.ACR),
    claims: { openid: ["sub", "oid", "tid", "ver", "sid", "acr", "auth_time"], login_hint: null, profile: ["name", "preferred_username"], email: ["email"] },
    conformIdTokenClaims: false, // profile claims in the ID token itself, as Entra does
    extraParams: ["offline", "sid"],
    routes: { authorization: "/authorize", token: "/token", jwks: "/keys", end_session: "/logout" },
    clientBasedCORS: (_ctx, from) => from === appOrigin,
    findAccount(ctx, sub, token) {
      const user = USERS.find((u) => u.sub === sub);
      const sid = token?.sessionUid ?? ctx.oidc.session?.uid;
      return user && { accountId: sub, claims: () => ({ ...accountClaims(user), sid, login_hint: loginHint(user) }) };
    },
    features: {
      claimsParameter: { enabled: true },
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => page(ctx, pages.signOutPage(form)),
        postLogoutSuccessSource: (ctx) => page(ctx, pages.signedOutPage()),
      },
      resourceIndicators: {
        // The scopes name the resource ("api://…/orders.read"), so no request needs a `resource` parameter.
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo(_ctx, resource) {
          if (resource !== audience) throw new errors.InvalidTarget();
          return { scope: fullScopes.join(" "), audience, accessTokenFormat: "jwt", jwt: { sign: { alg: "RS256" } } };
        },
      },
    },
    interactions: { policy, url: (_ctx, interaction) => `${interactions}/${interaction.uid}` },
    /** Grants without a consent page. */
    async loadExistingGrant({ oidc }) {
      const known = oidc.session.grantIdFor(oidc.client.clientId);
      const grant =
        (known && (await provider.Grant.find(known))) ||
        new provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId });
      grant.addOIDCScope(OIDC_SCOPES.join(" "));
      grant.addOIDCClaims([...oidc.requestParamClaims]);
      grant.addResourceScope(audience, fullScopes.join(" "));
      await grant.save();
      return grant;
    },
    /** `false`: a refresh token outlives the sign-in of another user in the browser. Called before a code is stored. */
    expiresWithSession({ oidc }, source) {
      if (oidc.params.offline && source.kind === "AuthorizationCode") source.scope += " offline_access";
      return false;
    },
    /** The refresh token is wider than the access token beside it: every scope of the API can be asked for later. */
    issueRefreshToken(_ctx, _client, code) {
      if (options.refreshTokens === false || !code.scopes.has("offline_access")) return false;
      code.scope = [...new Set([...code.scopes, ...fullScopes])].join(" ");
      return true;
    },
    /** The last hook before a refresh token is spent: refused here, it can still be used after the user has acted. */
    rotateRefreshToken(ctx) {
      assertClaims(ctx);
      const reason = refreshTokens.dead.get(ctx.oidc.entities.RefreshToken.jti);
      if (reason) {
        ctx.state.errorExtra = reason;
        throw new errors.CustomOIDCProviderError("invalid_grant", "The refresh token is of no more use.");
      }
      assertContexts(ctx, ctx.oidc.entities.RefreshToken.sessionUid);
      return true;
    },
    extraTokenClaims(ctx, token) {
      assertClaims(ctx);
      assertContexts(ctx, token.sessionUid);
      const user = USERS.find((u) => u.sub === token.accountId);
      const { AuthorizationCode, RefreshToken } = ctx.oidc.entities;
      const { acr, authTime } = AuthorizationCode ?? RefreshToken;
      const requests = [ctx.req.entry.claims, AuthorizationCode?.claims];
      const xms_cc = [...new Set(requests.flatMap(entra.capabilities))];
      const asked = new Set(requests.flatMap(entra.contextsAsked));
      const acrs = [...asked].filter((c) => stepUps.get(token.sessionUid)?.has(c));
      tokens.issued.add(token.jti);
      return {
        ...accountClaims(user),
        azp: clientId,
        scp: short(token.scope),
        acr,
        auth_time: authTime,
        ...(xms_cc.length ? { xms_cc } : {}),
        ...(acrs.length ? { acrs } : {}),
      };
    },
    ttl: {
      AccessToken: () => options.accessTokenTtl,
      AuthorizationCode: () => 60,
      Grant: () => DAY,
      IdToken: () => 3600,
      Interaction: () => 3600,
      // As for Entra's single-page apps: a day, which rotation does not extend.
      RefreshToken: (ctx) => ctx.oidc.entities.RotatedRefreshToken?.remainingTTL ?? DAY,
      Session: () => DAY,
    },
    renderError: (ctx, out) => page(ctx, pages.errorPage(out)),
  });

  provider.on("refresh_token.saved", ({ jti }) => refreshTokens.issued.add(jti));

  // Discovery lives under /v2.0, the endpoints under /oauth2/v2.0.
  const { pathFor } = provider;
  provider.pathFor = (name, opts) => pathFor.call(provider, name, { ...opts, mountPath: endpoints });
  provider.use(speakEntra);

  function accountClaims(user) {
    return {
      sub: user.sub,
      oid: user.oid,
      tid: tenantId,
      ver: "2.0",
      name: user.name,
      preferred_username: user.username,
      email: user.username,
    };
  }

  function page(ctx, html) {
    ctx.type = "html";
    ctx.set("Content-Security-Policy", pages.pagePolicy(appOrigin));
    ctx.body = html;
  }

  /** The answers of oidc-provider, in Entra's words. */
  async function speakEntra(ctx, next) {
    if (options.coop) ctx.set("Cross-Origin-Opener-Policy", "same-origin");
    await next();
    const { entry } = ctx.req;
    if (entry.endpoint === "token" && ctx.body?.error) {
      ctx.body = entra.errorBody(ctx.body, entry.query["client-request-id"], ctx.state.errorExtra);
      entry.error = ctx.body.error;
    } else if (entry.endpoint === "token" && ctx.body?.access_token) {
      const { Account, AuthorizationCode, RefreshToken } = ctx.oidc.entities;
      const user = USERS.find((u) => u.sub === Account.accountId);
      const asked = (AuthorizationCode ?? ctx.oidc.params).scope ?? RefreshToken?.scope ?? "";
      // No API scope was asked for: the answer names what was granted all the same.
      ctx.body.scope ||= asked
        .split(" ")
        .filter((s) => OIDC_SCOPES.includes(s) && s !== "offline_access")
        .join(" ");
      ctx.body.ext_expires_in = ctx.body.expires_in;
      if (ctx.body.refresh_token) ctx.body.refresh_token_expires_in = RefreshToken.remainingTTL;
      if (options.refreshIn) ctx.body.refresh_in = options.refreshIn;
      if (entry.body.client_info === "1") ctx.body.client_info = entra.base64url(user.home ?? { uid: user.oid, utid: tenantId });
    }
    const location = ctx.response.get("Location");
    if (location && ctx.oidc?.entities.Interaction?.result?.error === "access_denied") {
      ctx.set("Location", `${location}&error_subcode=cancel`);
    }
  }

  const callback = provider.callback();

  /** What the log says about a request beside its HTTP. */
  function describe(entry) {
    const last = entry.path.split("/").pop();
    if (entry.path === `/${tenantId}/v2.0/.well-known/openid-configuration`) entry.endpoint = "discovery";
    else if (entry.path.startsWith(`${interactions}/`)) entry.endpoint = "interaction";
    else if (entry.path.startsWith(`${endpoints}/authorize/`)) entry.endpoint = "resume";
    else if (entry.path.startsWith(`${endpoints}/`)) entry.endpoint = last;
    entry.grant_type = entry.body?.grant_type;
    entry.claims = entra.parseClaims(entry.body?.claims ?? entry.query.claims);
  }

  async function handle(req, res, entry, raw) {
    if (options.coop) res.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    if (entry.path === "/favicon.ico") return res.writeHead(204).end();
    if (entry.path === "/pages.css") return res.writeHead(200, { "Content-Type": "text/css" }).end(pages.STYLE);
    if (entry.endpoint === "interaction") return interact(req, res, entry);
    const url = new URL(req.url, origin);
    const { searchParams: q } = url;
    if (entry.endpoint === "authorize") entra.adaptAuthorize(q);
    if (options.ignoreStepUp) ["acr_values", "max_age"].forEach((name) => q.delete(name));
    if (options.silentError && q.get("prompt") === "none") {
      return res.writeHead(303, { Location: entra.errorLocation(q, options.silentError, issuer) }).end();
    }
    // Entra honours post_logout_redirect_uri without a hint at whose it is.
    if (entry.endpoint === "logout" && !q.has("id_token_hint") && !q.has("client_id")) q.set("client_id", clientId);
    const prefix = entry.endpoint === "discovery" ? `/${tenantId}/v2.0` : endpoints;
    if (!entry.path.startsWith(`${prefix}/`)) return send(res, 404, pages.errorPage({ error: "not_found" }));
    // The body has been read for the log; oidc-provider reads it again from a stream that plays it back.
    const { method, headers, socket, httpVersion, httpVersionMajor, httpVersionMinor } = req;
    const replay = Readable.from(raw.length ? [raw] : [], { objectMode: false });
    Object.assign(replay, { method, headers, socket, httpVersion, httpVersionMajor, httpVersionMinor, entry });
    Object.assign(replay, {
      originalUrl: url.pathname + url.search,
      url: url.pathname.slice(prefix.length) + url.search,
    });
    return callback(replay, res);
  }

  function send(res, status, html) {
    res.writeHead(status, {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": pages.pagePolicy(appOrigin),
      "Cache-Control": "no-store",
    });
    res.end(html);
  }

  /** One page of a sign-in: GET shows it, POST answers it and returns to the authorize request that asked. */
  async function interact(req, res, entry) {
    let details;
    try {
      details = await provider.interactionDetails(req, res);
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error;
      return send(res, 400, pages.errorPage({ error: "This sign-in has expired." }));
    }
    const { prompt, params, session, uid } = details;
    const finish = (result) => provider.interactionFinished(req, res, result);
    const action = `${interactions}/${uid}`;
    const form = entry.method === "POST" ? (entry.body ?? {}) : null;
    if (form?.cancel) return finish({ error: "access_denied", error_description: "AADSTS65004: The user has cancelled." });

    const signedIn = (user, acr, amr) => ({ accountId: user.sub, amr, acr, ts: Math.floor(Date.now() / 1000) - options.signInAge });
    if (prompt.name === "step_up") {
      const contexts = missing(session.uid, entra.contextsDemanded(entra.parseClaims(params.claims)));
      const user = USERS.find((u) => u.sub === session.accountId);
      // Any six digits will do that the page and the check agree on.
      const code = String(createHash("sha256").update(uid).digest().readUInt32BE() % 1_000_000).padStart(6, "0");
      if (form?.code?.replaceAll(" ", "") === code) {
        stepUps.set(session.uid, new Set([...(stepUps.get(session.uid) ?? []), ...contexts]));
        return finish({ step_up: {}, login: signedIn(user, entra.ACR.confirmed, ["pwd", "otp"]) });
      }
      const needed = contexts.length ? contexts : [entra.ACR.confirmed];
      return send(res, 200, pages.stepUpPage({ action, user: user.username, code, contexts: needed, wrong: form !== null }));
    }

    const user = USERS.find((u) => u.key === form?.user);
    if (user) return finish({ select_account: {}, login: signedIn(user, entra.ACR.password, ["pwd"]) });
    const hinted = USERS.find((u) => [u.username, loginHint(u)].includes(params.login_hint));
    return send(res, 200, pages.loginPage({ action, users: USERS, hint: hinted?.username, app: "Countersign demo" }));
  }

  return {
    handle,
    describe,
    issuer,
    authority,
    authorizationUri: `${origin}${endpoints}/authorize`,
    jwksUri: `${origin}${endpoints}/keys`,
  };
}
