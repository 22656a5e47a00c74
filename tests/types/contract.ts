// The public types, held to what the code does. Nothing here runs: it compiles, or it does not.
import {
  type AccountInfo,
  AuthError,
  type AuthErrorCode,
  type AuthenticationResult,
  BrowserAuthError,
  BrowserCacheLocation,
  type Challenge,
  type ClaimsRefusal,
  type Configuration,
  type Demand,
  EventMessageUtils,
  EventType,
  type formatChallenge,
  type getClaimsChallenge,
  type getDemands,
  type INavigationClient,
  InteractionRequiredAuthError,
  InteractionStatus,
  InteractionType,
  type InteractionContext,
  type IPublicClientApplication,
  Logger,
  LogLevel,
  type mergeClaims,
  NavigationClient,
  type PopupRequest,
  PromptValue,
  ProtocolMode,
  PublicClientApplication,
  type parseChallenges,
  type RedirectRequest,
  ServerError,
  type SilentRequest,
  type SsoSilentRequest,
  stubbedPublicClientApplication,
  type TenantProfile,
  type WaitingRequest,
  WrapperSKU,
} from "countersign";
import type { broadcastResponseToMainFrame } from "countersign/redirect-bridge";
import { type Equals, holds } from "./equals.js";


const app = new PublicClientApplication({ auth: { clientId: "client" } });

// The wrapper can stand wherever a fetch can.
holds<Equals<typeof app.fetch, typeof fetch>>();
const transport: typeof fetch = app.createFetch({ protectedResourceMap: new Map([["https://api.example.com/", ["scope"]]]) });

// Results must not degrade to any.
holds<Equals<ReturnType<typeof app.acquireTokenSilent>, Promise<AuthenticationResult>>>();
holds<Equals<ReturnType<typeof app.handleRedirectPromise>, Promise<AuthenticationResult | null>>>();
holds<Equals<ReturnType<typeof app.getActiveAccount>, AccountInfo | null>>();
holds<Equals<ReturnType<typeof parseChallenges>, Challenge[]>>();
holds<Equals<ReturnType<typeof getClaimsChallenge>, string | null>>();
holds<Equals<ReturnType<typeof getDemands>, Demand[]>>();
holds<Equals<ReturnType<typeof mergeClaims>, string>>();
holds<Equals<ReturnType<typeof formatChallenge>, string>>();
holds<Equals<ReturnType<typeof broadcastResponseToMainFrame>, Promise<void>>>();
holds<Equals<AuthenticationResult["expiresOn"], Date>>();
holds<Equals<ReturnType<NonNullable<AccountInfo["tenantProfiles"]>["get"]>, TenantProfile | undefined>>();

// One request object serves every call that is for a token, as with MSAL: only `ssoSilent` does without scopes.
const popup: PopupRequest = { scopes: ["s"], prompt: "select_account", popupWindowAttributes: { popupSize: { width: 1, height: 1 } } };
const redirect: RedirectRequest = { scopes: [], redirectStartPage: "/" };
for (const request of [popup, redirect]) {
  const account = app.getActiveAccount();
  void app.acquireTokenSilent(request).catch(() => app.acquireTokenPopup(request));
  void app.acquireTokenSilent({ ...request, account }).catch(() => app.acquireTokenRedirect({ ...request, account }));
  void app.ssoSilent(request).then((result) => app.hydrateCache(result, request));
  holds<Equals<typeof request.scopes, string[]>>();
}
holds<Equals<SsoSilentRequest["scopes"], string[] | undefined>>();
// @ts-expect-error a popup names its scopes, if it is given a request
void app.loginPopup({ loginHint: "ada@example.com" });
// @ts-expect-error so does a redirect
void app.loginRedirect({ loginHint: "ada@example.com" });
void app.ssoSilent({ loginHint: "ada@example.com" });
declare const silent: SilentRequest;
void app.acquireTokenPopup(silent);

// What one client got, another can take over.
void app.acquireTokenSilent({ scopes: ["s"] }).then((result) => app.hydrateCache(result, { scopes: ["s"] }));
// @ts-expect-error there is nothing to take over
void app.hydrateCache({}, {});

