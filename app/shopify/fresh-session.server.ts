// A shop's offline session with a token that is still good: refreshed by one process at a time.
import { setTimeout as wait } from "node:timers/promises";
import type { Session } from "@shopify/shopify-api";
import type { ShopId } from "../loyalty/ids.ts";
import { now } from "../platform/clock.server.ts";
import { prisma } from "../platform/db.server.ts";
import { log } from "../platform/log.server.ts";
import { shopifyApiLibrary } from "./api.server.ts";
import { sessions } from "./sessions.server.ts";
import { SHOPIFY_DEADLINE_MS } from "./transport.server.ts";

/** A token that ends sooner than this is replaced: as Shopify's library does it. */
export const REFRESH_BEFORE_MS = 5 * 60 * 1000;
/** Longer than Shopify may take to answer: a process that died holds the others up for so long. */
const LEASE_MS = SHOPIFY_DEADLINE_MS + 5_000;
const POLL_MS = 100;
const POLLS_MAX = Math.ceil((2 * LEASE_MS) / POLL_MS);

/** Whether the session's access token may be used for some minutes still. */
function isFresh(session: Session): boolean {
  const ends = session.expires?.getTime() ?? Infinity;
  return session.accessToken !== undefined && ends - now().getTime() > REFRESH_BEFORE_MS;
}

function canBeRefreshed(session: Session): boolean {
  const ends = session.refreshTokenExpires?.getTime() ?? Infinity;
  return session.refreshToken !== undefined && ends > now().getTime();
}

/**
 * The shop's session, refreshed if its token ends within five minutes. Whoever holds the lease asks Shopify; the others
 * wait and read what it has stored. No transaction is open meanwhile.
 * @returns null where there is none, or none that can be refreshed: the merchant's next visit brings one.
 * @throws when Shopify does not answer, or another process has held the lease for too long.
 */
export async function freshSession(shop: ShopId): Promise<Session | null> {
  const id = shopifyApiLibrary.session.getOfflineId(shop);
  for (let poll = 0; poll < POLLS_MAX; poll += 1) {
    const session = await sessions.loadSession(id);
    if (session === undefined) return null;
    if (isFresh(session)) return session;
    if (!canBeRefreshed(session)) return null;
    if (await takeLease(id)) return refreshAndRelease(shop, id);
    await wait(POLL_MS);
  }
  throw new Error(`The token of ${shop} is being refreshed elsewhere, and has been for too long`);
}

async function takeLease(id: string): Promise<boolean> {
  const taken = await prisma().$executeRaw`
    UPDATE session SET refreshing_until = now() + ${LEASE_MS}::int * interval '1 ms'
    WHERE id = ${id} AND (refreshing_until IS NULL OR refreshing_until < now())`;
  return taken === 1;
}

async function refreshAndRelease(shop: ShopId, id: string): Promise<Session | null> {
  try {
    // Read again: it may have been refreshed between our reading and our lease.
    const session = await sessions.loadSession(id);
    if (session === undefined || isFresh(session)) return session ?? null;
    if (session.refreshToken === undefined) return null;
    const { refreshToken } = session;
    const refreshed = await shopifyApiLibrary.auth.refreshToken({ shop, refreshToken });
    await sessions.storeSession(refreshed.session);
    log.info("token.refreshed", { shop });
    return refreshed.session;
  } finally {
    await prisma().$executeRaw`UPDATE session SET refreshing_until = NULL WHERE id = ${id}`;
  }
}

/** Takes a token that Shopify no longer accepts out of use; a younger one stays. */
export async function retireToken(session: Session): Promise<void> {
  await prisma().$executeRaw`
    UPDATE session SET access_token = ''
    WHERE id = ${session.id} AND expires IS NOT DISTINCT FROM ${session.expires ?? null}::timestamptz`;
}
