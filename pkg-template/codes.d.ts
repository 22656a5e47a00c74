/**
 * MSAL's names for codes, for apps that compare with them: `error.errorCode === BrowserAuthErrorCodes.userCancelled`. Codes that this library never has are
 * not there. What each of them means is in ERRORS.md, as for all of {@link AuthErrorCode}.
 */

/** Of {@link AuthError}. */
export declare const AuthErrorCodes: {
  readonly postRequestFailed: "post_request_failed";
  readonly unexpectedError: "unexpected_error";
};

/** Of what the browser or the user did. */
export declare const BrowserAuthErrorCodes: {
  readonly blockIframeReload: "block_iframe_reload";
  readonly cryptoNonExistent: "crypto_nonexistent";
  readonly failedToParseResponse: "failed_to_parse_response";
  readonly getRequestFailed: "get_request_failed";
  readonly hashEmptyError: "hash_empty_error";
  readonly interactionInProgress: "interaction_in_progress";
  readonly interactionInProgressCancelled: "interaction_in_progress_cancelled";
  readonly invalidCacheType: "invalid_cache_type";
  readonly noAccountError: "no_account_error";
  readonly noNetworkConnectivity: "no_network_connectivity";
  readonly noStateInHash: "no_state_in_hash";
  readonly nonBrowserEnvironment: "non_browser_environment";
  readonly popupWindowError: "popup_window_error";
  readonly postRequestFailed: "post_request_failed";
  readonly redirectInIframe: "redirect_in_iframe";
  readonly silentPromptValueError: "silent_prompt_value_error";
  readonly timedOut: "timed_out";
  readonly unableToParseTokenRequestCacheError: "unable_to_parse_token_request_cache_error";
  readonly uninitializedPublicClientApplication: "uninitialized_public_client_application";
  readonly userCancelled: "user_cancelled";
};

/** Of {@link BrowserConfigurationAuthError}. */
export declare const BrowserConfigurationAuthErrorCodes: {
  readonly storageNotSupported: "storage_not_supported";
  readonly stubbedPublicClientApplicationCalled: "stubbed_public_client_application_called";
};

/** Of {@link ClientAuthError}. */
export declare const ClientAuthErrorCodes: {
  readonly authorizationCodeMissingFromServerResponse: "authorization_code_missing_from_server_response";
  readonly hashNotDeserialized: "hash_not_deserialized";
  readonly noAccountFound: "no_account_found";
  readonly noNetworkConnectivity: "no_network_connectivity";
  readonly nonceMismatch: "nonce_mismatch";
  readonly openIdConfigError: "openid_config_error";
  readonly stateMismatch: "state_mismatch";
  readonly tokenParsingError: "token_parsing_error";
  readonly tokenRefreshRequired: "token_refresh_required";
};

/** Of {@link ClientConfigurationError}. */
export declare const ClientConfigurationErrorCodes: {
  readonly authorityUriInsecure: "authority_uri_insecure";
  readonly emptyInputScopesError: "empty_input_scopes_error";
  readonly invalidClaims: "invalid_claims";
  readonly issuerValidationFailed: "issuer_validation_failed";
  readonly redirectUriEmpty: "redirect_uri_empty";
  readonly unsupportedAuthenticationScheme: "unsupported_authentication_scheme";
  readonly untrustedAuthority: "untrusted_authority";
  readonly urlParseError: "url_parse_error";
};

/** Of {@link InteractionRequiredAuthError}: two of this library, and the provider's. */
export declare const InteractionRequiredAuthErrorCodes: {
  readonly noTokensFound: "no_tokens_found";
  readonly interactionRequired: "interaction_required";
  readonly badToken: "bad_token";
  readonly consentRequired: "consent_required";
  readonly interruptedUser: "interrupted_user";
  readonly loginRequired: "login_required";
  readonly uiNotAllowed: "ui_not_allowed";
};
