/**
 * Challenges, without a client and outside of pages too: after `await init(bytes)`, `bytes` being the file `countersign/wasm`.
 */

/** Field lines, or one value that holds several joined by commas (what `Headers` gives). */
export type ChallengeInput = string | readonly string[] | Headers | Response | null | undefined;

/** One challenge. RFC 9110 section 11.3. */
export interface Challenge {
  /** As sent; compare without regard to case. */
  scheme: string;
  /** In place of parameters, as NTLM and Negotiate have it; `null` where there is none. RFC 9110 section 11.2. */
  token68: string | null;
  /** Names in lower case. No prototype: a parameter may be called `__proto__`. */
  params: Record<string, string>;
  /** RFC 9110 refuses the line this stood in; this is the useful reading. */
  recovered: boolean;
}

/**
 * Reads `WWW-Authenticate`. Without `strict` no field makes it throw: what cannot be read is dropped, what only recovery can read says
 * `recovered`.
 * Error with `strict`: {@link ClientAuthError} `malformed_challenge`, with `line` and `position`.
 *
 * This and the functions below throw `uninitialized_public_client_application` before the WebAssembly is loaded, and `invalid_option` for an
 * `input` that is no {@link ChallengeInput}.
 *
 * @see RFC 9110 section 11.6.1
 */
export declare function parseChallenges(input: ChallengeInput, options?: { strict?: boolean }): Challenge[];

/** What a response asks of the client: told apart by `kind`. */
export type Demand =
  | {
      /**
       * A token that meets the claims.
       * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
       */
      kind: "claims";
      /** A claims request, as JSON text: what a request's `claims` takes. */
      claims: string;
      /** `insufficient_claims`, or `invalid_token` where no challenge says that (Azure Resource Manager, Exchange). */
      error: string;
    }
  | {
      /** A claims challenge that nobody can meet: there is nothing to pass on. */
      kind: "claims_refused";
      /** As of `claims`. */
      error: string;
      /** Why nobody can. */
      reason: ClaimsRefusal;
    }
  | {
      /**
       * A stronger or fresher authentication.
       * @see RFC 9470 section 3
       */
      kind: "step_up";
      /** One of these, the preferred one first; empty: not said. */
      acrValues: string[];
      /** At most so many seconds old; 0 is a value. Absent: not said. */
      maxAge?: number;
      /** With these scopes, too. Absent: not said. */
      scope?: string[];
    }
  | {
      /**
       * A token with more scopes.
       * @see RFC 6750 section 3.1
       */
      kind: "scope";
      /** These; empty: not said. */
      scope: string[];
    }
  | {
      /**
       * Another token: this one is expired, revoked or otherwise invalid. Renew once.
       * @see RFC 6750 section 3.1
       */
      kind: "invalid_token";
    }
  | {
      /**
       * A token: none was sent.
       * @see RFC 6750 section 3
       */
      kind: "token_required";
    }
  | {
      /**
       * A proof that holds the nonce in the response's `DPoP-Nonce` field.
       * @see RFC 9449 section 9
       */
      kind: "dpop_nonce";
    }
  | {
      /**
       * The resource's metadata. Not to be followed blindly.
       * @see RFC 9728 section 5.1
       */
      kind: "resource_metadata";
      /** Where the resource says they are. */
      url: string;
    };

/**
 * Why claims are refused. `conflict`: several challenges of the response ask for claims that contradict each other. Of the only ones:
 * `missing`: there are none; `not_base64`: neither base64 (or base64url) nor JSON; `not_utf8`, `not_json`, `not_object`: decoded, they are not
 * that; `too_long`: more than 65,536 bytes.
 */
export type ClaimsRefusal = "conflict" | "missing" | "not_base64" | "not_json" | "not_object" | "not_utf8" | "too_long";

/**
 * What a 401 or 403 with these challenges asks of the client, most specific first, nothing twice. Any other status asks nothing.
 *
 * `error`, `claims` and the rest of a demand come from one challenge, of scheme Bearer (`dpop_nonce`: DPoP; `resource_metadata`: either).
 */
export declare function getDemands(status: number, input: ChallengeInput): Demand[];

/**
 * The decoded claims of a Bearer challenge whose `error` is `insufficient_claims`, as JSON text, or `null`.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export declare function getClaimsChallenge(input: ChallengeInput): string | null;

/**
 * Adds the client's capabilities to a claims request: `{"access_token":{"xms_cc":{"values":["CP1"]}}}`. Those that are there already stay.
 * Error: {@link ClientConfigurationError} `invalid_claims`, or `invalid_option` where the arguments are no text and no list of texts.
 */
export declare function mergeClaims(claims: string | null | undefined, clientCapabilities: readonly string[]): string;

/**
 * Writes a challenge as an API sends it. `parseChallenges` reads exactly this scheme and these parameters back, names in lower case.
 *
 * Quotes stand where the grammar needs them, and around `realm`.
 * Error: {@link ClientConfigurationError} `invalid_option`, about `challenge.scheme` (not a token), `challenge.params.<name>` (the name is
 * not a token or occurs twice regardless of case; the value is not a text, has a control character or half of a surrogate pair; more than
 * 1,024 parameters) or `challenge.token68` (this writes parameters only).
 *
 * @see RFC 9110 sections 11.2, 11.5 and 11.6.1
 */
export declare function formatChallenge(challenge: { scheme: string; params: Record<string, string> }): string;