// Codes are known by name, and a provider's own code is a string all the same.
const known: AuthErrorCode = "user_cancelled";
// @ts-expect-error not a code of ours
const unknown: AuthErrorCode = "no_such_code";
declare const error: unknown;
if (error instanceof AuthError && error.errorCode === "popup_window_error") error.toJSON();
if (error instanceof InteractionRequiredAuthError) void app.acquireTokenPopup({ scopes: ["s"], claims: error.claims });
if (error instanceof ServerError) holds<Equals<typeof error.status, number>>();
if (error instanceof ServerError) holds<Equals<typeof error.errorNumbers, number[]>>();
if (error instanceof InteractionRequiredAuthError) holds<Equals<typeof error.errorNo, string>>();
if (error instanceof BrowserAuthError) holds<Equals<typeof error extends AuthError ? true : false, true>>();

// A demand is told apart by its kind, and what is parsed can be formatted.
const act = (demand: Demand): unknown => {
  switch (demand.kind) {
    case "claims":
      return app.acquireTokenPopup({ scopes: ["s"], claims: demand.claims });
    case "claims_refused":
      return demand.reason satisfies ClaimsRefusal;
    case "step_up":
      return [demand.acrValues[0], (demand.maxAge ?? 1) === 0, demand.scope?.length];
    case "scope":
      return app.acquireTokenPopup({ scopes: demand.scope });
    case "resource_metadata":
      return new URL(demand.url);
    case "invalid_token":
    case "token_required":
    case "dpop_nonce":
      return null;
    default:
      return demand satisfies never;
  }
};
const format = (write: typeof formatChallenge, challenge: Challenge): string => write(challenge);
// @ts-expect-error values are texts
const formatNumber = (write: typeof formatChallenge): string => write({ scheme: "Bearer", params: { max_age: 0 } });

// What MSAL's wrappers for React and Angular do with the client, the events and the logger.
app.addEventCallback(
  (message) => {
    const status = EventMessageUtils.getInteractionStatusFromEvent(message, InteractionStatus.Startup);
    holds<Equals<typeof status, InteractionStatus | null>>();
    // @ts-expect-error MSAL 5 has no such status
    void (status === "login");
    if (message.eventType === EventType.LOGIN_SUCCESS) app.setActiveAccount(message.payload as AccountInfo);
    const { payload } = message;
    if (payload && "demands" in payload) holds<Equals<typeof payload, InteractionContext>>();
    if (payload && "replay" in payload) holds<Equals<typeof payload, WaitingRequest>>();
  },
  [EventType.LOGIN_SUCCESS, "countersign:challengeReceived"],
);
// @ts-expect-error no such event
app.addEventCallback(() => {}, ["msal:loginFailure"]);
app.initializeWrapperLibrary(WrapperSKU.React, "5.7.1");
app.getLogger().clone("wrapper", "1").verbose("message", "");
app.setLogger(new Logger({ logLevel: LogLevel.Trace, loggerCallback: (_level, message, containsPii) => void [message, containsPii] }));
holds<Equals<NonNullable<ReturnType<typeof app.getConfiguration>["system"]>["protocolMode"], "AAD" | "OIDC" | undefined>>();
const client: Pick<PublicClientApplication, keyof PublicClientApplication> = Math.random() > 0.5 ? app : stubbedPublicClientApplication;
class Navigation extends NavigationClient implements INavigationClient {
  override async navigateInternal(): Promise<boolean> {
    return false;
  }
}

// Resources: scopes, a whole resource, or never.
const configuration: Configuration = {
  auth: { clientId: "client", clientCapabilities: ["CP1"] },
  fetch: {
    protectedResourceMap: { "/api": ["scope"], "/api/admin": { scopes: ["admin"], methods: ["POST"] }, "/api/public": null },
    onInteractionRequired: async ({ claims, scopes }) => (claims && scopes.length ? "popup" : "cancel"),
  },
};

