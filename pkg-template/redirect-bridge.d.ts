/**
 * A redirect page without the app.
 *
 * @module countersign/redirect-bridge
 */

/**
 * For the page a provider sends the user back to, where that is not the app itself. In a popup: hands the response in the page's URL to the
 * window that waits for it, and closes this one. After a sign-in by redirect: sends the page on to `mainPage` (same origin; default: the
 * folder of this page), whose `handleRedirectPromise()` takes the response up.
 */
export declare function broadcastResponseToMainFrame(mainPage?: string | URL): Promise<void>;
