import { EventType, InteractionRequiredAuthError, InteractionType, type AuthenticationResult } from "@azure/msal-browser";
import {
  AuthenticatedTemplate,
  MsalAuthenticationTemplate,
  UnauthenticatedTemplate,
  useAccount,
  useIsAuthenticated,
  useMsal,
  useMsalAuthentication,
  type MsalAuthenticationResult,
} from "@azure/msal-react";
import { useEffect, useState } from "react";

interface AppProps {
  api: string;
  scopes: string[];
}

/** Three pages of one app: `/`, `/?members` for signed-in users only, and `/?silent`, which signs in without asking. */
export function App(props: AppProps) {
  const isAuthenticated = useIsAuthenticated();
  const { inProgress } = useMsal();
  useActiveAccount();
  const page = location.search;
  return (
    <>
      <p id="status">{`${inProgress}, ${isAuthenticated ? "signed in" : "signed out"}`}</p>
      {page === "?members" ? <Members {...props} /> : page === "?silent" ? <Silent {...props} /> : <Home {...props} />}
    </>
  );
}

function Home({ api, scopes }: AppProps) {
  const { instance, accounts } = useMsal();
  return (
    <>
      <UnauthenticatedTemplate>
        <button id="popup" onClick={() => void instance.loginPopup({ scopes })}>Sign in</button>
        <button id="redirect" onClick={() => void instance.loginRedirect({ scopes })}>Sign in here</button>
      </UnauthenticatedTemplate>
      <AuthenticatedTemplate>
        <p id="user">{accounts[0]?.username}</p>
        <Orders api={api} scopes={scopes} />
        <button id="logout-popup" onClick={() => void instance.logoutPopup({ account: accounts[0] })}>Sign out</button>
        <button id="logout-redirect" onClick={() => void instance.logoutRedirect({ account: accounts[0] })}>Sign out here</button>
      </AuthenticatedTemplate>
    </>
  );
}

/** As Microsoft's samples have it: who signs in is the active account. */
function useActiveAccount() {
  const { instance } = useMsal();
  useEffect(() => {
    const id = instance.addEventCallback(
      ({ payload }) => instance.setActiveAccount((payload as AuthenticationResult).account),
      [EventType.ACQUIRE_TOKEN_SUCCESS],
    );
    return () => {
      if (id) instance.removeEventCallback(id);
    };
  }, [instance]);
}

function Orders({ api, scopes }: AppProps) {
  const { instance } = useMsal();
  const account = useAccount();
  const [answer, setAnswer] = useState("");
  async function ask() {
    if (!account) return;
    const request = { scopes, account };
    const token = await instance.acquireTokenSilent(request).catch((error: unknown) => {
      if (error instanceof InteractionRequiredAuthError) return instance.acquireTokenPopup({ ...request, claims: error.claims });
      throw error;
    });
    const response = await fetch(`${api}/orders`, { headers: { Authorization: `Bearer ${token.accessToken}` } });
    setAnswer(`${response.status}`);
  }
  return (
    <>
      <button id="orders" disabled={!account} onClick={() => void ask()}>Orders</button>
      <output>{answer}</output>
    </>
  );
}

function Members({ scopes }: AppProps) {
  return (
    <MsalAuthenticationTemplate
      interactionType={InteractionType.Redirect}
      authenticationRequest={{ scopes }}
      errorComponent={Failed}
      loadingComponent={() => <p id="loading">One moment</p>}
    >
      <p id="members">For members</p>
    </MsalAuthenticationTemplate>
  );
}

const Failed = ({ error }: MsalAuthenticationResult) => <p id="error">{error?.errorCode}</p>;

function Silent({ scopes }: AppProps) {
  const { login, result, error } = useMsalAuthentication(InteractionType.Silent, { scopes, loginHint: "alex@contoso.example" });
  return (
    <>
      <p id="error">{error?.errorCode}</p>
      <p id="user">{result?.account.username}</p>
      <button id="login" onClick={() => void login(InteractionType.Popup, { scopes }).catch(() => {})}>Sign in</button>
    </>
  );
}
