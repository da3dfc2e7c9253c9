// The members' list: search, tier filter, sort, and pages by cursor in both directions.
import { Prisma } from "../../generated/prisma/index.js";
import { isPoints } from "../loyalty/points.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { isTime, pageOf, readCursor, skippedBefore } from "../platform/pages.ts";
import type { Cursor } from "../platform/pages.ts";
import { MEMBER_COLUMNS } from "./columns.server.ts";
import type { Member } from "./member.ts";

export const MEMBERS_PAGE = 50;
const MAX_SEARCH = 100;
const WHOLE = /^-?\d{1,10}$/;

/** What the list can be sorted by: the column, and how a cursor's value is read back. */
const SORTS = {
  joined: {
    column: Prisma.sql`joined_at`,
    cast: Prisma.sql`timestamptz`,
    of: (member: Member) => member.joinedAt.toISOString(),
  },
  points: {
    column: Prisma.sql`balance`,
    cast: Prisma.sql`int`,
    of: (member: Member) => String(member.balance),
  },
  lifetime: {
    column: Prisma.sql`lifetime_points`,
    cast: Prisma.sql`int`,
    of: (member: Member) => String(member.lifetimePoints),
  },
} as const;
export type MemberSort = keyof typeof SORTS;

export type MembersAsked = {
  /** Part of a name or address, or a customer's id. */
  readonly search?: string;
  /** The whole address. */
  readonly email?: string;
  /** A tier's id, or `none`. */
  readonly tierId?: string;
  readonly sort?: MemberSort;
  readonly descending?: boolean;
  /** As `next` or `previous` of another page. */
  readonly cursor?: string;
  /** Instead of a cursor: the page's number, from 1; all are counted then. */
  readonly number?: number;
  /** Members a page; MEMBERS_PAGE unless said. */
  readonly size?: number;
};
export type MembersPage = {
  readonly members: readonly Member[];
  readonly next: string | null;
  readonly previous: string | null;
  /** Where a page was asked for by number. */
  readonly total?: number;
};

/**
 * A page of the shop's members, deactivated ones included, redacted ones not. Refuses a cursor that is none of ours, and
 * a number too far behind the first page.
 */
export async function listMembers(tx: ShopTx, asked: MembersAsked): Promise<Result<MembersPage>> {
  const sort = SORTS[asked.sort ?? "joined"];
  const cursor = asked.cursor === undefined ? null : cursorFrom(asked.cursor, asked.sort ?? "joined");
  if (asked.cursor !== undefined && !cursor) return refuse("cursor_invalid", { field: "cursor" });
  const size = asked.size ?? MEMBERS_PAGE;
  const skipped = skippedBefore(asked.number ?? 1, size);
  if (skipped === null) return refuse("page_too_far");
  const which = Prisma.sql`FROM member WHERE shop_id = ${tx.shopId} AND state <> 'redacted'
    ${searched(asked.search)} ${withEmail(asked.email)} ${inTier(asked.tierId)}`;
  const downward = (asked.descending ?? true) !== (cursor?.back ?? false);
  const direction = downward ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  const rows = await tx.db.$queryRaw<Member[]>`
    SELECT ${MEMBER_COLUMNS} ${which} ${beyond(sort, cursor, downward)}
    ORDER BY ${sort.column} ${direction}, member_id ${direction} LIMIT ${size + 1} OFFSET ${skipped}`;
  const { rows: members, ...turns } = pageOf(rows, {
    size,
    cursor,
    keyOf: (member) => [sort.of(member), member.id],
  });
  if (asked.number === undefined) return accept({ members, ...turns });
  const [all] = await tx.db.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total ${which}`;
  return accept({ members, ...turns, total: all?.total ?? 0 });
}

function searched(search: string | undefined): Prisma.Sql {
  const words = (search ?? "").trim().slice(0, MAX_SEARCH);
  if (words === "") return Prisma.empty;
  const pattern = `%${words.replace(/[\\%_]/g, "\\$&")}%`;
  return Prisma.sql`AND (email ILIKE ${pattern} OR concat_ws(' ', first_name, last_name) ILIKE ${pattern} OR customer_id = ${words})`;
}

function withEmail(email: string | undefined): Prisma.Sql {
  return email === undefined ? Prisma.empty : Prisma.sql`AND email IN (${email}, ${email.toLowerCase()})`;
}

function inTier(tierId: string | undefined): Prisma.Sql {
  if (tierId === undefined || tierId === "") return Prisma.empty;
  return tierId === "none" ? Prisma.sql`AND tier_id IS NULL` : Prisma.sql`AND tier_id = ${tierId}`;
}

function beyond(sort: (typeof SORTS)[MemberSort], cursor: Cursor | null, downward: boolean): Prisma.Sql {
  if (!cursor) return Prisma.empty;
  const sign = downward ? Prisma.sql`<` : Prisma.sql`>`;
  const [value, id] = cursor.key;
  return Prisma.sql`AND (${sort.column}, member_id) ${sign} (${value}::text::${sort.cast}, ${id})`;
}

function cursorFrom(text: string, sort: MemberSort): Cursor | null {
  const cursor = readCursor(text, 2);
  const value = cursor?.key[0] ?? "";
  const isValue = sort === "joined" ? isTime(value) : WHOLE.test(value) && isPoints(Number(value));
  return isValue ? cursor : null;
}
