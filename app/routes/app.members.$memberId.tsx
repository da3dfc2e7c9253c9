// A member: the account, the way to the next tier, the ledger in words, the orders, and a correction by hand.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Badge, BlockStack, Box, Card, Layout, Page, Pagination, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useCallback, useState } from "react";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { adjustFromForm } from "../admin/adjust-form.server.ts";
import { readMemberPage } from "../admin/member-pages.server.ts";
import { answeredInline, unlessUnanswered } from "../components/answered-inline.ts";
import { AdjustPoints } from "../components/adjust-points.tsx";
import { useTurns } from "../components/address.ts";
import { Moment } from "../components/figures.tsx";
import { AccountCard, LedgerRows, OrderRows, TierCard } from "../components/member-cards.tsx";
import { nameOf } from "../components/member-words.ts";
import { useShop } from "../components/shop-context.tsx";
import { askedFresh, useFresh } from "../components/use-fresh.ts";
import { refuse } from "../loyalty/refusal.ts";

export const loader = async ({ request, params }: LoaderFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  const asked = new URL(request.url).searchParams;
  const turned = { entries: asked.get("entries"), orders: asked.get("orders") };
  const page = await readMemberPage(shopId, params["memberId"] ?? "", turned);
  if (!page.ok) throw new Response(null, { status: 404 });
  return page.value;
};

export const action = async ({ request, params }: ActionFunctionArgs) => {
  const { shopId, shop } = await authenticateAdmin(request);
  if (shop.planStatus === "frozen") return refuse("shop_read_only");
  return adjustFromForm(shopId, params["memberId"] ?? "", await request.formData());
};

export const clientAction = answeredInline;
export const shouldRevalidate = unlessUnanswered;
export const clientLoader = askedFresh;

export default function MemberPage() {
  const { member, tiers, next, statement, orders, tierChanges } = useFresh(useLoaderData<typeof loader>());
  const entryTurns = useTurns(statement, "entries");
  const orderTurns = useTurns(orders, "orders");
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
            <ListCard
              title="Ledger"
              empty={statement.rows.length === 0 ? "No points yet." : null}
              turns={entryTurns}
            >
              <LedgerRows entries={statement.rows} />
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
            <ListCard
              title="Orders"
              empty={orders.rows.length === 0 ? "No orders yet." : null}
              turns={orderTurns}
            >
              <OrderRows orders={orders.rows} />
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

type List = {
  readonly title: string;
  readonly empty: string | null;
  readonly turns: ReturnType<typeof useTurns>;
  readonly children: ReactNode;
};

function ListCard({ title, empty, turns, children }: List) {
  return (
    <Card padding="0">
      <Box padding="400">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        {empty !== null && <Text as="p">{empty}</Text>}
      </Box>
      {children}
      {(turns.hasNext || turns.hasPrevious) && <Pagination type="table" {...turns} />}
    </Card>
  );
}
