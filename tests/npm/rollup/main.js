import { PublicClientApplication } from "countersign/inline";
import { start } from "./app.js";

start(PublicClientApplication);
