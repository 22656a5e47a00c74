// A page that no inspector is attached to. To one that is watched, each request costs more, and the more so the deeper the stack it is sent from: the
// browser notes that for the inspector. Apps are not watched.
import { on } from "node:events";

/** The longest that such a page may take, in milliseconds. */
const PATIENCE = 900_000;

/**
 * Opens a page of this server, which runs by itself, and yields what it reports, until it is left. Errors: what goes wrong in the page; that it is gone, or
 * silent.
 */
export async function* unwatched(browser, { origin, reports }, path) {
  const gone = new AbortController();
  const end = () => gone.abort(new Error(`${path} is gone`));
  const session = await browser.newBrowserCDPSession();
  browser.once("disconnected", end);
  try {
    await session.send("Target.setDiscoverTargets", { discover: true });
    const coming = on(reports, "report", { signal: AbortSignal.any([gone.signal, AbortSignal.timeout(PATIENCE)]) });
    // It is in none of Playwright's contexts, so Playwright lets go of it.
    const { targetId } = await session.send("Target.createTarget", { url: `${origin}${path}` });
    for (const event of ["Target.targetDestroyed", "Target.targetCrashed"]) {
      session.on(event, (target) => target.targetId === targetId && end());
    }
    try {
      for await (const [report] of coming) {
        if (report.error) throw new Error(report.error);
        yield report;
      }
    } finally {
      if (!gone.signal.aborted) await session.send("Target.closeTarget", { targetId });
    }
  } finally {
    browser.off("disconnected", end);
    if (browser.isConnected()) await session.detach();
  }
}
