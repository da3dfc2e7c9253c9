// The fields of a subscription: address, events by group, description, headers, pace.
import {
  Badge,
  BlockStack,
  Button,
  Card,
  Checkbox,
  InlineGrid,
  InlineStack,
  Text,
  TextField,
} from "@shopify/polaris";
import { DeleteIcon } from "@shopify/polaris-icons";
import { inWords } from "../refusal-words.ts";
import { SUBSCRIBABLE_TYPES, catalogueRow } from "../../events/catalogue.ts";
import type { EventType } from "../../events/catalogue.ts";
import type { Refused } from "../../loyalty/refusal.ts";

export type FieldValues = {
  readonly url: string;
  readonly format: string;
  readonly description: string;
  readonly eventTypes: readonly string[];
  readonly headers: readonly (readonly [string, string])[];
  /** As typed; empty = no limit. */
  readonly rate: string;
};

export const NO_VALUES: FieldValues = {
  url: "",
  format: "laurel",
  description: "",
  eventTypes: [],
  headers: [],
  rate: "",
};

/** What the server is sent. */
export function formOf({ rate, ...values }: FieldValues) {
  return {
    ...values,
    eventTypes: [...values.eventTypes],
    headers: values.headers.map(([name, value]) => [name, value] as [string, string]),
    ratePerSecond: rate.trim() === "" ? null : Number(rate) || 0,
  };
}

const GROUPS = { points: "Points", tiers: "Tiers", members: "Members", orders: "Orders" } as const;

type Fields = {
  readonly values: FieldValues;
  readonly refused: Refused | null;
  readonly disabled: boolean;
  readonly onChange: (values: FieldValues) => void;
};

export function SubscriptionFields({ values, refused, disabled, onChange }: Fields) {
  const errorOf = (field: string) => (refused?.field === field ? inWords(refused.refusal) : false);
  const change = (part: Partial<FieldValues>) => onChange({ ...values, ...part });
  const text = (
    name: "url" | "description" | "rate",
    label: string,
    helpText: string,
    error: string | false,
  ) => (
    <TextField
      label={label}
      helpText={helpText}
      value={values[name]}
      onChange={(value) => change({ [name]: value })}
      error={error}
      disabled={disabled}
      autoComplete="off"
      {...(name === "url" ? { type: "url" as const, placeholder: "https://example.com/webhooks" } : {})}
    />
  );
  return (
    <BlockStack gap="400">
      <Card>
        <BlockStack gap="400">
          <Text as="h2" variant="headingMd">
            Endpoint
          </Text>
          {text("url", "URL", "Laurel sends signed POST requests to it, over HTTPS.", errorOf("url"))}
          {text(
            "description",
            "Description",
            "For your team: what is at the other end.",
            errorOf("description"),
          )}
        </BlockStack>
      </Card>
      <EventTypes
        values={values.eventTypes}
        error={errorOf("eventTypes")}
        disabled={disabled}
        onChange={(eventTypes) => change({ eventTypes })}
      />
      <Card>
        <BlockStack gap="400">
          <Text as="h2" variant="headingMd">
            More
          </Text>
          {text(
            "rate",
            "Requests a second at the most",
            "Empty: as many as the endpoint keeps up with.",
            errorOf("ratePerSecond"),
          )}
          <Headers
            values={values.headers}
            error={errorOf("headers")}
            disabled={disabled}
            onChange={(headers) => change({ headers })}
          />
        </BlockStack>
      </Card>
    </BlockStack>
  );
}

type Events = {
  values: readonly string[];
  error: string | false;
  disabled: boolean;
  onChange: (values: string[]) => void;
};

function EventTypes({ values, error, disabled, onChange }: Events) {
  const chosen = new Set(values);
  const toggle = (types: readonly string[], on: boolean) => {
    for (const type of types)
      if (on) chosen.add(type);
      else chosen.delete(type);
    onChange(SUBSCRIBABLE_TYPES.filter((type) => chosen.has(type)));
  };
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between">
          <Text as="h2" variant="headingMd">
            Events
          </Text>
          <Badge>{`${values.length} of ${SUBSCRIBABLE_TYPES.length}`}</Badge>
        </InlineStack>
        {error !== false && (
          <Text as="p" tone="critical">
            {error}
          </Text>
        )}
        {Object.entries(GROUPS).map(([group, label]) => (
          <EventGroup
            key={group}
            group={group}
            label={label}
            chosen={chosen}
            disabled={disabled}
            onToggle={toggle}
          />
        ))}
      </BlockStack>
    </Card>
  );
}

type Group = {
  group: string;
  label: string;
  chosen: ReadonlySet<string>;
  disabled: boolean;
  onToggle: (types: readonly string[], on: boolean) => void;
};

function EventGroup({ group, label, chosen, disabled, onToggle }: Group) {
  const types = SUBSCRIBABLE_TYPES.filter((type) => catalogueRow(type).group === group);
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
        {types.map((type: EventType) => (
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

type HeaderFields = {
  values: FieldValues["headers"];
  error: string | false;
  disabled: boolean;
  onChange: (values: [string, string][]) => void;
};

function Headers({ values, error, disabled, onChange }: HeaderFields) {
  const pairs = values.map(([name, value]) => [name, value] as [string, string]);
  const set = (index: number, pair: [string, string]) =>
    onChange(pairs.map((old, at) => (at === index ? pair : old)));
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        Headers of your own
      </Text>
      {error !== false && (
        <Text as="p" tone="critical">
          {error}
        </Text>
      )}
      {pairs.map(([name, value], index) => (
        <InlineGrid key={index} columns="1fr 1fr auto" gap="200">
          <TextField
            label="Name"
            labelHidden
            value={name}
            disabled={disabled}
            placeholder="X-Api-Key"
            autoComplete="off"
            onChange={(text) => set(index, [text, value])}
          />
          <TextField
            label="Value"
            labelHidden
            value={value}
            disabled={disabled}
            autoComplete="off"
            onChange={(text) => set(index, [name, text])}
          />
          <Button
            icon={DeleteIcon}
            accessibilityLabel={`Remove header ${name}`}
            disabled={disabled}
            onClick={() => onChange(pairs.filter((_, at) => at !== index))}
          />
        </InlineGrid>
      ))}
      <InlineStack>
        <Button disabled={disabled || pairs.length >= 10} onClick={() => onChange([...pairs, ["", ""]])}>
          Add header
        </Button>
      </InlineStack>
    </BlockStack>
  );
}
