// Events as a user interface uses them: MSAL's names, and the status they stand for.
import assert from "node:assert/strict";
import { after, test } from "node:test";
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

const { Events } = await import(pkg("events.js"));
const channels = [];
const { BroadcastChannel } = globalThis;
globalThis.BroadcastChannel = class extends BroadcastChannel {
  constructor(name) {
    super(name);
    channels.push(this);
  }
};
after(() => channels.forEach((channel) => channel.close()));

/** One page's localStorage for all of them. */
const stored = new Map();
globalThis.localStorage = { getItem: (key) => stored.get(key) ?? null, setItem: (key, text) => stored.set(key, text) };

/** The events of a tab, what it has heard, and a promise of the next message. */
function tab(clientId) {
  const events = new Events(() => {});
  const heard = [];
  let next = () => {};
  events.add((message) => {
    heard.push(message);
    next(message);
  });
  const fresh = async () => heard.push("fresh");
  if (clientId) events.share(clientId, fresh);
  return { events, heard, next: () => new Promise((resolve) => (next = resolve)) };
}

test("other tabs of the app hear who signed in, without the token, and nothing of what is this tab's own", async () => {
  const [one, other, another, alone] = [tab("app"), tab("app"), tab("another"), tab(null)];
  const account = { homeAccountId: "uid.utid", username: "ada", idToken: "SECRET", idTokenClaims: { sub: "1" } };
  const arrived = other.next();
  one.events.emit(EventType.ACQUIRE_TOKEN_SUCCESS, "popup", { accessToken: "SECRET", account }, null, "id-1");
  one.events.emit(EventType.LOGIN_SUCCESS, "popup", account, null, "id-1");
  const message = await arrived;
  assert.deepEqual([message.eventType, message.interactionType, message.correlationId], [EventType.LOGIN_SUCCESS, "popup", "id-1"]);
  assert.deepEqual(message.payload, { homeAccountId: "uid.utid", username: "ada", idTokenClaims: { sub: "1" } });
  assert.equal(message.timestamp, one.heard[1].timestamp);
  assert.equal(one.heard[1].payload, account, "its own tab hears the whole, and once");
  assert.equal(one.heard.length, 2);

  const ended = other.next();
  // Which account is the active one is part of the session that tabs share: they see it there.
  one.events.emit(EventType.ACTIVE_ACCOUNT_CHANGED);
  one.events.emit(EventType.LOGOUT_SUCCESS);
  assert.equal((await ended).eventType, EventType.LOGOUT_SUCCESS);
  assert.deepEqual(
    other.heard.map((heard) => heard.eventType ?? heard),
    ["fresh", EventType.LOGIN_SUCCESS, "fresh", EventType.LOGOUT_SUCCESS],
    "the session is read before the event is told",
  );
  assert.deepEqual([another.heard, alone.heard], [[], []], "another app, and a client that shares nothing");
});

test("what is no event on the channel is passed over", async () => {
  const one = tab("app-2");
  const stranger = new globalThis.BroadcastChannel(channels.at(-1).name);
  const arrived = one.next();
  const told = (eventType) => ({ message: { eventType } });
  for (const data of [null, 1, "msal:loginSuccess", {}, { message: null }, told(EventType.ACQUIRE_TOKEN_SUCCESS)]) stranger.postMessage(data);
  stranger.postMessage(told(EventType.LOGOUT_SUCCESS));
  assert.equal((await arrived).eventType, EventType.LOGOUT_SUCCESS);
  assert.equal(one.heard.length, 2, "the session was read once, for the one event");
});
