import { InjectionToken } from "@angular/core";

/** What the server says of itself. */
export interface Settings {
  api: string;
  authority: string;
  clientId: string;
  scopes: string[];
}

export const SETTINGS = new InjectionToken<Settings>("settings");
