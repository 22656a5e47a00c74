// The browsers that the tests run in. `BROWSER=firefox` chooses; the programs are Debian's, unless CHROMIUM or FIREFOX name others.
import { chromium, firefox } from "playwright-core";

const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A headless opener counts as hidden once a popup is open, and its timers are slowed to one a second.
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];

const engines = {
  // Playwright switches the back-forward cache off. `hasBackForwardCache` leaves it on.
  chromium: ({ hasBackForwardCache = false }) =>
    chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: CHROMIUM_ARGS,
      ignoreDefaultArgs: hasBackForwardCache ? ["--disable-back-forward-cache"] : [],
    }),
  // "moz-firefox" is Mozilla's own build, driven by WebDriver BiDi, and not one that Playwright has patched.
  firefox: () => firefox.launch({ channel: "moz-firefox", executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr" }),
};

/** The engine that these tests run in. */
export const engine = process.env.BROWSER ?? "chromium";
if (!engines[engine]) throw new Error(`BROWSER=${engine} is none of: ${Object.keys(engines).join(", ")}`);

/** Starts it. */
export const launch = (options = {}) => engines[engine](options);
