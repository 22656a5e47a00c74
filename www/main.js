// The demo page: an ordinary single-page app on Countersign. What an app would write is `connect`, `signIn` and `call`;
// the rest draws what the SDK tells about its work.

import { Narrator } from "./narrator.js";
import { load, store } from "./store.js";
import { element, Timeline } from "./timeline.js";
import { countdown, describeError } from "./words.js";

const $ = (id) => document.getElementById(id);
const HOME = `${location.origin}/`;
const PENDING = "demo.pending"; // the call to repeat after a redirect
const KIND = "demo.interaction";

const state = { app: null, config: null, account: null, scopes: [], expires: 0, busy: false, ready: false };

const timeline = new Timeline($("timeline"), {
  key: "demo.timeline",
  onChange(item) {
    $("empty").hidden = $("timeline").childElementCount > 0;
    $("clear").hidden = !$("empty").hidden;
    // Follow a call down the page; after a sign-in the next thing to press is above.
    if (narrator.sent) item?.scrollIntoView({ block: "nearest" });
  },
});
const narrator = new Narrator(timeline, {
  onToken: note,
  onWindow(isOpen) {
    $("waiting").hidden = !isOpen || typeof state.app.cancelInteraction !== "function";
    if (isOpen && narrator.sent) $("waiting").scrollIntoView({ block: "nearest" });
  },
});

// ---- what an app writes ---------------------------------------------------------------------------------------------

async function connect(kind) {
  const { PublicClientApplication } = await import("countersign");
  const { authority, clientId, api, scopes } = state.config;
  const app = new PublicClientApplication({
    auth: {
      clientId,
      authority,
      redirectUri: kind === "popup" ? `${HOME}redirect.html` : HOME,
      postLogoutRedirectUri: HOME,
      clientCapabilities: ["CP1"], // "this app understands claims challenges"
    },
    cache: { cacheLocation: "sessionStorage" },
    fetch: {
      protectedResourceMap: { [`${api}/orders`]: scopes },
      interactionType: kind,
      fetch: narrator.transport,
    },
  });
  await app.initialize();
  app.addEventCallback(narrator.onEvent);
  state.app = app;
  return app;
}

function signIn(kind) {
  return act(async () => {
    narrator.begin();
    const request = { scopes: state.config.scopes };
    if (kind === "redirect") return state.app.loginRedirect({ ...request, redirectUri: HOME });
    const result = await state.app.loginPopup({ ...request, redirectUri: `${HOME}redirect.html` });
    adopt(result);
    done(`Signed in as ${result.account.username}`);
  });
}

