// Reads what the storefront shows of a customer, in one query.
import { accountOf } from "../loyalty/account.ts";
import type { Account, Standing } from "../loyalty/account.ts";
import type { ShopId } from "../loyalty/ids.ts";
import { DEFAULT_PROGRAM } from "../loyalty/program.ts";
import type { Result } from "../loyalty/refusal.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import { inShop } from "../platform/db.server.ts";
import { settingsFrom } from "../program/load.server.ts";

type Row = { settings: unknown; member: Standing | null };

/**
 * The account of a customer (digits); null for nobody and for a customer who is no active member.
 * Refuses a shop that Laurel is not installed in.
 */
export async function readAccount(shop: ShopId, customerId: string | null): Promise<Result<Account | null>> {
  const [row] = await inShop(
    shop,
    (tx) => tx.db.$queryRaw<Row[]>`
      SELECT p.settings, CASE WHEN m.member_id IS NOT NULL THEN jsonb_build_object('balance', m.balance,
        'held', m.held, 'pending', m.pending, 'lifetimePoints', m.lifetime_points, 'tierId', m.tier_id) END AS member
      FROM shop s
      LEFT JOIN program p ON p.shop_id = s.shop_id AND p.version = s.program_version
      LEFT JOIN member m ON m.shop_id = s.shop_id AND m.customer_id = ${customerId} AND m.state = 'active'
      WHERE s.shop_id = ${tx.shopId} AND s.uninstalled_at IS NULL`,
  );
  if (!row) return refuse("shop_unknown");
  if (row.member === null) return accept(null);
  const { tiers } = row.settings === null ? DEFAULT_PROGRAM : settingsFrom(row.settings);
  return accept(accountOf(row.member, tiers));
}
