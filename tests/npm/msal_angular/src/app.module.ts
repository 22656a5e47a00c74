import { APP_BASE_HREF } from "@angular/common";
import { HTTP_INTERCEPTORS, provideHttpClient, withInterceptorsFromDi } from "@angular/common/http";
import { NgModule } from "@angular/core";
import { BrowserModule } from "@angular/platform-browser";
import { RouterModule, Routes } from "@angular/router";
import {
  MSAL_GUARD_CONFIG,
  MSAL_INSTANCE,
  MSAL_INTERCEPTOR_CONFIG,
  MsalGuard,
  MsalInterceptor,
  MsalModule,
  MsalRedirectComponent,
  MsalService,
} from "@azure/msal-angular";
import { BrowserUtils } from "@azure/msal-browser";
import { App, Failed, Home, Members } from "./app";
import { createGuard, createInstance, createInterceptor } from "./msal";
import { SETTINGS } from "./settings";

const routes: Routes = [
  { path: "members", component: Members, canActivate: [MsalGuard] },
  { path: "failed", component: Failed },
  { path: "", component: Home },
];

// As Microsoft's samples have it: where the page is there to hand an answer over, no page of the app is gone to.
const isForPeople = !BrowserUtils.isInIframe() && !BrowserUtils.isInPopup();

@NgModule({
  declarations: [App, Failed, Home, Members],
  imports: [BrowserModule, MsalModule, RouterModule.forRoot(routes, { initialNavigation: isForPeople ? "enabledNonBlocking" : "disabled" })],
  providers: [
    // In place of <base>, which the page's policy forbids.
    { provide: APP_BASE_HREF, useValue: "/" },
    provideHttpClient(withInterceptorsFromDi()),
    { provide: HTTP_INTERCEPTORS, useClass: MsalInterceptor, multi: true },
    { provide: MSAL_INSTANCE, useFactory: createInstance, deps: [SETTINGS] },
    { provide: MSAL_GUARD_CONFIG, useFactory: createGuard, deps: [SETTINGS] },
    { provide: MSAL_INTERCEPTOR_CONFIG, useFactory: createInterceptor, deps: [SETTINGS] },
    MsalService,
  ],
  bootstrap: [App, MsalRedirectComponent],
})
export class AppModule {}
