// The stand-in for Shopify: admin, Admin API, webhooks and storefront of any number of demo shops on one address.
import express, { type ErrorRequestHandler } from "express";
import { ZodError } from "zod";
import { asset } from "../assets.ts";
import { listen, localOnly } from "../listen.ts";
import { refuseInProduction } from "../production-guard.ts";
import { openActions, type Actions } from "./actions.ts";
import { openAdminGraphql } from "./admin-graphql.ts";
import { adminRoutes } from "./admin.ts";
import type { AppConfig } from "./app-config.ts";
import { controlRoutes } from "./control.ts";
import type { AppCredentials } from "./identity.ts";
import { openTokenDesk } from "./oauth.ts";
import { openShops, type Shops } from "./shop.ts";
import { storefrontRoutes } from "./storefront.ts";
import { openWebhookSender, type WebhookSender } from "./webhook-sender.ts";
import { webhooksPage } from "./webhooks-page.ts";

/** How many times faster than Shopify the stand-in repeats a failed webhook: a minute becomes a tenth of a second. */
export const DEMO_HASTE = 600;

export type StandInOptions = AppCredentials & {
  port: number;
  appUrl: string;
  config: AppConfig;
  haste?: number;
  /** Where the receiver is, for a link; it may start later. */
  receiverUrl?: () => string | undefined;
  extension?: URL;
};

export type StandIn = {
  url: string;
  port: number;
  shops: Shops;
  actions: Actions;
  sender: WebhookSender;
  close: () => Promise<void>;
};

const ASSETS: Readonly<Record<string, URL>> = {
  "/assets/shell.js": new URL("browser/shell.ts", import.meta.url),
  "/assets/storefront.js": new URL("browser/storefront.ts", import.meta.url),
  "/assets/shell.css": new URL("shell.css", import.meta.url),
  "/assets/storefront.css": new URL("storefront.css", import.meta.url),
  "/assets/plain.css": new URL("../plain.css", import.meta.url),
};

// One classic script, in this order: a document may load it before anything else.
const APP_BRIDGE = ["session", "elements", "frame"].map(
  (part) => new URL(`browser/app-bridge-${part}.ts`, import.meta.url),
);

const plainly: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) return next(error);
  if (error instanceof ZodError) {
    const fields = error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    return void response.status(422).json({ error: fields.join("; ") });
  }
  const status = (error as { status?: number }).status ?? 500;
  return void response.status(status).json({ error: (error as Error).message });
};

/** Starts the stand-in. Refuses in production. */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  refuseInProduction(process.env);
  const { apiKey, apiSecret, appUrl, config, haste = DEMO_HASTE } = options;
  const shops = openShops();
  const sender = openWebhookSender({
    appUrl,
    apiSecret,
    apiVersion: config.apiVersion,
    topics: config.topics,
    haste,
  });
  const actions = openActions(sender);
  const graphql = openAdminGraphql({ ...config, apiKey });
  const desk = openTokenDesk({ apiKey, apiSecret }, config.scopes);
  const extension = options.extension ?? new URL("../../extensions/laurel-storefront/", import.meta.url);

  const server = express().disable("x-powered-by").use(localOnly);
  server.get("/app-bridge.js", asset(...APP_BRIDGE));
  for (const [path, file] of Object.entries(ASSETS)) server.get(path, asset(file));
  server.get("/webhooks", (_request, response) => void response.send(webhooksPage(sender.log())));
  server.use("/api", controlRoutes({ shops, actions, sender, graphql, scopes: config.scopes }));
  const receiverUrl = options.receiverUrl ?? (() => undefined);
  server.use(
    adminRoutes({ shops, actions, graphql, desk, app: { apiKey, apiSecret }, config, appUrl, receiverUrl }),
  );
  server.use(storefrontRoutes({ shops, config, appUrl, apiSecret, extension }));
  server.use(plainly);

  const listening = await listen(server, options.port);
  return {
    ...listening,
    shops,
    actions,
    sender,
    async close() {
      await sender.close();
      await listening.close();
    },
  };
}
