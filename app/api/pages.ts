// Lists: how a page is asked for and answered. By cursor, which never skips; or by number, as Mage's clients do.
import { z } from "zod";
import { accept } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";

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
    .describe(`Instead of a cursor: 1 to ${MAX_NUMBER}. Rows that arrive meanwhile move the pages.`),
};

/** A list's document. `meta.total` and its neighbours are there where a page was asked for by number. */
export function listOf<Resource extends z.ZodType>(row: Resource) {
  return z.object({
    data: z.array(row),
    meta: z.object({
      per_page: z.int(),
      page: z.int().optional(),
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

type Found<Row> = {
  readonly rows: readonly Row[];
  readonly next: string | null;
  readonly previous: string | null;
  /** All rows, where they were counted. */
  readonly total?: number;
};

/** A list's answer: `present` makes a resource of a row; the links are the address asked, at another page. */
export function listAnswer<Row, Resource>(
  { url, query }: { url: URL; query: PageAsked },
  found: Found<Row>,
  present: (row: Row) => Resource,
) {
  const { size, number } = pageOfQuery(query);
  const { total } = found;
  const pages = total === undefined ? undefined : Math.ceil(total / size);
  const at = (name: string, value: string | number | null) =>
    value === null ? null : linkTo(url, name, value);
  const links =
    number === undefined || pages === undefined
      ? { next: at("page[cursor]", found.next), prev: at("page[cursor]", found.previous) }
      : {
          next: at("page[number]", number < pages ? number + 1 : null),
          prev: at("page[number]", number > 1 ? number - 1 : null),
        };
  const counted =
    number === undefined || total === undefined ? {} : { page: number, total, total_pages: pages };
  return { data: found.rows.map(present), meta: { per_page: size, ...counted }, links };
}

/** The address asked, with one parameter set anew. */
export function linkTo(url: URL, name: string, value: string | number): string {
  const query = new URLSearchParams(url.search);
  query.delete("page[start]");
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
