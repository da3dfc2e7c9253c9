// What Shopify's library needs beside the screens: the page that fetches a session token, and the way out of the
// iframe. No component: what the library throws is the whole answer, not an error of a page.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { redirect } from "@remix-run/node";
import { authenticateEmbedded } from "../shopify/app.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  await authenticateEmbedded(request);
  return redirect("/app");
}
