// The fields of a subscription: address, events by group, description, headers, pace.
import { BlockStack, Button, Card, InlineGrid, InlineStack, Select, Text, TextField } from "@shopify/polaris";
import { DeleteIcon } from "@shopify/polaris-icons";
import { inWords } from "../../loyalty/refusal-words.ts";
import type { Refused } from "../../loyalty/refusal.ts";
import { MAX_CUSTOM_HEADERS } from "../../webhooks/custom-headers.ts";
import { FORMAT_NAMES, FORMATS, isFormat, offeredTypes } from "../../webhooks/formats/formats.ts";
import { FieldGroup } from "../field-group.tsx";
import { EventTypes } from "./event-types.tsx";

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
          <PayloadFormat values={values} error={errorOf("format")} disabled={disabled} onChange={onChange} />
        </BlockStack>
      </Card>
      <EventTypes
        offered={offeredTypes(values.format)}
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
            refused={refused?.field === "headers" ? refused : null}
            disabled={disabled}
            onChange={(headers) => change({ headers })}
          />
        </BlockStack>
      </Card>
    </BlockStack>
  );
}

type FormatFields = Pick<Fields, "values" | "disabled" | "onChange"> & { error: string | false };

// What the new format does not have is no longer asked for.
function PayloadFormat({ values, error, disabled, onChange }: FormatFields) {
  const { format, eventTypes } = values;
  const change = (next: string) => {
    const offered = new Set<string>(offeredTypes(next));
    onChange({ ...values, format: next, eventTypes: eventTypes.filter((type) => offered.has(type)) });
  };
  return (
    <Select
      label="Payload format"
      helpText={isFormat(format) ? FORMATS[format].about : ""}
      options={FORMAT_NAMES.map((value) => ({ value, label: FORMATS[value].label }))}
      value={format}
      onChange={change}
      error={error}
      disabled={disabled}
    />
  );
}

type HeaderFields = {
  values: FieldValues["headers"];
  refused: Refused | null;
  disabled: boolean;
  onChange: (values: [string, string][]) => void;
};

function Headers({ values, refused, disabled, onChange }: HeaderFields) {
  // Which row was refused, and which field of it: its name is told in small letters.
  const isWrong = (name: string, part: "name" | "value") =>
    refused?.detail === name.trim().toLowerCase() &&
    part === (refused.refusal === "header_value_invalid" ? "value" : "name");
  const pairs = values.map(([name, value]) => [name, value] as [string, string]);
  const set = (index: number, pair: [string, string]) =>
    onChange(pairs.map((old, at) => (at === index ? pair : old)));
  return (
    <FieldGroup
      title={(id) => (
        <Text as="h3" variant="headingSm" id={id}>
          Headers of your own
        </Text>
      )}
      error={refused !== null && inWords(refused.refusal)}
      gap="200"
    >
      {pairs.map(([name, value], index) => (
        <InlineGrid key={index} columns="1fr 1fr auto" gap="200">
          <TextField
            label={`Header ${index + 1} name`}
            labelHidden
            value={name}
            error={isWrong(name, "name")}
            disabled={disabled}
            placeholder="X-Api-Key"
            autoComplete="off"
            onChange={(text) => set(index, [text, value])}
          />
          <TextField
            label={`Header ${index + 1} value`}
            labelHidden
            value={value}
            error={isWrong(name, "value")}
            disabled={disabled}
            autoComplete="off"
            onChange={(text) => set(index, [name, text])}
          />
          <Button
            icon={DeleteIcon}
            accessibilityLabel={name === "" ? `Remove header ${index + 1}` : `Remove header ${name}`}
            disabled={disabled}
            onClick={() => onChange(pairs.filter((_, at) => at !== index))}
          />
        </InlineGrid>
      ))}
      <InlineStack>
        <Button
          disabled={disabled || pairs.length >= MAX_CUSTOM_HEADERS}
          onClick={() => onChange([...pairs, ["", ""]])}
        >
          Add header
        </Button>
      </InlineStack>
    </FieldGroup>
  );
}
