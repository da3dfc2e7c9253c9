// The program form's state: text as it is typed, until it is read as settings.
import type { Counts, ProgramSettings, SpentPolicy } from "../loyalty/program.ts";

export type TierFields = {
  readonly id: string;
  readonly name: string;
  readonly threshold: string;
  readonly multiplier: string;
};
export type ProgramFields = {
  readonly pointsPerUnit: string;
  readonly counts: Counts;
  readonly whenSpent: SpentPolicy;
  readonly tiers: readonly TierFields[];
};

/** Settings → what the fields show. */
export function fieldsOf(settings: ProgramSettings): ProgramFields {
  return {
    ...settings,
    tiers: settings.tiers.map((tier) => ({ ...tier, threshold: String(tier.threshold) })),
  };
}

/** What the fields say → what program/settings.ts reads. An empty threshold is no zero. */
export function settingsSaid(fields: ProgramFields): unknown {
  return {
    ...fields,
    tiers: fields.tiers.map((tier) => ({
      ...tier,
      threshold: tier.threshold.trim() === "" ? "?" : tier.threshold,
    })),
  };
}

/** A new tier above the highest, with an id that no other has. */
export function nextTier(tiers: readonly TierFields[]): TierFields {
  const taken = new Set(tiers.map((tier) => tier.id));
  let number = tiers.length + 1;
  while (taken.has(`tier-${number}`)) number += 1;
  const highest = Math.max(0, ...tiers.map((tier) => Number(tier.threshold) || 0));
  return { id: `tier-${number}`, name: "", threshold: String(highest + 500), multiplier: "1" };
}
