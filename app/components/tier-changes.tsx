// What saving the tiers does to members, said before it is saved.
import { Banner, BlockStack } from "@shopify/polaris";
import { Points } from "./figures.tsx";
import { changeOfTiers } from "./program-form.ts";
import type { TierFields } from "./program-form.ts";

type Props = {
  readonly saved: readonly TierFields[];
  readonly tiers: readonly TierFields[];
  readonly membersIn: Readonly<Record<string, number>>;
};

/** The banner; nothing while nobody's tier may change. */
export function TierChanges({ saved, tiers, membersIn }: Props) {
  const { moved, settles, inverted } = changeOfTiers(saved, tiers);
  if (!settles && inverted.length === 0) return null;
  const members = moved.reduce((sum, id) => sum + (membersIn[id] ?? 0), 0);
  return (
    <Banner tone={inverted.length > 0 ? "warning" : "info"} title="Saving changes the tiers">
      <BlockStack gap="100">
        {moved.length > 0 && (
          <p>
            <Points of={members} unit={false} /> {members === 1 ? "member is" : "members are"} in tiers that
            you moved or removed.
          </p>
        )}
        {settles && <p>Members are settled to the new tiers after saving, and webhooks are sent.</p>}
        {inverted.map(([high, low]) => (
          <p key={`${high} ${low}`}>
            {high || "An unnamed tier"} now starts below {low || "an unnamed tier"}, though it earns more.
          </p>
        ))}
      </BlockStack>
    </Banner>
  );
}
