// The app as Shopify's library knows it: token exchange, expiring offline tokens, sessions in Postgres.
import "@shopify/shopify-app-remix/adapters/node";
import { AppDistribution, shopifyApp } from "@shopify/shopify-app-remix/server";
import type { ShopId } from "../loyalty/ids.ts";
import { shopIdFrom } from "../loyalty/ids.ts";
import { env } from "../platform/env.server.ts";
import { SHOPIFY_API_VERSION, shopifyLogger } from "./api.server.ts";
import { sessions } from "./sessions.server.ts";

const shopify = shopifyApp({
  apiKey: env().SHOPIFY_API_KEY,
  apiSecretKey: env().SHOPIFY_API_SECRET,
  appUrl: env().SHOPIFY_APP_URL,
  apiVersion: SHOPIFY_API_VERSION,
  distribution: AppDistribution.AppStore,
  isEmbeddedApp: true,
  useOnlineTokens: false,
  sessionStorage: sessions,
  logger: shopifyLogger,
  future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
});

/** The library's answer to a request from inside Shopify admin. */
export type AdminRequest = Awaited<ReturnType<typeof shopify.authenticate.admin>> & {
  readonly shopId: ShopId;
};

/**
 * Authenticates a request from inside Shopify admin by its session token. Screens call
 * `authenticateAdmin` of admin/authenticate.server.ts, which installs the shop as well.
 * @throws Response as the library answers: the bounce page, 401 with a request to retry, 410 to robots.
 */
export async function authenticateEmbedded(request: Request): Promise<AdminRequest> {
  const context = await shopify.authenticate.admin(request).catch((answer: unknown) => {
    // The page that fetches a new session token is the library's own, and is framed as ours are.
    if (answer instanceof Response) letStandInFrame(answer.headers);
    throw answer;
  });
  const shopId = shopIdFrom(context.session.shop);
  if (shopId === null) throw new Response(null, { status: 400 });
  return { ...context, shopId };
}

/**
 * Sets what Shopify admin needs to frame a document. With a stand-in for it, its address may frame too, and nothing
 * is preloaded from Shopify.
 */
export function addDocumentResponseHeaders(request: Request, headers: Headers): void {
  shopify.addDocumentResponseHeaders(request, headers);
  letStandInFrame(headers);
}

function letStandInFrame(headers: Headers): void {
  const simulator = env().SHOPIFY_SIMULATOR_URL;
  if (simulator === undefined) return;
  headers.delete("Link");
  const policy = headers.get("Content-Security-Policy");
  if (policy === null) return;
  headers.set("Content-Security-Policy", policy.replace(/;\s*$/, ` ${new URL(simulator).origin};`));
}

/** Leads a request that names a shop to its installation; answers nothing where it names none. */
export async function login(request: Request): Promise<void> {
  await shopify.login(request);
}
