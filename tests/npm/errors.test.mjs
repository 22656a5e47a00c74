// What the provider said of its refusal, as the app's error shows it. `createAuthError` is what the wasm makes every error with.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError, BrowserConfigurationAuthError, createAuthError, InteractionRequiredAuthError, ServerError } from "../../pkg-template/errors.js";

const answer = { error: "invalid_client", status: 401, errorNumbers: [], description: "AADSTS7000218: no" };

test("a refusal carries the provider's code, numbers, ids and status under MSAL's names", () => {
  const server = { ...answer, errorNumbers: [50076, 50079], traceId: "trace-1", timestamp: "2026-11-22 01:02:03Z", suberror: "basic_action" };
  for (const [code, Class] of [["server_error", ServerError], ["interaction_required", InteractionRequiredAuthError]]) {
    const error = createAuthError(code, undefined, { ...server, correlationId: "theirs" }, undefined, "ours");
    assert.ok(error instanceof Class && error instanceof Error);
    const { errorCode, errorMessage, subError, correlationId, status, errorNo, errorNumbers, traceId, timestamp } = error;
    assert.deepEqual(
      { errorCode, errorMessage, subError, correlationId, status, errorNo, errorNumbers, traceId, timestamp },
      {
        errorCode: "invalid_client",
        errorMessage: `AADSTS7000218: no (countersign/ERRORS.md#${code})`,
        subError: "basic_action",
        correlationId: "theirs",
        status: 401,
        errorNo: "50076",
        errorNumbers: [50076, 50079],
        traceId: "trace-1",
        timestamp: "2026-11-22 01:02:03Z",
      },
    );
  }
});

test("what the provider does not say is empty, of its refusals and of other errors", () => {
  for (const error of [createAuthError("server_error", undefined, answer), createAuthError("no_tokens_found"), new ServerError()]) {
    assert.deepEqual([error.errorNo, error.errorNumbers, error.traceId, error.timestamp], ["", [], "", ""]);
  }
  assert.equal(new InteractionRequiredAuthError().status, 0);
});

test("a refusal without a code has one all the same, and says the status", () => {
  for (const error of ["", "server_error"]) {
    const { errorCode, errorMessage, status } = createAuthError("server_error", undefined, { error, status: 503, errorNumbers: [] });
    assert.deepEqual([errorCode, status], ["server_error", 503]);
    assert.match(errorMessage, /HTTP status 503/);
  }
  const byRedirect = createAuthError("server_error", undefined, { error: "", status: 0, errorNumbers: [] });
  assert.doesNotMatch(byRedirect.errorMessage, /status|\{\}/);
});

test("errors are constructed with MSAL's arguments, in MSAL's order: a wrapper's own errors say what the wrapper says", () => {
  for (const Class of [AuthError, BrowserConfigurationAuthError, InteractionRequiredAuthError, ServerError]) {
    const { errorCode, correlationId, errorMessage, subError, message } = new Class("their_code", "id", "Their sentence.", "sub");
    assert.deepEqual(
      { errorCode, correlationId, errorMessage, subError, message },
      { errorCode: "their_code", correlationId: "id", errorMessage: "Their sentence.", subError: "sub", message: "their_code: Their sentence." },
    );
  }
  const required = new InteractionRequiredAuthError("c", "id", "m", "s", "time", "trace", '{"a":1}', "50076");
  assert.deepEqual([required.timestamp, required.traceId, required.claims, required.errorNo], ["time", "trace", '{"a":1}', "50076"]);
  const refused = new ServerError("c", "id", "m", "s", "7000218", 401);
  assert.deepEqual([refused.errorNo, refused.status], ["7000218", 401]);
});
