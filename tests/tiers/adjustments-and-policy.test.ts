// Adjustments by hand, and what a change of program does to tiers.
import { describe, expect, test } from "vitest";
import type { Adjustment } from "../../app/ledger/adjust.server.ts";
import { proveLedger, statementOf } from "../../app/ledger/queries.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { MAX_POINTS } from "../../app/loyalty/points.ts";
import { DEFAULT_PROGRAM } from "../../app/loyalty/program.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { saveProgram } from "../../app/program/save.server.ts";
import { adjustMember } from "../../app/tiers/adjust-member.server.ts";
import { applyPolicy } from "../../app/tiers/apply-policy.server.ts";
import {
  aShop,
  changeProgram,
  eventsOf,
  givePoints,
  memberOf,
  sendCustomer,
  sendOrder,
} from "../orders/a-shop.ts";
import "../support/database.ts";

const asked = (changes: Partial<Adjustment> = {}): Adjustment => ({
  points: 100,
  note: "Sorry for the wait",
  actor: "staff:ada",
  key: "one",
  countsForTier: false,
  ...changes,
});

async function aMember(): Promise<{ shop: ShopId; id: string }> {
  const shop = await aShop();
  return { shop, id: await sendCustomer(shop, { id: "71", email: "ada@example.com" }) };
}

describe("an adjustment", () => {
  test("gives points with its note, and tells it as earned by hand too", async () => {
    const { shop, id } = await aMember();
    await adjustMember(shop, id, asked());
    expect(await memberOf(shop, "71")).toMatchObject({ balance: 100, lifetimePoints: 0 });
    const statement = await inShop(shop, (tx) => statementOf(tx, id));
    expect(statement).toMatchObject({
      value: {
        rows: [
          {
            kind: "adjust",
            points: 100,
            reason: "Sorry for the wait",
            actor: "staff:ada",
            balanceAfter: 100,
          },
        ],
      },
    });
    const events = (await eventsOf(shop, id)).slice(-3);
    expect(events.map(({ type }) => type)).toEqual([
      "points.earned",
      "points.adjusted",
      "points.balance_changed",
    ]);
    expect(events[0]?.data).toMatchObject({ source: "manual", earning_rule_name: null, order_number: null });
  });

  test("counts for tiers only when asked", async () => {
    const { shop, id } = await aMember();
    await adjustMember(shop, id, asked({ points: 500, countsForTier: true }));
    expect(await memberOf(shop, "71")).toMatchObject({ lifetimePoints: 500, tierId: "silver" });
    await adjustMember(shop, id, asked({ points: -1, key: "two", countsForTier: true }));
    expect(await memberOf(shop, "71")).toMatchObject({ lifetimePoints: 499, tierId: "member" });
  });

  test("sent again with the same key is done once; the key serves no other adjustment", async () => {
    const { shop, id } = await aMember();
    await Promise.all([1, 2, 3, 4].map(() => adjustMember(shop, id, asked())));
    expect(await memberOf(shop, "71")).toMatchObject({ balance: 100 });
    for (const other of [{ points: 5 }, { note: "Another" }, { countsForTier: true }]) {
      expect(await adjustMember(shop, id, asked(other))).toMatchObject({ refusal: "source_reused" });
    }
    // Redaction takes the note; what is left of the entry still says that it is the same.
    await inShop(shop, async (tx) => {
      await tx.db.$queryRaw`SELECT set_config('laurel.erasing', 'on', true)`;
      await tx.db.$executeRaw`UPDATE ledger_entry SET reason = NULL WHERE shop_id = ${shop}`;
    });
    expect(await adjustMember(shop, id, asked())).toMatchObject({ ok: true, value: { posted: null } });
  });

  test.each([
    ["points_not_whole", { points: 1.5 }],
    ["points_not_whole", { points: Number.NaN }],
    ["points_zero", { points: 0 }],
    ["points_too_many", { points: 10_000_001 }],
    ["note_missing", { note: "  " }],
    ["note_too_long", { note: "x".repeat(501) }],
    ["insufficient_points", { points: -1 }],
  ])("is refused: %s", async (refusal, changes) => {
    const { shop, id } = await aMember();
    expect(await adjustMember(shop, id, asked(changes))).toMatchObject({ ok: false, refusal });
    expect(await memberOf(shop, "71")).toMatchObject({ balance: 0 });
  });

  test("fills a balance or lifetime points to the bound and not beyond", async () => {
    const { shop, id } = await aMember();
    await givePoints(shop, "71", MAX_POINTS - 10);
    expect(await adjustMember(shop, id, asked({ points: 11 }))).toMatchObject({
      refusal: "points_too_many",
      field: "points",
    });
    expect(await adjustMember(shop, id, asked({ points: 10 }))).toMatchObject({ ok: true });
    await adjustMember(shop, id, asked({ points: -100, key: "two" }));
    // Lifetime points have room for 10 more only.
    const counted = asked({ points: 11, key: "three", countsForTier: true });
    expect(await adjustMember(shop, id, counted)).toMatchObject({ refusal: "points_too_many" });
    expect(await memberOf(shop, "71")).toMatchObject({
      balance: MAX_POINTS - 100,
      lifetimePoints: MAX_POINTS - 10,
    });
    expect((await inShop(shop, (tx) => proveLedger(tx))).faults).toEqual([]);
  });
});

