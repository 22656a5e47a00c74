// Fetch overhead: what a request costs more than the browser's own `fetch` with the same header.
//
// Fair, because: the three ways are on one page, so that they share process, connection and server; the server receives the same header from each,
// which is checked; they take turns in blocks, so that what else happens meets them alike, and each block begins with another one. A round is 1,000
// requests of each. The overhead is a difference, so it is taken within a round, where the three saw the same machine.
import { makePageOf } from "../bundle.mjs";
import { measured } from "../statistics.mjs";

const [REQUESTS, BLOCKS] = [1000, 20];
const WAYS = ["bare", "ours", "theirs"];

export async function fetchOverhead({ browser, isolated, rounds, progress, peers }) {
  await makePageOf("requests");
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${isolated.origin}/requests/`);
  const header = await page.evaluate(() => bench.start());
  const send = (way, count) => page.evaluate(([way, count]) => bench.send(way, count), [way, count]);
  for (const way of WAYS) await send(way, REQUESTS);

  isolated.authorized.clear();
  const overhead = { ours: [], theirs: [] };
  for (let round = 1; round <= rounds; round++) {
    const ms = { bare: 0, ours: 0, theirs: 0 };
    for (let block = 0; block < BLOCKS; block++) {
      for (let turn = 0; turn < WAYS.length; turn++) {
        const way = WAYS[(block + turn) % WAYS.length];
        ms[way] += await send(way, REQUESTS / BLOCKS);
      }
    }
    const perRequest = (way) => ((ms[way] - ms.bare) / REQUESTS) * 1000;
    for (const way of ["ours", "theirs"]) overhead[way].push(perRequest(way));
    progress(`round ${round}: ${Math.round(ms.bare)} µs a request, bare`);
  }
  await context.close();
  const received = [...isolated.authorized];
  if (received.length !== 1 || received[0][0] !== header || received[0][1] !== WAYS.length * REQUESTS * rounds) {
    throw new Error("not every request carried the token");
  }
  return [measured("fetch overhead a request", "µs", peers.msal, overhead, { ours: 50 })];
}
