// What the wasm knows, in the shapes of MSAL. No rule is in here. A wasm-bindgen snippet: it imports nothing.

/** MSAL's `TenantProfile`. */
export const profile = (localAccountId, tenantId, username, name, upn, loginHint, isHomeTenant) => ({
  localAccountId,
  tenantId,
  username,
  name,
  upn,
  loginHint,
  isHomeTenant,
});

/** MSAL's `AccountInfo`: its profile in one tenant, and what it is in all of them, in these profiles. `claims` is JSON. */
export const account = (profile, homeAccountId, environment, authorityType, profiles, idToken, claims) => ({
  ...profile,
  homeAccountId,
  environment,
  authorityType,
  tenantProfiles: new Map(profiles.map((one) => [one.tenantId, one])),
  idToken,
  idTokenClaims: JSON.parse(claims),
});

/** MSAL's `AuthenticationResult`. It is shown to many callers, and none of them can change it. */
export const result = (authority, account, scopes, accessToken, tokenType, fromCache, expiresOn, correlationId, state) =>
  frozen({
    authority,
    uniqueId: account.localAccountId,
    tenantId: account.tenantId,
    scopes,
    account,
    idToken: account.idToken,
    idTokenClaims: account.idTokenClaims,
    accessToken,
    tokenType,
    fromCache,
    expiresOn: new Date(expiresOn),
    correlationId,
    state,
  });

/** A result with what the caller's own request says. */
export const own = (result, correlationId = result.correlationId, state = result.state) =>
  Object.freeze({ ...result, correlationId, state });

/** What the server answered, for an error. */
export const answer = (error, description, suberror, numbers, traceId, timestamp, correlationId, status) => ({
  error,
  description,
  suberror,
  errorNumbers: [...numbers],
  traceId,
  timestamp,
  correlationId,
  status,
});

/** Freezes a result with all that is in it. A `Date` and a `Map` cannot be frozen: whoever asks gets one of its own. */
export function frozen(result) {
  const give = (object, name, copy) => {
    const { [name]: value } = object;
    Object.defineProperty(object, name, { get: () => copy(value), enumerable: true });
  };
  for (const profile of result.account.tenantProfiles.values()) Object.freeze(profile);
  give(result.account, "tenantProfiles", (profiles) => new Map(profiles));
  give(result, "expiresOn", (date) => new Date(date));
  return freeze(result);
}

function freeze(value) {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}
