// What webhooks carry, for people. Public, like the document that it shows.
import type { LinksFunction, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { eventsDocument } from "../api/serve-document.server.ts";
import { EventReference } from "../components/api-reference/event-reference.tsx";
import styles from "../components/api-reference/reference.css?url";

export const loader = () => eventsDocument();

export const links: LinksFunction = () => [{ rel: "stylesheet", href: styles }];

export const meta: MetaFunction = () => [{ title: "Laurel webhook events" }];

export default function EventsReference() {
  return <EventReference document={useLoaderData<typeof loader>()} />;
}
