// Fetch overhead: what a request costs more than the browser's own `fetch` with the same header.
//
// Fair, because: the three ways are on one page, so that they share process, connection and server; the server receives the same header from each,
// which is checked; they take turns in blocks, so that what else happens meets them alike, and each block begins with another one. A round is 1,000
// requests of each. The overhead is a difference, so it is taken within a round, where the three saw the same machine. The page is not watched by an
// inspector, for which the browser would do more with a request that is sent from deeper in the code.
import { makePageOf } from "../bundle.mjs";
import { measured } from "../statistics.mjs";
import { unwatched } from "../unwatched.mjs";

export async function fetchOverhead({ browser, isolated, rounds, progress, peers }) {
  await makePageOf("requests");
  const overhead = { ours: [], theirs: [] };
  let round = 0;
  for await (const { ms, requests, authorization } of unwatched(browser, isolated, "/requests/")) {
    const received = JSON.stringify([...isolated.authorized]);
    isolated.authorized.clear();
    if (received !== JSON.stringify([[authorization, Object.keys(ms).length * requests]])) throw new Error("not every request carried the token");
    // The first one is to get warm.
    if (round > 0) {
      for (const [way, samples] of Object.entries(overhead)) samples.push(((ms[way] - ms.bare) / requests) * 1000);
      progress(`round ${round}: ${Math.round((ms.bare / requests) * 1000)} µs a request, bare`);
    }
    if (round === rounds) break;
    round += 1;
  }
  return [measured("fetch overhead a request", "µs", peers.msal, overhead, { ours: 50 })];
}
