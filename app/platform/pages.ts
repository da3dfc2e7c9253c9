// Pages by cursor, forward and back: the one way in which every list is turned.
import { isStorable } from "./storable.ts";

/** Where a page begins: behind the row with this key, or, going back, before it. */
export type Cursor = { readonly key: readonly string[]; readonly back: boolean };

/** A page in the list's own order; `next` and `previous` are the cursors of its neighbours, null where there is none. */
export type Page<Row> = {
  readonly rows: readonly Row[];
  readonly next: string | null;
  readonly previous: string | null;
};

const MAX_CURSOR = 512;
// PostgreSQL knows no year 0.
const TIME = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Whether a cursor's part is a time as `toISOString` writes it, and one that exists. */
export function isTime(text: string): boolean {
  const time = new Date(TIME.test(text) ? text : "");
  return !Number.isNaN(time.getTime()) && time.toISOString() === text;
}

/** The cursor as it stands in an address. */
function cursorText({ key, back }: Cursor): string {
  return Buffer.from(JSON.stringify([...key, back])).toString("base64url");
}

/** Reads a cursor whose key has so many `parts`; null for a text that is none. What a part means the list checks. */
export function readCursor(text: string, parts: number): Cursor | null {
  if (text.length > MAX_CURSOR) return null;
  try {
    const read = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as unknown;
    if (!Array.isArray(read) || read.length !== parts + 1) return null;
    const back: unknown = read.at(-1);
    const key = (read as unknown[]).slice(0, parts).filter((part) => typeof part === "string");
    return typeof back === "boolean" && key.length === parts && isStorable(key) ? { key, back } : null;
  } catch {
    return null;
  }
}

/**
 * Makes a page of what a query found.
 * @param found up to `size + 1` rows, the nearest to the cursor first: going back, that is the list's order reversed.
 * @param keyOf a row's key, by which the list is sorted; unique within it.
 */
export function pageOf<Row>(
  found: readonly Row[],
  asked: {
    readonly size: number;
    readonly cursor: Cursor | null;
    readonly keyOf: (row: Row) => readonly string[];
  },
): Page<Row> {
  const { size, cursor, keyOf } = asked;
  const back = cursor?.back ?? false;
  const hasMore = found.length > size;
  const nearest = found.slice(0, size);
  const rows = back ? nearest.reverse() : nearest;
  const [first, last] = [rows[0], rows.at(-1)];
  const hasNext = back || hasMore;
  const hasPrevious = back ? hasMore : cursor !== null;
  return {
    rows,
    next: hasNext && last !== undefined ? cursorText({ key: keyOf(last), back: false }) : null,
    previous: hasPrevious && first !== undefined ? cursorText({ key: keyOf(first), back: true }) : null,
  };
}

/** Rows that a page by number may skip: every one of them is read to be skipped. */
export const MAX_SKIPPED = 10_000;

/** Rows before page `number` (1 is the first), or null where that is too many to skip. */
export function skippedBefore(number: number, size: number): number | null {
  const skipped = (number - 1) * size;
  return skipped <= MAX_SKIPPED ? skipped : null;
}
