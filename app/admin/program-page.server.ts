// The program page's two halves: what it shows, and what Save does.
import { z } from "zod";
import type { ShopId } from "../loyalty/ids.ts";
import type { ProgramSettings } from "../loyalty/program.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import { addJob } from "../platform/queue.server.ts";
import { log } from "../platform/log.server.ts";
import { currentProgram } from "../program/load.server.ts";
import { saveProgram } from "../program/save.server.ts";
import { programSettings } from "../program/settings.ts";
import { membersByTier } from "../tiers/queries.server.ts";
import { readJson } from "./read-json.server.ts";

const Form = z.object({ settings: programSettings, basedOn: z.int() });

export type ProgramPage = {
  readonly version: number;
  readonly settings: ProgramSettings;
  /** Tier id to how many members are in it now. */
  readonly membersIn: Readonly<Record<string, number>>;
};

/** The shop's rules as they are now. */
export function readProgramPage(shopId: ShopId): Promise<ProgramPage> {
  return inShop(shopId, async (tx) => {
    const { version, settings } = await currentProgram(tx);
    const counted = await membersByTier(tx);
    return {
      version,
      settings,
      membersIn: Object.fromEntries(counted.map((row) => [row.tierId ?? "", row.members])),
    };
  });
}

/**
 * Saves the form as the next version and has members settled by it in the background. Refuses settings that do not
 * read (`form_invalid`) and a form that was opened before another save (`form_stale`).
 */
export async function saveProgramForm(
  shopId: ShopId,
  request: Request,
  by: string,
): Promise<Result<{ version: number }>> {
  const form = Form.safeParse(await readJson(request));
  if (!form.success) return refuse("form_invalid");
  const saved = await inShop(shopId, (tx) => saveProgram(tx, { ...form.data, by, at: now() }));
  if (!saved.ok) return saved;
  // The queue is a doorbell: without it the next order of a member, or the nightly pass, settles the tier.
  await addJob("policy", { shopId }).catch((error: unknown) =>
    log.warn("policy.unheard", { shop: shopId }, error),
  );
  return accept(saved.value);
}
