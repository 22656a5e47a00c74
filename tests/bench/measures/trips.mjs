// Sign-in trips: requests to the provider from the click to the token, at a cloud whose endpoints both libraries know.
//
// Fair, because: the same page, tenant and popup for both, each with its own redirect bridge, and a provider in place of the real one that answers at
// once and counts. A token request that a browser would ask leave for (a CORS preflight) counts as two: interception hides the first. The app's own
// redirect page is no trip to the provider, and both have one.
import { makePage, makePageOf } from "../bundle.mjs";
import { answer, AUTHORITY } from "../pages/cloud.js";
import { counted } from "../statistics.mjs";

const PERSON = 1;
/** What a request may have and need no leave (Fetch standard, section 2.2.2), and what browsers add themselves. */
const SIMPLE = /^(?:accept|accept-language|content-language|content-length|content-type|host|origin|referer|user-agent|sec-.*)$/;
const FORM = "application/x-www-form-urlencoded";

export async function signInTrips({ browser, server, progress, peers }) {
  const trips = {};
  for (const [who, library] of Object.entries({ countersign: "ours", "@azure/msal-browser": "msal" })) {
    progress(who);
    await makePageOf(`sign_in_${library}`);
    await makePage(`bridge_${library}`, `import { broadcastResponseToMainFrame as over } from "${who}/redirect-bridge"; over();`);
    trips[library] = await signIn(browser, `${server.origin}/sign_in_${library}/`);
  }
  return [counted("sign-in, requests to the provider", "", peers.msal, trips.ours.length, trips.msal.length, { ours: 2 })];
}

async function signIn(browser, url) {
  const context = await browser.newContext();
  const requests = [];
  await context.route(`${new URL(AUTHORITY).origin}/**`, async (route) => {
    const request = route.request();
    const { pathname } = new URL(request.url());
    requests.push(`${request.method()} ${pathname}`);
    if (pathname.endsWith("/authorize")) return authorize(route, request);
    if (!pathname.endsWith("/token")) return route.fulfill({ status: 404 });
    if (needsLeave(await request.allHeaders())) requests.push(`OPTIONS ${pathname}`);
    const claims = { nonce: new URLSearchParams(request.postData()).get("code") };
    return route.fulfill({ status: 200, headers: { "Access-Control-Allow-Origin": "*" }, json: answer(PERSON, claims) });
  });
  try {
    const page = await context.newPage();
    await page.goto(url);
    await page.evaluate(() => bench.ready);
    await page.evaluate(() => {
      bench.result = new Promise((resolve, reject) => {
        document.getElementById("click").addEventListener("click", () => bench.signIn().then(resolve, reject), { once: true });
      });
    });
    requests.length = 0;
    await page.click("#click");
    const token = await page.evaluate(async () => (await bench.result).accessToken);
    if (token !== answer(PERSON).access_token) throw new Error("another token came");
    return requests;
  } finally {
    await context.close();
  }
}

/** Sends the popup back, signed in. The code is the nonce, so that nothing is to be kept. */
function authorize(route, request) {
  const query = new URL(request.url()).searchParams;
  const fragment = new URLSearchParams({ code: query.get("nonce"), state: query.get("state"), session_state: "session" });
  const target = `${query.get("redirect_uri")}#${fragment}`;
  return route.fulfill({ status: 200, contentType: "text/html", body: `<script>location.replace(${JSON.stringify(target)})</script>` });
}

const needsLeave = (headers) => Object.keys(headers).some((name) => !SIMPLE.test(name)) || !headers["content-type"]?.startsWith(FORM);
