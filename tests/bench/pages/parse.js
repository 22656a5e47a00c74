// Readers of WWW-Authenticate: three on one page.
import { init, parseChallenges } from "countersign";
import { parseWwwAuthenticateChallenges } from "oauth4webapi";
import { parseChallenges as parseOfPipeline } from "../../../node_modules/@azure/core-rest-pipeline/dist/browser/policies/bearerTokenAuthenticationPolicy.js";

/** What a reader is given for a line, and the reader. Ours takes both forms. */
const readers = {
  ours: [(line) => line, parseChallenges],
  pipeline: [(line) => line, parseOfPipeline],
  oursOfResponse: [responseWith, parseChallenges],
  oauth4webapi: [responseWith, parseWwwAuthenticateChallenges],
};
// What is read is kept until the next: an engine must not leave out what nobody looks at.
let kept;

function responseWith(line) {
  return new Response(null, { status: 401, headers: { "WWW-Authenticate": line } });
}

/** Milliseconds that so many reads take. */
function time(read, input, count) {
  const before = performance.now();
  for (let call = 0; call < count; call++) kept = read(input);
  return performance.now() - before;
}

globalThis.bench = {
  start: () => init(),

  /** Which of these lines a browser can hold in a header. */
  fitting: (lines) =>
    lines.filter((line) => {
      try {
        return responseWith(line).headers.get("www-authenticate") !== null;
      } catch {
        return false;
      }
    }),

  /** Nanoseconds a read of each line, each reader in turn on each: `{ ours: [...], ... }`. A sample takes at least `ms`. */
  read(lines, ms) {
    const result = Object.fromEntries(Object.keys(readers).map((name) => [name, []]));
    for (const line of lines) {
      for (const [name, [toInput, read]] of Object.entries(readers)) {
        const input = toInput(line);
        let count = 1;
        let taken = time(read, input, count);
        while (taken < ms) {
          // A guess that is not trusted too far, from what there is.
          count *= Math.min(64, Math.max(2, Math.ceil((1.2 * ms) / Math.max(taken, 0.005))));
          taken = time(read, input, count);
        }
        result[name].push((taken / count) * 1e6);
      }
    }
    return result;
  },

  kept: () => kept,
};
