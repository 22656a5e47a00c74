// The whole redirect page: hand the provider's answer to the page that waits for it, which also closes this window.
import { broadcastResponseToMainFrame } from "countersign/redirect-bridge";

try {
  await broadcastResponseToMainFrame();
} catch {
  // Opened by hand, or from a bookmark: there is no answer to hand over.
  document.getElementById("note").textContent = "There is no sign-in to finish here.";
  document.getElementById("back").hidden = false;
}
