// The accounts of a round: what the database says was committed, against what the receiver says came.
import type { Round, Strike } from "./fault.ts";
import type { Came } from "./receiver-link.ts";
import type { World } from "./world.ts";

/** Of one round. `recoveredMs`: from the strike's end until all that was committed before it was settled. */
export type Account = {
  committed: number;
  delivered: number;
  pending: number;
  lost: number;
  duplicated: number;
  /** Attempts kept as failed: a request after one is no double that a fault made. */
  retried: number;
  inFlight: number;
  recoveredMs: number;
  problems: string[];
};

/** What the accounts need of a round. */
type Accounted = Pick<Round, "name" | "shopId"> & { world: Pick<World, "observer" | "receiver"> };

type Owed = {
  event: string;
  url: string;
  delivery: string | null;
  state: string | null;
  attempts: number;
  kept: number;
  good: number;
  created: number;
  settled: number | null;
};

// Not by the deliveries: a delivery that was never written must show as lost.
const OWED = `SELECT e.event_id AS event, s.url, d.delivery_id AS delivery, d.state,
    coalesce(d.attempts, 0) AS attempts, a.kept, a.good,
    (extract(epoch FROM e.recorded_at) * 1000)::float8 AS created,
    (extract(epoch FROM d.settled_at) * 1000)::float8 AS settled
  FROM event e
  JOIN subscription s ON s.shop_id = e.shop_id AND e.type = ANY (s.event_types)
  LEFT JOIN delivery d ON d.event_id = e.event_id AND d.subscription_id = s.subscription_id
  CROSS JOIN LATERAL (SELECT count(*)::int AS kept, (count(*) FILTER (WHERE a.status = 200))::int AS good
    FROM attempt a WHERE a.delivery_id = d.delivery_id) a
  WHERE e.shop_id = $1`;

/** A receiver sees a signed time at most this far from its own: the usual tolerance of five minutes is far off. */
const CLOCK_OFF_MS = 10_000;

const keyOf = (path: string, event: string) => `${path} ${event}`;

/** Draws up the accounts of a round, with one sentence for each promise that does not hold. */
export async function accountFor(round: Accounted, strike: Strike): Promise<Account> {
  const owed = await round.world.observer.ask<Owed>(round.shopId, OWED);
  const came = await round.world.receiver.report(round.name);
  const byPair = Map.groupBy(came, ({ path, id }) => keyOf(path, id));
  const pairs = owed.map((row) => ({
    ...row,
    came: byPair.get(keyOf(new URL(row.url).pathname, row.event)) ?? [],
  }));
  const doubles = pairs
    .map((pair) => ({ pair, extra: accepted(pair.came) - 1 }))
    .filter(({ extra }) => extra > 0);
  const inFlight = pairs.filter((pair) => wasInFlight(pair, strike));
  const delivered = pairs.filter(({ state, came: got }) => state === "delivered" && accepted(got) > 0).length;
  const pending = pairs.filter(({ state }) => state === "pending").length;
  const settled = pairs
    .filter(({ created }) => created <= strike.until)
    .map((pair) => pair.settled ?? Infinity);
  const unexplained = doubles.filter(
    ({ pair, extra }) => extra > pair.kept - pair.good + Number(wasInFlight(pair, strike)),
  );
  return {
    committed: pairs.length,
    delivered,
    pending,
    lost: pairs.length - delivered - pending,
    duplicated: doubles.reduce((sum, { extra }) => sum + extra, 0),
    retried: pairs.reduce((sum, { kept, good }) => sum + kept - good, 0),
    inFlight: inFlight.length,
    recoveredMs: Math.max(0, Math.max(...settled) - strike.until),
    problems: [
      ...(strike.problems ?? []),
      ...sentence(unexplained.length, "sent again though not in flight at the strike"),
      ...sentence(pairs.length === 0 ? 1 : 0, "round committed nothing"),
      ...sentence(strangers(byPair, pairs), "received though never committed"),
      ...sentence(came.filter(({ sameIds }) => !sameIds).length, "with ids that differ"),
      ...sentence(
        pairs.filter((pair) => new Set(pair.came.map((one) => one.bodyHash)).size > 1).length,
        "sent again with another body",
      ),
      ...sentence(
        came.filter(({ clockOffMs }) => Math.abs(clockOffMs) > CLOCK_OFF_MS).length,
        "signed with a wrong time",
      ),
      ...sentence(
        pairs.filter(({ attempts, kept, good }) => attempts !== kept || good > 1).length,
        "whose attempts were settled more than once",
      ),
    ],
  };
}

type Pair = Owed & { came: Came[] };

function wasInFlight({ delivery, settled, came }: Pair, { from, until, inFlight }: Strike): boolean {
  if (inFlight !== "unsettled") return delivery !== null && inFlight.includes(delivery);
  return came.some(({ at }) => at <= until) && (settled ?? Infinity) > from;
}

/** Requests that the receiver took as done; one that it refused is not a double of the next. */
const accepted = (came: readonly Came[]) => came.filter(({ status }) => status === 200).length;

function strangers(byPair: Map<string, Came[]>, pairs: readonly Pair[]): number {
  const known = new Set(pairs.map(({ url, event }) => keyOf(new URL(url).pathname, event)));
  return [...byPair.keys()].filter((key) => !known.has(key)).length;
}

const sentence = (count: number, what: string) => (count > 0 ? [`${count} ${what}`] : []);
