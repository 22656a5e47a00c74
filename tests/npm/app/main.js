import { PublicClientApplication } from "countersign";
import { start } from "./app.js";

start(PublicClientApplication);
