// Upkeep: every shop gets its rounds, one worker at a time, and a round goes on where a dead worker left it.
import { expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { exposeMetrics } from "../../app/platform/expose-metrics.server.ts";
import { inShop } from "../../app/platform/db.server.ts";
import {
  claimRound,
  endRound,
  keepStep,
  planUpkeep,
  releaseRound,
  summon,
  UPKEEP_LEASE_MS,
} from "../../app/platform/upkeep.server.ts";
import type { Round } from "../../app/platform/upkeep.server.ts";
import { CHORES, doRound } from "../../app/worker/upkeep.server.ts";
import { openNotices } from "../../app/shops/notices.server.ts";
import { aShop, sendOrder } from "../orders/a-shop.ts";
import "../support/database.ts";

const HOUR_MS = 3_600_000;
let chores = 0;
/** A chore of this test only. */
const aChore = () => `chore-${(chores += 1)}`;
const row = (shop: ShopId, chore: string) =>
  inShop(shop, (tx) => tx.db.upkeep.findUnique({ where: { shopId_chore: { shopId: shop, chore } } }));
const make = (shop: ShopId, sql: string) => inShop(shop, (tx) => tx.db.$executeRawUnsafe(sql));

async function claimed(chore: string): Promise<Round> {
  const round = await claimRound([chore]);
  if (round === null) throw new Error("nothing was due");
  return round;
}

test("a round belongs to one worker at a time, whoever asks", async () => {
  const [shop, chore] = [await aShop(), aChore()];
  await inShop(shop, (tx) => summon(tx, chore));
  const rounds = await Promise.all(Array.from({ length: 5 }, () => claimRound([chore])));
  expect(rounds.filter((round) => round !== null)).toHaveLength(1);
});

test("what a dead worker had goes on where it was kept last, and the dead can write no more", async () => {
  const [shop, chore] = [await aShop(), aChore()];
  await inShop(shop, (tx) => summon(tx, chore));
  const first = await keepStep(await claimed(chore), "mem_7", 2);
  if (first === null) throw new Error("lost at once");
  await make(shop, `UPDATE upkeep SET leased_until = now() - interval '1 s' WHERE chore = '${chore}'`);
  const second = await claimed(chore);
  expect(second).toMatchObject({ shopId: shop, after: "mem_7", found: 2 });
  expect(await keepStep(first, "mem_9", 5)).toBeNull();
  await endRound(first, { found: 9, nextInMs: 0 });
  await endRound(second, { found: 3, nextInMs: HOUR_MS });
  expect(await row(shop, chore)).toMatchObject({ after: "", found: 0, lastFound: 3, leasedUntil: null });
  expect(await claimRound([chore])).toBeNull();
});

test("a worker that stops gives the round back at once", async () => {
  const [shop, chore] = [await aShop(), aChore()];
  await inShop(shop, (tx) => summon(tx, chore));
  await releaseRound(await claimed(chore));
  expect((await claimed(chore)).leasedUntil.getTime()).toBeLessThanOrEqual(
    Date.now() + UPKEEP_LEASE_MS + 5_000,
  );
});

test("summoned during a round, a chore is due again after it and not beside it", async () => {
  const [shop, chore] = [await aShop(), aChore()];
  await inShop(shop, (tx) => summon(tx, chore));
  const round = await claimed(chore);
  await inShop(shop, (tx) => summon(tx, chore));
  expect(await claimRound([chore])).toBeNull();
  await endRound(round, { found: 0, nextInMs: HOUR_MS });
  expect(await claimRound([chore])).not.toBeNull();
});

test("every installed shop is planned once, and a shop that left is forgotten", async () => {
  const [stays, leaves, chore] = [await aShop(), await aShop(), aChore()];
  await planUpkeep([chore]);
  await planUpkeep([chore]);
  await inShop(leaves, (tx) =>
    tx.db.shop.update({ where: { id: leaves }, data: { uninstalledAt: new Date() } }),
  );
  const before = await row(stays, chore);
  await planUpkeep([chore]);
  expect(await row(stays, chore)).toEqual(before);
  expect(await row(leaves, chore)).toBeNull();
});

test("a night's round proves the ledger, is seen in the metrics, and is due next at three in the shop's night", async () => {
  const shop = await aShop();
  await inShop(shop, (tx) => tx.db.shop.update({ where: { id: shop }, data: { timezone: "Asia/Tokyo" } }));
  await sendOrder(shop, { id: "1" });
  await make(shop, "UPDATE member SET balance = balance + 1");
  await planUpkeep(CHORES);
  const never = new AbortController().signal;
  while (await doRound(never));
  expect((await inShop(shop, openNotices)).map(({ kind }) => kind)).toEqual(["ledger.unproved"]);
  const { dueAt, lastFound } = (await row(shop, "ledger")) ?? { dueAt: new Date(0), lastFound: 0 };
  expect(lastFound).toBe(1);
  const inTokyo = new Date(Math.round(dueAt.getTime() / 60_000) * 60_000);
  expect(inTokyo.toLocaleTimeString("en-GB", { timeZone: "Asia/Tokyo" })).toMatch(/^(02:59|03:00)/);
  expect(dueAt.getTime() - Date.now()).toBeLessThanOrEqual(24 * HOUR_MS + 60_000);
  const { body } = await exposeMetrics();
  expect(body).toContain("laurel_ledger_proof_faults 1\n");
  expect(body).toMatch(/laurel_upkeep_oldest_seconds\{chore="ledger"\} \d/);
  await make(shop, "UPDATE member SET balance = balance - 1");
  await inShop(shop, (tx) => summon(tx, "ledger"));
  while (await doRound(never));
  expect(await inShop(shop, openNotices)).toEqual([]);
  // What was read is kept for two seconds.
  await expect
    .poll(async () => (await exposeMetrics()).body, { timeout: 10_000 })
    .toContain("laurel_ledger_proof_faults 0\n");
});

test("a shop with a zone that nobody knows has its rounds too; told to stop, a worker begins no step", async () => {
  const shop = await aShop();
  await make(shop, `UPDATE shop SET timezone = 'Nowhere/Land' WHERE shop_id = '${shop}'`);
  await inShop(shop, (tx) => summon(tx, "ledger"));
  await doRound(AbortSignal.abort());
  expect(await row(shop, "ledger")).toMatchObject({ leasedUntil: null, endedAt: null });
  while (await doRound(new AbortController().signal));
  expect((await row(shop, "ledger"))?.endedAt).not.toBeNull();
});
