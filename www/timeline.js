// The timeline: a list of steps, drawn as they happen and kept in sessionStorage, so that a sign-in by redirect, which
// unloads the page, is still one story. It holds what is on the screen and nothing else: no token ever comes here.

import { load, store } from "./store.js";
import { duration } from "./words.js";

const KEEP = 80;
const now = () => performance.timeOrigin + performance.now(); // one clock across page loads, finer than Date.now()

/** Where the arrow of a step goes. The app stands in the middle and talks to both sides. */
const PATHS = {
  request: "to-api",
  replay: "to-api",
  response: "from-api",
  challenge: "at-app",
  silent: "both-idp",
  popup: "both-idp",
  redirect: "both-idp",
  declined: "at-app",
  error: "at-app",
  done: "at-app",
};

export class Timeline {
  #list;
  #key;
  #steps = [];
  #items = new Map();
  #run = { id: 0, started: now() };
  #onChange;

  constructor(list, { key, onChange = () => {} }) {
    this.#list = list;
    this.#key = key;
    this.#onChange = onChange;
    this.#load();
  }

  get size() {
    return this.#steps.length;
  }

  /** Starts a new story: what follows belongs together and its total time is counted from here. */
  begin() {
    this.#run = { id: (this.#steps.at(-1)?.run ?? 0) + 1, started: now() };
  }

  get elapsed() {
    return now() - this.#run.started;
  }

  /** Steps of the present story. */
  has(step) {
    return this.#steps.some((s) => s.run === this.#run.id && s.step === step);
  }

  /**
   * Adds a step. `open: true` leaves it running until `end()`.
   * @returns {{ end(changes?: object): void }}
   */
  add(step, { title, detail = "", code = "", tone = "", open = false, ms = null }) {
    const first = !this.#steps.some((s) => s.run === this.#run.id);
    const entry = {
      ...{ step, title, detail, code, tone, ms, open, first },
      at: now(),
      run: this.#run.id,
      runStarted: this.#run.started,
    };
    this.#steps.push(entry);
    const dropped = this.#steps.length > KEEP ? this.#steps.shift() : null;
    if (dropped) {
      this.#items.get(dropped)?.remove();
      this.#items.delete(dropped);
    }
    const item = document.createElement("li");
    this.#items.set(entry, item);
    this.#draw(entry, item);
    this.#list.append(item);
    this.#changed(item);
    return this.#handle(entry);
  }

  #handle(entry) {
    return {
      end: (changes = {}) => {
        if (!entry.open) return;
        Object.assign(entry, changes, { open: false, ms: now() - entry.at });
        this.#draw(entry, this.#items.get(entry));
        this.#changed();
      },
    };
  }

  /** The step of that kind that was still running when the page was left, or null. Its story is taken up again. */
  resume(step) {
    const entry = this.#steps.findLast((s) => s.open && s.step === step);
    if (!entry) return null;
    this.#run = { id: entry.run, started: entry.runStarted };
    return this.#handle(entry);
  }

  clear() {
    this.#steps = [];
    this.#items.clear();
    this.#list.replaceChildren();
    this.#changed();
  }

  /** After a reload, what nobody waits for any more is not running. */
  settle() {
    for (const entry of this.#steps.filter((s) => s.open)) {
      Object.assign(entry, { open: false, tone: "bad", detail: "The page was left before the answer came." });
      this.#draw(entry, this.#items.get(entry));
    }
    this.#changed();
  }

  #draw(entry, item) {
    if (!item) return;
    item.dataset.step = entry.step;
    item.dataset.path = PATHS[entry.step];
    item.dataset.tone = entry.tone;
    item.classList.toggle("first", entry.first);
    item.classList.toggle("open", entry.open);
    const time = entry.open ? "running" : entry.ms === null ? "" : duration(entry.ms);
    const head = element("div", { class: "head" }, element("p", { class: "title" }, entry.title));
    if (time) head.append(element("span", { class: "ms" }, time));
    const text = element("div", { class: "text" }, head);
    if (entry.detail) text.append(element("p", { class: "detail" }, entry.detail));
    if (entry.code) text.append(element("pre", {}, element("code", {}, entry.code)));
    item.replaceChildren(element("span", { class: "lane", "aria-hidden": "true" }), text);
  }

  #changed(item) {
    store(this.#key, JSON.stringify(this.#steps));
    this.#onChange(item);
  }

  #load() {
    try {
      this.#steps = JSON.parse(load(this.#key) ?? "[]");
    } catch {
      this.#steps = []; // not ours, or cut short
    }
    for (const entry of this.#steps) {
      const item = document.createElement("li");
      this.#items.set(entry, item);
      this.#draw(entry, item);
      this.#list.append(item);
    }
    const last = this.#steps.at(-1);
    if (last) this.#run = { id: last.run, started: last.runStarted };
  }
}

export function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}
