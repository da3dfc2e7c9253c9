// The environment of a bench that runs the app in its own process and in those that it starts.
import { randomBytes } from "node:crypto";

/** Sets it, before the app is imported; Redis below BullMQ where its address is given. */
export function setEnvironment(databaseUrl: string, redisUrl: string | undefined): void {
  Object.assign(process.env, {
    DATABASE_URL: databaseUrl,
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
    LOG_LEVEL: "error",
    WEBHOOK_LOOPBACK_HOSTS: "127.0.0.1",
    SHOPIFY_APP_URL: "http://localhost:3000",
    SHOPIFY_API_KEY: "laurel-bench-client",
    SHOPIFY_API_SECRET: "laurel-bench-client-secret",
    LAUREL_KEYRING: `bench:${randomBytes(32).toString("base64")}`,
  });
}
