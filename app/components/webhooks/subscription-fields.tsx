// The fields of a subscription: address, events by group, description, headers, pace.
import { BlockStack, Card, Select, Text, TextField } from "@shopify/polaris";
import { inWords } from "../../loyalty/refusal-words.ts";
import type { Refused } from "../../loyalty/refusal.ts";
import { FORMAT_NAMES, FORMATS, isFormat, offeredTypes } from "../../webhooks/formats/formats.ts";
import { EventTypes } from "./event-types.tsx";
import { HeaderFields } from "./header-fields.tsx";

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
          <HeaderFields
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
