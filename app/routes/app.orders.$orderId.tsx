// Why an order earned what it earned: its decision record in words.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Card, DataTable, Layout, Link, Page, Text } from "@shopify/polaris";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { readOrderPage } from "../admin/order-page.server.ts";
import { EXCLUSIONS, RULES } from "../components/decision-words.ts";
import { Moment, Money, Points } from "../components/figures.tsx";
import { tierName } from "../components/member-words.ts";
import { askedFresh, useFresh } from "../components/use-fresh.ts";
import type { Decision } from "../loyalty/decision.ts";
import type { Tier } from "../loyalty/program.ts";

export const loader = async ({ request, params }: LoaderFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  const page = await readOrderPage(shopId, params["orderId"] ?? "");
  if (page === null) throw new Response(null, { status: 404 });
  return page;
};

export const clientLoader = askedFresh;

export default function OrderPage() {
  const { order, tiers } = useFresh(useLoaderData<typeof loader>());
  const { decision } = order;
  return (
    <Page
      backAction={{
        content: "Members",
        url: order.memberId === null ? "/app/members" : `/app/members/${order.memberId}`,
      }}
      title={order.name || `Order ${order.id}`}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <Card>
              <BlockStack gap="200">
                <Text as="h2" variant="headingMd">
                  Why this order earned <Points of={order.posted} />
                </Text>
                {decision === null ? (
                  <Text as="p">
                    Only a refund of this order has arrived so far; the order itself has not.
                  </Text>
                ) : (
                  <Reason decision={decision} tiers={tiers} />
                )}
              </BlockStack>
            </Card>
            {decision !== null && decision.lines.length > 0 && <Lines decision={decision} />}
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <Card>
            <BlockStack gap="200">
              <Text as="h2" variant="headingMd">
                Rules tried
              </Text>
              {decision !== null && <Rules decision={decision} />}
              {order.processedAt !== null && (
                <Text as="p" tone="subdued">
                  Placed <Moment at={order.processedAt} />
                </Text>
              )}
              {order.memberId !== null && <Link url={`/app/members/${order.memberId}`}>See the member</Link>}
            </BlockStack>
          </Card>
        </Layout.Section>
      </Layout>
    </Page>
  );
}

function Reason({ decision, tiers }: { decision: Decision; tiers: readonly Tier[] }) {
  if (decision.excluded !== null)
    return <Text as="p">It earned nothing: {EXCLUSIONS[decision.excluded]}.</Text>;
  return (
    <>
      <Text as="p">
        <Money amount={decision.eligible} currency={decision.currency} /> count for points ×{" "}
        {decision.pointsPerUnit} {decision.pointsPerUnit === "1" ? "point" : "points"} per{" "}
        <Money amount="1" currency={decision.currency} whole /> × {decision.multiplier} (
        {tierName(tiers, decision.tierId)}) = {decision.exact}, rounded down to{" "}
        <Points of={decision.points} />
        {decision.capped ? ", the most that one order may earn" : ""}.
      </Text>
      <Text as="p" tone="subdued">
        By version {decision.programVersion} of the program. Rule and tier stay as they were when the order
        first earned.
      </Text>
    </>
  );
}

function Lines({ decision }: { decision: Decision }) {
  return (
    <Card padding="0">
      <DataTable
        columnContentTypes={["text", "numeric", "numeric", "text"]}
        headings={["Line", "Counted", "For points", "Why not"]}
        rows={decision.lines.map((line) => [
          line.title || "Line",
          `${line.counted} of ${line.quantity}`,
          <Money key="amount" amount={line.eligible} currency={decision.currency} />,
          line.excluded === undefined ? "" : EXCLUSIONS[line.excluded],
        ])}
      />
    </Card>
  );
}

function Rules({ decision }: { decision: Decision }) {
  return (
    <BlockStack gap="100">
      {decision.rules.map((tried) => (
        <Text as="p" key={tried.rule}>
          {tried.passed ? "✓" : "✗"} {RULES[tried.rule]}
          {tried.amount === undefined || !tried.passed ? null : (
            <>
              {" "}
              (<Money amount={tried.amount} currency={decision.currency} />)
            </>
          )}
          {tried.reason === undefined ? "" : `: ${EXCLUSIONS[tried.reason]}`}
        </Text>
      ))}
    </BlockStack>
  );
}
