/** What a client is asked for, and what it gives: requests, results, accounts. */
import type { CacheLookupPolicy, PromptValue } from "./names.js";

// -------------------------------------------------------------------------------------------------------------------- requests

/** What every request may say. */
export interface BaseAuthRequest {
  /**
   * What the token is for. Scopes of one API; `openid`, `profile` and `offline_access` are asked for besides. None: those alone.
   * @see RFC 6749 section 3.3
   */
  scopes?: string[];
  /** In place of the configured one, for this request: another tenant, say. Error: `untrusted_authority`. */
  authority?: string;
  /**
   * A claims request, decoded: a JSON object as text. Of a challenge: {@link getClaimsChallenge}; of an error: {@link InteractionRequiredAuthError.claims},
   * where `""` asks for nothing. `auth.clientCapabilities` are merged into it. Error: `invalid_claims`.
   * @see OpenID Connect Core section 5.5, https://learn.microsoft.com/entra/identity-platform/claims-challenge
   */
  claims?: string;
  /** Names this request in events, in the log, and to Microsoft Entra (`client-request-id`). Default: a new GUID. */
  correlationId?: string;
  /** Tokens are bearer tokens (RFC 6750). Error, where others are asked for: `unsupported_authentication_scheme`. */
  authenticationScheme?: "Bearer";
}

/** What every request that goes to the authorization endpoint may say. */
export interface InteractiveRequest extends BaseAuthRequest {
  /** Whom the provider should offer. Of one that is not in the cache it is told the `username`. */
  account?: AccountInfo | null;
  /** Whether the user signs in anew, chooses, consents, ... Passed on as it is. OpenID Connect Core section 3.1.2.1. */
  prompt?: PromptValue | (string & {});
  /**
   * Whom the provider should expect. A `login_hint` claim of `account` comes first, the account's user name after it, and with `prompt: "select_account"`
   * nobody is hinted at.
   */
  loginHint?: string;
  /** Microsoft's: the user's tenant or identity provider (`contoso.com`, `consumers`), so that no question is asked for it. */
  domainHint?: string;
  /** The session at the provider, sent with `prompt: "none"` only. Default there: the `sid` claim of `account`. */
  sid?: string;
  /** How many seconds ago the user may have signed in. Errors: `max_age_transpired`, `auth_time_not_found`. */
  maxAge?: number;
  /** Further scopes that the user is asked to consent to; the token is not for them. */
  extraScopesToConsent?: string[];
  /** Default: `auth.redirectUri`. */
  redirectUri?: string;
  /** Any text of the app's. Comes back with the result. */
  state?: string;
  /** Further parameters of the authorization request. They never replace one of the library's own. */
  extraQueryParameters?: Record<string, string>;
}

/** An interactive request. */
export interface PopupRequest extends InteractiveRequest, PopupWindowRequest {
  scopes: string[];
  /** Whether a popup that is open is given up for this one (`interaction_in_progress_cancelled`). Default: only one that reads closed. */
  overrideInteractionInProgress?: boolean;
}

/** How a popup looks. */
export interface PopupWindowRequest {
  /** Default: 483 by 600, in the middle of the window. */
  popupWindowAttributes?: PopupWindowAttributes;
}

/** Where a popup is, and how large. */
export interface PopupWindowAttributes {
  /** Its size. */
  popupSize?: PopupSize;
  /** Its place on the screen. */
  popupPosition?: PopupPosition;
}

/** CSS pixels. */
export interface PopupSize {
  /** Default: 483. */
  width?: number;
  /** Default: 600. */
  height?: number;
}

/** CSS pixels from the corner of the screen. Default: in the middle of the window. */
export interface PopupPosition {
  /** From the left. */
  left?: number;
  /** From the top. */
  top?: number;
}

/** A request by redirect. */
export interface RedirectRequest extends InteractiveRequest {
  scopes: string[];
  /** Where the user is to be after it: a page of this origin. Default: the page that is left. Error: `url_parse_error`. */
  redirectStartPage?: string;
}

/** Nothing is shown: `prompt` is `none` or `no_session`. Default: `none`. Error: `silent_prompt_value_error`. */
export type SsoSilentRequest = InteractiveRequest;

