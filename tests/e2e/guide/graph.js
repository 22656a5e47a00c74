// Follows the README's "Microsoft Graph client" in one module.
/* global graph, me */
export const user = () => me.user;

export const get = (url, signal) => graph.api("/me").option("signal", signal).get();

export const post = async (url, order) => Boolean(await graph.api("/me/messages").post(order));

/** Its GraphError, for every error; the code is the name of the error inside. */
export const isAbort = (error) => error.constructor.name.endsWith("GraphError") && error.code === "AbortError";
