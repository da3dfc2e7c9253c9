// The members of the program: search, tier filter, sort, pages.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useNavigation, useSearchParams } from "@remix-run/react";
import { Badge, Card, EmptySearchResult, EmptyState, IndexTable, Link, Page, Text } from "@shopify/polaris";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { readMembersPage } from "../admin/member-pages.server.ts";
import { useTurns } from "../components/address.ts";
import { Moment, Points } from "../components/figures.tsx";
import { MemberFilters } from "../components/member-filters.tsx";
import { nameOf, tierName } from "../components/member-words.ts";
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

export default function Members() {
  const { members, tiers, next, previous } = useLoaderData<typeof loader>();
  const [asked] = useSearchParams();
  const loading = useNavigation().state === "loading";
  const filtered = asked.get("search") !== null || asked.get("tier") !== null;
  const turns = useTurns({ next, previous });
  if (members.length === 0 && !filtered) return <NoMembers />;
  return (
    <Page title="Members">
      <Card padding="0">
        <MemberFilters tiers={tiers} loading={loading} />
        <IndexTable
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
              <IndexTable.Cell>
                <Link url={`/app/members/${member.id}`} dataPrimaryLink removeUnderline>
                  <Text as="span" variant="bodyMd" fontWeight="semibold">
                    {nameOf(member)}
                  </Text>
                </Link>{" "}
                {member.state === "deactivated" && <Badge>Deactivated</Badge>}
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
            </IndexTable.Row>
          ))}
        </IndexTable>
      </Card>
    </Page>
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
