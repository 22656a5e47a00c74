// Token from cache: `acquireTokenSilent` with as many accounts in sessionStorage, both libraries' default, as the app has seen.
//
// Fair, because: the same people with the same tokens; each library is given them by its own function for that, and starts from what that left in
// storage, after a reload; the account is another one at each call, so that neither can answer by what it answered last; the accounts are those that
// the library itself lists, as apps have them. Before the first round each token is asked for once, and must be the right one and from the cache.
import { makePageOf } from "../bundle.mjs";
import { interleave, measured } from "../statistics.mjs";

const PEOPLE = [1, 10, 100, 1000];
// msal-browser takes a minute to be given a thousand.
const FEW_PEOPLE = [1, 10, 100];
/** A round takes at least so long: the clock's step of 5 microseconds is nothing then. */
const MS = 100;

export async function tokenFromCache({ browser, isolated, rounds, isQuick, progress, peers }) {
  const sizes = isQuick ? FEW_PEOPLE : PEOPLE;
  await Promise.all(["silent_ours", "silent_msal"].map(makePageOf));
  const contexts = [];
  const contenders = {};
  for (const people of sizes) {
    progress(`${people} accounts`);
    for (const [who, name] of Object.entries({ ours: "silent_ours", theirs: "silent_msal" })) {
      const context = await browser.newContext();
      contexts.push(context);
      const page = await context.newPage();
      const url = `${isolated.origin}/${name}/`;
      await page.goto(url);
      await page.evaluate((people) => bench.seed(people), people);
      await page.goto(url);
      const found = await page.evaluate(() => bench.start());
      if (found !== people) throw new Error(`${name} kept ${found} accounts of ${people}`);
      const calls = await enough(page, people);
      contenders[key(who, people)] = async () => {
        await page.bringToFront();
        return ((await page.evaluate((calls) => bench.calls(calls), calls)) / calls) * 1000;
      };
    }
  }
  // All sizes take turns, too: what one costs over another is measured on the same machine.
  const samples = await interleave(rounds, contenders, (round) => progress(`round ${round}`));
  await Promise.all(contexts.map((context) => context.close()));
  const of = (people) => ({ ours: samples[key("ours", people)], theirs: samples[key("theirs", people)] });
  const rows = sizes.map((people) =>
    // 20 times faster.
    measured(`token from cache, ${people} account${people > 1 ? "s" : ""}`, "µs", peers.msal, of(people), { ratio: 1 / 20 }),
  );
  const [one, many] = [of(sizes[0]), of(sizes.at(-1))];
  const growth = (who) => many[who].map((sample, round) => sample / one[who][round]);
  const name = `token from cache, ${sizes.at(-1)} accounts over 1`;
  rows.push(measured(name, "x", peers.msal, { ours: growth("ours"), theirs: growth("theirs") }, { ours: 1.5 }));
  return rows;
}

const key = (who, people) => `${who} ${people}`;

/** How many calls make a round. The compiler has seen them by then. */
async function enough(page, people) {
  for (let calls = Math.max(people, 16); ; calls *= 2) {
    const ms = await page.evaluate((calls) => bench.calls(calls), calls);
    if (ms >= MS) return calls;
  }
}
