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

export type TierChange = {
  /** Tiers that were saved and now begin elsewhere or are gone: their members are settled anew. */
  readonly moved: readonly string[];
  /** Whether members may change tiers at all. */
  readonly settles: boolean;
  /** Pairs of names: the first earns more and begins below the second. */
  readonly inverted: readonly (readonly [string, string])[];
};

const figure = (text: string) => (text.trim() === "" ? NaN : Number(text.replace(",", ".")));

/** What the form would change for members who are in tiers. A field that does not read counts as unchanged. */
export function changeOfTiers(saved: readonly TierFields[], tiers: readonly TierFields[]): TierChange {
  const begins = new Map(tiers.map((tier) => [tier.id, figure(tier.threshold)]));
  const known = new Set(saved.map((tier) => tier.id));
  const moved = saved.filter((tier) => {
    const now = begins.get(tier.id);
    return now === undefined || (!Number.isNaN(now) && now !== figure(tier.threshold));
  });
  const isOther = JSON.stringify(saved) !== JSON.stringify(tiers);
  const inverted = tiers.flatMap((high) =>
    tiers
      .filter((low) => figure(high.multiplier) > figure(low.multiplier))
      .filter((low) => figure(high.threshold) < figure(low.threshold))
      .map((low) => [high.name, low.name] as const),
  );
  return {
    moved: moved.map((tier) => tier.id),
    settles: moved.length > 0 || tiers.some((tier) => !known.has(tier.id)),
    inverted: isOther ? inverted : [],
  };
}
