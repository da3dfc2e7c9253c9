// What PostgreSQL can hold as text: no NUL, and no half of a surrogate pair.

// As JSON.stringify writes them: an escape behind an even number of backslashes.
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** Whether every text in a JSON value can be stored. */
export function isStorable(value: unknown): boolean {
  return !UNSTORABLE.test(JSON.stringify(value ?? null));
}

/** Whether an address holds a NUL, in its path or its query. No screen and no client sends one. */
export function holdsNul(url: string): boolean {
  return /%00/.test(url);
}
