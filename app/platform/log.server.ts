// Structured logs: one line per fact, `noun.verb` with ids. Never a body, a secret, a token or a query string.
import pino from "pino";
import { env } from "./env.server.ts";

const REDACTED = [
  "secret",
  "token",
  "accessToken",
  "refreshToken",
  "email",
  "body",
  "signature",
  "authorization",
];

let logger: pino.Logger | undefined;

// Made with the first line: who only reads what code says (the documents) needs no environment.
const out = () =>
  (logger ??= pino({
    level: env().LOG_LEVEL,
    base: { app: "laurel", pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    messageKey: "event",
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: [...REDACTED, ...REDACTED.map((key) => `*.${key}`)], remove: true },
  }));

export type Fields = Record<string, string | number | boolean | null | undefined>;

const fieldsOf = (fields: Fields, error?: unknown) =>
  error === undefined
    ? fields
    : { ...fields, error: error instanceof Error ? `${error.name}: ${error.message}` : "not an Error" };

/** Writes one fact. `event` is `noun.verb` (`delivery.attempted`); `fields` are ids, counts and codes. */
export const log = {
  debug: (event: string, fields: Fields = {}): void => out().debug(fields, event),
  info: (event: string, fields: Fields = {}): void => out().info(fields, event),
  warn: (event: string, fields: Fields = {}, error?: unknown): void =>
    out().warn(fieldsOf(fields, error), event),
  error: (event: string, fields: Fields = {}, error?: unknown): void =>
    out().error(fieldsOf(fields, error), event),
};
