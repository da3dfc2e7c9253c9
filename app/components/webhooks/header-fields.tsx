// The merchant's own headers: a row of name and value for each.
import { Button, InlineGrid, InlineStack, Text, TextField } from "@shopify/polaris";
import { DeleteIcon } from "@shopify/polaris-icons";
import { inWords } from "../../loyalty/refusal-words.ts";
import type { Refused } from "../../loyalty/refusal.ts";
import { MAX_CUSTOM_HEADERS } from "../../webhooks/custom-headers.ts";
import { FieldGroup } from "../field-group.tsx";

type Pair = [name: string, value: string];
type Props = {
  readonly values: readonly (readonly [string, string])[];
  readonly refused: Refused | null;
  readonly disabled: boolean;
  readonly onChange: (values: Pair[]) => void;
};

export function HeaderFields({ values, refused, disabled, onChange }: Props) {
  const pairs = values.map(([name, value]): Pair => [name, value]);
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
      {pairs.map((pair, index) => (
        <HeaderRow
          key={index}
          number={index + 1}
          pair={pair}
          refused={refused}
          disabled={disabled}
          onChange={(changed) => onChange(pairs.map((old, at) => (at === index ? changed : old)))}
          onRemove={() => onChange(pairs.filter((_, at) => at !== index))}
        />
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

type Row = Pick<Props, "refused" | "disabled"> & {
  readonly number: number;
  readonly pair: Pair;
  readonly onChange: (pair: Pair) => void;
  readonly onRemove: () => void;
};

// On a telephone the value stands below its name: side by side neither could be read.
function HeaderRow({ number, pair: [name, value], refused, disabled, onChange, onRemove }: Row) {
  // A refusal tells the header's name in small letters, and is about its name unless it says otherwise.
  const isRefused = refused?.detail === name.trim().toLowerCase();
  const isValue = refused?.refusal === "header_value_invalid";
  return (
    <InlineGrid columns="1fr auto" gap="200" alignItems="start">
      <InlineGrid columns={{ xs: 1, sm: 2 }} gap={{ xs: "100", sm: "200" }}>
        <TextField
          label={`Header ${number} name`}
          labelHidden
          value={name}
          error={isRefused && !isValue}
          disabled={disabled}
          placeholder="X-Api-Key"
          autoComplete="off"
          onChange={(text) => onChange([text, value])}
        />
        <TextField
          label={`Header ${number} value`}
          labelHidden
          value={value}
          error={isRefused && isValue}
          disabled={disabled}
          placeholder="Value"
          autoComplete="off"
          onChange={(text) => onChange([name, text])}
        />
      </InlineGrid>
      <Button
        icon={DeleteIcon}
        accessibilityLabel={`Remove header ${name === "" ? number : name}`}
        disabled={disabled}
        onClick={onRemove}
      />
    </InlineGrid>
  );
}
