// Saves a program as a new version; versions are never changed, so that every posting can show its rules.
import { DEFAULT_PROGRAM } from "../loyalty/program.ts";
import type { ProgramSettings } from "../loyalty/program.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { summon } from "../platform/upkeep.server.ts";

/**
 * Makes `settings` the shop's next version. Refuses a form that was opened before another save (`basedOn` is the
 * version that it showed). The caller applies changed tiers (tiers/apply-policy);
 * the storefront's copy follows by itself.
 */
export async function saveProgram(
  tx: ShopTx,
  saved: { settings: ProgramSettings; basedOn: number; by: string; at: Date },
): Promise<Result<{ version: number }>> {
  const version = saved.basedOn + 1;
  const moved = await tx.db.$executeRaw`
    UPDATE shop SET program_version = ${version}
    WHERE shop_id = ${tx.shopId} AND program_version = ${saved.basedOn}`;
  if (moved === 0) return refuse("form_stale");
  await tx.db.$executeRaw`
    INSERT INTO program (shop_id, version, settings, saved_by, created_at)
    VALUES (${tx.shopId}, ${version}, ${JSON.stringify(saved.settings)}::jsonb, ${saved.by}, ${saved.at})`;
  await summon(tx, "program");
  return accept({ version });
}

/** Gives a new shop its working program; a shop that has one keeps it. */
export async function installProgram(tx: ShopTx, at: Date): Promise<void> {
  await saveProgram(tx, { settings: DEFAULT_PROGRAM, basedOn: 0, by: "installation", at });
}
