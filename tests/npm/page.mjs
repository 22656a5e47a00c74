// A page of jsdom, as test tools give one to an app: the names of its window among Node's own.
import { JSDOM } from "jsdom";

const NAMES = [
  "AbortController",
  "addEventListener",
  "document",
  "history",
  "localStorage",
  "location",
  "navigator",
  "open",
  "parent",
  "removeEventListener",
  "sessionStorage",
  "window",
];

// jsdom's, which knows of no navigation, is made of Node's.
const { performance } = globalThis;
Object.defineProperty(globalThis, "performance", { value: { now: () => performance.now(), timeOrigin: performance.timeOrigin }, writable: true });

/** Opens the page in place of the last one. Returns its window, which jsdom lets nobody navigate. */
export function openPage(url = "https://app.example.com/") {
  const { window } = new JSDOM("", { url });
  for (const name of NAMES) Object.defineProperty(globalThis, name, { value: window[name], configurable: true, writable: true });
  return window;
}
