/** What a client is made from. Of MSAL's options, those that are not here do nothing, or are refused with `unsupported_option`: see MIGRATING.md. */
import type { FetchOptions } from "./fetch.js";
import type { LoggerOptions } from "./logger.js";
import type { BrowserCacheLocation, INavigationClient, ProtocolMode } from "./names.js";

/** What a client is made from. Write `satisfies Configuration` to have names and values checked, and keep what was written. */
export interface Configuration {
  /** Who the app is, and who its provider. */
  auth: BrowserAuthOptions;
  /** Where the session lives. */
  cache?: CacheOptions;
  /** How it works. */
  system?: BrowserSystemOptions;
  /** The policy of {@link PublicClientApplication.fetch}. */
  fetch?: FetchOptions;
}

/** What {@link PublicClientApplication.getConfiguration} gives: the configuration as it was given, defaults not filled in. */
export interface BrowserConfiguration extends Configuration {
  /** Empty where none was given. */
  cache: CacheOptions;
  /** Empty where none was given. */
  system: BrowserSystemOptions;
}

/** Who the app is, and who its provider. */
export interface BrowserAuthOptions {
  /** The client id, as registered with the provider. */
  clientId: string;
  /**
   * The provider: `https:`, or `http:` on loopback for development. Default: `https://login.microsoftonline.com/common`. A tenant of a Microsoft
   * cloud is known without a request; any other is asked for its OpenID Connect Discovery document, whose issuer must be this one: exactly,
   * in `OIDC`; in `AAD` a tenant may have its id in the place of its name, a policy of Azure AD B2C (`https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_x`)
   * and an external tenant (`https://contoso.ciamlogin.com`) too. Errors: `issuer_validation_failed`, `authority_uri_insecure`, `url_parse_error`.
   */
  authority?: string;
  /**
   * Further hosts, or URLs, at which the same provider answers (a custom domain of Azure AD B2C, say): a request may name an authority there as its
   * own `authority`, and it gets refresh tokens of this session. The configured host is known, and so are the other hosts of its Microsoft cloud.
   * Another provider needs a client of its own. Where `system.protocolMode` is `OIDC` it changes nothing.
   */
  knownAuthorities?: string[];
  /**
   * Where the provider sends the user back to: this page or one with `countersign/redirect-bridge`. As registered with the provider; relative
   * to this page. Default: this page, without query and fragment. Errors: `redirect_uri_empty`, `url_parse_error` (it has a fragment).
   */
  redirectUri?: string;
  /** Where the user comes back to after signing out, as registered with the provider. Default: this page, without query and fragment. `null`: the provider decides. */
  postLogoutRedirectUri?: string | null;
  /** Called with the URL before the page leaves for it. `false`: it does not leave, and the call resolves. */
  onRedirectNavigate?: (url: string) => boolean | void;
  /**
   * What this app can handle: `["CP1"]` says that it answers claims challenges, and makes Microsoft's APIs send them.
   * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
   */
  clientCapabilities?: string[];
}

/** Where the session lives. */
export interface CacheOptions {
  /**
   * Where tokens live. `sessionStorage`: in this tab. `localStorage`: in all tabs, encrypted with a key in IndexedDB that no script can read;
   * a token is refreshed by one tab for all. `memoryStorage`: a reload signs the user out. Default: `sessionStorage`. Errors:
   * `invalid_cache_type`, `storage_not_supported`.
   */
  cacheLocation?: BrowserCacheLocation;
  /**
   * Whether the session that `@azure/msal-browser` 4 or 5 left in `cacheLocation` for this `clientId` is taken over at the first start here: accounts,
   * the active one, and tokens. It is removed there then, and at a sign-out. What it encrypted (`localStorage`, for users who do not stay signed in) is not read.
   * Not with `system.verifyIdTokenSignature`. Default: `true`.
   */
  cacheMigrationEnabled?: boolean;
}

/** How the client works. */
export interface BrowserSystemOptions {
  /** The provider's dialect: Microsoft Entra's, or plain OpenID Connect. Default: `AAD`. Error: `invalid_option` (MSAL's `EAR` among others). */
  protocolMode?: ProtocolMode;
  /**
   * Whether the signature of ID tokens is checked with the provider's keys (RS256, PS256, ES256, EdDSA). They come straight from the token endpoint over TLS,
   * which is enough (OpenID Connect Core section 3.1.3.7 point 6). Errors: `signature_mismatch`, `signing_key_not_found`. Default: `false`.
   */
  verifyIdTokenSignature?: boolean;
  /** A token that is asked for when it has this many seconds left, or less, is renewed; no timer does that. Never more than half of the token's life. Default: 300. */
  tokenRenewalOffsetSeconds?: number;
  /** A popup that has not answered after this many milliseconds is given up. Default: 600,000. */
  popupBridgeTimeout?: number;
  /** A hidden frame that has not answered after this many milliseconds is given up. Default: 10,000. */
  iframeBridgeTimeout?: number;
  /** A page that is still there this many milliseconds after it was to be left is `timed_out`. Default: 30,000. */
  redirectNavigationTimeout?: number;
  /** Whether a page in a frame may be sent to the provider, which will most likely refuse to be framed. Default: `false`. Error: `redirect_in_iframe`. */
  allowRedirectInIframe?: boolean;
  /** Who is told what happens. Default: nobody. */
  loggerOptions?: LoggerOptions;
  /** How pages are left, until {@link PublicClientApplication.setNavigationClient} says otherwise. Default: a {@link NavigationClient}. */
  navigationClient?: INavigationClient;
  /** There is no broker here, so it can only be what it is by default: `false`. Error: `unsupported_option`. */
  allowPlatformBroker?: false;
}
