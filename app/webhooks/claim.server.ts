// Takes due deliveries for a while, and finds lanes that have some: claim_deliveries() and due_lanes().
import { hotSql } from "../platform/hot-sql.server.ts";
import type { StoredHeaders } from "./stored-headers.server.ts";

/** A delivery taken by this process until its lease ends; `lease` is the fencing token. */
export type Claimed = {
  delivery_id: string;
  lease: string;
  subscription_id: string;
  shop_id: string;
  event_id: string;
  event_type: string;
  format: string;
  attempts: number;
  step: number;
  manual: boolean;
  /** The envelope; null once removed or redacted. */
  body: string | null;
  url: string;
  headers: StoredHeaders;
  secret: string;
  next_secret: string | null;
  rate_per_second: number | null;
  revision: number;
  /** The one delivery that tries whether a failing endpoint is back. */
  probe: boolean;
  /** When it was due, epoch milliseconds of the database's clock. */
  due_ms: number;
  /** The database's clock, epoch milliseconds. */
  database_ms: number;
};

/** How many deliveries to take of a lane at the most; only from this due time (epoch ms) and delivery on, if given. */
export type Ask = { s: string; n: number; f?: number; d?: string };

/** Takes due deliveries of the asked lanes, all in one statement. `leaseMs` outlives the sender's deadline. */
export function claimDeliveries(asked: readonly Ask[], leaseMs: number): Promise<Claimed[]> {
  const text = "SELECT * FROM claim_deliveries($1::jsonb, $2::integer)";
  return hotSql<Claimed>("claim", text, [JSON.stringify(asked), leaseMs]);
}

/** A lane with deliveries that may be taken in so many milliseconds; `due_in_ms` ≤ 0: now. */
export type DueLane = { subscription_id: string; due_in_ms: number };

/** The next lanes behind a subscription's id (`""`: from the first) that are due within so many milliseconds, by id. */
export function dueLanes(after: string, atMost: number, withinMs: number): Promise<DueLane[]> {
  const text = "SELECT * FROM due_lanes($1, $2::integer, $3::integer)";
  return hotSql<DueLane>("due-lanes", text, [after, atMost, withinMs]);
}
