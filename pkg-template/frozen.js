// A result is shown to many callers, and none of them can change it. A wasm-bindgen snippet: it imports nothing.

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
