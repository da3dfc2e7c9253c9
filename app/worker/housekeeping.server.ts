// What every worker does once an hour: removes what is too old, ends what an erasing left, plans the upkeep of shops.
import { planUpkeep } from "../platform/upkeep.server.ts";
import { eraseMarkedShops } from "../shops/erase-shop.server.ts";
import { removeOld } from "../shops/retention.server.ts";
import { startLoop } from "./loop.server.ts";
import type { Loop } from "./loop.server.ts";
import { CHORES } from "./upkeep.server.ts";

const EVERY_MS = 60 * 60 * 1000;
const FIRST_MS = 60 * 1000;

/** Starts to keep house; the caller stops it. */
export function startHousekeeping(): Loop {
  const work = async (stopping: AbortSignal) => {
    await Promise.all([planUpkeep(CHORES), eraseMarkedShops(stopping), removeOld(stopping)]);
    return false;
  };
  return startLoop({
    name: "housekeeping",
    work,
    firstMs: FIRST_MS,
    everyMs: EVERY_MS,
    afterFailureMs: EVERY_MS,
  });
}
