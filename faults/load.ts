// Commits that go on while a fault strikes; a database that is away refuses them, as it refuses a merchant's orders.
import { setTimeout as sleep } from "node:timers/promises";
import type { ShopId } from "../app/loyalty/ids.ts";
import type { Random } from "./random.ts";
import { commitEvents } from "./shop.ts";

const FIRST_EVENTS = 100;
const MOST_EVENTS = 4;
const MOST_PAUSE_MS = 120;
const AFTER_REFUSAL_MS = 100;

/** Starts with a burst, then a few events every few milliseconds; `stop` lets the last commit end. */
export function startLoad(shopId: ShopId, random: Random): { stop: () => Promise<void> } {
  let going = true;
  const run = async () => {
    let events = FIRST_EVENTS;
    while (going) {
      const refused = await commitEvents(shopId, events).then(
        () => false,
        () => true,
      );
      if (!refused) events = random.between(1, MOST_EVENTS);
      await sleep(refused ? AFTER_REFUSAL_MS : random.between(0, MOST_PAUSE_MS));
    }
  };
  const running = run();
  return {
    stop: () => {
      going = false;
      return running;
    },
  };
}
