// Turns what the SDK tells about its work (its events, and the requests that reach the transport under `app.fetch`) into
// steps of the timeline.

import { describeChallenge } from "./words.js";

const PHRASES = { 200: "OK", 201: "Created", 401: "Unauthorized", 403: "Forbidden" };

export class Narrator {
  /** Requests sent in the present call: the second one is the replay. */
  sent = 0;
  /** The page is being left on purpose: what is under way is neither an error nor finished. */
  leaving = false;
  /** What happens now belongs to no story. */
  muted = false;
  #timeline;
  #onToken;
  #onWindow;
  /** Steps that are still running. */
  #open = { challenge: null, silent: null, popup: null, redirect: null };

  /**
   * @param hooks.onToken called with every AuthenticationResult
   * @param hooks.onWindow called with whether a sign-in window is open
   */
  constructor(timeline, { onToken, onWindow }) {
    this.#timeline = timeline;
    this.#onToken = onToken;
    this.#onWindow = onWindow;
  }

  begin() {
    this.sent = 0;
    this.#timeline.begin();
  }

  /** After a redirect: takes up the steps that were running when the page was left. */
  resume() {
    for (const step of ["challenge", "redirect"]) this.#open[step] = this.#timeline.resume(step);
  }

  settle(step, changes) {
    this.#open[step]?.end(changes);
    this.#open[step] = null;
    if (step === "popup") this.#onWindow(false);
  }

  done(text) {
    const detail = this.sent > 1 ? "Your code called fetch once." : "";
    this.#timeline.add("done", { title: text, detail, tone: "good", ms: this.#timeline.elapsed });
  }

  failed(text, code) {
    for (const step of ["silent", "popup", "challenge"]) this.settle(step, { tone: "bad" });
    this.#timeline.add("error", { title: text, detail: code, tone: "bad", ms: this.#timeline.elapsed });
  }

  /** The transport under `app.fetch`: sees every request that really goes out. Its headers are nobody's business. */
  transport = async (input, init) => {
    const request = new Request(input, init);
    const resumed = this.#timeline.has("redirect") && this.#timeline.has("challenge");
    const replay = this.sent++ > 0 || resumed;
    const name = `${request.method} ${new URL(request.url).pathname}`;
    this.#timeline.add(replay ? "replay" : "request", {
      title: replay ? `${name} again` : name,
      detail: replay ? "The same request, with the new token." : "With the token from the cache.",
      code: request.body ? await request.clone().text() : "",
    });
    const started = performance.now();
    const answered = (title, tone) => this.#timeline.add("response", { title, tone, ms: performance.now() - started });
    try {
      const response = await fetch(request);
      answered(`${response.status} ${PHRASES[response.status] ?? ""}`, response.ok ? "good" : "bad");
      return response;
    } catch (error) {
      answered("No answer", "bad");
      throw error;
    }
  };

  onEvent = ({ eventType, interactionType, payload, error }) => {
    switch (eventType) {
      case "countersign:challengeReceived":
        this.#start("challenge", { ...describeChallenge(payload?.claims), tone: "ask" });
        break;
      case "countersign:challengeAnswered":
        this.settle("challenge");
        break;
      case "countersign:challengeDeclined":
        this.settle("challenge");
        this.#timeline.add("declined", {
          title: "Challenge not answered",
          detail: "The app got the refusal as it came.",
          tone: "bad",
        });
        break;
      case "msal:acquireTokenFromNetworkStart":
        this.#start("silent", { title: "Silent attempt", detail: "The refresh token, with what the API asked for." });
        break;
      case "msal:popupOpened":
        this.#start("popup", { title: "Sign-in window", detail: "Your turn." });
        this.#onWindow(true);
        break;
      case "msal:acquireTokenStart":
        if (interactionType === "redirect") this.#leave("To the sign-in page");
        break;
      case "msal:logoutStart":
        this.#leave("Signing out");
        break;
      case "msal:loginSuccess":
      case "msal:acquireTokenSuccess":
        this.#onToken(payload);
        this.settle("silent", { detail: "New token, nobody was asked." });
        this.settle("popup", { detail: "You confirmed. New token." });
        break;
      case "msal:acquireTokenFailure":
        this.#failure(interactionType, error);
        break;
    }
  };

  #start(step, what) {
    if (!this.muted) this.#open[step] ??= this.#timeline.add(step, { ...what, open: true });
  }

  #leave(title) {
    this.leaving = true;
    this.#start("redirect", { title, detail: "The page is left and comes back." });
  }

  #failure(interactionType, error) {
    const wantsUser = /required|login_|consent_|interaction_/.test(error?.errorCode ?? "");
    this.settle("silent", {
      tone: wantsUser ? "ask" : "bad",
      detail: wantsUser ? "Not enough: the provider wants you." : "No token came of it.",
    });
    const closed = error?.errorCode === "user_cancelled";
    this.settle("popup", { tone: "bad", detail: closed ? "Closed without an answer." : "No token came of it." });
    if (interactionType === "redirect") {
      this.leaving = false;
      this.settle("redirect", { tone: "bad", detail: "The page was not left after all." });
    }
  }
}
