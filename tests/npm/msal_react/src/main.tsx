import { PublicClientApplication, type Configuration } from "@azure/msal-browser";
import { MsalProvider } from "@azure/msal-react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";

const { api, authority, clientId, scopes } = await (await fetch("/config.json")).json();
const configuration: Configuration = {
  auth: { clientId, authority, redirectUri: `${location.origin}/redirect.html`, postLogoutRedirectUri: `${location.origin}/` },
  cache: { cacheLocation: "sessionStorage" },
};
const instance = new PublicClientApplication(configuration);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <MsalProvider instance={instance}>
      <App api={api} scopes={scopes} />
    </MsalProvider>
  </StrictMode>,
);
