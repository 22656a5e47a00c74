import { MsalGuardConfiguration, MsalInterceptorConfiguration } from "@azure/msal-angular";
import { BrowserCacheLocation, InteractionType, IPublicClientApplication, PublicClientApplication } from "@azure/msal-browser";
import { Settings } from "./settings";

export function createInstance({ authority, clientId }: Settings): IPublicClientApplication {
  return new PublicClientApplication({
    auth: { clientId, authority, redirectUri: "/", postLogoutRedirectUri: "/" },
    cache: { cacheLocation: BrowserCacheLocation.LocalStorage },
  });
}

export function createGuard({ scopes }: Settings): MsalGuardConfiguration {
  return { interactionType: InteractionType.Redirect, authRequest: { scopes }, loginFailedRoute: "/failed" };
}

export function createInterceptor({ api, scopes }: Settings): MsalInterceptorConfiguration {
  const protectedResourceMap = new Map([[`${api}/orders`, scopes]]);
  return { interactionType: InteractionType.Redirect, protectedResourceMap, strictMatching: true };
}
