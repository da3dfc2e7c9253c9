// Keeps the storefront's copy in step: a customer's app-owned metafields follow the member. Never on an order's path.
import { Prisma } from "../../generated/prisma/index.js";
import { accountOf } from "../loyalty/account.ts";
import type { Standing } from "../loyalty/account.ts";
import type { ShopId } from "../loyalty/ids.ts";
import { inShop, prisma } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { log } from "../platform/log.server.ts";
import { currentProgram } from "../program/load.server.ts";
import { adminFor } from "../shopify/admin.server.ts";
import type { AdminClient } from "../shopify/admin.server.ts";
import { METAFIELDS_MAX, setMetafields } from "../shopify/metafields.server.ts";
import type { OwnMetafield } from "../shopify/metafields.server.ts";

/** Members taken at once. */
export const MIRROR_BATCH = 96;
/** A member has two metafields. */
const MEMBERS_PER_CALL = Math.floor(METAFIELDS_MAX / 2);
/** A member whose copy failed is tried again after this, however often. Longer than Shopify may make a call wait. */
const MIRROR_LEASE_MS = 5 * 60 * 1000;

type Behind = Standing & {
  readonly id: string;
  readonly customerId: string | null;
  readonly sequence: number;
};

/**
 * Copies members that are behind, of all shops, once around.
 * @returns how many were taken; fewer than `MIRROR_BATCH` when nobody else is behind.
 */
export async function mirrorBehind(): Promise<number> {
  const taken = await prisma().$queryRaw<{ shop_id: string; member_id: string }[]>`
    SELECT shop_id, member_id FROM claim_mirrors(${MIRROR_BATCH}::int, ${MIRROR_LEASE_MS}::int)`;
  const shops = Map.groupBy(taken, (row) => row.shop_id);
  for (const [shop, rows] of shops) {
    const ids = rows.map((row) => row.member_id);
    await mirrorShop(shop as ShopId, ids).catch((error: unknown) =>
      log.warn("mirror.failed", { shop, members: ids.length }, error),
    );
  }
  return taken.length;
}

/** After the program changed: these members' copies are behind, whether or not anything of theirs moved. */
export async function markBehind(tx: ShopTx, ids: readonly string[]): Promise<void> {
  await tx.db.$executeRaw`
    UPDATE member SET mirrored = least(mirrored, sequence - 1)
    WHERE shop_id = ${tx.shopId} AND member_id = ANY (${[...ids]}::text[])`;
}

async function mirrorShop(shop: ShopId, ids: readonly string[]): Promise<void> {
  const admin = await adminFor(shop);
  if (admin === null) return;
  for (let start = 0; start < ids.length; start += MEMBERS_PER_CALL)
    await mirrorMembers(shop, admin, ids.slice(start, start + MEMBERS_PER_CALL));
}

async function mirrorMembers(shop: ShopId, admin: AdminClient, ids: readonly string[]): Promise<void> {
  // Read now and not when it was claimed: many changes of a member are one copy, of the newest.
  const { members, tiers } = await inShop(shop, async (tx) => ({
    members: await tx.db.$queryRaw<Behind[]>`
      SELECT member_id AS id, CASE WHEN state = 'active' THEN customer_id END AS "customerId", sequence, balance, held,
        pending, lifetime_points AS "lifetimePoints", tier_id AS "tierId"
      FROM member WHERE shop_id = ${tx.shopId} AND member_id IN (${Prisma.join([...ids])})`,
    tiers: (await currentProgram(tx)).settings.tiers,
  }));
  const owned = members.filter(({ customerId }) => customerId !== null);
  const metafields = (of: readonly Behind[]) => of.flatMap((member) => metafieldsOf(member, tiers));
  const whole = owned.length === 0 || (await setMetafields(admin, metafields(owned)));
  // All or nothing at Shopify: one customer who is gone there must not hold up the others.
  if (!whole)
    for (const one of owned)
      if (!(await setMetafields(admin, metafields([one]))))
        log.warn("mirror.refused", { shop, member: one.id });
  await inShop(shop, async (tx) => {
    for (const { id, sequence } of members)
      await tx.db.member.updateMany({
        where: { shopId: shop, id, mirrored: { lt: sequence } },
        data: { mirrored: sequence, mirrorAfter: null },
      });
  });
}

function metafieldsOf(member: Behind, tiers: Parameters<typeof accountOf>[1]): OwnMetafield[] {
  const account = accountOf(member, tiers);
  const owner = { ownerId: `gid://shopify/Customer/${member.customerId ?? ""}` };
  return [
    { ...owner, key: "points", type: "number_integer", value: String(account.points) },
    { ...owner, key: "loyalty", type: "json", value: JSON.stringify(account) },
  ];
}
