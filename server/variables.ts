// The environment as a start finds it: what is set, then what `.env` says.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseEnv } from "../app/platform/env.server.ts";

/** The checkout. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

export type Variables = Record<string, string | undefined>;

/** As Node wants an environment for a child. */
export const asEnvironment = (variables: Variables): NodeJS.ProcessEnv => ({
  NODE_ENV: "development",
  ...variables,
});

/** Reads `.env` of the checkout into this process's environment; what is set already stays. */
export function loadDotEnv(): void {
  if (existsSync(`${ROOT}/.env`)) process.loadEnvFile(`${ROOT}/.env`);
}

/** Refuses what the app would refuse, before anything is started. Throws WeakEnvironment, one sentence per problem. */
export function refuseWeak(variables: Variables): void {
  parseEnv({
    ...variables,
    DATABASE_URL: variables["DATABASE_URL"] || "postgresql://embedded@127.0.0.1/laurel",
  });
}

/** Ends the process with the message alone: whoever starts Laurel needs the sentence, not the stack. */
export function endWith(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
