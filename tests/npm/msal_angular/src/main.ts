import { platformBrowser } from "@angular/platform-browser";
import { AppModule } from "./app.module";
import { SETTINGS } from "./settings";

fetch("/config.json")
  .then((response) => response.json())
  .then((useValue) => platformBrowser([{ provide: SETTINGS, useValue }]).bootstrapModule(AppModule))
  .catch((error: unknown) => console.error(error));
