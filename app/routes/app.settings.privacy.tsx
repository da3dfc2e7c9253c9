// What customers asked to see of their data: put together when Shopify said so, kept thirty days for the merchant.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Button, Card, EmptyState, IndexTable, Page, Text } from "@shopify/polaris";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { Moment } from "../components/figures.tsx";
import { listExports } from "../shops/exports.server.ts";

export const loader = async ({ request }: LoaderFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  return { exports: await listExports(shopId) };
};

export default function Privacy() {
  const { exports } = useLoaderData<typeof loader>();
  return (
    <Page
      backAction={{ content: "Settings", url: "/app/settings" }}
      title="Privacy"
      subtitle="When a customer asks to see their data, Laurel puts together all that it holds. You hand it over."
    >
      <Card padding={exports.length === 0 ? "400" : "0"}>
        {exports.length === 0 ? (
          <EmptyState heading="No requests" image="">
            <p>Requests come from Shopify admin: Customers, a customer, Request customer data.</p>
          </EmptyState>
        ) : (
          <IndexTable
            resourceName={{ singular: "request", plural: "requests" }}
            itemCount={exports.length}
            selectable={false}
            headings={[
              { title: "Customer" },
              { title: "Asked" },
              { title: "Kept until" },
              { title: "Data", hidden: true },
            ]}
          >
            {exports.map((one, position) => (
              <IndexTable.Row id={one.id} key={one.id} position={position}>
                <IndexTable.Cell>
                  <Text as="span">{one.customerId ?? "Without an account"}</Text>
                </IndexTable.Cell>
                <IndexTable.Cell>
                  <Moment at={one.requestedAt} />
                </IndexTable.Cell>
                <IndexTable.Cell>
                  <Moment at={one.expiresAt} as="day" />
                </IndexTable.Cell>
                <IndexTable.Cell>
                  <Button onClick={() => void download(one.id)}>Download</Button>
                </IndexTable.Cell>
              </IndexTable.Row>
            ))}
          </IndexTable>
        )}
      </Card>
    </Page>
  );
}

// Fetched, not linked: App Bridge adds the session token to a fetch, not to a link.
async function download(exportId: string): Promise<void> {
  const answer = await fetch(`/app/settings/privacy/${exportId}`);
  if (!answer.ok) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = `laurel-${exportId}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}
