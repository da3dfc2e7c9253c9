// The storefront's routes: its page, being a customer, and the app proxy.
import { inTime } from "../listen.ts";
import { Router, raw, urlencoded, type Request, type Response } from "express";
import type { AppConfig } from "./app-config.ts";
import type { Customer } from "./goods.ts";
import { signedProxyQuery } from "./proxy-signature.ts";
import type { Shop, Shops } from "./shop.ts";
import { storefrontPage } from "./storefront-page.ts";
import { renderTheme } from "./theme-extension.ts";

const PROXY_TIMEOUT_MS = 10_000;

type Visit = { shop: Shop; customer: Customer | undefined };
export type StorefrontParts = {
  shops: Shops;
  config: AppConfig;
  appUrl: string;
  apiSecret: string;
  extension: URL;
};

const cookiesOf = (request: Request): URLSearchParams =>
  new URLSearchParams((request.headers.cookie ?? "").replaceAll(/;\s*/g, "&"));

// Cookies of one host are shared by all its ports: names say whose they are.
const COOKIE = { shop: "standin_shop", customer: (shop: Shop) => `standin_customer_${shop.handle}` };

function customerOf(request: Request, shop: Shop): Customer | undefined {
  const id = cookiesOf(request).get(COOKIE.customer(shop)) ?? "";
  return /^\d{1,20}$/.test(id) ? shop.customers.get(BigInt(id)) : undefined;
}

/** Forwards one request to the app with Shopify's signature, and its answer back without cookies. */
async function forward(
  parts: StorefrontParts,
  { shop, customer }: Visit,
  request: Request,
  response: Response,
) {
  const { proxy } = parts.config;
  if (!proxy) return void response.status(404).send("The app has no proxy.");
  const pathPrefix = `/${proxy.prefix}/${proxy.subpath}`;
  const asked = new URL(request.originalUrl, parts.appUrl);
  const base = new URL(proxy.url, parts.appUrl);
  const url = new URL(parts.appUrl);
  url.pathname = base.pathname + asked.pathname.slice(pathPrefix.length);
  url.search = signedProxyQuery(
    asked.searchParams,
    {
      shop: shop.domain,
      customerId: customer?.id.toString() ?? "",
      pathPrefix,
      seconds: Math.floor(Date.now() / 1000),
    },
    parts.apiSecret,
  ).toString();
  const body = ["GET", "HEAD"].includes(request.method) ? undefined : (request.body as Buffer);
  const answer = await fetch(url, {
    method: request.method,
    headers: {
      "Content-Type": request.headers["content-type"] ?? "application/octet-stream",
      Accept: request.headers.accept ?? "*/*",
      "User-Agent": request.headers["user-agent"] ?? "storefront",
      "X-Forwarded-For": "203.0.113.10",
    },
    redirect: "manual",
    signal: AbortSignal.timeout(PROXY_TIMEOUT_MS),
    ...(body ? { body: new Uint8Array(body) } : {}),
  });
  response.status(answer.status).type(answer.headers.get("content-type") ?? "text/plain");
  for (const name of ["cache-control", "etag", "vary"]) {
    const value = answer.headers.get(name);
    if (value) response.set(name, value);
  }
  response.send(Buffer.from(await answer.arrayBuffer()));
}

/** The storefronts of all shops. The proxy lies at the root, where the visitor's last shop decides whose it is. */
export function storefrontRoutes(parts: StorefrontParts): Router {
  const router = Router();
  router.get(
    "/store/:shop",
    inTime(async (request, response) => {
      const shop = parts.shops.at(request.params["shop"] ?? "");
      if (!shop) return void response.status(404).send("No such shop.");
      const customer = customerOf(request, shop);
      response.cookie(COOKIE.shop, shop.handle, { httpOnly: true, sameSite: "lax" });
      response.send(storefrontPage(shop, customer, await renderTheme(parts.extension, shop, customer)));
    }),
  );
  router.post("/store/:shop/login", urlencoded({ extended: false, limit: "4kb" }), (request, response) => {
    const shop = parts.shops.at(request.params["shop"] ?? "");
    if (!shop) return void response.status(404).send("No such shop.");
    const { customer } = request.body as { customer?: string };
    response.cookie(COOKIE.customer(shop), customer ?? "", { httpOnly: true, sameSite: "lax" });
    response.redirect(303, `/store/${shop.handle}`);
  });
  router.get("/extension-assets/:name", (request, response) => {
    const name = request.params.name;
    if (!/^[\w.-]+$/.test(name)) return void response.sendStatus(404);
    response.sendFile(name, { root: new URL("assets/", parts.extension).pathname }, (error) => {
      if (error && !response.headersSent) response.sendStatus(404);
    });
  });
  const { proxy } = parts.config;
  if (proxy)
    router.all(
      new RegExp(`^/${proxy.prefix}/${proxy.subpath}(/|$)`),
      raw({ type: () => true, limit: "256kb" }),
      inTime(async (request, response) => {
        const shop = parts.shops.at(cookiesOf(request).get(COOKIE.shop) ?? "");
        if (!shop) return void response.status(404).send("Visit a storefront first.");
        try {
          await forward(parts, { shop, customer: customerOf(request, shop) }, request, response);
        } catch {
          response.status(502).send("The app did not answer.");
        }
      }),
    );
  return router;
}
