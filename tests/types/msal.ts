// Beside @azure/msal-browser 5.29: what an app that was written for it may rely on, and each difference, by name. A version that brings another one
// does not compile here.
import type * as msal from "msal-browser-5";
import type * as countersign from "countersign";
import { type Equals, holds } from "./equals.js";

/** What theirs has and ours has not. */
type Missing<Theirs, Ours> = Exclude<keyof Theirs, keyof Ours>;
/** Theirs, as far as ours has it. */
type Shared<Theirs, Ours> = Pick<Theirs, Extract<keyof Theirs, keyof Ours>>;
/** Whether a value of this type can stand where one of that type is expected. */
type Fits<Value, Place> = [Value] extends [Place] ? true : false;

// ---- what is left out of what an app gets. What it may write and is not taken is in MIGRATING.md's tables, which have a test of their own.

holds<
  Equals<
    Missing<msal.AuthenticationResult, countersign.AuthenticationResult>,
    | "cloudGraphHostName"
    | "code"
    | "dpopProof"
    | "extExpiresOn"
    | "familyId"
    | "fromPlatformBroker"
    | "msGraphHost"
    | "refreshOn"
    | "requestId"
    | "resource"
  >
>();
holds<Equals<Missing<msal.AccountInfo, countersign.AccountInfo>, "dataBoundary" | "kmsi" | "nativeAccountId">>();
holds<Equals<Missing<msal.TenantProfile, countersign.TenantProfile>, "nativeAccountId">>();
holds<Equals<Missing<msal.AuthError, countersign.AuthError>, "platformBrokerError">>();
holds<Equals<Missing<msal.EventMessage, countersign.EventMessage>, never>>();
holds<Equals<Missing<typeof msal.EventType, typeof countersign.EventType>, never>>();
holds<
  Equals<
    Missing<msal.IPublicClientApplication, countersign.IPublicClientApplication>,
    "acquireTokenByCode" | "addPerformanceCallback" | "removePerformanceCallback"
  >
>();

// ---- what an app writes is taken

/** What is left of MSAL's type where `Narrower` is what this library does not take every value of. */
type Taken<Theirs, Ours, Narrower extends keyof Theirs = never> = Fits<Omit<Shared<Theirs, Ours>, Narrower>, Omit<Ours, Narrower>>;
holds<Taken<msal.BrowserAuthOptions, countersign.BrowserAuthOptions>>();
holds<Taken<msal.CacheOptions, countersign.CacheOptions, "cacheLocation">>();
holds<Taken<msal.BrowserSystemOptions, countersign.BrowserSystemOptions, "allowPlatformBroker" | "protocolMode">>();
holds<Taken<msal.PopupRequest, countersign.PopupRequest, "authenticationScheme">>();
holds<Taken<msal.RedirectRequest, countersign.RedirectRequest, "authenticationScheme">>();
holds<Taken<msal.SsoSilentRequest, countersign.SsoSilentRequest, "authenticationScheme">>();
holds<Taken<msal.SilentRequest, countersign.SilentRequest, "authenticationScheme">>();
holds<Taken<msal.EndSessionRequest, countersign.EndSessionRequest>>();
holds<Taken<msal.EndSessionPopupRequest, countersign.EndSessionPopupRequest>>();
holds<Taken<msal.ClearCacheRequest, countersign.ClearCacheRequest>>();
holds<Taken<msal.HandleRedirectPromiseOptions, countersign.HandleRedirectPromiseOptions>>();
holds<Taken<msal.AccountInfo, countersign.AccountInfo>>();
holds<Fits<msal.AuthenticationResult & { expiresOn: Date }, countersign.HydrationResult>>();
// What is narrower here is narrower in its values only.
holds<Fits<countersign.BrowserCacheLocation, NonNullable<msal.CacheOptions["cacheLocation"]>>>();
holds<Equals<Exclude<msal.ProtocolMode, countersign.ProtocolMode>, "EAR">>();
holds<Fits<"Bearer", msal.AuthenticationScheme>>();

// ---- what an app gets is what it expects

/** MSAL says that `aud` is one text. OpenID Connect Core section 2 says that it may be a list. */
type WithOneAudience<T extends { idTokenClaims?: countersign.IdTokenClaims }> = Omit<T, "idTokenClaims"> & {
  idTokenClaims: Omit<countersign.IdTokenClaims, "aud"> & { aud?: string };
};
holds<Fits<WithOneAudience<countersign.AccountInfo>, msal.AccountInfo>>();
holds<Fits<Omit<countersign.AuthenticationResult, "account"> & { account: WithOneAudience<countersign.AccountInfo> }, msal.AuthenticationResult>>();
holds<Fits<countersign.TenantProfile, msal.TenantProfile>>();
holds<Fits<countersign.AuthError, msal.AuthError>>();
holds<Fits<countersign.InteractionRequiredAuthError, msal.InteractionRequiredAuthError>>();
holds<Fits<countersign.ServerError, msal.ServerError>>();
holds<Fits<countersign.BrowserAuthError, msal.BrowserAuthError>>();
holds<Fits<typeof countersign.EventType, typeof msal.EventType>>();
holds<Fits<typeof countersign.PromptValue, typeof msal.PromptValue>>();
holds<Equals<msal.InteractionStatus, countersign.InteractionStatus>>();
holds<Equals<`${msal.InteractionType}`, countersign.InteractionType>>();
holds<Equals<msal.CacheLookupPolicy, countersign.CacheLookupPolicy>>();
holds<Equals<msal.WrapperSKU, countersign.WrapperSKU>>();
holds<Equals<msal.BrowserCacheLocation, countersign.BrowserCacheLocation>>();

/** Codes have MSAL's names and values. */
type Codes<Ours, Theirs> = Equals<Ours, Readonly<Pick<Theirs, Extract<keyof Ours, keyof Theirs>>>>;
holds<Codes<typeof countersign.AuthErrorCodes, typeof msal.AuthErrorCodes>>();
holds<Codes<typeof countersign.BrowserAuthErrorCodes, typeof msal.BrowserAuthErrorCodes>>();
holds<Codes<typeof countersign.BrowserConfigurationAuthErrorCodes, typeof msal.BrowserConfigurationAuthErrorCodes>>();
holds<Codes<typeof countersign.ClientAuthErrorCodes, typeof msal.ClientAuthErrorCodes>>();
holds<Codes<typeof countersign.ClientConfigurationErrorCodes, typeof msal.ClientConfigurationErrorCodes>>();
holds<Codes<typeof countersign.InteractionRequiredAuthErrorCodes, typeof msal.InteractionRequiredAuthErrorCodes>>();

/** Names, and which arguments: a subclass or a mock of the one is one of the other. */
type Arguments<T> = { [K in keyof T]: T[K] extends (...args: infer A) => unknown ? A["length"] : never };
type Methods = Exclude<keyof msal.IPublicClientApplication & keyof countersign.IPublicClientApplication, "initialize">;
holds<Equals<Arguments<Pick<msal.IPublicClientApplication, Methods>>, Arguments<Pick<countersign.IPublicClientApplication, Methods>>>>();
/** With nothing left out, which MSAL does not allow. */
type Constructed<T extends abstract new (...args: never[]) => unknown> = Required<ConstructorParameters<T>>;
holds<Equals<Constructed<typeof countersign.AuthError>, Constructed<typeof msal.AuthError>>>();
holds<Equals<Constructed<typeof countersign.ServerError>, Constructed<typeof msal.ServerError>>>();
holds<Equals<Constructed<typeof countersign.InteractionRequiredAuthError>, Constructed<typeof msal.InteractionRequiredAuthError>>>();
