// A page that no inspector is attached to. To one that is watched, each request costs more, and the more so the deeper the stack it is sent from: the
// browser notes that for the inspector. Apps are not watched.
import { on } from "node:events";

/** Opens a page of this server, which runs by itself, and yields what it reports, until it is left. Errors: what goes wrong in the page. */
export async function* unwatched(browser, { origin, reports }, path) {
  const session = await browser.newBrowserCDPSession();
  const coming = on(reports, "report");
  // It is in none of Playwright's contexts, so Playwright lets go of it.
  const { targetId } = await session.send("Target.createTarget", { url: `${origin}${path}` });
  try {
    for await (const [report] of coming) {
      if (report.error) throw new Error(report.error);
      yield report;
    }
  } finally {
    await session.send("Target.closeTarget", { targetId });
    await session.detach();
  }
}
