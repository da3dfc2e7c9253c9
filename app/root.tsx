// The document around every page.
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useRouteError,
} from "@remix-run/react";
import type { ReactNode } from "react";

function Page({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <link rel="icon" type="image/svg+xml" href="/laurel.svg" />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

export default function Root() {
  return (
    <Page>
      <Outlet />
    </Page>
  );
}

type Said = { readonly heading: string; readonly text: string };
const FAILED: Said = { heading: "Something went wrong", text: "Try again in a moment." };
const SAID: Readonly<Record<number, Said>> = {
  404: { heading: "This page does not exist", text: "Check the address." },
  410: {
    heading: "This page is for people",
    text: "The browser names itself a robot, as headless ones do unless they are told otherwise.",
  },
};

/** What a visitor sees where no page's own boundary stands. Tells nothing of the inside. */
export function ErrorBoundary() {
  const error = useRouteError();
  const { heading, text } = SAID[isRouteErrorResponse(error) ? error.status : 0] ?? FAILED;
  return (
    <Page>
      <main style={{ fontFamily: "system-ui, sans-serif", padding: "2rem" }}>
        <h1>{heading}</h1>
        <p>{text}</p>
      </main>
    </Page>
  );
}
