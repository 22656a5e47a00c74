// The app of every project: signs its user in by popup, and asks the API. Where its provider and its API are is said by the test.

/** Builds its page and starts. What a step came to is in `#out`. */
export async function start(PublicClientApplication) {
  const { api, authority, clientId, scopes } = window.config;
  const app = new PublicClientApplication({
    auth: { clientId, authority, redirectUri: `${location.origin}/`, clientCapabilities: ["CP1"] },
    fetch: { protectedResourceMap: { [`${api}/orders`]: scopes } },
  });
  const out = document.body.appendChild(document.createElement("output"));
  out.id = "out";

  const step = async (call) => {
    out.textContent = "";
    out.textContent = await call().catch(String);
  };
  const button = (id, call) => {
    const made = document.body.appendChild(document.createElement("button"));
    made.id = made.textContent = id;
    made.addEventListener("click", () => step(call));
  };

  const begin = async () => {
    await app.initialize();
    await app.handleRedirectPromise();
    return "ready";
  };
  button("begin", begin);
  button("sign-in", async () => (await app.loginPopup({ scopes })).account.username);
  button("orders", async () => `${(await app.fetch(`${api}/orders`)).status}`);
  await step(begin);
}
