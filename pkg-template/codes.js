// MSAL's names for codes, of those codes that this library has. ERRORS.md says what they mean.

export const AuthErrorCodes = {
  postRequestFailed: "post_request_failed",
  unexpectedError: "unexpected_error",
};

export const BrowserAuthErrorCodes = {
  blockIframeReload: "block_iframe_reload",
  cryptoNonExistent: "crypto_nonexistent",
  failedToParseResponse: "failed_to_parse_response",
  getRequestFailed: "get_request_failed",
  hashEmptyError: "hash_empty_error",
  interactionInProgress: "interaction_in_progress",
  interactionInProgressCancelled: "interaction_in_progress_cancelled",
  invalidCacheType: "invalid_cache_type",
  noAccountError: "no_account_error",
  noNetworkConnectivity: "no_network_connectivity",
  noStateInHash: "no_state_in_hash",
  nonBrowserEnvironment: "non_browser_environment",
  popupWindowError: "popup_window_error",
  postRequestFailed: "post_request_failed",
  redirectInIframe: "redirect_in_iframe",
  silentPromptValueError: "silent_prompt_value_error",
  timedOut: "timed_out",
  unableToParseTokenRequestCacheError: "unable_to_parse_token_request_cache_error",
  uninitializedPublicClientApplication: "uninitialized_public_client_application",
  userCancelled: "user_cancelled",
};

export const BrowserConfigurationAuthErrorCodes = {
  storageNotSupported: "storage_not_supported",
  stubbedPublicClientApplicationCalled: "stubbed_public_client_application_called",
};

export const ClientAuthErrorCodes = {
  authorizationCodeMissingFromServerResponse: "authorization_code_missing_from_server_response",
  hashNotDeserialized: "hash_not_deserialized",
  noAccountFound: "no_account_found",
  noNetworkConnectivity: "no_network_connectivity",
  nonceMismatch: "nonce_mismatch",
  openIdConfigError: "openid_config_error",
  stateMismatch: "state_mismatch",
  tokenParsingError: "token_parsing_error",
  tokenRefreshRequired: "token_refresh_required",
};

export const ClientConfigurationErrorCodes = {
  authorityUriInsecure: "authority_uri_insecure",
  emptyInputScopesError: "empty_input_scopes_error",
  invalidClaims: "invalid_claims",
  issuerValidationFailed: "issuer_validation_failed",
  redirectUriEmpty: "redirect_uri_empty",
  unsupportedAuthenticationScheme: "unsupported_authentication_scheme",
  untrustedAuthority: "untrusted_authority",
  urlParseError: "url_parse_error",
};

/** The last of them are the provider's. */
export const InteractionRequiredAuthErrorCodes = {
  noTokensFound: "no_tokens_found",
  interactionRequired: "interaction_required",
  badToken: "bad_token",
  consentRequired: "consent_required",
  interruptedUser: "interrupted_user",
  loginRequired: "login_required",
  uiNotAllowed: "ui_not_allowed",
};
