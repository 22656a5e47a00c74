// The page a provider sends the user back to, where that is not the app itself. No wasm: the response is handed over, not read.
import { answered } from "./state.js";

/**
 * In a popup or a hidden frame: hands the response in this page's URL to the page that waits for it, and closes this one. Resolves when that
 * is done.
 * After a sign-in by redirect: sends the page on to `mainPage` (default: the folder of this page), whose `handleRedirectPromise()` takes the
 * response up. MSAL's argument, a navigation client, is none.
 */
export async function broadcastResponseToMainFrame(mainPage = ".") {
  const fragment = location.hash;
  const { id, flow } = answered();
  if (!id) return;
  if (flow === "r") {
    // A page of this origin and no other: the fragment holds the code.
    const target = new URL(typeof mainPage === "string" ? mainPage : (mainPage.href ?? "."), location.href);
    target.hash = fragment;
    if (target.origin === location.origin) location.replace(target.href);
    return;
  }
  history.replaceState(null, "", location.href.split("#")[0]);
  const channel = new BroadcastChannel(`countersign.${id}`);
  channel.postMessage({ payload: fragment });
  channel.close();
  close();
}
