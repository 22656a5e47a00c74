// Follows the README's "kiota" in one module.
/* global adapter, HttpMethod, httpClient, me, RequestInformation */
export const user = () => me.user;

/** Its requests have no signal; its HttpClient takes one. */
export const get = (url, signal) => httpClient.executeFetch(url, { method: "GET", signal });

export async function post(url, order) {
  const request = new RequestInformation(HttpMethod.POST, url);
  request.setStreamContent(new TextEncoder().encode(JSON.stringify(order)).buffer, "application/json");
  return Boolean(await adapter.sendPrimitive(request, "ArrayBuffer"));
}

/** It has no error of its own for this. */
export const isAbort = (error, reason) => error === reason;
