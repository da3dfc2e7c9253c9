// Shopify's Admin GraphQL for work that no request from Shopify admin stands behind: the worker's.
import { setTimeout as wait } from "node:timers/promises";
import {
  GraphqlQueryError,
  HttpInternalError,
  HttpRequestError,
  HttpResponseError,
  HttpThrottlingError,
} from "@shopify/shopify-api";
import type { Session } from "@shopify/shopify-api";
import type { ShopId } from "../loyalty/ids.ts";
import { log } from "../platform/log.server.ts";
import { shopifyApiLibrary } from "./api.server.ts";
import { freshSession, retireToken } from "./fresh-session.server.ts";
import { backOff, throttleWait } from "./throttle.ts";

/** Requests of one call at the most. */
export const TRIES_MAX = 5;

export type AdminClient = {
  /**
   * Runs a document (a `#graphql` template, written for SHOPIFY_API_VERSION); parse the data with zod. It may run more
   * than once when an answer is lost: a mutation must be one that can be repeated.
   * @throws what Shopify refused, or the last failure once `TRIES_MAX` requests were made.
   */
  readonly graphql: (document: string, variables?: Record<string, unknown>) => Promise<unknown>;
};

/**
 * The Admin API of a shop, with a token that is refreshed when needed. Waits, bounded, when Shopify throttles or fails.
 * @returns null where the shop has no token: uninstalled, or its merchant must open the app again.
 */
export async function adminFor(shop: ShopId): Promise<AdminClient | null> {
  if ((await freshSession(shop)) === null) return null;
  return { graphql: (document, variables) => ask(shop, document, variables ?? {}) };
}

async function ask(shop: ShopId, document: string, variables: Record<string, unknown>): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    const session = await freshSession(shop);
    if (session === null) throw new Error(`${shop} has no token for the Admin API`);
    try {
      const client = new shopifyApiLibrary.clients.Graphql({ session });
      return (await client.request<unknown>(document, { variables })).data;
    } catch (error) {
      const ms = await waitAfter(error, session, attempt);
      if (ms === null || attempt >= TRIES_MAX) throw error;
      log.warn("shopify.waited", { shop, attempt, ms });
      await wait(ms);
    }
  }
}

/** How long to wait before asking again; null for what will not get better. */
async function waitAfter(error: unknown, session: Session, attempt: number): Promise<number | null> {
  if (error instanceof GraphqlQueryError) return throttleWait(error.body);
  if (error instanceof HttpThrottlingError) return backOff(attempt, error.response.retryAfter);
  if (error instanceof HttpInternalError || error instanceof HttpRequestError) return backOff(attempt);
  if (
    error instanceof HttpResponseError &&
    (error.response as { code: number }).code === 401 &&
    attempt === 1
  ) {
    await retireToken(session);
    return 0;
  }
  return null;
}
