// Start: from the navigation to `initialize()` resolved, which the page itself tells by its own clock: `performance.now()` counts from the navigation.
//
// Fair, because: two pages that differ in the name of the package they import, bundled alike, served by one server with brotli and the same
// `Cache-Control`. Cold: a new browser context and an empty HTTP cache for each sample; the browser's protocol slows processor and network for the
// page and all that it loads. The browser keeps no compiled code from one context for the next. Warm: the page has been loaded often enough for
// the browser to have script and wasm compiled in its cache; what is measured is a new tab of the same context.
//
// "Preloaded" is the same for ours with the `<link rel="preload">` in the page's head that an app may have for its wasm; it is for comparison.
import { makePage } from "../bundle.mjs";
import { interleave, measured } from "../statistics.mjs";

/** 4 times slower, 10 Mbit/s in each direction, 40 ms. */
const SLOWER = 4;
const NETWORK = { offline: false, latency: 40, downloadThroughput: 10e6 / 8, uploadThroughput: 10e6 / 8 };
// The first stores script and wasm, a later one what they compile to.
const VISITS_BEFORE_WARM = 4;
const PRELOAD = '\n    <link rel="preload" href="wasm/countersign_bg.wasm" as="fetch" type="application/wasm" crossorigin />';

const app = (name) => `
  import { InteractionRequiredAuthError, PublicClientApplication } from "${name}";
  import { configuration } from "./cloud.js";
  window.started = (async () => {
    const app = new PublicClientApplication(configuration());
    await app.initialize();
    return performance.now();
  })();
  // What every app has too.
  window.isForUser = (error) => error instanceof InteractionRequiredAuthError;`;

export async function start({ browser, server, rounds, isQuick, progress, peers }) {
  await makePage("start_ours", app("countersign"));
  await makePage("start_preloaded", app("countersign"), PRELOAD);
  await makePage("start_msal", app("@azure/msal-browser"));
  const pages = { ours: "start_ours", theirs: "start_msal", preloaded: "start_preloaded" };

  const cold = await interleave(
    isQuick ? rounds : 2 * rounds + 1,
    Object.fromEntries(Object.entries(pages).map(([who, name]) => [who, () => coldStart(browser, `${server.origin}/${name}/`)])),
    (round) => progress(`cold, round ${round}`),
  );
  const context = await browser.newContext();
  const warmStart = async (name) => {
    const page = await context.newPage();
    try {
      return await visit(page, `${server.origin}/${name}/`);
    } finally {
      await page.close();
    }
  };
  for (const name of Object.values(pages)) {
    for (let round = 0; round < VISITS_BEFORE_WARM; round++) await warmStart(name);
  }
  const warm = await interleave(
    isQuick ? rounds : 4 * rounds + 1,
    Object.fromEntries(
      Object.entries(pages).map(([who, name]) => [
        who,
        async () => {
          const { ms, fetched } = await warmStart(name);
          if (fetched > 0) throw new Error(`${name} was not cached`);
          return ms;
        },
      ]),
    ),
    (round) => progress(`warm, round ${round}`),
  );
  await context.close();
  const preloaded = ({ preloaded: ours, theirs }) => ({ ours, theirs });
  return [
    measured("start, cold", "ms", peers.msal, cold, { ratio: 1 }),
    measured("start, cold, wasm preloaded", "ms", peers.msal, preloaded(cold)),
    measured("start, warm", "ms", peers.msal, warm, { ratio: 1.5 }),
    measured("start, warm, wasm preloaded", "ms", peers.msal, preloaded(warm)),
  ];
}

async function coldStart(browser, url) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.clearBrowserCache");
    await session.send("Network.emulateNetworkConditions", NETWORK);
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    return (await visit(page, url)).ms;
  } finally {
    await context.close();
  }
}

/** Milliseconds, and the bytes that came over the network beside the page itself. */
async function visit(page, url) {
  await page.goto(url);
  const ms = await page.evaluate(() => window.started);
  const fetched = await page.evaluate(() => performance.getEntriesByType("resource").reduce((bytes, { transferSize }) => bytes + transferSize, 0));
  return { ms, fetched };
}
