// Keys of the REST API: listed, revoked, and found for every request.
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import type { ShopId } from "../loyalty/ids.ts";
import { now } from "../platform/clock.server.ts";
import { inShop, prisma } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { log } from "../platform/log.server.ts";
import type { ApiScopes } from "./api-areas.ts";
import { API_KEY_SHAPE, hashOfApiKey } from "./create-api-key.server.ts";
import { PLANS } from "./plans.ts";
import type { Standing } from "./plans.ts";

/** How long a revoked key is still shown. */
const REVOKED_SHOWN_MS = 30 * 24 * 60 * 60 * 1000;
const SHOWN_MAX = 100;
/** A key's last use is known to the minute: its row is not written with every request. */
const USE_NOTED_EVERY_MS = 60_000;

export type ApiKeyView = {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: ApiScopes;
  readonly createdAt: Date;
  /** To the minute; null where it was never used. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
};

/** The shop's keys, newest first; then those that were revoked in the last thirty days. */
export async function listApiKeys(shopId: ShopId): Promise<ApiKeyView[]> {
  const since = new Date(now().getTime() - REVOKED_SHOWN_MS);
  return inShop(
    shopId,
    (tx) => tx.db.$queryRaw<ApiKeyView[]>`
      SELECT api_key_id AS id, name, prefix, scopes, created_at AS "createdAt", last_used_at AS "lastUsedAt",
             revoked_at AS "revokedAt"
        FROM api_key WHERE shop_id = ${shopId} AND (revoked_at IS NULL OR revoked_at > ${since}::timestamptz)
       ORDER BY revoked_at IS NOT NULL, created_at DESC, api_key_id DESC LIMIT ${SHOWN_MAX}`,
  );
}

/** Revokes a key for good, on every plan. Refuses an unknown one; revoking twice changes nothing. */
export async function revokeApiKey(shopId: ShopId, id: string): Promise<Result<null>> {
  const found = await inShop(
    shopId,
    (tx) => tx.db.$executeRaw`
      UPDATE api_key SET revoked_at = coalesce(revoked_at, ${now()}::timestamptz)
       WHERE shop_id = ${shopId} AND api_key_id = ${id}`,
  );
  if (found === 0) return refuse("api_key_unknown");
  log.info("api_key.revoked", { shop: shopId, key: id });
  return accept(null);
}

/** Revokes every key of the shop: nobody asks for a shop that left, and one that comes back makes new ones. */
export async function revokeAllApiKeys(tx: ShopTx, at: Date): Promise<void> {
  await tx.db.$executeRaw`
    UPDATE api_key SET revoked_at = ${at}::timestamptz WHERE shop_id = ${tx.shopId} AND revoked_at IS NULL`;
}

/** Who asks: `allowed` is what the shop's plan says now; a frozen shop reads. */
export type FoundApiKey = {
  readonly id: string;
  readonly shopId: ShopId;
  readonly scopes: ApiScopes;
  readonly allowed: "yes" | "plan_too_low" | "shop_read_only";
};

type Found = Standing & { id: string; shopId: ShopId; scopes: ApiScopes; lastUsedAt: Date | null };

/** Finds the key of a request, and notes its use. Null for what is no key, is revoked, or is of a shop that left. */
export async function findApiKey(text: string): Promise<FoundApiKey | null> {
  if (!API_KEY_SHAPE.test(text)) return null;
  const [found] = await prisma().$queryRaw<Found[]>`
    SELECT api_key_id AS id, shop_id AS "shopId", scopes, last_used_at AS "lastUsedAt", plan,
           plan_status AS "planStatus" FROM find_api_key(${hashOfApiKey(text)})`;
  if (found === undefined) return null;
  await noteUse(found);
  const { id, shopId, scopes } = found;
  return { id, shopId, scopes, allowed: allowedTo(found) };
}

function allowedTo({ plan, planStatus }: Standing): FoundApiKey["allowed"] {
  if (!PLANS[plan].allows.apiKeys) return "plan_too_low";
  return planStatus === "active" ? "yes" : "shop_read_only";
}

// Waits for no lock, and what fails here fails no request.
async function noteUse({ id, shopId, lastUsedAt }: Found): Promise<void> {
  const at = now();
  const before = new Date(at.getTime() - USE_NOTED_EVERY_MS);
  if (lastUsedAt !== null && lastUsedAt > before) return;
  try {
    await inShop(
      shopId,
      (tx) => tx.db.$executeRaw`
        UPDATE api_key SET last_used_at = ${at}::timestamptz WHERE api_key_id = ANY (ARRAY(
          SELECT api_key_id FROM api_key
           WHERE shop_id = ${shopId} AND api_key_id = ${id} AND revoked_at IS NULL
             AND (last_used_at IS NULL OR last_used_at <= ${before}::timestamptz) FOR UPDATE SKIP LOCKED))`,
    );
  } catch (error) {
    log.warn("api_key.use_not_noted", { shop: shopId, key: id }, error);
  }
}