function call(method, body, { resumed = false } = {}) {
  return act(async () => {
    if (!resumed) narrator.begin();
    store(PENDING, JSON.stringify({ method, body }));
    const init = body ? { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : { method };
    const response = await state.app.fetch(`${state.config.api}/orders`, init);
    if (narrator.leaving) return;
    const data = await response.json();
    store(PENDING, null);
    if (!response.ok) {
      const message = `The API said no: ${data.message ?? data.error}.`;
      return fail({ errorCode: `http_${response.status}`, message });
    }
    if (method === "GET") done(`${data.orders.length} orders, newest: ${data.orders.at(-1)?.item}`);
    else done(`Order ${data.order.id} placed: ${data.order.item}`);
    await showSession();
  });
}

async function start() {
  const answer = new URLSearchParams(location.hash.slice(1) || location.search);
  returning(answer.has("state") && (answer.has("code") || answer.has("error")));
  $("interaction").value = load(KIND) === "redirect" ? "redirect" : "popup";
  try {
    state.config = await (await fetch("/config.json")).json();
    await connect($("interaction").value);
  } catch (error) {
    returning(false);
    show("bad", "The SDK did not load. Is the package built (pkg/)?", error?.errorCode ?? error?.name);
    $("who").textContent = "Not available";
    return;
  }
  await returned();
  await readSwitches();
  state.ready = true;
  render();
  setInterval(tick, 1000);
}

/** Takes up the story that a redirect interrupted. */
async function returned() {
  narrator.resume();
  const pending = load(PENDING);
  store(PENDING, null);
  try {
    const result = await state.app.handleRedirectPromise();
    returning(false);
    if (result) {
      adopt(result);
      narrator.settle("redirect", { detail: "Back with a new token." });
      narrator.settle("challenge");
      if (pending) {
        const { method, body } = JSON.parse(pending);
        await call(method, body, { resumed: true });
      } else {
        done(`Signed in as ${result.account.username}`);
      }
    } else {
      narrator.settle("redirect", { detail: "Back." });
    }
  } catch (error) {
    returning(false);
    state.account = account();
    narrator.settle("redirect", { tone: "bad", detail: "Back without a token." });
    fail(error);
  }
  timeline.settle();
  await showSession();
}

// ---- session and screen ---------------------------------------------------------------------------------------------

const account = () => state.app.getActiveAccount() ?? state.app.getAllAccounts()[0] ?? null;

function adopt(result) {
  state.app.setActiveAccount(result.account);
  note(result);
}

/** What the page keeps of a token: whose, what for, how long. Never the token. */
function note(result) {
  if (!result?.account) return;
  state.account = result.account;
  if (result.scopes) state.scopes = [...result.scopes];
  if (result.expiresOn) state.expires = new Date(result.expiresOn).getTime();
  render();
}

async function showSession() {
  state.account = account();
  if (state.account) {
    try {
      narrator.muted = true; // for the screen's sake, not part of any story
      note(await state.app.acquireTokenSilent({ scopes: state.config.scopes, account: state.account }));
    } catch {
      state.expires = 0; // signed in, with no token to show: the next call will get one or say why not
    } finally {
      narrator.muted = false;
    }
  }
  render();
}

async function act(work) {
  if (state.busy) return;
  state.busy = true;
  const focused = document.activeElement;
  show("", "");
  render();
  try {
    await work();
  } catch (error) {
    if (!narrator.leaving) fail(error);
  } finally {
    state.busy = false;
    render();
    keepFocus(focused);
  }
}

/** A button that was disabled or hidden meanwhile has lost the keyboard's focus: give it back, or pass it on. */
function keepFocus(before) {
  const present = document.activeElement;
  const lost = present === document.body || present.disabled || !present.checkVisibility();
  if (!lost || before === document.body) return;
  const target = before.checkVisibility() ? before : $(state.account ? "call-api" : "sign-in-popup");
  target.focus({ preventScroll: true });
}

function done(text) {
  narrator.done(text);
  show("good", text);
}

function fail(error) {
  store(PENDING, null);
  state.account = account();
  const { code, text } = describeError(error, Boolean(state.account));
  narrator.failed(text, code);
  show("bad", text, code);
}

/** Coming back with an answer, perhaps in a popup that closes at once, there is nothing to show of the app. */
function returning(on) {
  document.documentElement.classList.toggle("returning", on);
}

function show(tone, text, code) {
  const box = $("result");
  box.dataset.tone = tone;
  box.replaceChildren(...(text ? [element("span", {}, text)] : []), ...(code ? [" ", element("code", {}, code)] : []));
}

function render() {
  const { account: who, ready, busy } = state;
  $("who").replaceChildren(
    ...(who
      ? [
          element("span", { class: "avatar", "aria-hidden": "true" }, (who.name ?? who.username)[0].toUpperCase()),
          element("span", {}, element("strong", {}, who.name ?? who.username), element("span", { class: "soft" }, who.username)),
        ]
      : [element("span", {}, "Nobody is signed in")]),
  );
  $("facts").hidden = !who;
  $("scopes").replaceChildren(...state.scopes.map((s) => element("code", {}, s)));
  for (const id of ["sign-in-popup", "sign-in-redirect"]) {
    $(id).hidden = Boolean(who);
    $(id).disabled = !ready || busy;
  }
  $("sign-out").hidden = !who;
  for (const id of ["sign-out", "call-api", "place-order"]) $(id).disabled = !ready || busy || !who;
  $("call-hint").textContent = who
    ? "GET, and POST with a JSON body. No code for tokens, no code for challenges."
    : "Sign in first. Then GET, and POST with a JSON body.";
  for (const id of ["revoke", "stronger"]) $(id).disabled = !ready;
  $("interaction").disabled = !ready || busy;
  tick();
}

function tick() {
  const text = state.expires ? countdown(state.expires) : "none yet";
  if ($("expires").textContent !== text) $("expires").textContent = text;
}

// ---- the API's switches, and the buttons ------------------------------------------------------------------------------

async function control(path, method = "POST") {
  try {
    const response = await fetch(`${state.config.api}/control/${path}`, { method });
    return await response.json();
  } catch {
    show("bad", "The API does not answer. Is the demo still running?");
    return null;
  }
}

async function readSwitches() {
  const now = await control("state", "GET");
  if (now) $("stronger").checked = now.stronger;
}

$("sign-in-popup").addEventListener("click", () => signIn("popup"));
$("sign-in-redirect").addEventListener("click", () => signIn("redirect"));
$("sign-out").addEventListener("click", () =>
  act(() => {
    narrator.begin();
    return state.app.logoutRedirect({ account: state.account, postLogoutRedirectUri: HOME });
  }),
);
$("call-api").addEventListener("click", () => call("GET"));
$("order-form").addEventListener("submit", (event) => {
  event.preventDefault();
  call("POST", { item: $("order-item").value.trim(), quantity: 1 });
});
$("revoke").addEventListener("click", async () => {
  if (await control("revoke")) show("ask", "The API refuses tokens issued until now. Call it.");
});
$("stronger").addEventListener("change", async ({ target }) => {
  const on = target.checked;
  if (!(await control(`stronger?on=${on ? 1 : 0}`))) target.checked = !on;
  else if (on) show("ask", "Orders need a stronger sign-in now. Call the API.");
  else show("", "Any sign-in will do again.");
});
$("interaction").addEventListener("change", async ({ target }) => {
  store(KIND, target.value);
  await act(() => connect(target.value));
});
$("give-up").addEventListener("click", () => state.app.cancelInteraction());
$("clear").addEventListener("click", () => {
  timeline.clear();
  show("", "");
});
// Brought back by the browser's Back button, as it was left: it is no longer leaving.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  narrator.leaving = false;
  state.busy = false;
  narrator.settle("redirect", { tone: "bad", detail: "You came back without finishing." });
  render();
});

await start();
