// What is asked of either library.
import { accessToken, homeAccountId, SCOPES } from "./cloud.js";

/** Offers the bench: `seed(people)`, and after a reload `start()` and `calls(count)`. */
export function offer(started, seed) {
  let app;
  let accounts;
  let next = 0;

  /** Another account each time, so that no answer of a moment ago will do. */
  function hit() {
    const account = accounts[next];
    next = (next + 1) % accounts.length;
    return app.acquireTokenSilent({ scopes: SCOPES, account });
  }

  globalThis.bench = {
    seed,

    /** Every account is there, and has its own token in the cache. */
    async start() {
      app = await started();
      accounts = app.getAllAccounts();
      for (let turn = 0; turn < accounts.length; turn++) {
        const person = Number(accounts[turn].homeAccountId.slice(24, 36));
        const { fromCache, accessToken: token, account } = await hit();
        const isRight = fromCache && token === accessToken(person) && account.homeAccountId === homeAccountId(person);
        if (!isRight) throw new Error(`person ${person}'s token is not in the cache`);
      }
      return accounts.length;
    },

    /** Milliseconds that so many take, one after the other. */
    async calls(count) {
      const before = performance.now();
      for (let call = 0; call < count; call++) await hit();
      return performance.now() - before;
    },
  };
}
