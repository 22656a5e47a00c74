// Names that are values and nothing more, as MSAL spells them.

/** Checked against package.json by the tests. */
export const version = "0.1.0";

export const OIDC_DEFAULT_SCOPES = ["openid", "profile", "offline_access"];

export const BrowserCacheLocation = {
  LocalStorage: "localStorage",
  SessionStorage: "sessionStorage",
  MemoryStorage: "memoryStorage",
};

export const CacheLookupPolicy = {
  Default: 0,
  AccessToken: 1,
  AccessTokenAndRefreshToken: 2,
  RefreshToken: 3,
  RefreshTokenAndNetwork: 4,
  Skip: 5,
};

export const InteractionStatus = {
  Startup: "startup",
  Logout: "logout",
  AcquireToken: "acquireToken",
  HandleRedirect: "handleRedirect",
  None: "none",
};

export const InteractionType = { Redirect: "redirect", Popup: "popup", Silent: "silent", None: "none" };

export const PromptValue = {
  LOGIN: "login",
  SELECT_ACCOUNT: "select_account",
  CONSENT: "consent",
  NONE: "none",
  CREATE: "create",
  NO_SESSION: "no_session",
};

export const ProtocolMode = { AAD: "AAD", OIDC: "OIDC" };

export const WrapperSKU = { React: "@azure/msal-react", Angular: "@azure/msal-angular" };
