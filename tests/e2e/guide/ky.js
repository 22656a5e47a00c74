// Follows the README's "ky" in one module.
/* global graph, me */
export const user = () => me.user;

export const get = (url, signal) => graph.get(url, { signal });

export const post = async (url, order) => (await graph.post(url, { json: order })).ok;

/** It has no error of its own for this. */
export const isAbort = (error, reason) => error === reason;
