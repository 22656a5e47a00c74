// An app, as the compilers of users see it: every subpath, and what only a strict compiler would refuse.
import {
  type AccountInfo,
  type AuthenticationResult,
  BrowserAuthError,
  type Configuration,
  type Demand,
  EventType,
  getDemands,
  init,
  InteractionRequiredAuthError,
  InteractionType,
  LogLevel,
  PublicClientApplication,
} from "countersign";
import * as inline from "countersign/inline";
import { broadcastResponseToMainFrame } from "countersign/redirect-bridge";
import wasm from "countersign/wasm";

const configuration: Configuration = {
  auth: { clientId: "client", clientCapabilities: ["CP1"] },
  cache: { cacheLocation: "localStorage" },
  system: { loggerOptions: { logLevel: LogLevel.Warning, loggerCallback: (_level, message) => console.info(message) } },
  fetch: { interactionType: InteractionType.Popup, protectedResourceMap: { "/api": { scopes: ["scope"] } } },
};
const app = new PublicClientApplication(configuration);
// @ts-expect-error a slip of the pen, which must be seen whatever the options of the compiler
new PublicClientApplication({ auth: { clientId: "client" }, cache: { cacheLocaton: "localStorage" } });

export async function start(): Promise<AccountInfo | null> {
  await app.initialize({ wasm: new URL(wasm, location.href) });
  const result: AuthenticationResult | null = await app.handleRedirectPromise();
  app.addEventCallback(({ eventType, error }) => console.info(eventType, error?.errorCode), [EventType.LOGIN_SUCCESS]);
  return result?.account ?? app.getActiveAccount();
}

export async function ask(url: string): Promise<Demand[]> {
  const transport: typeof fetch = app.fetch;
  try {
    const response = await transport(url, { method: "POST", body: "{}" });
    return getDemands(response.status, response);
  } catch (error) {
    if (error instanceof InteractionRequiredAuthError) await app.acquireTokenPopup({ scopes: ["scope"], claims: error.claims });
    if (error instanceof BrowserAuthError && error.errorCode === "user_cancelled") return [];
    throw error;
  }
}

// One surface, whichever file it comes from.
const other: PublicClientApplication = new inline.PublicClientApplication(configuration);
void [other, init, broadcastResponseToMainFrame("/")];
