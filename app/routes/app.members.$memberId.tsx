// A member: the account, the way to the next tier, the ledger in words, the orders, and a correction by hand.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import { Badge, BlockStack, Box, Card, Layout, Page, Pagination, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useCallback, useState } from "react";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { adjustFromForm } from "../admin/adjust-form.server.ts";
import { readMemberPage } from "../admin/member-pages.server.ts";
import { AdjustPoints } from "../components/adjust-points.tsx";
import { Moment } from "../components/figures.tsx";
import { AccountCard, LedgerRows, OrderRows, TierCard } from "../components/member-cards.tsx";
import { nameOf } from "../components/member-words.ts";
import { useShop } from "../components/shop-context.tsx";
import { refuse } from "../loyalty/refusal.ts";

export const loader = async ({ request, params }: LoaderFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  const before = Number(new URL(request.url).searchParams.get("before") ?? Number.NaN);
  const page = await readMemberPage(
    shopId,
    params["memberId"] ?? "",
    Number.isSafeInteger(before) ? before : null,
  );
  if (!page.ok) throw new Response(null, { status: 404 });
  return page.value;
};

export const action = async ({ request, params }: ActionFunctionArgs) => {
  const { shopId, shop } = await authenticateAdmin(request);
  if (shop.planStatus === "frozen") return refuse("shop_read_only");
  return adjustFromForm(shopId, params["memberId"] ?? "", await request.formData());
};

export default function MemberPage() {
  const { member, tiers, next, statement, orders, tierChanges } = useLoaderData<typeof loader>();
  const [asked, setAsked] = useSearchParams();
  const [opened, setOpened] = useState(0);
  const [adjusting, setAdjusting] = useState(false);
  const close = useCallback(() => setAdjusting(false), []);
  const frozen = useShop().planStatus === "frozen";
  const openAdjust = () => {
    setOpened(opened + 1);
    setAdjusting(true);
  };
  return (
    <Page
      backAction={{ content: "Members", url: "/app/members" }}
      title={nameOf(member)}
      subtitle={member.email ?? ""}
      {...(member.state === "active"
        ? {}
        : { titleMetadata: <Badge>{member.state === "redacted" ? "Erased" : "Deactivated"}</Badge> })}
      primaryAction={{
        content: "Adjust points",
        onAction: openAdjust,
        disabled: member.state !== "active" || frozen,
      }}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <AccountCard account={member} />
            <ListCard title="Ledger" empty={statement.rows.length === 0 ? "No points yet." : null}>
              <LedgerRows entries={statement.rows} />
              {(statement.next !== null || asked.has("before")) && (
                <Box padding="300">
                  <Pagination
                    hasPrevious={asked.has("before")}
                    onPrevious={() => setAsked({})}
                    hasNext={statement.next !== null}
                    onNext={() => setAsked({ before: String(statement.next) })}
                    label={asked.has("before") ? "Older entries" : "Newest entries"}
                  />
                </Box>
              )}
            </ListCard>
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <TierCard
              tiers={tiers}
              tierId={member.tierId}
              lifetimePoints={member.lifetimePoints}
              next={next}
              changes={tierChanges}
            />
            <ListCard title="Orders" empty={orders.length === 0 ? "No orders yet." : null}>
              <OrderRows orders={orders} />
            </ListCard>
            <Text as="p" tone="subdued">
              Joined <Moment at={member.joinedAt} as="day" />
            </Text>
          </BlockStack>
        </Layout.Section>
      </Layout>
      <AdjustPoints key={opened} open={adjusting} onClose={close} />
    </Page>
  );
}

function ListCard({ title, empty, children }: { title: string; empty: string | null; children: ReactNode }) {
  return (
    <Card padding="0">
      <Box padding="400">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        {empty !== null && <Text as="p">{empty}</Text>}
      </Box>
      {children}
    </Card>
  );
}
