// The admin's routes: the shell around the app, what App Bridge asks for, tokens and Admin GraphQL.
import { inTime } from "../listen.ts";
import { Router, json, urlencoded, type Request, type Response } from "express";
import { z } from "zod";
import type { Actions } from "./actions.ts";
import type { AdminGraphql } from "./admin-graphql.ts";
import type { AppConfig } from "./app-config.ts";
import { idToken, type AppCredentials } from "./identity.ts";
import type { TokenDesk } from "./oauth.ts";
import { isPlanName } from "./plans.ts";
import { plansPage, shellPage, type ShellLinks } from "./shell-page.ts";
import type { Shop, Shops } from "./shop.ts";

export type AdminParts = {
  shops: Shops;
  actions: Actions;
  graphql: AdminGraphql;
  desk: TokenDesk;
  app: AppCredentials;
  config: AppConfig;
  appUrl: string;
  receiverUrl: () => string | undefined;
};

const Graphql = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});
const BAD_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)";

/** The address that Shopify puts into the frame: `path` of the app with who is looking, and a fresh id token. */
export function frameAddress(parts: Pick<AdminParts, "app" | "appUrl">, shop: Shop, path: string): string {
  const url = new URL(path, parts.appUrl);
  url.searchParams.set("embedded", "1");
  url.searchParams.set("shop", shop.domain);
  url.searchParams.set("host", Buffer.from(`admin.shopify.com/store/${shop.handle}`).toString("base64"));
  url.searchParams.set("id_token", idToken(parts.app, shop, Date.now()));
  url.searchParams.set("locale", shop.locale);
  return url.href;
}

function shellRoutes(router: Router, parts: AdminParts, withShop: WithShop): void {
  const links = (): ShellLinks => ({
    appHandle: parts.config.handle,
    appName: parts.config.name,
    appUrl: parts.appUrl,
    receiverUrl: parts.receiverUrl(),
  });
  router.get("/", (_request, response) => response.redirect("/admin/store/laurel-demo"));
  router.get("/admin/store/:shop", (request, response) =>
    response.redirect(`/admin/store/${request.params.shop}/apps/${parts.config.handle}`),
  );
  const plans = "/admin/store/:shop/charges/:app/pricing_plans";
  router.get(
    plans,
    withShop((shop, _request, response) => void response.send(plansPage(shop, links()))),
  );
  router.post(
    plans,
    urlencoded({ extended: false, limit: "4kb" }),
    withShop((shop, request, response) => {
      const { plan = "" } = request.body as { plan?: string };
      if (isPlanName(plan)) parts.actions.plan(shop, plan);
      response.redirect(303, `/admin/store/${shop.handle}/apps/${parts.config.handle}`);
    }),
  );
  router.get(
    "/admin/store/:shop/apps/:app*",
    withShop((shop, request, response) => {
      const rest = request.originalUrl.replace(/^\/admin\/store\/[^/]+\/apps\/[^/?#]+/, "");
      const path =
        rest === "" || rest === "/" || rest.startsWith("?") ? `/app${rest.replace(/^\//, "")}` : rest;
      // Two slashes would name another host.
      response.send(shellPage(shop, links(), frameAddress(parts, shop, path.replace(/^\/+/, "/"))));
    }),
  );
}

type Handler = (request: Request, response: Response) => void;
type WithShop = (run: (shop: Shop, request: Request, response: Response) => void) => Handler;

function bridgeRoutes(router: Router, parts: AdminParts): void {
  const appOrigin = new URL(parts.appUrl).origin;
  router.use(["/id_token", "/app-scopes", "/app-extensions"], (_request, response, next) => {
    response.set({ "Access-Control-Allow-Origin": appOrigin, Vary: "Origin", "Cache-Control": "no-store" });
    next();
  });
  router.get("/id_token", (request, response) => {
    const asked = request.query["shop"];
    const shop = typeof asked === "string" ? parts.shops.ofDomain(asked) : undefined;
    if (shop) response.type("text/plain").send(idToken(parts.app, shop, Date.now()));
    else response.status(404).send("no such shop");
  });
  router.get("/app-scopes", (_request, response) => void response.json(parts.config.scopes.split(",")));
  router.get("/app-extensions", (_request, response) => void response.json([]));
}

function apiRoutes(router: Router, parts: AdminParts): void {
  const simulated = (request: Request): Shop | undefined =>
    parts.shops.ofDomain(String(request.headers["x-simulated-shop"] ?? ""));
  router.post(
    "/admin/oauth/access_token",
    json({ limit: "64kb" }),
    urlencoded({ extended: false, limit: "64kb" }),
    (request, response) => {
      const shop = simulated(request);
      if (!shop) return void response.status(404).json({ errors: "Not Found" });
      const { status, body } = parts.desk.answer(shop, request.body, Date.now());
      response.status(status).json(body);
    },
  );
  router.post(
    "/admin/api/:version/graphql.json",
    json({ limit: "2mb" }),
    inTime(async (request, response) => {
      const shop = simulated(request);
      if (!shop || request.params["version"] !== parts.config.apiVersion)
        return void response.status(404).json({ errors: "Not Found" });
      const token = String(request.headers["x-shopify-access-token"] ?? "");
      if (!parts.desk.opens(shop, token, Date.now()))
        return void response.status(401).json({ errors: BAD_TOKEN });
      const asked = Graphql.safeParse(request.body);
      if (!asked.success)
        return void response.status(400).json({ errors: { query: "Required parameter missing or invalid" } });
      const { query, variables, operationName } = asked.data;
      const question = { query, variables: variables ?? {}, operationName: operationName ?? undefined };
      response.json(await parts.graphql.answer(shop, question, Date.now()));
    }),
  );
}

/** All that lies below /admin, and what the App Bridge stub asks for. */
export function adminRoutes(parts: AdminParts): Router {
  const router = Router();
  const withShop: WithShop = (run) => (request, response) => {
    const shop = parts.shops.at(request.params["shop"] ?? "");
    if (shop) run(shop, request, response);
    else response.status(404).send("No such shop.");
  };
  bridgeRoutes(router, parts);
  apiRoutes(router, parts);
  shellRoutes(router, parts, withShop);
  return router;
}
