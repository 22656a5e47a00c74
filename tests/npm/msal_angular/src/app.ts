import { HttpClient } from "@angular/common/http";
import { Component, inject } from "@angular/core";
import { MsalBroadcastService, MsalService } from "@azure/msal-angular";
import { InteractionStatus } from "@azure/msal-browser";
import { filter, map, startWith } from "rxjs";
import { SETTINGS } from "./settings";

@Component({
  selector: "app-root",
  standalone: false,
  template: `
    <p id="status">{{ status | async }}, {{ (user | async) ?? "nobody" }}</p>
    <a id="to-members" routerLink="/members">Members</a>
    <router-outlet />
  `,
})
export class App {
  private readonly service = inject(MsalService);
  readonly status = inject(MsalBroadcastService).inProgress$;
  readonly user = this.status.pipe(
    filter((status) => status === InteractionStatus.None),
    map(() => this.service.instance.getAllAccounts()[0]?.username),
  );
}

@Component({
  standalone: false,
  template: `
    <button id="popup" (click)="popup()">Sign in</button>
    <button id="redirect" (click)="redirect()">Sign in here</button>
  `,
})
export class Home {
  private readonly service = inject(MsalService);
  private readonly request = { scopes: inject(SETTINGS).scopes };

  popup() {
    this.service.loginPopup(this.request).subscribe(({ account }) => this.service.instance.setActiveAccount(account));
  }

  redirect() {
    this.service.loginRedirect(this.request);
  }
}

@Component({
  standalone: false,
  template: `
    <output id="orders">{{ orders | async }}</output>
    <button id="logout-popup" (click)="logoutPopup()">Sign out</button>
    <button id="logout-redirect" (click)="logoutRedirect()">Sign out here</button>
  `,
})
export class Members {
  private readonly service = inject(MsalService);
  readonly orders = inject(HttpClient)
    .get(`${inject(SETTINGS).api}/orders`, { observe: "response" })
    .pipe(
      map(({ status }) => `${status}`),
      startWith("asking"),
    );

  logoutPopup() {
    this.service.logoutPopup({ mainWindowRedirectUri: "/" });
  }

  logoutRedirect() {
    this.service.logoutRedirect();
  }
}

@Component({ standalone: false, template: `<p id="failed">The sign-in failed</p>` })
export class Failed {}
