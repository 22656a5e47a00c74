// What the demo says: challenges and errors in plain sentences.

const clock = (seconds) => new Date(Number(seconds) * 1000).toLocaleTimeString();

/** JSON with one claim a line: indented to the third level it would fill the screen. */
function layClaims(request) {
  const line = (value) => JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, " ");
  const part = ([name, claims]) =>
    `  ${line(name)}: {\n${Object.entries(claims ?? {})
      .map(([k, v]) => `    ${line(k)}: ${line(v)}`)
      .join(",\n")}\n  }`;
  return `{\n${Object.entries(request).map(part).join(",\n")}\n}`;
}

/** `{ title, detail, code }` for a decoded claims challenge. */
export function describeChallenge(claims) {
  let wanted = {};
  let code = String(claims ?? "");
  try {
    const parsed = JSON.parse(code);
    wanted = parsed.access_token ?? {};
    code = layClaims(parsed);
  } catch {
    // Shown as it is.
  }
  const asks = [];
  if (wanted.nbf) asks.push(`a token issued after ${clock(wanted.nbf.value)}`);
  if (wanted.acrs) asks.push(`authentication context ${wanted.acrs.value ?? wanted.acrs.values?.join(", ")}`);
  const title = wanted.acrs ? "Challenge: a stronger sign-in" : wanted.nbf ? "Challenge: a fresh token" : "Challenge";
  return { title, detail: asks.length ? `The API wants ${asks.join(" and ")}.` : "The API wants other claims.", code };
}

const SENTENCES = {
  popup_window_error: "The browser blocked the sign-in window. Allow pop-ups for this page and try again.",
  empty_window_error: "The browser blocked the sign-in window. Allow pop-ups for this page and try again.",
  interaction_in_progress: "A sign-in is already under way in another window. Finish it or give up waiting.",
  no_network_connectivity: "There is no network. Nothing is lost: try again when it is back.",
  network_error: "The sign-in provider or the API did not answer. Is the demo still running?",
  timed_out: "The sign-in window never answered.",
};

/** `{ code, text }` for whatever was thrown. */
export function describeError(error, signedIn) {
  const code = error?.errorCode ?? error?.name ?? "error";
  if (code === "user_cancelled") {
    return {
      code,
      text: signedIn ? "You closed the window; still signed in." : "You closed the window before signing in.",
    };
  }
  return { code, text: SENTENCES[code] ?? error?.errorMessage ?? error?.message ?? "Something went wrong." };
}

export function duration(ms) {
  if (ms < 1000) return `${Math.max(1, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

export function countdown(expires, now = Date.now()) {
  const left = Math.floor((expires - now) / 1000);
  if (left <= 0) return "expired: the next call renews it";
  const minutes = String(Math.floor(left / 60)).padStart(2, "0");
  return `expires in ${minutes}:${String(left % 60).padStart(2, "0")}`;
}
