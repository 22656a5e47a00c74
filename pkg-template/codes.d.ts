/** MSAL's names for codes, for apps that compare with them: `error.errorCode === BrowserAuthErrorCodes.userCancelled`. Codes that this library never has are not there. */
import type { AuthErrorCode } from "./errors.js";

/** Of {@link AuthError}. */
export declare const AuthErrorCodes: Readonly<
  Record<
    | "postRequestFailed"
    | "unexpectedError",
    AuthErrorCode
  >
>;

/** Of what the browser or the user did. */
export declare const BrowserAuthErrorCodes: Readonly<
  Record<
    | "blockIframeReload"
    | "cryptoNonExistent"
    | "failedToParseResponse"
    | "getRequestFailed"
    | "hashEmptyError"
    | "interactionInProgress"
    | "interactionInProgressCancelled"
    | "invalidCacheType"
    | "noAccountError"
    | "noNetworkConnectivity"
    | "noStateInHash"
    | "nonBrowserEnvironment"
    | "popupWindowError"
    | "postRequestFailed"
    | "redirectInIframe"
    | "silentPromptValueError"
    | "timedOut"
    | "unableToParseTokenRequestCacheError"
    | "uninitializedPublicClientApplication"
    | "userCancelled",
    AuthErrorCode
  >
>;

/** Of {@link BrowserConfigurationAuthError}. */
export declare const BrowserConfigurationAuthErrorCodes: Readonly<
  Record<
    | "storageNotSupported"
    | "stubbedPublicClientApplicationCalled",
    AuthErrorCode
  >
>;

/** Of {@link ClientAuthError}. */
export declare const ClientAuthErrorCodes: Readonly<
  Record<
    | "authorizationCodeMissingFromServerResponse"
    | "hashNotDeserialized"
    | "noAccountFound"
    | "noNetworkConnectivity"
    | "nonceMismatch"
    | "openIdConfigError"
    | "stateMismatch"
    | "tokenParsingError"
    | "tokenRefreshRequired",
    AuthErrorCode
  >
>;

/** Of {@link ClientConfigurationError}. */
export declare const ClientConfigurationErrorCodes: Readonly<
  Record<
    | "authorityUriInsecure"
    | "emptyInputScopesError"
    | "invalidClaims"
    | "issuerValidationFailed"
    | "redirectUriEmpty"
    | "unsupportedAuthenticationScheme"
    | "untrustedAuthority"
    | "urlParseError",
    AuthErrorCode
  >
>;

/** Of {@link InteractionRequiredAuthError}: two of this library, and the provider's. */
export declare const InteractionRequiredAuthErrorCodes: Readonly<
  Record<
    | "noTokensFound"
    | "interactionRequired"
    | "badToken"
    | "consentRequired"
    | "interruptedUser"
    | "loginRequired"
    | "uiNotAllowed",
    string
  >
>;
