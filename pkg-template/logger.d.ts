/**
 * The log. Each event is a line at `Verbose`, each error that a call rejects with a line at `Error`, or at `Warning` where it is the user's no or a
 * question for the user. Lines hold event names, codes and correlation ids: never a token, a code, a verifier, a claim, or a text of a server.
 */

/** Levels, and their names by number. What is written where: of this library. */
export declare enum LogLevel {
  /** A call failed. */
  Error = 0,
  /** A call failed, and that is part of an app's normal life: the user's no, a question for the user. */
  Warning = 1,
  /** Nothing of this library's. */
  Info = 2,
  /** Every event. */
  Verbose = 3,
  /** Nothing of this library's. */
  Trace = 4,
}

/** Receives each line, and whether personal data may be in it. */
export type ILoggerCallback = (level: LogLevel, message: string, containsPii: boolean) => void;

/** What is logged, and where it goes. */
export interface LoggerOptions {
  /** Receives each line. Default: none, and nothing is written anywhere. */
  loggerCallback?: ILoggerCallback;
  /** The last level that is logged. Default: `Info`. */
  logLevel?: LogLevel;
  /** Whether the `…Pii` methods write. This library calls none of them. Default: false. */
  piiLoggingEnabled?: boolean;
}

/** A line is `[time] : [correlationId] : package@version : Level - message`. */
export declare class Logger {
  /** The name and the version are those of the package that logs. Default: empty. */
  constructor(loggerOptions: LoggerOptions, packageName?: string, packageVersion?: string);
  /** The same options, under another name. */
  clone(packageName: string, packageVersion: string): Logger;
  /** Whether the `…Pii` methods write. */
  isPiiLoggingEnabled(): boolean;
  /** A line at `Error`. */
  error(message: string, correlationId: string): void;
  /** A line at `Error` with personal data. */
  errorPii(message: string, correlationId: string): void;
  /** A line at `Warning`. */
  warning(message: string, correlationId: string): void;
  /** A line at `Warning` with personal data. */
  warningPii(message: string, correlationId: string): void;
  /** A line at `Info`. */
  info(message: string, correlationId: string): void;
  /** A line at `Info` with personal data. */
  infoPii(message: string, correlationId: string): void;
  /** A line at `Verbose`. */
  verbose(message: string, correlationId: string): void;
  /** A line at `Verbose` with personal data. */
  verbosePii(message: string, correlationId: string): void;
  /** A line at `Trace`. */
  trace(message: string, correlationId: string): void;
  /** A line at `Trace` with personal data. */
  tracePii(message: string, correlationId: string): void;
}
