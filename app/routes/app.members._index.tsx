// The members of the program: search, tier filter, sort, pages.
import type { LoaderFunctionArgs, SerializeFrom } from "@remix-run/node";
import { useLoaderData, useNavigation, useSearchParams } from "@remix-run/react";
import {
  Badge,
  BlockStack,
  Card,
  EmptySearchResult,
  EmptyState,
  IndexTable,
  InlineStack,
  Link,
  Page,
  Text,
  useBreakpoints,
} from "@shopify/polaris";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { readMembersPage } from "../admin/member-pages.server.ts";
import { useTurns } from "../components/address.ts";
import { Moment, Points } from "../components/figures.tsx";
import { MemberFilters } from "../components/member-filters.tsx";
import { nameOf, tierName } from "../components/member-words.ts";
import { askedFresh, useFresh } from "../components/use-fresh.ts";
import type { MemberSort } from "../members/list-members.server.ts";

const SORTS: Readonly<Record<string, MemberSort>> = {
  joined: "joined",
  points: "points",
  lifetime: "lifetime",
};

export const loader = async ({ request }: LoaderFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  const asked = new URL(request.url).searchParams;
  const [sort = "joined", direction = "desc"] = (asked.get("sort") ?? "joined desc").split(" ");
  const cursor = asked.get("cursor");
  const page = await readMembersPage(shopId, {
    search: asked.get("search") ?? "",
    tierId: asked.get("tier") ?? "",
    sort: SORTS[sort] ?? "joined",
    descending: direction !== "asc",
    ...(cursor === null ? {} : { cursor }),
  });
  if (page.ok) return page.value;
  throw new Response(null, { status: 404 });
};

export const clientLoader = askedFresh;

export default function Members() {
  const { members, tiers, next, previous } = useFresh(useLoaderData<typeof loader>());
  const [asked] = useSearchParams();
  const loading = useNavigation().state === "loading";
  const filtered = asked.get("search") !== null || asked.get("tier") !== null;
  const { smDown } = useBreakpoints();
  const turns = useTurns({ next, previous });
  if (members.length === 0 && !filtered) return <NoMembers />;
  return (
    <Page title="Members">
      <Card padding="0">
        <MemberFilters tiers={tiers} loading={loading} />
        <IndexTable
          condensed={smDown}
          resourceName={{ singular: "member", plural: "members" }}
          itemCount={members.length}
          selectable={false}
          headings={[
            { title: "Member" },
            { title: "Tier" },
            { title: "Points", alignment: "end" },
            { title: "Lifetime points", alignment: "end" },
            { title: "Joined" },
          ]}
          emptyState={
            <EmptySearchResult
              title="No members found"
              description="Try another search or filter."
              withIllustration
            />
          }
          pagination={turns}
        >
          {members.map((member, position) => (
            <IndexTable.Row id={member.id} key={member.id} position={position}>
              {smDown ? (
                <NarrowRow member={member} tiers={tiers} />
              ) : (
                <WideRow member={member} tiers={tiers} />
              )}
            </IndexTable.Row>
          ))}
        </IndexTable>
      </Card>
    </Page>
  );
}

type Row = {
  readonly member: SerializeFrom<typeof loader>["members"][number];
  readonly tiers: SerializeFrom<typeof loader>["tiers"];
};

function WideRow({ member, tiers }: Row) {
  return (
    <>
      <IndexTable.Cell>
        <MemberLink member={member} />
      </IndexTable.Cell>
      <IndexTable.Cell>{tierName(tiers, member.tierId)}</IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          <Points of={member.balance} unit={false} />
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          <Points of={member.lifetimePoints} unit={false} />
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Moment at={member.joinedAt} as="day" />
      </IndexTable.Cell>
    </>
  );
}

function NarrowRow({ member, tiers }: Row) {
  return (
    <div style={{ padding: "0.75rem 1rem", width: "100%" }}>
      <InlineStack align="space-between" gap="200" wrap={false}>
        <BlockStack gap="050">
          <MemberLink member={member} />
          <Text as="span" tone="subdued" variant="bodySm">
            {tierName(tiers, member.tierId)} · joined <Moment at={member.joinedAt} as="day" />
          </Text>
        </BlockStack>
        <Text as="span" numeric fontWeight="semibold">
          <Points of={member.balance} />
        </Text>
      </InlineStack>
    </div>
  );
}

function MemberLink({ member }: Pick<Row, "member">) {
  return (
    <span>
      <Link url={`/app/members/${member.id}`} dataPrimaryLink removeUnderline>
        <Text as="span" variant="bodyMd" fontWeight="semibold">
          {nameOf(member)}
        </Text>
      </Link>{" "}
      {member.state === "deactivated" && <Badge>Deactivated</Badge>}
    </span>
  );
}

function NoMembers() {
  return (
    <Page title="Members">
      <Card>
        <EmptyState
          heading="Members appear with their first order"
          image=""
          action={{ content: "See the program", url: "/app/program" }}
        >
          <p>Every customer who orders or creates an account becomes a member. Nothing needs to be set up.</p>
        </EmptyState>
      </Card>
    </Page>
  );
}
