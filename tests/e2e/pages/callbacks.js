// Counts what a guide adds to the client's events and what it removes, and the sign-ins that are over.
import { PublicClientApplication } from "countersign";

const { prototype } = PublicClientApplication;
const { addEventCallback, loginPopup, removeEventCallback } = prototype;
window.callbacks = { added: 0, removed: 0 };
window.over = 0;

prototype.addEventCallback = function (...args) {
  window.callbacks.added++;
  return addEventCallback.apply(this, args);
};
prototype.removeEventCallback = function (...args) {
  window.callbacks.removed++;
  return removeEventCallback.apply(this, args);
};
prototype.loginPopup = async function (...args) {
  try {
    return await loginPopup.apply(this, args);
  } finally {
    // What the guide makes of it is on the page a moment later.
    requestAnimationFrame(() => requestAnimationFrame(() => window.over++));
  }
};
