// The client is made once, outside of components, and started before the first render: effects that run twice (StrictMode) find nothing to repeat.
import { EventType, PublicClientApplication } from "countersign";
import { StrictMode, useState, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";

const app = new PublicClientApplication({
  auth: {
    clientId: "11111111-2222-3333-4444-555555555555",
    authority: "https://login.microsoftonline.com/your-tenant-id",
    clientCapabilities: ["CP1"],
  },
  fetch: { protectedResourceMap: { "https://graph.microsoft.com/v1.0/": ["User.Read"] } },
});
const start = () => app.initialize().then(() => app.handleRedirectPromise());
const signIn = () => app.loginPopup({ scopes: ["User.Read"] }).then(({ account }) => app.setActiveAccount(account));
const signOut = () => app.logoutPopup({ account: app.getActiveAccount() });
const load = () => app.fetch("https://graph.microsoft.com/v1.0/me").then((response) => (response.ok ? response.text() : `Status ${response.status}`));

const subscribe = (onChange) => {
  const id = app.addEventCallback(onChange, [EventType.ACTIVE_ACCOUNT_CHANGED, EventType.LOGOUT_SUCCESS]);
  return () => app.removeEventCallback(id);
};

function App() {
  const user = useSyncExternalStore(subscribe, () => app.getActiveAccount()?.username);
  const [note, setNote] = useState("");
  const run = (action) => () => action().then(setNote, (error) => setNote(error.errorCode === "user_cancelled" ? "" : error.message));
  return (
    <>
      <p>{user ?? "Nobody is signed in"}</p>
      {user ? <button onClick={run(load)}>Who am I</button> : <button onClick={run(signIn)}>Sign in</button>}
      {user && <button onClick={run(signOut)}>Sign out</button>}
      <output>{note}</output>
    </>
  );
}

const failure = await start().then(() => null, (error) => error);
createRoot(document.getElementById("app")).render(<StrictMode>{failure ? <p role="alert">{failure.message}</p> : <App />}</StrictMode>);