describe("a change of program", () => {
  test("moves every member at once, both ways, with the cause", async () => {
    const shop = await aShop();
    await sendOrder(shop, { id: "1", customer: { id: "71" }, lines: [{ price: "300.00" }] });
    await sendOrder(shop, { id: "2", customer: { id: "72" }, lines: [{ price: "600.00" }] });
    const [low, mid] = DEFAULT_PROGRAM.tiers;
    if (!low || !mid) throw new Error("no tiers");
    await inShop(shop, (tx) => changeProgram(tx, { tiers: [low, { ...mid, threshold: 250 }] }, 1));
    await applyPolicy(shop);
    expect((await memberOf(shop, "71"))?.tierId).toBe("silver");
    await inShop(shop, (tx) => changeProgram(tx, { tiers: [low, { ...mid, threshold: 900 }] }, 2));
    await applyPolicy(shop);
    await applyPolicy(shop);
    expect((await memberOf(shop, "72"))?.tierId).toBe("member");
    const changes = (await eventsOf(shop)).filter(({ data }) => data["triggered_by"] === "policy_change");
    expect(changes.map(({ type }) => type).sort()).toEqual([
      "customer.tier_downgrade",
      "customer.tier_downgrade",
      "customer.tier_upgrade",
    ]);
  });

  test("from a form that was opened before another save is refused", async () => {
    const shop = await aShop();
    const save = (): Promise<unknown> =>
      inShop(shop, (tx) =>
        saveProgram(tx, { settings: DEFAULT_PROGRAM, basedOn: 1, by: "test", at: new Date() }),
      );
    const saves = await Promise.all([save(), save()]);
    expect(saves).toContainEqual({ ok: true, value: { version: 2 } });
    expect(saves).toContainEqual({ ok: false, refusal: "form_stale" });
  });

  test("without a tier at 0, a member has none until the first is reached, which is no upgrade", async () => {
    const shop = await aShop({ tiers: DEFAULT_PROGRAM.tiers.slice(1) });
    await sendOrder(shop, { id: "1", lines: [{ price: "100.00" }] });
    expect((await memberOf(shop, "71"))?.tierId).toBeNull();
    await sendOrder(shop, { id: "2", lines: [{ price: "400.00" }] });
    const moves = (await eventsOf(shop)).filter(({ type }) => type.startsWith("customer."));
    expect(moves.map(({ type }) => type)).toEqual(["customer.tier_assigned"]);
  });
});
