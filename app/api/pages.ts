// Lists: how a page is asked for and answered. By cursor, which never skips; or by number, as Mage's clients do.
import { z } from "zod";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { MAX_SKIPPED, pageOf, readCursor, skippedBefore } from "../platform/pages.ts";

const DEFAULT_SIZE = 20;
export const MAX_SIZE = 100;
const MAX_NUMBER = 500;

const whole = (most: number) => z.coerce.number().int().min(1).max(most);

/** The parameters of every list that has more than one page. */
export const pageQuery = {
  "page[size]": whole(MAX_SIZE)
    .optional()
    .describe(`Resources a page: 1 to ${MAX_SIZE}, ${DEFAULT_SIZE} unless said.`),
  "page[cursor]": z
    .string()
    .max(512)
    .optional()
    .describe("As in `links.next` or `links.prev` of another page."),
};
export const numberedPageQuery = {
  ...pageQuery,
  "page[number]": whole(MAX_NUMBER)
    .optional()
    .describe(
      `Instead of a cursor: 1 to ${MAX_NUMBER}, ${MAX_SKIPPED.toLocaleString("en")} rows at the most before it. Rows that arrive meanwhile move the pages; where numbers end, \`links.next\` goes on by cursor.`,
    ),
};

/** A list's document. `page`, `total` and `total_pages` are there for a page that has a number. */
export function listOf<Resource extends z.ZodType>(row: Resource) {
  return z.object({
    data: z.array(row),
    meta: z.object({
      per_page: z.int(),
      page: z
        .int()
        .optional()
        .describe("With its neighbours left out of a page that was asked for by cursor."),
      total: z.int().optional(),
      total_pages: z.int().optional(),
    }),
    links: z.object({ next: z.string().nullable(), prev: z.string().nullable() }),
  });
}

export type PageAsked = {
  readonly "page[size]"?: number | undefined;
  readonly "page[cursor]"?: string | undefined;
  readonly "page[number]"?: number | undefined;
};

/** Resources a page, as asked or by default. */
export const sizeOf = (query: Pick<PageAsked, "page[size]">) => query["page[size]"] ?? DEFAULT_SIZE;

/** What a list's use case takes: so many rows, from a cursor or, with a count, from a number. */
export function pageOfQuery(query: PageAsked) {
  const number = query["page[number]"];
  const cursor = query["page[cursor]"];
  return {
    size: sizeOf(query),
    ...(cursor === undefined ? {} : { cursor }),
    ...(number === undefined || cursor !== undefined ? {} : { number }),
  };
}

/** As `pageOfQuery`, for lists whose first page has its number, and is counted, also where none was asked for: as Mage's. */
export function countedPageOfQuery(query: PageAsked) {
  const page = pageOfQuery(query);
  return { ...page, ...(page.cursor === undefined ? { number: page.number ?? 1 } : {}) };
}

type Found<Row> = {
  readonly rows: readonly Row[];
  readonly next: string | null;
  readonly previous: string | null;
  /** All rows, where they were counted. */
  readonly total?: number;
};

/**
 * A page of rows that are all at hand. `textOf` is a row's key: unique, and the rows are sorted by it, `downward` or up.
 * Refuses a cursor that is none, and a number too far behind the first page.
 */
export function pageOfAll<Row>(
  all: readonly Row[],
  query: PageAsked,
  { textOf, downward = false }: { textOf: (row: Row) => string; downward?: boolean },
): Result<Found<Row>> {
  const { size, number, cursor: text } = countedPageOfQuery(query);
  const cursor = text === undefined ? null : readCursor(text, 1);
  if (text !== undefined && cursor === null) return refuse("cursor_invalid");
  const skipped = skippedBefore(number ?? 1, size);
  if (skipped === null) return refuse("page_too_far");
  const [from = ""] = cursor?.key ?? [];
  const isUpward = downward === (cursor?.back ?? false);
  const beyond = all.filter((row) => cursor === null || (isUpward ? textOf(row) > from : textOf(row) < from));
  const nearest = cursor?.back === true ? beyond.toReversed() : beyond;
  const keyOf = (row: Row) => [textOf(row)];
  const page = pageOf(nearest.slice(skipped, skipped + size + 1), { size, cursor, keyOf });
  return accept({ ...page, total: all.length });
}

/** A list's answer: `present` makes a resource of a row; the links are the address asked, at another page. */
export function listAnswer<Row, Resource>(
  { url, query }: { url: URL; query: PageAsked },
  found: Found<Row>,
  present: (row: Row) => Resource,
) {
  const { size, number, cursor } = pageOfQuery(query);
  const { total, next, previous } = found;
  const byCursor = (text: string | null) => (text === null ? null : linkTo(url, "page[cursor]", text));
  const byNumber = (page: number) => (page < 1 ? null : linkTo(url, "page[number]", page));
  const numbered = number !== undefined && next !== null && canAsk(number + 1, size);
  const links = {
    next: numbered ? byNumber(number + 1) : byCursor(next),
    prev: number === undefined ? byCursor(previous) : byNumber(number - 1),
  };
  const counted =
    total === undefined || cursor !== undefined
      ? {}
      : { page: number ?? 1, total, total_pages: Math.ceil(total / size) };
  return { data: found.rows.map(present), meta: { per_page: size, ...counted }, links };
}

// Beyond that a link by number would be refused; the cursor of the same page goes on.
const canAsk = (number: number, size: number) => number <= MAX_NUMBER && skippedBefore(number, size) !== null;

const PLACES = ["page[start]", "page[number]", "page[cursor]"];

/** The address asked, with one parameter set anew. */
export function linkTo(url: URL, name: string, value: string | number): string {
  const query = new URLSearchParams(url.search);
  for (const place of PLACES) if (place !== name) query.delete(place);
  query.set(name, String(value));
  return `${url.pathname}?${query.toString()}`;
}

/** A use case's answer as a list's, or its refusal. */
export function listed<Row, Resource>(
  call: { url: URL; query: PageAsked },
  found: Result<Found<Row>>,
  present: (row: Row) => Resource,
) {
  return found.ok ? accept(listAnswer(call, found.value, present)) : found;
}
