// The feed of a shop's events, for who polls: in an order that no late commit can get in front of.
import { Prisma } from "../../generated/prisma/index.js";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import type { ShopId } from "../loyalty/ids.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";

/** An event as it was recorded; `body`, the envelope as JSON text, is null once it was removed or redacted. */
export type FeedEvent = {
  readonly id: string;
  readonly type: string;
  readonly recordedAt: Date;
  readonly body: string | null;
};

/** `next` is always there: with it, the same question is asked again later. */
export type FeedPage = {
  readonly events: readonly FeedEvent[];
  readonly next: string;
  readonly hasMore: boolean;
};

/** `start`: where to begin without a cursor. */
export type FeedAsked = {
  readonly cursor?: string | undefined;
  readonly start?: "oldest" | "newest" | undefined;
  readonly types?: readonly string[] | undefined;
  readonly memberId?: string | undefined;
  readonly size: number;
};

type Place = { txid: string; position: string };
const BEGINNING: Place = { txid: "0", position: "0" };
const CURSOR = /^(\d{1,20})-(\d{1,19})$/;
const MAX_TXID = 2n ** 64n - 1n;
const MAX_POSITION = 2n ** 63n - 1n;

function placeFrom(cursor: string): Place | null {
  const [, txid = "", position = ""] = CURSOR.exec(cursor) ?? [];
  if (txid === "" || BigInt(txid) > MAX_TXID || BigInt(position) > MAX_POSITION) return null;
  // PostgreSQL reads a transaction's id with a zero in front as octal.
  return { txid: String(BigInt(txid)), position: String(BigInt(position)) };
}

/**
 * A page of the feed, oldest first. Events come in the order of their transactions' ids, and only those of transactions
 * that every older one has finished before: an event that commits late comes late, and is never passed over. Tests are
 * left out: who counts points by the feed must not count examples. `next` is behind all that was looked at, so that a
 * filter with few matches does not read the same events with every poll.
 * Refuses a cursor that is none.
 */
export async function readFeed(shopId: ShopId, asked: FeedAsked): Promise<Result<FeedPage>> {
  const place = asked.cursor === undefined ? BEGINNING : placeFrom(asked.cursor);
  if (place === null) return refuse("cursor_invalid");
  return inShop(shopId, async (tx): Promise<Result<FeedPage>> => {
    // Ordered by the table's columns: their names alone would mean the texts that are selected.
    const until = await end(tx);
    const from = asked.cursor === undefined && asked.start === "newest" ? until : place;
    const rows = await tx.db.$queryRaw<(FeedEvent & Place)[]>(Prisma.sql`
      SELECT event_id AS id, type, recorded_at AS "recordedAt", body, txid::text, position::text FROM event
       WHERE shop_id = ${shopId} AND NOT test AND (txid, position) > ${row(from)}
         AND (txid, position) <= ${row(until)} ${narrowed(asked)}
       ORDER BY event.txid, event.position LIMIT ${asked.size + 1}`);
    const events = rows.slice(0, asked.size);
    const hasMore = rows.length > asked.size;
    const next = hasMore ? (events.at(-1) ?? from) : later(from, until);
    return accept({ events, next: `${next.txid}-${next.position}`, hasMore });
  });
}

const row = ({ txid, position }: Place) => Prisma.sql`(${txid}::text::xid8, ${position}::text::bigint)`;

function later(a: Place, b: Place): Place {
  const [txidA, txidB] = [BigInt(a.txid), BigInt(b.txid)];
  const isLater = txidA === txidB ? BigInt(a.position) > BigInt(b.position) : txidA > txidB;
  return isLater ? a : b;
}

function narrowed({ types, memberId }: FeedAsked): Prisma.Sql {
  const ofTypes = types === undefined ? Prisma.empty : Prisma.sql`AND type = ANY (${[...types]}::text[])`;
  return memberId === undefined ? ofTypes : Prisma.sql`${ofTypes} AND member_id = ${memberId}`;
}

// The place of the newest event that no older transaction can still come before: everything up to it is there to stay.
async function end(tx: ShopTx): Promise<Place> {
  const [last] = await tx.db.$queryRaw<Place[]>`
    SELECT txid::text, position::text FROM event
     WHERE shop_id = ${tx.shopId} AND txid < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY event.txid DESC, event.position DESC LIMIT 1`;
  return last ?? BEGINNING;
}

/** One event; null where the shop has none with this id. */
export async function findEvent(shopId: ShopId, id: string): Promise<FeedEvent | null> {
  const [found] = await inShop(
    shopId,
    (tx) => tx.db.$queryRaw<FeedEvent[]>`
      SELECT event_id AS id, type, recorded_at AS "recordedAt", body FROM event
       WHERE shop_id = ${shopId} AND event_id = ${id}`,
  );
  return found ?? null;
}
