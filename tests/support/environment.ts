// The environment of every test: nothing of the machine's own settings reaches the app.
import { randomBytes } from "node:crypto";

const OURS =
  /^(SHOPIFY_|WEBHOOK_|LAUREL_KEYRING|METRICS_TOKEN|APP_BRIDGE_URL|REDIS_URL|DATABASE_URL|HOST$|PORT$)/;

for (const name of Object.keys(process.env)) if (OURS.test(name)) Reflect.deleteProperty(process.env, name);

Object.assign(process.env, {
  NODE_ENV: "test",
  HOST: "127.0.0.1",
  PORT: "0",
  LOG_LEVEL: process.env["LOG_LEVEL"] ?? "silent",
  SHOPIFY_APP_URL: "http://localhost:3000",
  SHOPIFY_API_KEY: "laurel-test-client-id",
  SHOPIFY_API_SECRET: "shpss_laurel_test_client_secret",
  LAUREL_KEYRING: `test:${randomBytes(32).toString("base64")}`,
  WEBHOOK_LOOPBACK_HOSTS: "127.0.0.1,localhost",
  // Nobody listens there: a test that needs a database imports `support/database.ts` and is given one.
  DATABASE_URL: "postgresql://nobody@127.0.0.1:1/nothing",
});
