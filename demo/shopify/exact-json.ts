// JSON with exact numbers: a bigint becomes its digits, so that ids beyond 2^53 leave as Shopify sends them.

declare global {
  interface JSON {
    /** ECMAScript's JSON.parse source text access, in Node since 21; not yet in TypeScript's library. */
    rawJSON(text: string): object;
  }
}

/** A number written with exactly these digits, such as `70.00`. */
export const rawNumber = (digits: string): object => JSON.rawJSON(digits);

/** Serialises a body; every bigint as a bare JSON number. */
export const exactJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "bigint" ? JSON.rawJSON(part.toString()) : part,
  );
