// What the members' list and a member's page show.
import type { ShopId } from "../loyalty/ids.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { nextTier } from "../loyalty/tiers.ts";
import type { Tier } from "../loyalty/program.ts";
import { statementOf } from "../ledger/queries.server.ts";
import type { StatementRow } from "../ledger/queries.server.ts";
import { listMembers } from "../members/list-members.server.ts";
import type { MembersAsked, MembersPage } from "../members/list-members.server.ts";
import type { Member } from "../members/member.ts";
import { memberById } from "../members/queries.server.ts";
import { ordersOf } from "../orders/queries.server.ts";
import type { OrderRow } from "../orders/queries.server.ts";
import { inShop } from "../platform/db.server.ts";
import type { Page } from "../platform/pages.ts";
import { currentProgram } from "../program/load.server.ts";
import { tierChangesOf } from "../tiers/queries.server.ts";
import type { TierChangeRow } from "../tiers/queries.server.ts";

/** A page of members with the tiers that the filter offers. Refuses a cursor that is none. */
export function readMembersPage(
  shopId: ShopId,
  asked: MembersAsked,
): Promise<Result<MembersPage & { tiers: readonly Tier[] }>> {
  return inShop(shopId, async (tx) => {
    const { settings } = await currentProgram(tx);
    const page = await listMembers(tx, asked);
    return page.ok ? accept({ ...page.value, tiers: settings.tiers }) : page;
  });
}

export type MemberPage = {
  readonly member: Member;
  readonly tiers: readonly Tier[];
  /** The tier above and the points missing to it; null at the top. */
  readonly next: { readonly tier: Tier; readonly missing: number } | null;
  readonly statement: Page<StatementRow>;
  readonly orders: Page<OrderRow>;
  readonly tierChanges: readonly TierChangeRow[];
};

/**
 * All of a member's page; `turned` holds the cursors of its two lists. Refuses a member that the shop does not have, and
 * a cursor that is none.
 */
export function readMemberPage(
  shopId: ShopId,
  memberId: string,
  turned: { readonly entries: string | null; readonly orders: string | null },
): Promise<Result<MemberPage>> {
  return inShop(shopId, async (tx): Promise<Result<MemberPage>> => {
    const member = await memberById(tx, memberId);
    if (member === null) return refuse("member_unknown");
    const statement = await statementOf(tx, memberId, turned.entries);
    if (!statement.ok) return statement;
    const orders = await ordersOf(tx, memberId, turned.orders);
    if (!orders.ok) return orders;
    const { settings } = await currentProgram(tx);
    return accept({
      member,
      tiers: settings.tiers,
      next: nextTier(settings.tiers, member.lifetimePoints),
      statement: statement.value,
      orders: orders.value,
      tierChanges: await tierChangesOf(tx, memberId),
    });
  });
}
