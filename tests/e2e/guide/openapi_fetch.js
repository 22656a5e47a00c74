// Follows the README's "openapi-fetch" in one module.
/* global graph, me */
export const user = () => me.user;

export const get = (url, signal) => graph.GET("/me", { signal });

export const post = async (url, order) => (await graph.POST("/me/messages", { body: order })).response.ok;

/** It has no error of its own for this. */
export const isAbort = (error, reason) => error === reason;
