// The whole demo as one thing: Laurel, the stand-in for Shopify and the receiver, on neighbouring ports.
import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ensureBuild } from "../server/ensure-build.ts";
import { startLaurel } from "../server/laurel.ts";
import { ROOT } from "../server/variables.ts";
import { refuseInProduction } from "./production-guard.ts";
import { startReceiver, type Receiver } from "./receiver/receiver.ts";
import { readAppConfig } from "./shopify/app-config.ts";
import { startStandIn, type StandIn } from "./shopify/server.ts";
import type { Shop } from "./shopify/shop.ts";

export const DEMO_PORT = 4400;
const HANDLE = "laurel-demo";
const API_KEY = "laurel-demo-client-id";

export type Demo = {
  appUrl: string;
  databaseUrl: string;
  apiKey: string;
  apiSecret: string;
  shop: Shop;
  standIn: StandIn;
  receiver: Receiver;
  pids: () => { web: number | undefined; worker: number | undefined };
  stop: () => Promise<void>;
};

export type DemoOptions = {
  /** App, stand-in and receiver listen on this port and the next two. */
  port?: number;
  report?: (line: string) => void;
  /** Below `.laurel/`: each demo that runs at the same time needs one of its own. */
  dataDir?: string;
  env?: Record<string, string>;
};

/** Starts the demo on an empty database. Refuses in production; throws a sentence where a port is taken. */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  refuseInProduction(process.env);
  const { port = DEMO_PORT, report = () => undefined } = options;
  const apiSecret = randomBytes(24).toString("hex");
  const appUrl = `http://localhost:${port}`;
  await ensureBuild(report);
  const receiver = await startReceiver(port + 2);
  const standIn = await startStandIn({
    port: port + 1,
    appUrl,
    apiKey: API_KEY,
    apiSecret,
    config: await readAppConfig(join(ROOT, "shopify.app.toml")),
    receiverUrl: () => receiver.url,
  });
  report(`Shopify's stand-in answers at ${standIn.url}`);
  report(`The receiver listens at ${receiver.url}`);
  const dataDir = options.dataDir ?? join(ROOT, ".laurel", `demo-${port}`);
  await rm(dataDir, { recursive: true, force: true });
  const laurel = await startLaurel({
    env: variables({ port, appUrl, apiSecret, standIn }, options.env),
    dataDir,
    report,
  });
  const shop = standIn.shops.open(HANDLE, {
    name: "Laurel Demo",
    currency: "EUR",
    timeZone: "Europe/Berlin",
    plan: "growth",
  });
  if (shop === undefined) throw new Error("the stand-in refused the demo shop");
  return {
    appUrl,
    databaseUrl: laurel.databaseUrl,
    apiKey: API_KEY,
    apiSecret,
    shop,
    standIn,
    receiver,
    pids: laurel.pids,
    stop: async () => {
      await standIn.close();
      await laurel.stop();
      await receiver.close();
    },
  };
}

type Addresses = { port: number; appUrl: string; apiSecret: string; standIn: StandIn };

function variables({ port, appUrl, apiSecret, standIn }: Addresses, more: Record<string, string> = {}) {
  return {
    NODE_ENV: "development",
    HOST: "127.0.0.1",
    PORT: String(port),
    LOG_LEVEL: "warn",
    SHOPIFY_APP_URL: appUrl,
    SHOPIFY_API_KEY: API_KEY,
    SHOPIFY_API_SECRET: apiSecret,
    SHOPIFY_SIMULATOR_URL: standIn.url,
    APP_BRIDGE_URL: `${standIn.url}/app-bridge.js`,
    LAUREL_KEYRING: `demo:${randomBytes(32).toString("base64")}`,
    WEBHOOK_LOOPBACK_HOSTS: "localhost,127.0.0.1",
    DATABASE_URL: undefined,
    ...more,
  };
}
