// Plans: what each allows, which one the shop has, and the one way to another.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import {
  Badge,
  Banner,
  BlockStack,
  Button,
  Card,
  InlineGrid,
  InlineStack,
  List,
  Page,
  Text,
} from "@shopify/polaris";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { planPage } from "../admin/plan-page.server.ts";
import { PLAN_NAMES, PLANS } from "../shops/plans.ts";
import type { PlanName } from "../shops/plans.ts";

export const loader = async ({ request }: LoaderFunctionArgs) => {
  const { shop } = await authenticateAdmin(request);
  return { plan: shop.plan, status: shop.planStatus, url: planPage(shop.id) };
};

const ALL_PLANS = [
  "Points on every order, without a cap",
  "VIP tiers and multipliers",
  "Storefront block",
  "Members and ledger",
];
const WITH_FEATURE = {
  webhooks: "Webhooks, signed and replayable",
  apiKeys: "API keys",
} as const;

export default function PlanPage() {
  const { plan, status, url } = useLoaderData<typeof loader>();
  return (
    <Page title="Plan" subtitle="Earning never stops, whatever the plan.">
      <BlockStack gap="400">
        {status === "frozen" && (
          <Banner tone="warning" title="Your Shopify bill is unpaid">
            <p>Laurel is read-only until it is settled. Members keep earning; webhook deliveries wait.</p>
          </Banner>
        )}
        <InlineGrid columns={{ xs: 1, sm: 2, lg: 4 }} gap="400">
          {PLAN_NAMES.map((name) => (
            <PlanCard key={name} name={name} current={name === plan} url={url} />
          ))}
        </InlineGrid>
      </BlockStack>
    </Page>
  );
}

// What a plan has, and of what the plan below has only that it has it too.
function linesOf(name: PlanName): readonly string[] {
  const below = PLAN_NAMES[PLAN_NAMES.indexOf(name) - 1];
  const features = (Object.keys(WITH_FEATURE) as (keyof typeof WITH_FEATURE)[]).filter(
    (feature) => PLANS[name].allows[feature] && !(below !== undefined && PLANS[below].allows[feature]),
  );
  return [
    ...(below === undefined ? ALL_PLANS : [`Everything in ${PLANS[below].label}`]),
    ...features.map((feature) => WITH_FEATURE[feature]),
  ];
}

function PlanCard({ name, current, url }: { name: PlanName; current: boolean; url: string }) {
  const { label, price } = PLANS[name];
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {label}
          </Text>
          {current && <Badge tone="success">Current</Badge>}
        </InlineStack>
        <Text as="p" variant="headingLg">
          {price}
        </Text>
        <List>
          {linesOf(name).map((line) => (
            <List.Item key={line}>{line}</List.Item>
          ))}
        </List>
        {current ? (
          <Button disabled fullWidth>
            Your plan
          </Button>
        ) : (
          <Button url={url} target="_top" fullWidth>
            {`Choose ${label}`}
          </Button>
        )}
      </BlockStack>
    </Card>
  );
}
