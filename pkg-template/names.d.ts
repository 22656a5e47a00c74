/** MSAL's smaller names. */
import type { IPublicClientApplication } from "./client.js";

/** Of this package. */
export declare const version: string;

/** What every sign-in asks for: `openid`, `profile`, `offline_access`. OpenID Connect Core sections 5.4 and 11. */
export declare const OIDC_DEFAULT_SCOPES: string[];

/** `cache.cacheLocation`. */
export declare const BrowserCacheLocation: {
  /** In all tabs, encrypted. */
  readonly LocalStorage: "localStorage";
  /** In this tab. */
  readonly SessionStorage: "sessionStorage";
  /** In this page: a reload signs the user out. */
  readonly MemoryStorage: "memoryStorage";
};
export type BrowserCacheLocation = (typeof BrowserCacheLocation)[keyof typeof BrowserCacheLocation];

/** Where `acquireTokenSilent` may look. */
export declare const CacheLookupPolicy: {
  /** Cache, refresh token, hidden frame. */
  readonly Default: 0;
  /** Cache. */
  readonly AccessToken: 1;
  /** Cache, refresh token. */
  readonly AccessTokenAndRefreshToken: 2;
  /** Refresh token. */
  readonly RefreshToken: 3;
  /** Refresh token, hidden frame. */
  readonly RefreshTokenAndNetwork: 4;
  /** Hidden frame. */
  readonly Skip: 5;
};
export type CacheLookupPolicy = (typeof CacheLookupPolicy)[keyof typeof CacheLookupPolicy];

/** `prompt`: OpenID Connect Core section 3.1.2.1, and the values that Microsoft Entra adds. */
export declare const PromptValue: {
  /** The user signs in, whether signed in or not. */
  readonly LOGIN: "login";
  /** The user chooses the account. */
  readonly SELECT_ACCOUNT: "select_account";
  /** The user is asked for consent, whether given or not. */
  readonly CONSENT: "consent";
  /** Nothing is shown. Of silent requests only. */
  readonly NONE: "none";
  /** The user makes an account. Initiating User Registration via OpenID Connect 1.0. */
  readonly CREATE: "create";
  /** Microsoft's: nothing is shown, and the session at the provider does not count. Of silent requests only. */
  readonly NO_SESSION: "no_session";
};
export type PromptValue = (typeof PromptValue)[keyof typeof PromptValue];

/** `system.protocolMode`: Microsoft Entra's dialect, or plain OpenID Connect. */
export declare const ProtocolMode: {
  /** Microsoft Entra's, with its tenants and clouds. Formerly Azure Active Directory. */
  readonly AAD: "AAD";
  /** OpenID Connect Core, and nothing else. */
  readonly OIDC: "OIDC";
};
export type ProtocolMode = (typeof ProtocolMode)[keyof typeof ProtocolMode];

/** Framework wrappers, as they call themselves. */
export declare const WrapperSKU: {
  /** For React. */
  readonly React: "@azure/msal-react";
  /** For Angular. */
  readonly Angular: "@azure/msal-angular";
};
export type WrapperSKU = (typeof WrapperSKU)[keyof typeof WrapperSKU];

/** The page. */
export declare const BrowserUtils: {
  /** A new version 4 UUID. RFC 9562 section 5.4. */
  createGuid(): string;
  /** Whether this page is in a frame. */
  isInIframe(): boolean;
  /** Whether this is a popup of this library that has come back from the provider, with the answer still in its URL: the app should show nothing in it. */
  isInPopup(): boolean;
  /** This page's URL without query and fragment; empty where there is no page. */
  getCurrentUri(): string;
  /** The origin, and a slash. */
  getHomepage(): string;
  /** Takes a provider's answer out of a window's URL, and leaves any other fragment and the entry of the history as they are. */
  clearHash(contentWindow: Window): void;
  /** Gives this page the fragment of `url`. */
  replaceHash(url: string): void;
  /** Error: {@link BrowserAuthError} `block_iframe_reload`, where this page is in a frame and its URL holds a provider's answer. */
  blockReloadInHiddenIframes(): void;
};

/** How a page is left. */
export interface NavigationOptions {
  /** MSAL's number of the call; 0 here. */
  apiId?: number;
  /** Milliseconds until a navigation that did not happen is reported. */
  timeout: number;
  /** Whether the entry of the history is replaced. */
  noHistory: boolean;
}

/** How pages are left. Resolves to whether the caller should wait for the page to go. */
export interface INavigationClient {
  /** To a page of this app. */
  navigateInternal(url: string, options: NavigationOptions): Promise<boolean>;
  /** To the provider. */
  navigateExternal(url: string, options: NavigationOptions): Promise<boolean>;
}

/** Assigns `location`, or replaces it. */
export declare class NavigationClient implements INavigationClient {
  navigateInternal(url: string, options: NavigationOptions): Promise<boolean>;
  navigateExternal(url: string, options: NavigationOptions): Promise<boolean>;
}

/**
 * Stands where there is no client yet: nobody is signed in, and asking for anything fails with
 * {@link BrowserConfigurationAuthError} `stubbed_public_client_application_called`.
 */
export declare const stubbedPublicClientApplication: IPublicClientApplication;
