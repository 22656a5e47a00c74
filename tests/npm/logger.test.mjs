// The logger by itself: levels, callback, personal data, and what its callback throws.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pkg } from "./support.mjs";

const { Logger, LogLevel, PublicClientApplication, stubbedPublicClientApplication, BrowserConfigurationAuthError } = await import(
  pkg("index.js")
);
const METHODS = ["error", "warning", "info", "verbose", "trace"];

function logger(options) {
  const lines = [];
  const loggerCallback = (...line) => lines.push(line);
  return { lines, log: new Logger({ loggerCallback, ...options }, "app", "1.2.3") };
}

test("levels have MSAL's numbers, and numbers their names", () => {
  assert.deepEqual(
    ["Error", "Warning", "Info", "Verbose", "Trace"].map((name) => [LogLevel[name], LogLevel[LogLevel[name]]]),
    [[0, "Error"], [1, "Warning"], [2, "Info"], [3, "Verbose"], [4, "Trace"]],
  );
});

test("a line is logged at its level, and up to the level that is set", () => {
  for (const logLevel of [0, 1, 2, 3, 4]) {
    const { lines, log } = logger({ logLevel });
    for (const method of METHODS) log[method](`of ${method}`, "id-1");
    assert.deepEqual(
      lines.map(([level, , containsPii]) => [level, containsPii]),
      METHODS.slice(0, logLevel + 1).map((_, level) => [level, false]),
    );
  }
  for (const none of [{}, { logLevel: null }, { logLevel: "Trace" }]) {
    const { lines, log } = logger(none);
    for (const method of METHODS) log[method]("message", "id");
    assert.equal(lines.length, LogLevel.Info + 1, "the default is Info");
  }
});

test("a line holds time, correlation id, package, level and message", () => {
  const { lines, log } = logger({});
  log.warning("message", "id-1");
  assert.match(lines[0][1], /^\[\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT\] : \[id-1\] : app@1\.2\.3 : Warning - message$/);
});

test("personal data is logged only where it is allowed, and is marked", () => {
  for (const piiLoggingEnabled of [false, true]) {
    const { lines, log } = logger({ logLevel: LogLevel.Trace, piiLoggingEnabled });
    assert.equal(log.isPiiLoggingEnabled(), piiLoggingEnabled);
    for (const method of METHODS) log[`${method}Pii`]("message", "id");
    assert.deepEqual(
      lines.map(([level, , containsPii]) => [level, containsPii]),
      piiLoggingEnabled ? [0, 1, 2, 3, 4].map((level) => [level, true]) : [],
    );
  }
});

test("a clone has the same options under another name", () => {
  const { lines, log } = logger({ logLevel: LogLevel.Trace });
  log.clone("wrapper", "9").trace("message", "");
  assert.match(lines[0][1], / : wrapper@9 : Trace - message$/);
});

test("without a callback nothing is written, not to the console either", (context) => {
  for (const method of ["log", "info", "warn", "error", "debug", "trace"]) {
    context.mock.method(console, method, () => assert.fail(`console.${method} was called`));
  }
  for (const options of [undefined, null, {}, { logLevel: LogLevel.Trace, piiLoggingEnabled: true }]) {
    for (const method of METHODS) new Logger(options)[method]("message", "id");
  }
});

test("a client logs with the configured logger, and with another one once it is set", () => {
  const first = logger({ logLevel: LogLevel.Verbose });
  const second = logger({ logLevel: LogLevel.Verbose });
  const { lines } = first;
  const app = new PublicClientApplication({
    auth: { clientId: "c" },
    system: { loggerOptions: { logLevel: LogLevel.Verbose, loggerCallback: (...line) => lines.push(line) } },
  });
  app.initializeWrapperLibrary("@azure/msal-react", "5.7.1");
  assert.match(lines[0][1], / : countersign@[\d.]+ : Verbose - .*@azure\/msal-react 5\.7\.1$/);
  app.setLogger(second.log);
  assert.equal(app.getLogger(), second.log);
  app.initializeWrapperLibrary("@azure/msal-angular", "6");
  assert.deepEqual([lines.length, second.lines.length], [1, 1]);
});

test("a correlation id that is a text of somebody else's is not logged, in an event nor in an error", async () => {
  const { logError, logEvent } = await import(pkg("logger.js"));
  const { AuthError } = await import(pkg("errors.js"));
  for (const [correlationId, shown] of [
    ["alex@contoso.example\n[FORGED LINE]", ""],
    ["0b5d1e3c-0000-4000-8000-00000000c516", "0b5d1e3c-0000-4000-8000-00000000c516"],
  ]) {
    const { log, lines } = logger({ logLevel: LogLevel.Trace });
    logEvent(log, { eventType: "msal:handleRedirectEnd", interactionType: "redirect", correlationId });
    const error = new AuthError("server_error");
    error.correlationId = correlationId;
    logError(log, error);
    assert.equal(lines.length, 2);
    for (const [, line] of lines) assert.ok(line.includes(`] : [${shown}] : `) && !line.includes("\n"), line);
  }
});

test("the configuration comes back as it was given, with every group there", () => {
  const app = new PublicClientApplication({ auth: { clientId: "c" }, cache: { cacheLocation: "memoryStorage" } });
  assert.deepEqual(app.getConfiguration(), { auth: { clientId: "c" }, cache: { cacheLocation: "memoryStorage" }, system: {} });
});

test("the placeholder of a client has every method of one, and refuses with one code", async () => {
  const isStub = (error) =>
    error instanceof BrowserConfigurationAuthError && error.errorCode === "stubbed_public_client_application_called";
  for (const name of Object.getOwnPropertyNames(PublicClientApplication.prototype)) {
    if (name !== "constructor") assert.equal(typeof stubbedPublicClientApplication[name], "function", name);
  }
  for (const name of ["initialize", "loginPopup", "loginRedirect", "acquireTokenSilent", "handleRedirectPromise", "logoutRedirect", "fetch"]) {
    await assert.rejects(stubbedPublicClientApplication[name](), isStub, name);
  }
  assert.throws(() => stubbedPublicClientApplication.getLogger(), isStub);
  assert.deepEqual(stubbedPublicClientApplication.getAllAccounts(), []);
  assert.equal(stubbedPublicClientApplication.getActiveAccount(), null);
});
