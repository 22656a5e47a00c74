// Follows the README's "fetch" in one module.
/* global me */
export const user = () => me.user;

export const get = (url, signal) => app.fetch(url, { signal });

export async function post(url, order) {
  const headers = { "Content-Type": "application/json" };
  const response = await app.fetch(url, { method: "POST", headers, body: JSON.stringify(order) });
  return response.ok;
}

/** The caller's own reason. */
export const isAbort = (error, reason) => error === reason;