/** A request without the user. */
export interface SilentRequest extends BaseAuthRequest {
  scopes: string[];
  /** Default: the active account, else the only one. A guest's token of another tenant is asked for by `authority`, whichever of the account's tenants this is. */
  account?: AccountInfo | null;
  /** Whether to pass the cache over. Default: `false`. */
  forceRefresh?: boolean;
  /** Where the token may come from. Default: `CacheLookupPolicy.Default`. */
  cacheLookupPolicy?: CacheLookupPolicy;
  /** Of the hidden frame: `none` or `no_session`. Default: `none`. Error: `silent_prompt_value_error`. */
  prompt?: PromptValue | (string & {});
  /** Of the hidden frame. Default: `auth.redirectUri`. */
  redirectUri?: string;
  /** Of the hidden frame. */
  extraQueryParameters?: Record<string, string>;
  /** Any text of the app's. Comes back with the result. */
  state?: string;
}

/** How {@link PublicClientApplication.handleRedirectPromise} takes an answer up. */
export interface HandleRedirectPromiseOptions {
  /** The fragment to read, in place of the page's present one. An answer that came with the page, or from the one the provider sends to, is found all the same. */
  hash?: string;
  /** Whether the user is taken back to the page that was left. Default: `true`. */
  navigateToLoginRequestUrl?: boolean;
}

/** A sign-out. */
export interface EndSessionRequest {
  /** Who is signed out. Default: everybody. */
  account?: AccountInfo | null;
  /** Where the user comes back to, as registered with the provider. Default: `auth.postLogoutRedirectUri`. `null`: the provider decides. */
  postLogoutRedirectUri?: string | null;
  /** An ID token in the URL: only where the provider insists. Default: none. */
  idTokenHint?: string;
  /** Whom the provider signs out without a question. Default: the account's `login_hint` claim. */
  logoutHint?: string;
  /** Any text of the app's. The provider adds it to `postLogoutRedirectUri`. */
  state?: string;
  /** Whose end-session endpoint, in place of the configured authority's: another policy, say. Error: `untrusted_authority`. */
  authority?: string;
  /** More parameters of the sign-out URL. They never replace one of this library's own. */
  extraQueryParameters?: Record<string, string>;
  /** As in {@link BaseAuthRequest}. */
  correlationId?: string;
}

/** A sign-out in a popup. */
export interface EndSessionPopupRequest extends EndSessionRequest, PopupWindowRequest {
  /** Where this window goes once the user is signed out. Default: nowhere. */
  mainWindowRedirectUri?: string;
}

/** What {@link PublicClientApplication.clearCache} forgets. */
export interface ClearCacheRequest {
  /** Whose tokens. Default: everybody's. */
  account?: AccountInfo | null;
}

// --------------------------------------------------------------------------------------------------------------------- results

/** A token, and whose it is. Frozen with all that is in it, because one object is shown to all callers that the cache answers: who wants to change it copies it first. */
export interface AuthenticationResult {
  /** `auth.authority`, as a URL; also where the request named another one. */
  readonly authority: string;
  /** `oid`, else `sub`: the account's `localAccountId`. */
  readonly uniqueId: string;
  /** `tid`; empty where the provider has no tenants. */
  readonly tenantId: string;
  /** What the token is good for. */
  readonly scopes: string[];
  /** Whose it is. */
  readonly account: AccountInfo;
  /** As it was sent, with its signature. */
  readonly idToken: string;
  /** What the ID token says. */
  readonly idTokenClaims: IdTokenClaims;
  /** What the API is sent: `Authorization: Bearer …`. */
  readonly accessToken: string;
  /** `Bearer`. */
  readonly tokenType: string;
  /** Whether no request was sent for it. */
  readonly fromCache: boolean;
  /** When the access token ends. */
  readonly expiresOn: Date;
  /** That of the request. */
  readonly correlationId: string;
  /** That of the request. */
  readonly state?: string;
}

/** What {@link PublicClientApplication.hydrateCache} reads of an {@link AuthenticationResult}. */
export interface HydrationResult
  extends Pick<AuthenticationResult, "idToken" | "accessToken" | "tokenType" | "scopes" | "expiresOn">,
    Partial<Pick<AuthenticationResult, "correlationId">> {
  /** Whose it is. */
  account: Pick<AccountInfo, "homeAccountId">;
}

// -------------------------------------------------------------------------------------------------------------------- accounts

/**
 * An account: its profile in one tenant, and what it is in all of them.
 *
 * What a client gives is frozen in a result, and has all members but those that its ID token does not say; they are optional because an app may write an account down
 * and give back what it kept: `homeAccountId` says who it is.
 */
