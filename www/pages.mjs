// The provider's own pages: plain HTML and one stylesheet, no script except on the sign-out page.

import { createHash } from "node:crypto";

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (text) => String(text).replace(/[&<>"']/g, (c) => ENTITIES[c]);

// Sign-out needs no question here, but oidc-provider wants its form posted.
const SUBMIT = 'document.getElementById("op.logoutForm").requestSubmit(document.getElementById("confirm"));';
const SUBMIT_HASH = createHash("sha256").update(SUBMIT).digest("base64");

/** `appOrigin` is a form target too: posting a form may end, by redirects, at the app, and browsers check the whole way. */
export const pagePolicy = (appOrigin) =>
  `default-src 'none'; style-src 'self'; script-src 'sha256-${SUBMIT_HASH}'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' ${appOrigin}`;

function layout(title, body) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} · Contoso demo sign-in</title>
<link rel="stylesheet" href="/pages.css">
</head>
<body>
<main>
<p class="brand"><span class="mark" aria-hidden="true"></span>Contoso <span class="tag">demo sign-in</span></p>
${body}
</main>
<p class="foot">A pretend identity provider on this computer. No real accounts, no passwords.</p>
</body>
</html>`;
}

export function loginPage({ action, users, hint, app }) {
  // The hinted person first and focused, so that Enter is enough.
  const sorted = [...users].sort((a, b) => Number(b.username === hint) - Number(a.username === hint));
  const buttons = sorted
    .map(
      (u, i) => `<li><button type="submit" class="account" id="user-${u.key}" name="user" value="${u.key}"${i === 0 ? " autofocus" : ""}>
<span class="avatar" aria-hidden="true">${escapeHtml(u.name[0])}</span>
<span class="who"><strong>${escapeHtml(u.name)}</strong><span>${escapeHtml(u.username)}</span></span>
<span class="go">Sign in</span>
</button></li>`,
    )
    .join("\n");
  return layout(
    "Sign in",
    `<h1>Sign in</h1>
<p>to continue to <strong>${escapeHtml(app)}</strong></p>
<form method="post" action="${escapeHtml(action)}">
<ul class="accounts">
${buttons}
</ul>
<p class="end"><button type="submit" class="link" id="cancel" name="cancel" value="1">Cancel</button></p>
</form>`,
  );
}

export function stepUpPage({ action, user, code, contexts, wrong }) {
  return layout(
    "Confirm it is you",
    `<h1>Confirm it is you</h1>
<p>Signed in as <strong>${escapeHtml(user)}</strong>. What you are about to do needs a stronger sign-in
(<abbr title="authentication context">${escapeHtml(contexts.join(", "))}</abbr>).</p>
<form method="post" action="${escapeHtml(action)}">
<p class="device">Your pretend authenticator shows <output>${code.slice(0, 3)} ${code.slice(3)}</output></p>
<p class="field"><label for="code">One-time code</label>
<input id="code" name="code" value="${code}" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]*" required${
      wrong ? ' aria-invalid="true" aria-describedby="wrong"' : ""
    }></p>
${wrong ? '<p class="error" id="wrong" role="alert">That is not the code on your authenticator.</p>' : ""}
<p class="end"><button type="submit" class="primary" id="confirm" name="confirm" value="1" autofocus>Confirm</button>
<button type="submit" class="link" id="cancel" name="cancel" value="1" formnovalidate>Cancel</button></p>
</form>`,
  );
}

export function signOutPage(form) {
  return layout(
    "Signing out",
    `<h1>Signing out…</h1>
${form}
<p class="end"><button type="submit" class="primary" id="confirm" form="op.logoutForm" name="logout" value="yes">Sign out</button></p>
<script>${SUBMIT}</script>`,
  );
}

export const signedOutPage = () => layout("Signed out", "<h1>You are signed out</h1><p>You can close this window.</p>");

export const errorPage = ({ error, error_description: text = "" }) =>
  layout(
    "Something is wrong",
    `<h1>This request cannot go on</h1>
<p class="error" role="alert"><strong>${escapeHtml(error)}</strong> ${escapeHtml(text)}</p>
<p>Go back to the app and try again.</p>`,
  );

export const STYLE = `
:root { color-scheme: light dark;
  --bg: light-dark(#eef1f6, #10141b); --card: light-dark(#fff, #1a2029); --text: light-dark(#1c2430, #e8ecf2);
  --soft: light-dark(#566173, #a3afc0); --line: light-dark(#d8dee8, #323b49); --accent: light-dark(#0b57c9, #8ab8ff);
  --on-accent: light-dark(#fff, #0c1524); --tint: light-dark(#eaf1fd, #202c40); --bad: light-dark(#b3261e, #ff9d94); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; justify-items: center; gap: 1rem; padding: 1rem;
  background: var(--bg); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { width: min(26rem, calc(100vw - 2rem)); background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  padding: 1.75rem; box-shadow: 0 12px 32px rgb(10 20 40 / .08); }
.brand { display: flex; align-items: center; gap: .55rem; margin: 0 0 1.25rem; font-weight: 650; }
.mark { width: 1.1rem; height: 1.1rem; border-radius: 5px; background: linear-gradient(135deg, var(--accent) 50%, #f2a33a 50%); }
.tag { font-weight: 400; color: var(--soft); }
h1 { font-size: 1.4rem; line-height: 1.2; margin: 0 0 .35rem; }
p { margin: 0 0 1rem; color: var(--soft); } p strong { color: var(--text); }
.accounts { list-style: none; margin: 0 0 1rem; padding: 0; display: grid; gap: .6rem; }
button { font: inherit; cursor: pointer; color: inherit; }
.account { width: 100%; display: flex; align-items: center; gap: .8rem; text-align: left; padding: .7rem .8rem;
  background: none; border: 1px solid var(--line); border-radius: 10px; }
.account:hover { background: var(--tint); border-color: var(--accent); }
.avatar { flex: none; width: 2.3rem; height: 2.3rem; border-radius: 50%; display: grid; place-items: center; font-weight: 650;
  background: var(--tint); color: var(--accent); }
.who { flex: 1; min-width: 0; display: grid; } .who span { color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
.go { color: var(--accent); font-weight: 600; white-space: nowrap; }
.end { display: flex; align-items: center; gap: 1rem; margin: 0; }
.primary { padding: .6rem 1.2rem; border: 0; border-radius: 8px; background: var(--accent); color: var(--on-accent); font-weight: 600; }
.link { padding: .6rem .2rem; border: 0; background: none; color: var(--accent); text-decoration: underline; text-underline-offset: 3px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.device { display: flex; align-items: baseline; justify-content: space-between; gap: 1rem; padding: .8rem 1rem;
  background: var(--tint); border-radius: 10px; }
output { font: 650 1.3rem/1 ui-monospace, monospace; letter-spacing: .08em; color: var(--text); white-space: nowrap; }
.field { display: grid; gap: .3rem; } label { color: var(--text); font-weight: 600; }
input { font: 1.1rem ui-monospace, monospace; letter-spacing: .1em; padding: .55rem .7rem; border: 1px solid var(--soft);
  border-radius: 8px; background: var(--card); color: var(--text); }
.error { color: var(--bad); } .error strong { color: inherit; }
.foot { font-size: .85rem; margin: 0; text-align: center; }
@media (max-width: 26rem) { .go { display: none; } main { padding: 1.25rem; } }
`;
