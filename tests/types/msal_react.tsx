// A React app that was written with @azure/msal-react, whose own declarations take ours for those of @azure/msal-browser (`paths` of tsconfig.json).
import { type Configuration, EventType, InteractionStatus, InteractionType, PublicClientApplication } from "@azure/msal-browser";
import * as react from "@azure/msal-react";
import type * as countersign from "countersign";
import { type Equals, holds } from "./equals.js";

const configuration: Configuration = { auth: { clientId: "client" } };
const app = new PublicClientApplication(configuration);
app.addEventCallback(({ eventType, payload }) => {
  if (eventType === EventType.LOGIN_SUCCESS) app.setActiveAccount(payload as countersign.AccountInfo);
});

const Profile = () => {
  const { instance, accounts, inProgress, logger } = react.useMsal();
  // It is our client that the hook gives, and not just anything.
  holds<Equals<typeof instance, countersign.IPublicClientApplication>>();
  holds<Equals<typeof accounts, countersign.AccountInfo[]>>();
  holds<Equals<typeof inProgress, countersign.InteractionStatus>>();
  holds<Equals<typeof logger, countersign.Logger>>();
  const account = react.useAccount(accounts[0] ?? {});
  const { login, result, error } = react.useMsalAuthentication(InteractionType.Silent, { scopes: ["s"] });
  if (error) void login(InteractionType.Popup, { scopes: ["s"], claims: (error as countersign.InteractionRequiredAuthError).claims });
  if (inProgress !== InteractionStatus.None) return null;
  return <button onClick={() => instance.logoutPopup({ account })}>{account?.name ?? result?.account.username}</button>;
};

export const Page = () => (
  <react.MsalProvider instance={app}>
    <react.AuthenticatedTemplate>
      <Profile />
    </react.AuthenticatedTemplate>
    <react.MsalAuthenticationTemplate interactionType={InteractionType.Redirect} authenticationRequest={{ scopes: ["s"], prompt: "login" }}>
      <Profile />
    </react.MsalAuthenticationTemplate>
    {/* @ts-expect-error no such way to ask */}
    <react.MsalAuthenticationTemplate interactionType="window" />
  </react.MsalProvider>
);
