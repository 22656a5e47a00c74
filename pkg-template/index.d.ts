/**
 * Countersign: browser sign-in and tokens that answer an API's challenge. The public contract; everything else is private.
 *
 * Names and shapes are those of `@azure/msal-browser` 5 wherever it has the thing. Times are in seconds unless a name or a comment says
 * milliseconds.
 *
 * The methods are in `client.d.ts`; what they take and give in `configuration.d.ts`, `requests.d.ts`, `fetch.d.ts`, `events.d.ts`, `errors.d.ts` and `challenges.d.ts`.
 *
 * @module countersign
 */

export * from "./challenges.js";
export * from "./client.js";
export * from "./codes.js";
export * from "./configuration.js";
export * from "./errors.js";
export * from "./events.js";
export * from "./fetch.js";
export * from "./logger.js";
export * from "./names.js";
export * from "./requests.js";
