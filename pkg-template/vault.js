// What `localStorage` needs of the browser beside itself: a key that no script can read, and a lock between tabs. No rule is in here; the
// wasm has them. It is JavaScript because IndexedDB and Web Locks cost kilobytes in wasm. A wasm-bindgen snippet: it imports nothing.

const DATABASE = "countersign";
const STORE = "keys";
const IV_BYTES = 12;
const CATCH_UP_MS = 1000;
// IndexedDB can fail to answer at all (https://bugs.webkit.org/show_bug.cgi?id=226547): whoever waits for it goes on without.
const MARK_MS = 3000;
const OPEN_MS = 10000;

/** The key of this name; a new one where there is none yet. Rejects where the browser blocks IndexedDB, or does not answer. */
export function openKey(name) {
  return inDatabase(OPEN_MS, async (database) => {
    const known = await settled(database.transaction(STORE).objectStore(STORE).get(name));
    if (known) return known;
    // Made first: a transaction does not wait for it.
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const transaction = database.transaction(STORE, "readwrite");
    const store = transaction.objectStore(STORE);
    // Another tab may have been faster. Write transactions go one after the other, so all tabs get the same key.
    const first = await settled(store.get(name));
    if (first) return first;
    store.put(made, name);
    await complete(transaction);
    return made;
  });
}

/** `text`, sealed for the place `name`: base64 of a fresh IV and the ciphertext. */
export async function seal(key, name, text) {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm(iv, name), key, new TextEncoder().encode(text)));
  return btoa([...iv, ...sealed].map((byte) => String.fromCharCode(byte)).join(""));
}

/** What was sealed for that place. Rejects where this is something else. */
export async function unseal(key, name, text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const iv = bytes.subarray(0, IV_BYTES);
  return new TextDecoder().decode(await crypto.subtle.decrypt(algorithm(iv, name), key, bytes.subarray(IV_BYTES)));
}

/**
 * Takes the lock of this name. Resolves to what gives it back; to `undefined` where the browser has no locks, or after this many milliseconds, if
 * not 0.
 *
 * localStorage reaches another process later than a lock does, and IndexedDB does not: who gives the lock back leaves a mark in both, and who
 * has it next waits until both are the same. `mark` is the key of it.
 */
export function lock(name, mark, timeout) {
  return new Promise((resolve) => {
    const hold = async () => {
      await caughtUp(mark).catch(() => {});
      await new Promise((release) => resolve(() => leave(mark).catch(() => {}).then(release)));
    };
    Promise.resolve(navigator.locks?.request(name, timeout ? { signal: AbortSignal.timeout(timeout) } : {}, hold)).then(
      () => resolve(),
      () => resolve(),
    );
  });
}

async function leave(mark) {
  const value = crypto.randomUUID();
  localStorage.setItem(mark, value);
  await inDatabase(MARK_MS, (database) => {
    const transaction = database.transaction(STORE, "readwrite");
    transaction.objectStore(STORE).put(value, mark);
    return complete(transaction);
  });
}

async function caughtUp(mark) {
  const value = await inDatabase(MARK_MS, (database) => settled(database.transaction(STORE).objectStore(STORE).get(mark)));
  const isThere = () => value === undefined || localStorage.getItem(mark) === value;
  if (isThere()) return;
  await new Promise((resolve) => {
    const look = () => isThere() && done();
    const done = () => {
      removeEventListener("storage", look);
      clearTimeout(timer);
      resolve();
    };
    // Somebody may have cleared localStorage: it does not come any more.
    const timer = setTimeout(done, CATCH_UP_MS);
    addEventListener("storage", look);
  });
}

/** Calls back with the key of each change that another tab makes to localStorage; `null`: all of it. */
export function watch(changed) {
  addEventListener("storage", ({ key, storageArea }) => {
    if (storageArea === localStorage) changed(key);
  });
}

const algorithm = (iv, name) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) });

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const complete = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });

function inDatabase(limit, work) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, limit, new Error("IndexedDB does not answer"));
    const done = (settle) => (value) => {
      clearTimeout(timer);
      settle(value);
    };
    opened(work).then(done(resolve), done(reject));
  });
}

async function opened(work) {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await settled(opening);
  try {
    return await work(database);
  } finally {
    database.close();
  }
}
