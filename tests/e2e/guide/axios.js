// Follows the README's "axios" in one module.
/* global axios, graph, me */
export const user = () => me.user;

export const get = (url, signal) => graph.get(url, { signal });

export const post = async (url, order) => (await graph.post(url, order)).status === 201;

export const isAbort = (error) => axios.isCancel(error) && error.code === "ERR_CANCELED";
