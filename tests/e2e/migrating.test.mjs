// What MIGRATING.md's tables say of options that are not here, seen in a browser: each refusal, and that nothing comes of what is ignored.
import assert from "node:assert/strict";
import { test } from "node:test";
import { optionTable } from "../npm/markdown.mjs";
import { stage } from "./support.mjs";

const world = stage();
const MARK = "of-msal-browser";

/** The rows of a table that are one of these. */
const rows = (heading, ...kinds) => optionTable(heading).filter(({ here }) => kinds.includes(here));
const refused = (heading) => rows(heading, "refused", "default only").map(({ option, note }) => [option, note.match(/`(unsupported_\w+)`/)[1]]);
const ignored = (heading) => rows(heading, "ignored").map(({ option }) => option);

/** A configuration with these options, `group.option`. */
const configured = (options) =>
  options.reduce((all, option) => {
    const [group, name] = option.split(".");
    return { ...all, [group]: { ...all[group], [name]: MARK } };
  }, {});

/** Starts another client in the page, with more in its configuration; gives what its start came to. */
const start = (page, more) =>
  page.evaluate((more) => {
    const auth = { clientId: served.clientId, authority: served.authority, redirectUri: location.href, ...more.auth };
    window.app = new countersign.PublicClientApplication({ ...more, auth });
    return settle(window.app.initialize());
  }, more);

test("every option of a configuration that the table calls refused is refused with the code that it names", async () => {
  const page = await world.open();
  assert.ok(refused("Configuration").length >= 3);
  for (const [option, code] of refused("Configuration")) {
    const { error } = await start(page, configured([option]));
    assert.equal(error?.errorCode, code, option);
    if (code === "unsupported_option") assert.match(error.message, new RegExp(option));
  }
});

test("every option of a request that the table calls refused is refused with the code that it names", async () => {
  const page = await world.open();
  await world.signIn(page);
  assert.ok(refused("Requests").length >= 4);
  for (const [option, code] of refused("Requests")) {
    const request = { scopes: world.demo.scopes, [option]: MARK };
    const { error } = await page.evaluate((request) => settle(app.acquireTokenSilent(request)), request);
    assert.equal(error?.errorCode, code, option);
  }
});

test("nothing comes of the options that the tables call ignored: the client starts, signs in, gets a token and signs out, and sends nothing of them", async () => {
  const page = await world.open();
  assert.ok(ignored("Configuration").length > 10 && ignored("Requests").length > 10 && ignored("Sign-out").length > 1);
  assert.equal((await start(page, configured(ignored("Configuration")))).error, undefined);
  const request = { scopes: world.demo.scopes, ...Object.fromEntries(ignored("Requests").map((option) => [option, MARK])) };
  await world.signIn(page, request);
  const silent = await page.evaluate((request) => settle(app.acquireTokenSilent(request)), { ...request, forceRefresh: true });
  assert.ok(silent.value?.accessToken, JSON.stringify(silent.error));
  const end = { ...Object.fromEntries(ignored("Sign-out").map((option) => [option, MARK])), postLogoutRedirectUri: page.url() };
  const { popup, outcome } = await world.click(page, (end) => app.logoutPopup(end), end);
  await popup.waitForEvent("close");
  assert.equal((await outcome).error, undefined);
  for (const endpoint of ["authorize", "token", "logout"]) {
    const requests = world.providerRequests(endpoint);
    assert.ok(requests.length > 0, endpoint);
    assert.ok(!JSON.stringify(requests).includes(MARK), endpoint);
  }
});
