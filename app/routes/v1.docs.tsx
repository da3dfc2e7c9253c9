// The REST API's reference, for people. Public, like the document that it shows.
import type { LinksFunction, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { referenceDocument } from "../api/serve-document.server.ts";
import { Reference } from "../components/api-reference/reference.tsx";
import styles from "../components/api-reference/reference.css?url";

export const loader = () => referenceDocument();

export const links: LinksFunction = () => [{ rel: "stylesheet", href: styles }];

export const meta: MetaFunction = () => [{ title: "Laurel REST API" }];

export default function ApiReference() {
  return <Reference document={useLoaderData<typeof loader>()} />;
}
