// What a framework wrapper holds until the app has given it a client.
import { createAuthError } from "./errors.js";

const refuse = () => {
  throw createAuthError("stubbed_public_client_application_called");
};
const reject = async () => refuse();
const nothing = () => {};

export const stubbedPublicClientApplication = {
  initialize: reject,
  loginPopup: reject,
  loginRedirect: reject,
  acquireTokenPopup: reject,
  acquireTokenRedirect: reject,
  acquireTokenSilent: reject,
  ssoSilent: reject,
  handleRedirectPromise: reject,
  logoutRedirect: reject,
  logoutPopup: reject,
  clearCache: reject,
  hydrateCache: reject,
  fetch: reject,
  createFetch: () => reject,
  getAllAccounts: () => [],
  getAccount: () => null,
  getActiveAccount: () => null,
  setActiveAccount: nothing,
  addEventCallback: () => null,
  removeEventCallback: nothing,
  cancelInteraction: nothing,
  getLogger: refuse,
  setLogger: nothing,
  getConfiguration: refuse,
  initializeWrapperLibrary: nothing,
  setNavigationClient: nothing,
};
