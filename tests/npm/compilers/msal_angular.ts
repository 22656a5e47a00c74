// An Angular app that was written with @azure/msal-angular, whose own declarations take ours for those of @azure/msal-browser (`paths`).
import { type IPublicClientApplication, InteractionStatus, InteractionType, PublicClientApplication } from "@azure/msal-browser";
import {
  type MsalBroadcastService,
  MsalCustomNavigationClient,
  type MsalGuardConfiguration,
  type MsalInterceptorConfiguration,
  MsalModule,
  type MsalService,
} from "@azure/msal-angular";
import type * as countersign from "countersign";

const guard: MsalGuardConfiguration = { interactionType: InteractionType.Redirect, authRequest: { scopes: ["scope"], prompt: "login" } };
const interceptor: MsalInterceptorConfiguration = {
  interactionType: InteractionType.Popup,
  protectedResourceMap: new Map([["/api", ["scope"]]]),
};
// @ts-expect-error a guard asks, or it is none
export const silent: MsalGuardConfiguration = { interactionType: InteractionType.Silent };

const instance: IPublicClientApplication = new PublicClientApplication({ auth: { clientId: "client" } });
export const module = MsalModule.forRoot(instance, guard, interceptor);

export function watch(broadcast: MsalBroadcastService, service: MsalService, ...rest: [never, never]): void {
  broadcast.inProgress$.subscribe((status) => {
    if (status !== InteractionStatus.None) return;
    // It is our client, not just anything: MSAL's has no `fetch`.
    const client: countersign.IPublicClientApplication = service.instance;
    client.setNavigationClient(new MsalCustomNavigationClient(service, ...rest));
    service.acquireTokenSilent({ scopes: ["scope"] }).subscribe(({ expiresOn }) => void client.fetch(`/api?until=${expiresOn.getTime()}`));
  });
}
