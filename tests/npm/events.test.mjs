// Events as a user interface uses them: MSAL's names, and the status they stand for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pkg } from "./support.mjs";

const { EventMessageUtils, EventType, InteractionStatus, InteractionType } = await import(pkg("index.js"));
const statusAfter = (eventType, interactionType, current) =>
  EventMessageUtils.getInteractionStatusFromEvent({ eventType, interactionType, payload: null, error: null }, current);
const { AcquireToken, HandleRedirect, Logout, None, Startup } = InteractionStatus;

test("MSAL's 20 events have MSAL's names and values", () => {
  const msal = {
    INITIALIZE_START: "initializeStart",
    INITIALIZE_END: "initializeEnd",
    ACTIVE_ACCOUNT_CHANGED: "activeAccountChanged",
    LOGIN_SUCCESS: "loginSuccess",
    ACQUIRE_TOKEN_START: "acquireTokenStart",
    ACQUIRE_TOKEN_SUCCESS: "acquireTokenSuccess",
    ACQUIRE_TOKEN_FAILURE: "acquireTokenFailure",
    ACQUIRE_TOKEN_NETWORK_START: "acquireTokenFromNetworkStart",
    BROKERED_REQUEST_START: "brokeredRequestStart",
    BROKERED_REQUEST_SUCCESS: "brokeredRequestSuccess",
    BROKERED_REQUEST_FAILURE: "brokeredRequestFailure",
    BROKER_CONNECTION_ESTABLISHED: "brokerConnectionEstablished",
    HANDLE_REDIRECT_START: "handleRedirectStart",
    HANDLE_REDIRECT_END: "handleRedirectEnd",
    POPUP_OPENED: "popupOpened",
    LOGOUT_START: "logoutStart",
    LOGOUT_SUCCESS: "logoutSuccess",
    LOGOUT_FAILURE: "logoutFailure",
    LOGOUT_END: "logoutEnd",
    RESTORE_FROM_BFCACHE: "restoreFromBFCache",
  };
  const ours = Object.entries(EventType).filter(([, value]) => value.startsWith("msal:"));
  assert.deepEqual(
    ours.sort(),
    Object.entries(msal)
      .map(([name, value]) => [name, `msal:${value}`])
      .sort(),
  );
});

test("an interaction begins with its event, whatever the status was", () => {
  for (const current of [undefined, Startup, None, Logout]) {
    assert.equal(statusAfter(EventType.ACQUIRE_TOKEN_START, InteractionType.Popup, current), AcquireToken);
    assert.equal(statusAfter(EventType.ACQUIRE_TOKEN_START, InteractionType.Redirect, current), AcquireToken);
    assert.equal(statusAfter(EventType.HANDLE_REDIRECT_START, InteractionType.Redirect, current), HandleRedirect);
    assert.equal(statusAfter(EventType.LOGOUT_START, InteractionType.Popup, current), Logout);
  }
});

test("an interaction ends with its own events only", () => {
  const ends = [
    [EventType.ACQUIRE_TOKEN_SUCCESS, AcquireToken],
    [EventType.ACQUIRE_TOKEN_FAILURE, AcquireToken],
    [EventType.RESTORE_FROM_BFCACHE, AcquireToken],
    [EventType.HANDLE_REDIRECT_END, HandleRedirect],
    [EventType.LOGOUT_END, Logout],
  ];
  for (const [event, own] of ends) {
    for (const type of [InteractionType.Popup, InteractionType.Redirect]) {
      assert.equal(statusAfter(event, type), None, event);
      for (const current of Object.values(InteractionStatus)) {
        assert.equal(statusAfter(event, type, current), current === own ? None : null, `${event} at ${current}`);
      }
    }
  }
});

test("what goes on without the user changes no status", () => {
  for (const event of [EventType.ACQUIRE_TOKEN_START, EventType.ACQUIRE_TOKEN_SUCCESS, EventType.ACQUIRE_TOKEN_FAILURE]) {
    for (const type of [InteractionType.Silent, InteractionType.None, null]) {
      for (const current of [undefined, AcquireToken, None]) assert.equal(statusAfter(event, type, current), null, event);
    }
  }
  for (const event of [EventType.LOGIN_SUCCESS, EventType.LOGOUT_SUCCESS, EventType.LOGOUT_FAILURE, EventType.POPUP_OPENED, "constructor"])
    assert.equal(statusAfter(event, InteractionType.Popup, AcquireToken), null, event);
});
