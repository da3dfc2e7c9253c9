// Makes a key of the REST API. Only its hash is kept.
import { createHash, randomBytes } from "node:crypto";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Refused, Result } from "../loyalty/refusal.ts";
import type { ShopId } from "../loyalty/ids.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { newId } from "../platform/ids.server.ts";
import { log } from "../platform/log.server.ts";
import { checkApiKey } from "./api-key-form.ts";
import type { ApiKeyForm } from "./api-key-form.ts";
import { allows } from "./plans.ts";
import type { Standing } from "./plans.ts";

/** Keys of a shop that are not revoked. */
export const MAX_API_KEYS = 20;

const HEAD = "laurel_";
const CHANCE_BYTES = 32;
/** What is shown of a key for good: enough to tell keys apart, and too little to guess one. */
const PREFIX_LENGTH = 11;
/** What a key looks like: any other text is none. */
export const API_KEY_SHAPE = /^laurel_[A-Za-z0-9_-]{43}$/;

/** What is kept of a key. It holds 256 bits of chance, so a plain hash cannot be guessed back. */
export const hashOfApiKey = (key: string): string => createHash("sha256").update(key).digest("hex");

/**
 * Makes a key; `key` is told now and never again. Refuses what the form, the plan (Growth and above) or the limit of
 * twenty forbids, and a shop that is read-only or gone.
 */
export async function createApiKey(
  shopId: ShopId,
  form: ApiKeyForm,
): Promise<Result<{ id: string; key: string }>> {
  const checked = checkApiKey(form);
  if (!checked.ok) return checked;
  const { name, scopes } = checked.value;
  const key = HEAD + randomBytes(CHANCE_BYTES).toString("base64url");
  const made = await inShop(shopId, async (tx): Promise<Result<{ id: string; key: string }>> => {
    const refused = await refuseUnlessAllowed(tx);
    if (refused !== null) return refused;
    const live = await tx.db.apiKey.count({ where: { shopId, revokedAt: null } });
    if (live >= MAX_API_KEYS) return refuse("api_keys_too_many");
    const id = newId("key");
    const prefix = key.slice(0, PREFIX_LENGTH);
    await tx.db.apiKey.create({
      data: { id, shopId, name, prefix, keyHash: hashOfApiKey(key), scopes, createdAt: now() },
    });
    return accept({ id, key });
  });
  if (made.ok) log.info("api_key.created", { shop: shopId, key: made.value.id });
  return made;
}

// Locks the shop's row: the limit is counted under it, and uninstalling waits for it.
async function refuseUnlessAllowed(tx: ShopTx): Promise<Refused | null> {
  const [standing] = await tx.db.$queryRaw<Standing[]>`
    SELECT plan, plan_status AS "planStatus" FROM shop
     WHERE shop_id = ${tx.shopId} AND uninstalled_at IS NULL FOR NO KEY UPDATE`;
  if (standing === undefined) return refuse("shop_unknown");
  if (standing.planStatus === "frozen") return refuse("shop_read_only");
  return allows(standing, "apiKeys") ? null : refuse("plan_too_low");
}