export interface AccountInfo extends TenantProfile {
  /** `uid.utid` of Microsoft Entra, else `sub`: tells accounts apart. */
  homeAccountId: string;
  /** The host of the authority, as it was configured. MSAL has the preferred name of its cloud here, `login.windows.net`. */
  environment: string;
  /** Microsoft's dialect (`system.protocolMode` is `AAD`): `MSSTS`; plain OpenID Connect: `Generic`. */
  authorityType?: "MSSTS" | "Generic" | (string & {});
  /** By tenant id: its profile in each tenant that this session knows it in. A guest has several. */
  tenantProfiles?: Map<string, TenantProfile>;
  /** As it was sent, with its signature. Absent in events of other tabs. */
  idToken?: string;
  /** What the ID token says. */
  idTokenClaims?: IdTokenClaims;
}

/** What an account is in one tenant. `getAccount({ homeAccountId, tenantId })` gives it with its ID token. */
export interface TenantProfile {
  /** `oid`, else `sub`. */
  localAccountId: string;
  /** `tid`; empty where the provider has no tenants. */
  tenantId: string;
  /** `preferred_username`, else `upn`, else `email`. For display; it can change hands. */
  username: string;
  /** For display. */
  name?: string;
  /** Microsoft's: the user principal name. For display. */
  upn?: string;
  /** Microsoft's: what names the account in a `loginHint` or `logoutHint`. */
  loginHint?: string;
  /** Whether the account is of this tenant, rather than a guest in it. */
  isHomeTenant?: boolean;
}

/** What an account must be; what is absent or empty does not matter. A guest is one account in each of its tenants. */
export interface AccountFilter {
  /** Exactly. */
  homeAccountId?: string;
  /** Exactly. */
  localAccountId?: string;
  /** Or the ID token's `upn`. In any case of ASCII letters. */
  username?: string;
  /** Exactly. */
  upn?: string;
  /** Or another host of the same Microsoft cloud. */
  environment?: string;
  /** Exactly. */
  tenantId?: string;
  /** The same as `tenantId`. */
  realm?: string;
  /** The ID token's `login_hint`, `preferred_username` or `upn`. */
  loginHint?: string;
  /** The session at the provider: the ID token's `sid`. */
  sid?: string;
  /** Exactly. */
  name?: string;
  /** In any case of ASCII letters. */
  authorityType?: string;
  /** Whether it is the tenant the account is of, or one where it is a guest. */
  isHomeTenant?: boolean;
}

/**
 * What an ID token says. What it is for, whose, and until when has been checked; the rest is the provider's word.
 * @see OpenID Connect Core sections 2 and 5.1, https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
 */
export interface IdTokenClaims {
  /** Issuer. */
  iss?: string;
  /** The client id that it is for. */
  aud?: string | string[];
  /** The user, for this issuer (Microsoft Entra: for this client, too). */
  sub?: string;
  /** When it ends, in seconds since 1970. */
  exp?: number;
  /** When it was made, in seconds since 1970. */
  iat?: number;
  /** From when it is good, in seconds since 1970. */
  nbf?: number;
  /** When the user signed in, in seconds since 1970. */
  auth_time?: number;
  /** Ties it to one sign-in. */
  nonce?: string;
  /** How the user signed in, as a class. */
  acr?: string;
  /** How the user signed in, by methods. RFC 8176. */
  amr?: string[];
  /** The user's name, for display. */
  name?: string;
  /** The user's name to sign in with, for display; it can change hands. */
  preferred_username?: string;
  /** The user's mail address; it can change hands. */
  email?: string;
  /** Microsoft's: the user, in its tenant. */
  oid?: string;
  /** Microsoft's: the tenant. */
  tid?: string;
  /** Microsoft's: the user principal name. */
  upn?: string;
  /** Microsoft's: the session at the provider. */
  sid?: string;
  /** Microsoft's: what to name the user by in a `loginHint`. */
  login_hint?: string;
  /** Microsoft's: the app roles that the user has. */
  roles?: string[];
  /** Microsoft's: the version of the token, `2.0`. */
  ver?: string;
  /** Azure AD B2C: the policy that was run. */
  tfp?: string;
  /** Azure AD B2C: the user's mail addresses. */
  emails?: string[];
  /** What else there is. */
  [claim: string]: unknown;
}

/** The same, as MSAL calls it too. */
export type TokenClaims = IdTokenClaims;
