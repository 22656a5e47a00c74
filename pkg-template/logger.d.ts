/**
 * The log. Each event is a line at `Verbose`, each error that a call rejects with a line at `Error`, or at `Warning` where it is the user's no or a
 * question for the user. Lines hold event names, codes and correlation ids: never a token, a code, a verifier, a claim, or a text of a server.
 */

/** Levels, and their names by number. */
export declare enum LogLevel {
  Error = 0,
  Warning = 1,
  Info = 2,
  Verbose = 3,
  Trace = 4,
}

export interface LoggerOptions {
  /** Receives each line. Default: none, and nothing is written anywhere. */
  loggerCallback?: (level: LogLevel, message: string, containsPii: boolean) => void;
  /** The last level that is logged. Default: `Info`. */
  logLevel?: LogLevel;
  /** Whether the `…Pii` methods write. This library calls none of them. Default: false. */
  piiLoggingEnabled?: boolean;
}

/** A line is `[time] : [correlationId] : package@version : Level - message`. */
export declare class Logger {
  constructor(loggerOptions: LoggerOptions, packageName?: string, packageVersion?: string);
  /** The same options, under another name. */
  clone(packageName: string, packageVersion: string): Logger;
  isPiiLoggingEnabled(): boolean;
  error(message: string, correlationId: string): void;
  errorPii(message: string, correlationId: string): void;
  warning(message: string, correlationId: string): void;
  warningPii(message: string, correlationId: string): void;
  info(message: string, correlationId: string): void;
  infoPii(message: string, correlationId: string): void;
  verbose(message: string, correlationId: string): void;
  verbosePii(message: string, correlationId: string): void;
  trace(message: string, correlationId: string): void;
  tracePii(message: string, correlationId: string): void;
}
