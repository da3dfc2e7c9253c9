// The app's web side in the bench, in a process of its own: commits events at a steady rate whether or not the last
// commit has ended, and tells when each commit returned.
import type { ShopId } from "../../app/loyalty/ids.ts";
import { shutdown } from "../../app/platform/shutdown.server.ts";
import { oweEvents } from "./shops.ts";

/** `count` commits of one event each, `rate` a second, over the shops in turn. */
export type Order = { shops: readonly ShopId[]; rate: number; count: number };
/** Event id, shop, and when its commit returned: milliseconds since the epoch, with fractions. */
export type Committed = { id: string; shop: string; at: number };
/** `failed`: commits that the app refused or gave up, as it does on a machine with too much else to do. */
export type Told = { committed: Committed[]; failed: number };

async function commit({ shops, rate, count }: Order): Promise<Told> {
  const begun = performance.now();
  const running: Promise<Committed>[] = [];
  for (let i = 0; i < count; i += 1) {
    const wait = begun + (i * 1000) / rate - performance.now();
    if (wait > 0) await new Promise((later) => setTimeout(later, wait));
    const shop = shops[i % shops.length];
    if (shop === undefined) break;
    const committed = (id: string) => ({ id, shop, at: performance.timeOrigin + performance.now() });
    running.push(oweEvents(shop, 1).then(committed));
  }
  const ended = await Promise.allSettled(running);
  const committed = ended.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  return { committed, failed: ended.length - committed.length };
}

process.on("message", (order: Order) => void commit(order).then((told) => process.send?.(told)));
process.on("disconnect", () => void shutdown().then(() => process.exit(0)));
