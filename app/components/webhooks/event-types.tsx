// Which events a subscription asks for: those that its payload format has, by group.
import { Badge, BlockStack, Card, Checkbox, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import { catalogueRow } from "../../events/catalogue.ts";
import type { EventType } from "../../events/catalogue.ts";
import { FieldGroup } from "../field-group.tsx";
import { GROUP_LABELS } from "./words.tsx";

type Events = {
  /** What can be asked for: the payload format decides. */
  offered: readonly EventType[];
  values: readonly string[];
  error: string | false;
  disabled: boolean;
  onChange: (values: string[]) => void;
};

/** The events to send, by group. */
export function EventTypes({ offered, values, error, disabled, onChange }: Events) {
  const chosen = new Set(values);
  const toggle = (types: readonly string[], on: boolean) => {
    for (const type of types)
      if (on) chosen.add(type);
      else chosen.delete(type);
    onChange(offered.filter((type) => chosen.has(type)));
  };
  return (
    <Card>
      <FieldGroup
        title={(id) => (
          <InlineStack align="space-between">
            <Text as="h2" variant="headingMd" id={id}>
              Events
            </Text>
            <Badge>{`${values.length} of ${offered.length}`}</Badge>
          </InlineStack>
        )}
        error={error}
        gap="400"
      >
        {Object.entries(GROUP_LABELS).map(([group, label]) => (
          <EventGroup
            key={group}
            types={offered.filter((type) => catalogueRow(type).group === group)}
            label={label}
            chosen={chosen}
            disabled={disabled}
            onToggle={toggle}
          />
        ))}
      </FieldGroup>
    </Card>
  );
}

type Group = {
  types: readonly EventType[];
  label: string;
  chosen: ReadonlySet<string>;
  disabled: boolean;
  onToggle: (types: readonly string[], on: boolean) => void;
};

function EventGroup({ types, label, chosen, disabled, onToggle }: Group) {
  if (types.length === 0) return null;
  const count = types.filter((type) => chosen.has(type)).length;
  const all = count === types.length;
  return (
    <BlockStack gap="100">
      <Checkbox
        label={
          <Text as="span" fontWeight="semibold">
            {label}
          </Text>
        }
        checked={all ? true : count > 0 ? "indeterminate" : false}
        disabled={disabled}
        onChange={() => onToggle(types, !all)}
      />
      <InlineGrid columns={{ xs: 1, md: 2 }} gap="200">
        {types.map((type) => (
          <Checkbox
            key={type}
            label={type}
            helpText={catalogueRow(type).about.split(". ")[0] ?? ""}
            checked={chosen.has(type)}
            disabled={disabled}
            onChange={(on) => onToggle([type], on)}
          />
        ))}
      </InlineGrid>
    </BlockStack>
  );
}
