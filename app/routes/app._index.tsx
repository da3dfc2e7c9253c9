// Home: what the program does, whether the ledger adds up, what needs a look.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import {
  Badge,
  BlockStack,
  Box,
  Card,
  InlineGrid,
  InlineStack,
  Layout,
  Link,
  List,
  Page,
  Text,
} from "@shopify/polaris";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { readHomePage } from "../admin/home-page.server.ts";
import { Moment, Points } from "../components/figures.tsx";
import { Incidents } from "../components/incidents.tsx";
import { EntryWords, Row } from "../components/member-cards.tsx";
import { nameOf, tierName } from "../components/member-words.ts";
import { askedFresh, FRESH, useFresh } from "../components/use-fresh.ts";

export const loader = async ({ request }: LoaderFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  return readHomePage(shopId, { opened: !new URL(request.url).searchParams.has(FRESH) });
};

export const clientLoader = askedFresh;

export default function Home() {
  const page = useFresh(useLoaderData<typeof loader>());
  const { notices, incidents, proof, activity, membersIn, tiers, provedAt } = page;
  return (
    <Page title="Laurel">
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <Incidents notices={notices} incidents={incidents} />
            <Card>
              <InlineGrid columns={3} gap="400">
                <Figure label="Members" of={proof.members} />
                <Figure label="Points held" of={proof.balances} />
                <Figure label="Points owed" of={proof.owed} />
              </InlineGrid>
            </Card>
            <Card padding="0">
              <Box padding="400">
                <Text as="h2" variant="headingMd">
                  Recent activity
                </Text>
              </Box>
              {activity.length === 0 && <FirstSteps />}
              {activity.map((entry) => (
                <Row
                  key={entry.id}
                  what={<Link url={`/app/members/${entry.memberId}`}>{nameOf(entry)}</Link>}
                  about={
                    <>
                      <EntryWords entry={entry} /> · <Moment at={entry.occurredAt} />
                    </>
                  }
                  amount={<Points of={entry.points} signed unit={false} />}
                />
              ))}
            </Card>
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <Card>
              <BlockStack gap="200">
                <Text as="h2" variant="headingMd">
                  Members by tier
                </Text>
                {tiers.map((tier) => (
                  <InlineStack key={tier.id} align="space-between">
                    <Text as="span">{tier.name}</Text>
                    <Points of={membersIn.find((row) => row.tierId === tier.id)?.members ?? 0} unit={false} />
                  </InlineStack>
                ))}
                {membersIn
                  .filter((row) => !tiers.some((tier) => tier.id === row.tierId))
                  .map((row) => (
                    <InlineStack key={row.tierId ?? ""} align="space-between">
                      <Text as="span">{tierName(tiers, row.tierId)}</Text>
                      <Points of={row.members} unit={false} />
                    </InlineStack>
                  ))}
                <Link url="/app/program">Edit the program</Link>
              </BlockStack>
            </Card>
            <ProofCard proof={proof} provedAt={provedAt} />
          </BlockStack>
        </Layout.Section>
      </Layout>
    </Page>
  );
}

function Figure({ label, of }: { label: string; of: number }) {
  return (
    <BlockStack gap="100">
      <Text as="h2" variant="bodyMd" tone="subdued">
        {label}
      </Text>
      <Text as="p" variant="headingLg">
        <Points of={of} unit={false} />
      </Text>
    </BlockStack>
  );
}

type Sums = {
  entries: number;
  remaining: number;
  owed: number;
  balances: number;
  faults: readonly unknown[];
};

function ProofCard({ proof, provedAt }: { proof: Sums; provedAt: string }) {
  const faults = proof.faults.length;
  const holds = faults === 0;
  // Where a member's account does not add up, the sums of all may, and prove nothing.
  const equals = holds ? " = " : "; ";
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack align="space-between">
          <Text as="h2" variant="headingMd">
            {holds ? "The ledger adds up" : "The ledger does not add up"}
          </Text>
          <Badge tone={holds ? "success" : "critical"}>
            {holds ? "Proved" : faults === 1 ? "1 fault" : `${faults} faults`}
          </Badge>
        </InlineStack>
        <Text as="p">
          Entries <Points of={proof.entries} unit={false} />
          {equals}lots <Points of={proof.remaining} unit={false} /> − owed{" "}
          <Points of={proof.owed} unit={false} />
          {equals}balances <Points of={proof.balances} unit={false} />
        </Text>
        <Text as="p" tone="subdued">
          For every member, checked <Moment at={provedAt} as="exact" />
        </Text>
      </BlockStack>
    </Card>
  );
}

function FirstSteps() {
  return (
    <Box padding="400" paddingBlockStart="0">
      <Text as="p">Laurel is on: the next paid order earns points. Three things worth doing now:</Text>
      <List type="number">
        <List.Item>
          Look at <Link url="/app/program">the program</Link>: points per order and tiers.
        </List.Item>
        <List.Item>Show the balance in your theme: add the Laurel block in the theme editor.</List.Item>
        <List.Item>
          Tell your other systems: <Link url="/app/settings/webhooks">webhooks</Link>.
        </List.Item>
      </List>
    </Box>
  );
}
