// vault.js where IndexedDB opens and never answers, as WebKit's does at times. The clock is the test's.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { lock, openKey } from "../../pkg-template/vault.js";

const globals = ["indexedDB", "localStorage", "navigator"];
const before = globals.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
const define = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true });

/** The locks that are held now. */
let held;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  held = new Set();
  define("indexedDB", { open: () => ({}) });
  define("localStorage", { setItem() {}, getItem: () => null });
  define("navigator", {
    locks: {
      async request(name, options, hold) {
        held.add(name);
        await hold();
        held.delete(name);
      },
    },
  });
});

afterEach(() => {
  mock.timers.reset();
  for (const [name, descriptor] of before) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    else delete globalThis[name];
  }
});

/** What the promise comes to while the time passes. A promise that never settles is a failure, not a hang. */
async function passing(promise) {
  let outcome;
  promise.then(
    (value) => (outcome = { value }),
    (error) => (outcome = { error }),
  );
  for (let second = 0; second < 60 && !outcome; second++) {
    await new Promise(setImmediate);
    if (!outcome) mock.timers.tick(1000);
  }
  await new Promise(setImmediate);
  return outcome ?? assert.fail("it never settles");
}

test("a key that IndexedDB never hands out is an error", async () => {
  const { error } = await passing(openKey("name"));
  assert.ok(error instanceof Error);
});

test("a lock is taken and given back all the same where IndexedDB never answers", async () => {
  const { value: release } = await passing(lock("name", "mark", 30_000));
  assert.equal(typeof release, "function");
  assert.deepEqual([...held], ["name"]);
  await passing(release());
  assert.deepEqual([...held], []);
});

test("a database that answers too late is closed, and nobody waits for its timer", async () => {
  const opening = {};
  let isClosed = false;
  define("indexedDB", { open: () => opening });
  await passing(openKey("name"));
  const result = { transaction: () => { throw new Error("late"); }, close: () => (isClosed = true) };
  Object.assign(opening, { result }).onsuccess();
  await new Promise(setImmediate);
  assert.ok(isClosed);
});
