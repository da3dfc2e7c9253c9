// The database of a start: the one that DATABASE_URL names, else the project's own below `.laurel/`.
import { join } from "node:path";
import { startPostgres } from "./postgres.ts";
import { ROOT, type Variables } from "./variables.ts";

export type OpenDatabase = { url: string; embedded: boolean; stop: () => Promise<void> };

/** Where the embedded cluster keeps its data. */
export const EMBEDDED_DATA = join(ROOT, ".laurel", "postgres");

/** The address to use, and how to end what was started for it. */
export async function openDatabase(variables: Variables, dataDir = EMBEDDED_DATA): Promise<OpenDatabase> {
  const named = variables["DATABASE_URL"];
  if (named) return { url: named, embedded: false, stop: () => Promise.resolve() };
  const { url, stop } = await startPostgres({ dataDir });
  return { url, embedded: true, stop };
}
