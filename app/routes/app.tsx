// The frame of every screen inside Shopify admin: App Bridge, Polaris, navigation.
import type { HeadersFunction, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { isRouteErrorResponse, Link, Outlet, useLoaderData, useRouteError } from "@remix-run/react";
import { NavMenu } from "@shopify/app-bridge-react";
import { AppProvider as Polaris, EmptyState, LegacyCard, Page } from "@shopify/polaris";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import { AppProvider } from "@shopify/shopify-app-remix/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { shopifyFrame } from "../admin/frame.server.ts";
import { unlessUnanswered } from "../components/answered-inline.ts";
import { reload } from "../components/reload.ts";
import { ShopContext } from "../components/shop-context.tsx";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: polarisStyles }];

export const loader = async ({ request }: LoaderFunctionArgs) => {
  const { shop } = await authenticateAdmin(request);
  const { name, currency, timezone, locale, plan, planStatus } = shop;
  return { ...shopifyFrame(), shop: { id: shop.id, name, currency, timezone, locale, plan, planStatus } };
};

export const shouldRevalidate = unlessUnanswered;

export const meta: MetaFunction = () => [{ title: "Laurel" }];

export default function App() {
  const { apiKey, appBridgeUrl, shop } = useLoaderData<typeof loader>();
  return (
    <AppProvider
      isEmbeddedApp
      apiKey={apiKey}
      {...(appBridgeUrl === null ? {} : { __APP_BRIDGE_URL: appBridgeUrl })}
    >
      <NavMenu>
        <Link to="/app" rel="home">
          Laurel
        </Link>
        <Link to="/app/members">Members</Link>
        <Link to="/app/program">Program</Link>
        <Link to="/app/plan">Plan</Link>
        <Link to="/app/settings">Settings</Link>
      </NavMenu>
      <ShopContext.Provider value={shop}>
        <Outlet />
      </ShopContext.Provider>
    </AppProvider>
  );
}

/** A page that failed. The library's own answers (bounce, retry) pass through its boundary. */
export function ErrorBoundary() {
  const error = useRouteError();
  if (isRouteErrorResponse(error) && error.status === 404) return <Instead {...MISSING} />;
  if (isRouteErrorResponse(error) && error.status === 401) return <Instead {...SESSION_OVER} />;
  if (isRouteErrorResponse(error) || !(error instanceof Error)) return boundary.error(error);
  return <Instead {...BROKEN} />;
}

type Said = {
  readonly heading: string;
  readonly text: string;
  readonly action: { content: string } & ({ url: string } | { onAction: () => void });
};

// Drawn in place of the frame, so it brings Polaris along.
function Instead({ heading, text, action }: Said) {
  return (
    <Polaris i18n={{}}>
      <Page>
        <LegacyCard sectioned>
          <EmptyState heading={heading} image="" action={action}>
            <p>{text}</p>
          </EmptyState>
        </LegacyCard>
      </Page>
    </Polaris>
  );
}

const MISSING: Said = {
  heading: "This page does not exist",
  text: "It may have been deleted, or belong to another shop.",
  action: { content: "Go to Laurel", url: "/app" },
};

const SESSION_OVER: Said = {
  heading: "Your session has ended",
  text: "Nothing was changed. Reload the page to go on.",
  action: { content: "Reload the page", onAction: reload },
};

const BROKEN: Said = {
  heading: "This page could not be shown",
  text: "Nothing was changed. Try again in a moment; if it stays, tell us the time at which you saw it.",
  action: { content: "Go to Laurel", url: "/app" },
};

export const headers: HeadersFunction = (args) => boundary.headers(args);
