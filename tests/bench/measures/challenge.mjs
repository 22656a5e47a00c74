// Under challenge: a thousand requests at once, of which the API refuses all, because the token has been revoked, until they come with another one.
//
// Fair, because: the other side is the same thousand with a token that is good, on the same page, provider and API (those of the demo, with every
// signature checked); msal-browser has no answer to challenges to be measured. Each thousand starts where the one before has ended.
// HTTP/1.1: the browser sends six at a time.
import { fileURLToPath } from "node:url";
import { startDemo } from "../../../www/server.mjs";
import { counted, interleave, measured } from "../statistics.mjs";

const REQUESTS = 1000;
/** What is compared with. */
export const UNCHALLENGED = "the same, unchallenged";
const pages = fileURLToPath(new URL("../../e2e/pages", import.meta.url));

export async function underChallenge({ browser, rounds, progress }) {
  const demo = await startDemo({ mounts: { "/test/": pages }, redirectPaths: ["/test/app.html"] });
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await signIn(page, demo);
    await send(page, demo);

    const renewals = [];
    const count = () => demo.log.filter((entry) => entry.endpoint === "token" && entry.method === "POST").length;
    const theirs = () => send(page, demo);
    const ours = async () => {
      demo.revoke();
      const before = count();
      const ms = await send(page, demo);
      renewals.push(count() - before);
      return ms;
    };
    const samples = await interleave(rounds, { ours, theirs }, (round) => progress(`round ${round}`));
    return [
      measured(`${REQUESTS} requests under challenge`, "ms", UNCHALLENGED, samples, { ratio: 1.5 }),
      counted(`${REQUESTS} requests under challenge, token requests`, "", null, Math.max(...renewals), null, { ours: 1 }),
    ];
  } finally {
    await context.close();
    await demo.close();
  }
}

async function signIn(page, demo) {
  await page.goto(`${demo.app}/test/app.html`);
  await page.waitForFunction(() => window.started);
  await page.evaluate(() => window.started);
  await page.evaluate((scopes) => window.onClick(() => app.loginPopup({ scopes })), demo.scopes);
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.click("#click")]);
  await popup.click("#user-alex");
  await page.evaluate(() => window.outcome);
}

/** Milliseconds until the last of them is answered, with 200. */
async function send(page, demo) {
  const { ms, good } = await page.evaluate(
    async ([url, length]) => {
      const before = performance.now();
      const each = async () => {
        const response = await app.fetch(url);
        await response.text();
        return response.status;
      };
      const statuses = await Promise.all(Array.from({ length }, each));
      return { ms: performance.now() - before, good: statuses.filter((status) => status === 200).length };
    },
    [`${demo.api}/orders`, REQUESTS],
  );
  if (good !== REQUESTS) throw new Error(`${REQUESTS - good} requests were not answered`);
  return ms;
}
