/** The errors: one tree of classes, and the codes. */

/** Base of every error of this library: a true `Error` with a stable `errorCode`. No token, code, verifier or claim value is in its message or `toJSON()`. */
export declare class AuthError extends Error {
  /** As MSAL has it. Default: `unexpected_error`; empty; what the code means. */
  constructor(errorCode?: string, correlationId?: string, errorMessage?: string, subError?: string);
  /** One of {@link AuthErrorCode}, or the provider's own code. */
  errorCode: AuthErrorCode | (string & {});
  /** What happened and what to do. */
  errorMessage: string;
  /** The provider's `suberror`, or empty. */
  subError: string;
  /** That of the request that failed, or the provider's; empty where there was none. */
  correlationId: string;
  /** What a log may hold: no claims, no stack. */
  toJSON(): Pick<AuthError, "name" | "errorCode" | "errorMessage" | "subError" | "correlationId">;
}

/** Something in this client or in a response is not as it must be. */
export declare class ClientAuthError extends AuthError {
  /** Of `malformed_challenge`: which field line, from 0. */
  line?: number;
  /** Of `malformed_challenge`: where in it, from 0, in UTF-16 units. */
  position?: number;
}

/** The app configured or asked for something that cannot be. */
export declare class ClientConfigurationError extends AuthError {}

/**
 * Only the user can help: call an interactive method with the `scopes` of the resource and these `claims`. A step-up or more scope, which an API can demand and no claim can say, the scopes bring
 * along, on this page.
 */
export declare class InteractionRequiredAuthError extends AuthError {
  /** As MSAL has it. */
  constructor(
    errorCode?: string,
    correlationId?: string,
    errorMessage?: string,
    subError?: string,
    timestamp?: string,
    traceId?: string,
    claims?: string,
    errorNo?: string,
  );
  /** A claims request, as JSON text; empty: none. */
  claims: string;
}
export interface InteractionRequiredAuthError extends ServerAnswer {}

/** The provider refused; `errorCode` is its own, or `server_error` where it gave none. */
export declare class ServerError extends AuthError {
  /** As MSAL has it. */
  constructor(errorCode?: string, correlationId?: string, errorMessage?: string, subError?: string, errorNo?: string, status?: number);
}
export interface ServerError extends ServerAnswer {}

/** What the provider's refusal says beside its code. Empty where it does not say it, and of errors that are not the provider's. */
export interface ServerAnswer {
  /** The HTTP status; 0 where the refusal came by redirect. */
  status: number;
  /** The first of `errorNumbers`, as text. MSAL's name. */
  errorNo: string;
  /** `error_codes` of Microsoft Entra: 50076 for AADSTS50076. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
  errorNumbers: number[];
  /** `trace_id` of Microsoft Entra, for its support. */
  traceId: string;
  /** `timestamp` of Microsoft Entra, as it wrote it. */
  timestamp: string;
}

/** The provider could not be reached. */
export declare class NetworkError extends AuthError {}

/** Something the browser or the user did. */
export declare class BrowserAuthError extends AuthError {
  /** Of a `popup_window_error` of a fetch wrapper: what the interaction must ask for, as {@link InteractionRequiredAuthError.claims}. */
  claims?: string;
}

/** This browser, as it is set up, cannot do what was configured. */
export declare class BrowserConfigurationAuthError extends AuthError {}

/** The codes of this library. A {@link ServerError} has the provider's. */
export type AuthErrorCode =
  | "account_mismatch"
  | "acr_mismatch"
  | "audience_mismatch"
  | "auth_time_mismatch"
  | "auth_time_not_found"
  | "authority_uri_insecure"
  | "authorization_code_missing_from_server_response"
  | "block_iframe_reload"
  | "cache_quota_exceeded"
  | "crypto_nonexistent"
  | "empty_input_scopes_error"
  | "failed_to_parse_response"
  | "get_request_failed"
  | "hash_empty_error"
  | "hash_not_deserialized"
  | "id_token_expired"
  | "id_token_not_yet_valid"
  | "interaction_in_progress"
  | "interaction_in_progress_cancelled"
  | "interaction_required"
  | "invalid_cache_type"
  | "invalid_claims"
  | "invalid_option"
  | "issuer_mismatch"
  | "issuer_validation_failed"
  | "malformed_challenge"
  | "max_age_transpired"
  | "no_account_error"
  | "no_account_found"
  | "no_network_connectivity"
  | "no_state_in_hash"
  | "no_tokens_found"
  | "non_browser_environment"
  | "nonce_mismatch"
  | "openid_config_error"
  | "popup_window_error"
  | "post_request_failed"
  | "redirect_in_iframe"
  | "redirect_uri_empty"
  | "resource_uri_insecure"
  | "server_error"
  | "signature_mismatch"
  | "signing_key_not_found"
  | "silent_prompt_value_error"
  | "state_expired"
  | "state_mismatch"
  | "storage_not_supported"
  | "stubbed_public_client_application_called"
  | "timed_out"
  | "token_parsing_error"
  | "token_refresh_required"
  | "unable_to_parse_token_request_cache_error"
  | "unexpected_error"
  | "uninitialized_public_client_application"
  | "unsupported_authentication_scheme"
  | "unsupported_option"
  | "untrusted_authority"
  | "url_parse_error"
  | "user_cancelled"
  | "wasm_load_failed";
