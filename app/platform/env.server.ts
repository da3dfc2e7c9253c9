// The environment, parsed once. A missing or weak value stops the start with a sentence that says what to set.
import { z } from "zod";

const KEY_BYTES = 32;
/** Seconds between attempts: about three days. webhooks.md, "Answers". */
export const DEFAULT_RETRY_SCHEDULE_S = [10, 60, 300, 1800, 7200, 21_600, 43_200, 86_400, 86_400] as const;
/** What the contract promises at the least, and what no endpoint takes for an attack. */
const LEAST_RETRIES = 3;
const LEAST_WAIT_S = 1;

const positive = (fallback: number) => z.coerce.number().int().positive().default(fallback);
const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );

const keyring = z
  .string({ error: "set it to `kid:key`, the key being 32 random bytes in base64 (openssl rand -base64 32)" })
  .transform((text, ctx) =>
    text.split(",").map((entry) => {
      const at = entry.indexOf(":");
      const kid = entry.slice(0, at).trim();
      const key = Buffer.from(entry.slice(at + 1).trim(), "base64");
      if (at < 1 || key.length !== KEY_BYTES || new Set(key).size < 8) {
        ctx.addIssue({
          code: "custom",
          message: "each entry must be `kid:key`, the key being 32 random bytes in base64",
        });
      }
      return { kid, key };
    }),
  );

const schedule = z
  .string()
  .default(DEFAULT_RETRY_SCHEDULE_S.join(","))
  .transform((text) => text.split(",").map(Number))
  .refine((waits) => waits.length <= 30 && waits.every((wait) => Number.isFinite(wait) && wait > 0), {
    error: "a list of seconds above zero, as `10,60,300`",
  });

const Environment = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  HOST: z.string().default("0.0.0.0"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  SHOPIFY_APP_URL: z.url({
    error: "set it to the address at which Shopify reaches the app, as https://laurel.example",
  }),
  SHOPIFY_APP_HANDLE: z.string().default("laurel"),
  SHOPIFY_API_KEY: z
    .string({ error: "set it to the app's client id" })
    .min(8, "set it to the app's client id"),
  SHOPIFY_API_SECRET: z
    .string({ error: "set it to the app's client secret" })
    .min(16, "is too short to be the app's client secret"),
  SHOPIFY_API_SECRET_PREVIOUS: z.string().min(16).optional(),
  SHOPIFY_API_SECRET_ROTATED_AT: z.iso.datetime().optional(),
  DATABASE_URL: z
    .string({ error: "set it to a postgresql:// address" })
    .regex(/^postgres(ql)?:\/\//, "set it to a postgresql:// address"),
  DATABASE_POOL: positive(10),
  REDIS_URL: z.string().optional(),
  LAUREL_KEYRING: keyring,
  WEBHOOK_RETRY_SCHEDULE_S: schedule,
  WEBHOOK_DEADLINE_MS: positive(15_000).refine((ms) => ms <= 60_000, { error: "60000 at the most" }),
  WEBHOOK_LOOPBACK_HOSTS: list,
  SHOPIFY_SIMULATOR_URL: z.url().optional(),
  APP_BRIDGE_URL: z.url().optional(),
  WORKER_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  METRICS_TOKEN: z.string().min(16, "is too short: 16 characters at the least").optional(),
});

/** Every variable that is read. .env.example has each; a test compares. */
export const VARIABLES: readonly string[] = Object.keys(Environment.shape);

/** The parsed environment. */
export type Env = z.output<typeof Environment>;

/** What only a laptop may set, since it weakens something. */
const NEVER_IN_PRODUCTION = ["SHOPIFY_SIMULATOR_URL", "APP_BRIDGE_URL", "WEBHOOK_LOOPBACK_HOSTS"] as const;

export class WeakEnvironment extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Laurel cannot start:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.name = "WeakEnvironment";
    this.problems = problems;
  }
}

function weakInProduction(given: Record<string, string | undefined>): string[] {
  const problems: string[] = [];
  for (const name of NEVER_IN_PRODUCTION) {
    if (given[name] !== undefined) problems.push(`${name}: unset it; it is refused in production`);
  }
  // As whoever connects reads it: `HTTP:` is http.
  if ((URL.parse(given["SHOPIFY_APP_URL"] ?? "")?.protocol ?? "https:") !== "https:")
    problems.push("SHOPIFY_APP_URL: must be https in production");
  if (Number(given["WEBHOOK_DEADLINE_MS"] ?? 15_000) < 5_000)
    problems.push("WEBHOOK_DEADLINE_MS: 5000 at the least in production");
  const waits = schedule.safeParse(given["WEBHOOK_RETRY_SCHEDULE_S"]).data;
  if (waits !== undefined && (waits.length < LEAST_RETRIES || waits.some((wait) => wait < LEAST_WAIT_S)))
    problems.push(
      `WEBHOOK_RETRY_SCHEDULE_S: in production ${LEAST_RETRIES} waits at the least, none under a second`,
    );
  return problems;
}

/**
 * Parses environment variables.
 * @throws WeakEnvironment with one sentence per missing or weak value.
 */
export function parseEnv(variables: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const problems: string[] = [];
  if (given["NODE_ENV"] === "production") problems.push(...weakInProduction(given));
  const parsed = Environment.safeParse(given);
  if (!parsed.success)
    problems.push(...parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`));
  if (!parsed.success || problems.length > 0) throw new WeakEnvironment([...new Set(problems)]);
  return parsed.data;
}

let parsed: Env | undefined;

/** The environment of this process, parsed at the first call. */
export function env(): Env {
  parsed ??= parseEnv(process.env);
  return parsed;
}
