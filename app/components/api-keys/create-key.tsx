// A new key: its name, and what it may do in each area.
import { BlockStack, Modal, Select, Text, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import type { ApiKeyAnswer, ApiKeyAsked } from "../../admin/api-key-actions.server.ts";
import { inWords } from "../../loyalty/refusal-words.ts";
import type { Refused } from "../../loyalty/refusal.ts";
import type { ApiAccess, ApiArea, ApiScopes } from "../../shops/api-areas.ts";
import { checkApiKey } from "../../shops/api-key-form.ts";
import { FieldGroup } from "../field-group.tsx";
import { RefusedBanner } from "../refused-banner.tsx";
import { useAction } from "../use-action.ts";
import { ACCESS, AREAS, SHOWN_AREAS } from "./words.ts";

/** A key that was just made: shown this once. */
export type MadeKey = { readonly key: string; readonly name: string; readonly scopes: ApiScopes };

type Props = { readonly onClose: () => void; readonly onMade: (made: MadeKey) => void };

export function CreateKey({ onClose, onMade }: Props) {
  const { ask, busy, answer } = useAction<ApiKeyAsked, ApiKeyAnswer>();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<ApiScopes>({});
  const [local, setLocal] = useState<Refused | null>(null);
  const refused = local ?? (answer?.ok === false ? answer : null);
  const errorOf = (field: string) => (refused?.field === field ? inWords(refused.refusal) : false);

  useEffect(() => {
    if (answer?.ok === true && answer.key !== null) onMade({ key: answer.key, name: name.trim(), scopes });
  }, [answer, onMade, name, scopes]);

  // What was refused is being corrected: the complaint has done its work.
  const correct =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      setLocal(null);
      set(value);
    };
  const create = () => {
    const checked = checkApiKey({ name, scopes });
    setLocal(checked.ok ? null : checked);
    if (checked.ok) ask({ intent: "create", ...checked.value });
  };
  return (
    <Modal
      open
      onClose={onClose}
      title="Create API key"
      primaryAction={{ content: "Create key", onAction: create, loading: busy }}
      secondaryActions={[{ content: "Cancel", onAction: onClose, disabled: busy }]}
    >
      <Modal.Section>
        <BlockStack gap="400">
          {refused !== null && refused.field === undefined && (
            <RefusedBanner title="No key was created" refusal={refused.refusal} />
          )}
          <TextField
            label="Name"
            helpText="Name the system that uses this key, so you know which one to revoke."
            placeholder="Warehouse"
            value={name}
            onChange={correct(setName)}
            error={errorOf("name")}
            autoComplete="off"
          />
          <Access scopes={scopes} error={errorOf("scopes")} onChange={correct(setScopes)} />
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}

type AccessProps = {
  readonly scopes: ApiScopes;
  readonly error: string | false;
  readonly onChange: (scopes: ApiScopes) => void;
};

function Access({ scopes, error, onChange }: AccessProps) {
  const change = (area: ApiArea, access: string) => {
    const others = Object.entries(scopes).filter(([one]) => one !== area);
    onChange(Object.fromEntries(access === "" ? others : [...others, [area, access]]));
  };
  return (
    <FieldGroup
      title={(id) => (
        <Text as="h3" variant="headingSm" id={id}>
          What it may do
        </Text>
      )}
      error={error}
      gap="300"
    >
      {SHOWN_AREAS.map((area) => {
        const { label, allows } = AREAS[area];
        const chosen = scopes[area];
        const offered = Object.keys(allows) as ApiAccess[];
        return (
          <Select
            key={area}
            label={label}
            options={[
              { value: "", label: "None" },
              ...offered.map((value) => ({ value, label: capital(ACCESS[value]) })),
            ]}
            value={chosen ?? ""}
            helpText={chosen === undefined ? "Closed to this key." : allows[chosen]}
            onChange={(access) => change(area, access)}
          />
        );
      })}
    </FieldGroup>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
