// A web process that dies while it takes orders: after COMMIT and before the doorbell, or at any moment.
import { setTimeout as sleep } from "node:timers/promises";
import type { Variables } from "../server/variables.ts";
import { BOTH, RECOVERY_MS, type Fault, type Round, type Strike } from "./fault.ts";
import { untilSettled } from "./observer.ts";
import { sendOrder } from "./orders.ts";
import { within } from "./patience.ts";
import { preload, startWorkers, type Workers } from "./workers.ts";

const DOORBELLS_BEFORE = [1, 12] as const;
const ANY_MOMENT_MS = [50, 1_500] as const;
const AFTER_COMMIT_MS = 20;
const ORDERS_AT_ONCE = 3;

type Web = { processes: Workers; url: () => Promise<string> };

function startWeb(variables: Variables): Web {
  let heard = Promise.withResolvers<string>();
  const listening = (url: string) => heard.resolve(url);
  const processes = startWorkers("web", [variables], listening);
  const kill = async (index: number) => {
    heard = Promise.withResolvers<string>();
    await processes.kill(index);
  };
  const url = () => within("the web process to listen", heard.promise);
  return { processes: { ...processes, kill }, url };
}

/** Orders, a few at once, until `enough`; true for each that was answered. */
async function takeOrders(url: string, shopId: string, enough: () => boolean): Promise<boolean[]> {
  const answered: boolean[] = [];
  const lane = async () => {
    while (!enough()) {
      const nth = answered.push(false) - 1;
      answered[nth] = await sendOrder(url, shopId, nth);
    }
  };
  await Promise.all(Array.from({ length: ORDERS_AT_ONCE }, lane));
  return answered;
}

async function killTaking(
  round: Round,
  variables: Variables,
  moment: (web: Web) => Promise<unknown>,
): Promise<Strike> {
  const { world, shopId } = round;
  const web = startWeb({ ...world.variables, ...variables });
  try {
    let at = 0;
    const orders = takeOrders(await web.url(), shopId, () => at > 0);
    // Orders end where the moment does not come, too.
    await moment(web)
      .then(() => web.processes.kill(0))
      .finally(() => (at = Date.now()));
    const answered = await orders;
    // By the sweep alone: nobody rings for what the dead process committed.
    await untilSettled(world.observer, shopId, RECOVERY_MS);
    // Shopify sends again what was not answered.
    const url = await web.url();
    for (const nth of answered.keys()) {
      if (answered[nth] !== true && !(await sendOrder(url, shopId, nth)))
        throw new Error(`order ${nth} was refused by the web process that came after`);
    }
    return { from: at, until: at, inFlight: [], problems: await ordersAmiss(round, answered.length) };
  } finally {
    await web.processes.stop();
  }
}

async function ordersAmiss({ world, shopId }: Round, sent: number): Promise<string[]> {
  const sql = `SELECT count(*)::int AS n FROM event WHERE shop_id = $1 AND type = 'order.recorded'`;
  const [row] = await world.observer.ask<{ n: number }>(shopId, sql);
  return row?.n === sent ? [] : [`${sent} orders were sent and ${row?.n ?? 0} recorded`];
}

const common = { backEnds: BOTH, workers: 1, load: "none" } as const;

export const WEB_FAULTS: readonly Fault[] = [
  {
    name: "web killed between commit and doorbell",
    ...common,
    strike: (round) => {
      const variables = {
        NODE_OPTIONS: preload("hold-doorbell"),
        FAULTS_HOLD_AT: String(round.random.between(...DOORBELLS_BEFORE)),
        FAULTS_MARKER: `${round.marker}-web`,
      };
      return killTaking(round, variables, async (web) => {
        await within("a doorbell held after COMMIT", web.processes.holds);
        await sleep(round.random.between(0, AFTER_COMMIT_MS));
      });
    },
  },
  {
    name: "web killed while it takes orders",
    ...common,
    strike: (round) => killTaking(round, {}, () => sleep(round.random.between(...ANY_MOMENT_MS))),
  },
];
