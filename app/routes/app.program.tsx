// The program: points per unit, what counts, tiers; with a live example and a contextual save bar.
import type { ActionFunctionArgs, LoaderFunctionArgs, SerializeFrom } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import type { ShouldRevalidateFunction } from "@remix-run/react";
import { SaveBar, useAppBridge } from "@shopify/app-bridge-react";
import { BlockStack, Card, Checkbox, ChoiceList, Layout, Page, Text, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { readProgramPage, saveProgramForm } from "../admin/program-page.server.ts";
import { answeredInline } from "../components/answered-inline.ts";
import { EarningExample } from "../components/earning-example.tsx";
import { fieldsOf, settingsSaid } from "../components/program-form.ts";
import type { ProgramFields } from "../components/program-form.ts";
import { RefusedBanner } from "../components/refused-banner.tsx";
import { useShop } from "../components/shop-context.tsx";
import { TierChanges } from "../components/tier-changes.tsx";
import { TierEditor } from "../components/tier-editor.tsx";
import { refuse } from "../loyalty/refusal.ts";
import { problemsOf } from "../program/settings.ts";

export const loader = async ({ request }: LoaderFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  return readProgramPage(shopId);
};

export const action = async ({ request }: ActionFunctionArgs) => {
  const { shopId, shop } = await authenticateAdmin(request);
  if (shop.planStatus === "frozen") return refuse("shop_read_only");
  return saveProgramForm(shopId, request, "admin");
};

export const clientAction = answeredInline;

const COUNTS = [
  ["tax", "Tax", "Points on the tax of what counts"],
  ["shipping", "Shipping", "Points on what the customer paid for shipping"],
  ["tips", "Tips", "Points on tips left at checkout"],
  ["draftOrders", "Draft orders", "Orders that your team made by hand"],
  ["testOrders", "Test orders", "Orders paid with a test payment; for trying out"],
] as const;

// A refused form keeps what was typed: the newer version is not fetched under it.
export const shouldRevalidate: ShouldRevalidateFunction = ({ actionResult, defaultShouldRevalidate }) =>
  (actionResult as { ok?: boolean } | undefined)?.ok === false ? false : defaultShouldRevalidate;

export default function ProgramPage() {
  const page = useLoaderData<typeof loader>();
  const saving = useSaving();
  return <ProgramEditor key={page.version} page={page} saving={saving} />;
}

// Of the page, since the form begins anew when it was saved.
function useSaving() {
  const fetcher = useFetcher<typeof action>({ key: "program" });
  const bridge = useAppBridge();
  useEffect(() => {
    if (fetcher.data?.ok === true) bridge.toast.show("Program saved");
  }, [fetcher.data, bridge]);
  return fetcher;
}

type Editor = {
  readonly page: SerializeFrom<typeof loader>;
  readonly saving: ReturnType<typeof useSaving>;
};

function ProgramEditor({ page, saving: fetcher }: Editor) {
  const saved = fieldsOf(page.settings);
  const [fields, setFields] = useState(saved);
  const [tried, setTried] = useState(false);
  const readOnly = useShop().planStatus === "frozen";
  const dirty = JSON.stringify(fields) !== JSON.stringify(saved);
  const problems = tried ? problemsOf(settingsSaid(fields)) : {};
  const busy = fetcher.state !== "idle";
  const refusal = fetcher.data?.ok === false && !busy ? fetcher.data.refusal : null;

  const save = () => {
    setTried(true);
    const settings = settingsSaid(fields);
    if (busy || Object.keys(problemsOf(settings)).length > 0) return;
    const body = JSON.stringify({ settings, basedOn: page.version });
    fetcher.submit(body, { method: "post", encType: "application/json" });
  };
  const change = (part: Partial<ProgramFields>) => setFields({ ...fields, ...part });

  return (
    <Page title="Program" subtitle="How orders earn points, and what tiers give.">
      <SaveBar id="program-save-bar" open={dirty}>
        <button variant="primary" onClick={save} disabled={busy} {...(busy ? { loading: "" } : {})}>
          Save
        </button>
        <button onClick={() => setFields(saved)} disabled={busy}>
          Discard
        </button>
      </SaveBar>
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            {refusal !== null && <RefusedBanner title="The program was not saved" refusal={refusal} />}
            <EarningCard fields={fields} problems={problems} disabled={readOnly} onChange={change} />
            <TierChanges saved={saved.tiers} tiers={fields.tiers} membersIn={page.membersIn} />
            <TierEditor
              tiers={fields.tiers}
              problems={problems}
              membersIn={page.membersIn}
              disabled={readOnly}
              onChange={(tiers) => change({ tiers })}
            />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <EarningExample fields={fields} />
        </Layout.Section>
      </Layout>
    </Page>
  );
}

type Earning = {
  readonly fields: ProgramFields;
  readonly problems: Readonly<Record<string, string>>;
  readonly disabled: boolean;
  readonly onChange: (part: Partial<ProgramFields>) => void;
};

function EarningCard({ fields, problems, disabled, onChange }: Earning) {
  const { currency } = useShop();
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          Earning
        </Text>
        <TextField
          label={`Points for each 1 ${currency} of goods`}
          helpText="After discounts. Gift cards never earn. A change counts for new orders; what was earned stays."
          value={fields.pointsPerUnit}
          onChange={(pointsPerUnit) => onChange({ pointsPerUnit })}
          error={problems["pointsPerUnit"] ?? false}
          disabled={disabled}
          inputMode="decimal"
          autoComplete="off"
        />
        <BlockStack gap="100">
          <Text as="h3" variant="headingSm">
            What else counts
          </Text>
          {COUNTS.map(([name, label, helpText]) => (
            <Checkbox
              key={name}
              label={label}
              helpText={helpText}
              checked={fields.counts[name]}
              disabled={disabled}
              onChange={(on) => onChange({ counts: { ...fields.counts, [name]: on } })}
            />
          ))}
        </BlockStack>
        <ChoiceList
          title="When points of a refunded order are already spent"
          choices={[
            { label: "The member owes them: the next earnings pay first", value: "owe" },
            { label: "Take what is there and record the rest", value: "clamp" },
          ]}
          selected={[fields.whenSpent]}
          disabled={disabled}
          onChange={([choice]) => onChange({ whenSpent: choice === "clamp" ? "clamp" : "owe" })}
        />
      </BlockStack>
    </Card>
  );
}
