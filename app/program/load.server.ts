// Reads a shop's rules: the current version, or one that an order pinned.
import { DEFAULT_PROGRAM } from "../loyalty/program.ts";
import type { ProgramSettings } from "../loyalty/program.ts";
import type { ShopTx } from "../platform/db.server.ts";

export type Program = {
  readonly version: number;
  readonly settings: ProgramSettings;
  /** The shop's currency. */
  readonly currency: string;
};

/** Settings as they were saved: read by the form's schema then, immutable since, and so trusted here. */
export function settingsFrom(saved: unknown): ProgramSettings {
  return saved as ProgramSettings;
}

/** The shop's current program; the default, as version 0, where none was installed yet. */
export async function currentProgram(tx: ShopTx): Promise<Program> {
  const [row] = await tx.db.$queryRaw<{ version: number; settings: unknown; currency: string }[]>`
    SELECT s.program_version AS version, p.settings, s.currency
    FROM shop s LEFT JOIN program p ON p.shop_id = s.shop_id AND p.version = s.program_version
    WHERE s.shop_id = ${tx.shopId}`;
  if (!row) throw new Error(`No shop ${tx.shopId}`);
  return { ...row, settings: row.settings === null ? DEFAULT_PROGRAM : settingsFrom(row.settings) };
}
