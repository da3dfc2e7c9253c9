// Every night the tiers are worked out from scratch: what was lost or raced is put right, and told as ever.
import { expect, test } from "vitest";
import { DEFAULT_PROGRAM } from "../../app/loyalty/program.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { RECOMPUTE_BATCH, recomputeNext } from "../../app/tiers/recompute.server.ts";
import { tierChangesOf } from "../../app/tiers/queries.server.ts";
import { aShop, changeProgram, eventsOf, memberOf, sendCustomer, sendOrder } from "../orders/a-shop.ts";
import "../support/database.ts";

const [low, mid] = DEFAULT_PROGRAM.tiers;
if (!low || !mid) throw new Error("no tiers");
const lower = { tiers: [low, { ...mid, threshold: 250 }] };

test("where the job after a change of program was lost, members get their tier and subscribers hear of it", async () => {
  const shop = await aShop();
  await sendOrder(shop, { id: "1", customer: { id: "71" }, lines: [{ price: "300.00" }] });
  await inShop(shop, (tx) => changeProgram(tx, lower, 1));
  expect(await memberOf(shop, "71")).toMatchObject({ tierId: "member" });
  expect(await recomputeNext(shop, "")).toEqual({ after: null, found: 1 });
  const member = await memberOf(shop, "71");
  expect(member?.tierId).toBe("silver");
  const event = (await eventsOf(shop, member?.id)).at(-1);
  expect(event).toMatchObject({
    type: "customer.tier_upgrade",
    sequence: member?.sequence,
    data: { previous_tier: "Member", new_tier: "Silver", triggered_by: "schedule", trigger_event_id: null },
  });
  const [change] = await inShop(shop, (tx) => tierChangesOf(tx, member?.id ?? ""));
  expect(change).toMatchObject({ fromTierId: "member", toTierId: "silver", cause: "schedule" });
});

test("a night in which nothing is astray writes nothing; a second one after a healing neither", async () => {
  const shop = await aShop();
  await sendOrder(shop, { id: "1", customer: { id: "71" }, lines: [{ price: "600.00" }] });
  const before = await eventsOf(shop);
  expect(await recomputeNext(shop, "")).toEqual({ after: null, found: 0 });
  expect(await eventsOf(shop)).toEqual(before);
  await inShop(shop, (tx) => tx.db.member.updateMany({ where: { shopId: shop }, data: { tierId: "gold" } }));
  expect((await recomputeNext(shop, "")).found).toBe(1);
  expect((await recomputeNext(shop, "")).found).toBe(0);
  expect((await eventsOf(shop)).at(-1)?.type).toBe("customer.tier_downgrade");
});

test("many members are settled in steps; a member who left stays as is; two nights at once settle each once", async () => {
  const shop = await aShop();
  await sendCustomer(shop, { id: "71" });
  const many = RECOMPUTE_BATCH + 5;
  await inShop(
    shop,
    (tx) => tx.db.$executeRaw`
      INSERT INTO member (member_id, shop_id, state, lifetime_points, tier_id, tier_since, joined_at, last_activity_at)
      SELECT 'mem_' || lpad(n::text, 5, '0'), ${shop}, CASE n WHEN 1 THEN 'deactivated' ELSE 'active' END, 600,
        'member', now(), now(), now() FROM generate_series(1, ${many}::int) n`,
  );
  const night = async () => {
    const first = await recomputeNext(shop, "");
    expect(first.after).toMatch(/^mem_/);
    const second = await recomputeNext(shop, first.after ?? "");
    expect(second.after).toBeNull();
    return first.found + second.found;
  };
  const [one, other] = await Promise.all([night(), night()]);
  expect(one + other).toBe(many - 1);
  const upgrades = (await eventsOf(shop)).filter(({ type }) => type === "customer.tier_upgrade");
  expect(upgrades).toHaveLength(many - 1);
  const left = await inShop(shop, (tx) => tx.db.member.findUnique({ where: { id: "mem_00001" } }));
  expect(left?.tierId).toBe("member");
});
