// Shopify on this machine, for tests: the stand-in's tokens and Admin GraphQL behind a real HTTP server.
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { readAppConfig } from "../../demo/shopify/app-config.ts";
import { openAdminGraphql } from "../../demo/shopify/admin-graphql.ts";
import { idToken } from "../../demo/shopify/identity.ts";
import { openTokenDesk } from "../../demo/shopify/oauth.ts";
import { openShops } from "../../demo/shopify/shop.ts";
import type { Shop } from "../../demo/shopify/shop.ts";
import { env } from "../../app/platform/env.server.ts";

const app = { apiKey: "laurel-test-client-id", apiSecret: "shpss_laurel_test_client_secret" };

export type NearbyShopify = {
  shop: (handle: string, wish?: Partial<Pick<Shop, "name" | "currency" | "timeZone" | "plan">>) => Shop;
  /** An id token as App Bridge hands it to the app. */
  idToken: (shop: Shop) => string;
  /** What was asked, oldest first: "exchange", "refresh" or "graphql". */
  asked: string[];
  /** Answers the next requests to Admin GraphQL with these statuses. */
  failNext: (statuses: number[]) => void;
  throttleNext: (requests: number) => void;
  /** Each answer comes so many ms late. */
  lateMs: number;
  close: () => Promise<void>;
};

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
}

/** Starts it and leads the app's calls there. */
export async function startNearbyShopify(): Promise<NearbyShopify> {
  const config = await readAppConfig("shopify.app.toml");
  const shops = openShops();
  const desk = openTokenDesk(app, config.scopes);
  const graphql = openAdminGraphql({ ...config, apiKey: app.apiKey });
  const failures: number[] = [];
  const nearby: NearbyShopify = {
    asked: [],
    lateMs: 0,
    shop: (handle, wish = {}) => {
      const shop = shops.open(handle, wish);
      if (!shop) throw new Error("no such shop");
      return shop;
    },
    idToken: (shop) => idToken(app, shop, Date.now()),
    failNext: (statuses) => void failures.push(...statuses),
    throttleNext: (requests) => graphql.throttleNext(requests),
    close: () => new Promise((done) => void server.close(() => done())),
  };
  const answerTo = async (request: IncomingMessage): Promise<{ status: number; body: unknown }> => {
    const shop = shops.ofDomain(String(request.headers["x-simulated-shop"]));
    if (!shop) return { status: 404, body: {} };
    const body = await bodyOf(request);
    if (request.url === "/admin/oauth/access_token") {
      nearby.asked.push(body["grant_type"] === "refresh_token" ? "refresh" : "exchange");
      return desk.answer(shop, body, Date.now());
    }
    nearby.asked.push("graphql");
    const failure = failures.shift();
    if (failure !== undefined) return { status: failure, body: { errors: "not now" } };
    const token = String(request.headers["x-shopify-access-token"]);
    if (!desk.opens(shop, token, Date.now()))
      return { status: 401, body: { errors: "[API] Invalid API key" } };
    const { query, variables = {} } = body as { query: string; variables?: Record<string, unknown> };
    return {
      status: 200,
      body: await graphql.answer(shop, { query, variables, operationName: undefined }, Date.now()),
    };
  };
  const server = createServer((request, response) => {
    void answerTo(request).then(({ status, body }) =>
      setTimeout(() => {
        response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
      }, nearby.lateMs),
    );
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  Object.assign(env(), { SHOPIFY_SIMULATOR_URL: `http://127.0.0.1:${port}` });
  return nearby;
}

/** A request as Shopify admin's iframe makes it, once App Bridge has added the id token. */
export function fromAdmin(token: string | null, path = "/app"): Request {
  const headers = new Headers({ "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140 Safari/537.36" });
  if (token !== null) headers.set("Authorization", `Bearer ${token}`);
  return new Request(`http://localhost:3000${path}`, { headers });
}
