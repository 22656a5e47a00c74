// The log: nothing is written unless the app gives a callback.
import { AuthError, InteractionRequiredAuthError } from "./errors.js";
import { guarded } from "./guard.js";

// As TypeScript's enums have it: numbers by name, and names by number.
export const LogLevel = {
  Error: 0,
  Warning: 1,
  Info: 2,
  Verbose: 3,
  Trace: 4,
  0: "Error",
  1: "Warning",
  2: "Info",
  3: "Verbose",
  4: "Trace",
};

export class Logger {
  #options;
  #name;

  constructor(loggerOptions, packageName = "", packageVersion = "") {
    const { loggerCallback, logLevel, piiLoggingEnabled } = loggerOptions ?? {};
    this.#options = {
      loggerCallback,
      logLevel: typeof logLevel === "number" ? logLevel : LogLevel.Info,
      piiLoggingEnabled: piiLoggingEnabled === true,
    };
    this.#name = `${packageName}@${packageVersion}`;
  }

  clone(packageName, packageVersion) {
    return new Logger(this.#options, packageName, packageVersion);
  }

  isPiiLoggingEnabled() {
    return this.#options.piiLoggingEnabled;
  }

  error(message, correlationId) {
    this.#log(LogLevel.Error, message, correlationId);
  }

  errorPii(message, correlationId) {
    this.#log(LogLevel.Error, message, correlationId, true);
  }

  warning(message, correlationId) {
    this.#log(LogLevel.Warning, message, correlationId);
  }

  warningPii(message, correlationId) {
    this.#log(LogLevel.Warning, message, correlationId, true);
  }

  info(message, correlationId) {
    this.#log(LogLevel.Info, message, correlationId);
  }

  infoPii(message, correlationId) {
    this.#log(LogLevel.Info, message, correlationId, true);
  }

  verbose(message, correlationId) {
    this.#log(LogLevel.Verbose, message, correlationId);
  }

  verbosePii(message, correlationId) {
    this.#log(LogLevel.Verbose, message, correlationId, true);
  }

  trace(message, correlationId) {
    this.#log(LogLevel.Trace, message, correlationId);
  }

  tracePii(message, correlationId) {
    this.#log(LogLevel.Trace, message, correlationId, true);
  }

  #log(level, message, correlationId = "", containsPii = false) {
    const { loggerCallback, logLevel, piiLoggingEnabled } = this.#options;
    if (!loggerCallback || level > logLevel || (containsPii && !piiLoggingEnabled)) return;
    const line = `[${new Date().toUTCString()}] : [${correlationId}] : ${this.#name} : ${LogLevel[level]} - ${message}`;
    loggerCallback(level, line, containsPii);
  }
}

/** Says what happened: names, and nothing that came from a server or from the user. */
export function logEvent(logger, { eventType, interactionType, correlationId }) {
  guarded(() => logger.verbose(interactionType ? `${eventType} (${interactionType})` : eventType, shown(correlationId)));
}

/** Says what a call failed with. Errors of the app's own functions are its own affair. */
export function logError(logger, error) {
  if (!(error instanceof AuthError)) return;
  // These two are part of every app's normal life.
  const isNormal = error instanceof InteractionRequiredAuthError || error.errorCode === "user_cancelled";
  // A provider's code and its correlation id are its own texts: only what looks like one is shown.
  const code = /^\w{1,64}$/.test(error.errorCode) ? error.errorCode : "a code that is none";
  guarded(() => logger[isNormal ? "warning" : "error"](`${error.name}: ${code}`, shown(error.correlationId)));
}

const shown = (correlationId) => (/^[\da-f-]{36}$/i.test(correlationId) ? correlationId : "");