// As MSAL's documentation writes a configuration, and as one is written that is kept as it is.
const asWithMsal: Configuration = {
  auth: { clientId: "client", authority: "https://login.microsoftonline.com/contoso.com", redirectUri: "/", postLogoutRedirectUri: "/" },
  cache: { cacheLocation: BrowserCacheLocation.LocalStorage },
  system: {
    allowPlatformBroker: false,
    protocolMode: ProtocolMode.AAD,
    loggerOptions: {
      logLevel: LogLevel.Info,
      piiLoggingEnabled: false,
      loggerCallback: (level: LogLevel, message: string, containsPii: boolean): void => {
        if (level === LogLevel.Error && !containsPii) console.error(message);
      },
    },
  },
};
const kept = { auth: { clientId: "client" }, cache: { cacheLocation: "memoryStorage" } } satisfies Configuration;
holds<Equals<typeof kept.cache.cacheLocation, "memoryStorage">>();
new PublicClientApplication(kept);

// A list that nobody may change is a list.
const scopes = ["scope"] as const;
app.createFetch({ protectedResourceMap: { "/api": scopes, "/api/admin": { scopes, methods: ["POST"] as const } } });
app.createFetch({ protectedResourceMap: new Map([["/api", ["scope"]]]) });

// Constants and their values are one: whoever has the text need not import the name. A constant names a type, too, where MSAL has an enumeration.
holds<Equals<InteractionType.Popup | InteractionType.Redirect, "popup" | "redirect">>();
const how: InteractionType = "popup";
app.createFetch({ interactionType: InteractionType.Redirect });
const prompts: Pick<PopupRequest, "prompt">[] = [{ prompt: PromptValue.SELECT_ACCOUNT }, { prompt: "login" }, { prompt: "attestation" }];

// What is frozen cannot be written to, as far as msal-browser's types allow.
const write = (result: AuthenticationResult): void => {
  // @ts-expect-error it is shown to others
  result.accessToken = "";
};

// What the ID token says is known by name where a standard has the name, and is unknown elsewhere.
const about = ({ account, idTokenClaims }: AuthenticationResult): unknown[] => {
  holds<Equals<typeof idTokenClaims.oid, string | undefined>>();
  holds<Equals<typeof idTokenClaims.exp, number | undefined>>();
  holds<Equals<(typeof idTokenClaims)["extension_badge"], unknown>>();
  return [account.name ?? account.username, account.idTokenClaims?.roles?.includes("admin")];
};
// An account that an app wrote down, in a test say, is one.
const written: AccountInfo = { homeAccountId: "uid.utid", environment: "login.windows.net", tenantId: "utid", username: "kim", localAccountId: "uid" };
app.setActiveAccount(written);

// A stand-in of the client, and one of a class of its own.
const mock: IPublicClientApplication = stubbedPublicClientApplication;
class Counting extends PublicClientApplication {
  calls = 0;
  override loginPopup(request?: PopupRequest): Promise<AuthenticationResult> {
    this.calls += 1;
    return super.loginPopup(request);
  }
}
const counting: IPublicClientApplication = new Counting(configuration);

// @ts-expect-error a client id is needed
new PublicClientApplication({ auth: {} });
// @ts-expect-error there is no such cache
new PublicClientApplication({ auth: { clientId: "c" }, cache: { cacheLocation: "cookie" } });
// @ts-expect-error a slip of the pen
new PublicClientApplication({ auth: { clientId: "c" }, cache: { cacheLocaton: "localStorage" } });
// @ts-expect-error an option that means nothing here is not taken in silence
({ auth: { clientId: "c" }, system: { navigatePopups: false } }) satisfies Configuration;
// @ts-expect-error there is no broker
new PublicClientApplication({ auth: { clientId: "c" }, system: { allowPlatformBroker: true } });
// @ts-expect-error there are bearer tokens only
void app.acquireTokenSilent({ scopes: ["s"], authenticationScheme: "pop" });
// @ts-expect-error another slip
void app.acquireTokenSilent({ scopes: ["s"], forceRefrsh: true });
// @ts-expect-error a silent request names its scopes
void app.acquireTokenSilent({});
// @ts-expect-error the wrapper is not to be replaced
app.fetch = fetch;

void [about, asWithMsal, counting, how, mock, prompts, client, Navigation, transport, known, unknown, write, configuration, act, format, formatNumber];
