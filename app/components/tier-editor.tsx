// The tiers of a program: a row each, with what is wrong beside the field.
import { BlockStack, Box, Button, Card, InlineGrid, InlineStack, Text, TextField } from "@shopify/polaris";
import { DeleteIcon, PlusIcon } from "@shopify/polaris-icons";
import { MAX_TIERS } from "../loyalty/program.ts";
import { Points } from "./figures.tsx";
import { nextTier } from "./program-form.ts";
import type { TierFields } from "./program-form.ts";

type Editor = {
  readonly tiers: readonly TierFields[];
  readonly problems: Readonly<Record<string, string>>;
  readonly membersIn: Readonly<Record<string, number>>;
  readonly disabled: boolean;
  readonly onChange: (tiers: readonly TierFields[]) => void;
};

export function TierEditor({ tiers, problems, membersIn, disabled, onChange }: Editor) {
  const replace = (index: number, change: Partial<TierFields>) =>
    onChange(tiers.map((tier, at) => (at === index ? { ...tier, ...change } : tier)));
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            VIP tiers
          </Text>
          <Text as="p" tone="subdued">
            A member is in the highest tier whose lifetime points are reached. Refunds and changes to these
            tiers may lower a tier.
          </Text>
        </BlockStack>
        {tiers.length === 0 && <Text as="p">No tiers: every member earns at the same rate.</Text>}
        {tiers.map((tier, index) => (
          <TierRow
            key={tier.id}
            tier={tier}
            members={membersIn[tier.id] ?? 0}
            disabled={disabled}
            problem={(field) => problems[`tiers.${index}.${field}`]}
            onChange={(change) => replace(index, change)}
            onRemove={() => onChange(tiers.filter((_, at) => at !== index))}
          />
        ))}
        <InlineStack>
          <Button
            icon={PlusIcon}
            disabled={disabled || tiers.length >= MAX_TIERS}
            onClick={() => onChange([...tiers, nextTier(tiers)])}
          >
            Add tier
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

type Row = {
  readonly tier: TierFields;
  readonly members: number;
  readonly disabled: boolean;
  readonly problem: (field: keyof TierFields) => string | undefined;
  readonly onChange: (change: Partial<TierFields>) => void;
  readonly onRemove: () => void;
};

function TierRow({ tier, members, disabled, problem, onChange, onRemove }: Row) {
  const field = (name: "name" | "threshold" | "multiplier", label: string, suffix = "") => (
    <TextField
      label={label}
      value={tier[name]}
      onChange={(value) => onChange({ [name]: value })}
      error={problem(name) ?? false}
      disabled={disabled}
      autoComplete="off"
      inputMode={name === "name" ? "text" : "decimal"}
      suffix={suffix}
    />
  );
  return (
    <Box background="bg-surface-secondary" padding="300" borderRadius="200">
      <BlockStack gap="200">
        <InlineGrid columns={{ xs: 1, sm: 3 }} gap="300">
          {field("name", "Name")}
          {field("threshold", "From", "lifetime points")}
          {field("multiplier", "Earns", "× points")}
        </InlineGrid>
        <InlineStack align="space-between" blockAlign="center">
          <Text as="span" tone="subdued">
            {members === 1 ? (
              "1 member now"
            ) : (
              <>
                <Points of={members} unit={false} /> members now
              </>
            )}
          </Text>
          <Button
            variant="tertiary"
            tone="critical"
            icon={DeleteIcon}
            disabled={disabled}
            onClick={onRemove}
            accessibilityLabel={`Remove tier ${tier.name}`}
          >
            Remove
          </Button>
        </InlineStack>
      </BlockStack>
    </Box>
  );
}
