// Memory: what the wasm has taken from the engine, which it never gives back, with 1,000 accounts; and whether it takes more the longer the page is open.
//
// Provider and API are functions of the page, so that 100,000 requests take seconds. Each tenth is refused with a claims challenge, so the 10,000 renewals
// come about as they do in life: by `fetch`, which reads the challenge, redeems a refresh token that rotates, stores what came, and sends again. What the JavaScript
// heap holds after a collection is shown beside it, and how many of JavaScript's objects the wasm holds: memory grows by doubling, so that something
// that is forgotten at each request can look like no growth for a while, but not in that count.
// msal-browser has no such memory: there is nothing to compare with but the quarter before.
import { makePageOf } from "../bundle.mjs";
import { counted } from "../statistics.mjs";

const ACCOUNTS = 1000;
const QUARTERS = 4;
const BEFORE = "after the third quarter";

export async function memory({ browser, isolated, isQuick, progress }) {
  await makePageOf("memory");
  const open = async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${isolated.origin}/memory/`);
    return page;
  };
  const size = (page) => page.evaluate(() => bench.size());

  const crowded = await open();
  const found = await crowded.evaluate((people) => bench.hydrate(people), ACCOUNTS);
  if (found !== ACCOUNTS) throw new Error(`${found} accounts of ${ACCOUNTS}`);
  const withAccounts = (await size(crowded)).bytes;
  await crowded.context().close();

  const page = await open();
  const session = await page.context().newCDPSession(page);
  await page.evaluate(() => bench.signIn());
  const [requests, renewals] = isQuick ? [2000, 200] : [25_000, 2500];
  const quarters = [];
  for (let quarter = 1; quarter <= QUARTERS; quarter++) {
    const came = await page.evaluate(([requests, renewals]) => bench.work(requests, renewals), [requests, renewals]);
    if (came !== renewals) throw new Error(`${came} renewals, not ${renewals}`);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    const { bytes, held } = await size(page);
    quarters.push({ bytes, held, heap: usedSize });
    progress(`quarter ${quarter}: ${bytes} bytes of wasm memory, ${held} objects held, ${usedSize} bytes of JavaScript heap`);
  }
  await page.context().close();

  const [third, fourth] = quarters.slice(-2);
  const work = `${QUARTERS * requests} requests, ${QUARTERS * renewals} renewals`;
  return [
    counted(`wasm memory, ${ACCOUNTS} accounts`, "B", null, withAccounts, null),
    counted(`wasm memory, ${work}`, "B", BEFORE, fourth.bytes, third.bytes, { ratio: 1 }),
    counted("objects held by the wasm, the same", "", BEFORE, fourth.held, third.held, { ratio: 1 }),
    counted("JavaScript heap, the same", "B", BEFORE, fourth.heap, third.heap),
  ];
}
