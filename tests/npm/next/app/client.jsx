"use client";
import { PublicClientApplication } from "countersign";
import { useEffect } from "react";
import { start } from "../app.js";

// Rendered on the server first; the app starts in the browser.
export function Client() {
  useEffect(() => void start(PublicClientApplication), []);
  return null;
}
