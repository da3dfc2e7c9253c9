// Which plan a shop stands on: Shopify's words in any order, old ones, strange ones.
import { describe, expect, test } from "vitest";
import { allows, planFor, planNamed, PLAN_NAMES, PLANS, planPageUrl } from "../../app/shops/plans.ts";
import { standingAfter, standingFrom } from "../../app/shops/standing.ts";
import type { KnownStanding } from "../../app/shops/standing.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import type { SubscriptionSaid } from "../../app/shopify/shop-life.ts";

const at = new Date("2026-11-21T12:00:00Z");
const minute = (n: number) => new Date(at.getTime() + n * 60_000);
const free: KnownStanding = { plan: "free", planStatus: "active", subscriptionId: null, asOf: null };
type Word = [status: string, plan: string, id: string, minute: number];
const said = ([status, plan, id, when]: Word): SubscriptionSaid => ({
  id: `gid://shopify/AppSubscription/${id}`,
  names: [plan],
  status,
  updatedAt: minute(when),
});
const after = (words: Word[], start = free) =>
  words.reduce((known, word) => standingAfter(known, said(word), at) ?? known, start);

describe("the plan follows the subscription", () => {
  test.each<[string, Word[], Partial<KnownStanding>]>([
    ["chosen", [["ACTIVE", "growth", "1", 0]], { plan: "growth", planStatus: "active" }],
    ["waiting for the merchant", [["PENDING", "growth", "1", 0]], { plan: "free" }],
    ["declined", [["DECLINED", "growth", "1", 0]], { plan: "free" }],
    [
      "cancelled",
      [
        ["ACTIVE", "growth", "1", 0],
        ["CANCELLED", "growth", "1", 9],
      ],
      { plan: "free" },
    ],
    [
      "expired",
      [
        ["ACTIVE", "plus", "1", 0],
        ["EXPIRED", "plus", "1", 9],
      ],
      { plan: "free" },
    ],
    [
      "frozen",
      [
        ["ACTIVE", "growth", "1", 0],
        ["FROZEN", "growth", "1", 9],
      ],
      { plan: "growth", planStatus: "frozen" },
    ],
    [
      "frozen, then paid",
      [
        ["ACTIVE", "growth", "1", 0],
        ["FROZEN", "growth", "1", 9],
        ["ACTIVE", "growth", "1", 10],
      ],
      { plan: "growth", planStatus: "active" },
    ],
    ["not sold here", [["ACTIVE", "plan-123", "1", 0]], { plan: "free" }],
    ["in a status of the future", [["PAUSED", "growth", "1", 0]], { plan: "free" }],
  ])("%s", (_what, words, expected) => {
    expect(after(words)).toMatchObject(expected);
  });

  test("an older word changes nothing, and of the same second the ending is the later one", () => {
    const cancelled: Word = ["CANCELLED", "growth", "1", 5];
    expect(after([cancelled, ["ACTIVE", "growth", "1", 4]])).toMatchObject({ plan: "free" });
    expect(after([cancelled, ["ACTIVE", "growth", "1", 5]])).toMatchObject({ plan: "free" });
    expect(after([cancelled, ["ACTIVE", "growth", "1", 6]])).toMatchObject({ plan: "growth" });
  });

  test("an upgrade ends in the new plan, in whatever order its two words come", () => {
    const start = after([["ACTIVE", "starter", "1", 0]]);
    const words: Word[] = [
      ["ACTIVE", "growth", "2", 30],
      ["CANCELLED", "starter", "1", 30],
    ];
    expect(after(words, start)).toMatchObject({ plan: "growth" });
    expect(after(words.toReversed(), start)).toMatchObject({ plan: "growth" });
  });

  test("another price of the same plan does not end it", () => {
    const start = after([["ACTIVE", "growth", "1", 0]]);
    const words: Word[] = [
      ["ACTIVE", "growth-yearly", "2", 90],
      ["CANCELLED", "growth", "1", 90],
    ];
    expect(after(words, start)).toMatchObject({ plan: "growth", planStatus: "active" });
    expect(after(words.toReversed(), start)).toMatchObject({ plan: "growth", planStatus: "active" });
  });

  test("an ending whose beginning got lost ends the plan all the same", () => {
    const start = after([["ACTIVE", "growth", "1", 0]]);
    expect(after([["CANCELLED", "growth", "3", 600]], start)).toMatchObject({ plan: "free" });
  });

  test("without a time of its own a word is as new as its arrival", () => {
    const word = { ...said(["ACTIVE", "growth", "1", 0]), updatedAt: null };
    expect(standingAfter({ ...free, asOf: minute(-1) }, word, at)).toMatchObject({
      plan: "growth",
      asOf: at,
    });
    expect(standingAfter({ ...free, asOf: minute(1) }, word, at)).toBeNull();
  });

  test("at installation the best that holds is the shop's", () => {
    const listed = (names: string[], status: string) => ({ id: names.join(), names, status });
    expect(standingFrom([])).toEqual(free);
    expect(standingFrom([listed(["starter"], "ACTIVE"), listed(["Growth"], "ACTIVE")])).toMatchObject({
      plan: "growth",
    });
    expect(standingFrom([listed(["plus"], "FROZEN"), listed(["starter"], "ACTIVE")])).toMatchObject({
      plan: "starter",
    });
    expect(standingFrom([listed(["plus"], "CANCELLED")])).toEqual(free);
  });
});

describe("plans", () => {
  test("webhooks, API keys and custom actions need Growth, and a frozen plan allows none of them", () => {
    for (const feature of ["webhooks", "apiKeys", "customActions"] as const) {
      expect(planFor(feature).name).toBe("growth");
      const having = PLAN_NAMES.filter((plan) => allows({ plan, planStatus: "active" }, feature));
      expect(having).toEqual(["growth", "plus"]);
      expect(allows({ plan: "plus", planStatus: "frozen" }, feature)).toBe(false);
      expect(allows({ plan: "plus", planStatus: "none" }, feature)).toBe(false);
    }
  });

  test.each([
    [["growth"], "growth"],
    [["Growth (14 days free)"], "growth"],
    [["plus-2026-yearly", "Growth"], "plus"],
    [["plan-123", "Starter"], "starter"],
    [["regrowth"], null],
    [[], null],
  ])("are found by handle or name: %j", (names, plan) => {
    expect(planNamed(names)).toBe(plan);
  });

  test("are chosen on Shopify's own page", () => {
    expect(planPageUrl("laurel-demo.myshopify.com" as ShopId, "laurel")).toBe(
      "https://admin.shopify.com/store/laurel-demo/charges/laurel/pricing_plans",
    );
    expect(Object.keys(PLANS)).toEqual([...PLAN_NAMES]);
  });
});
