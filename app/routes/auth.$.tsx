// What Shopify's library needs beside the screens: the page that fetches a session token, the way out of the iframe,
// and, for who comes from elsewhere, where to open Laurel.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { redirect } from "@remix-run/node";
import { authenticateEmbedded, login } from "../shopify/app.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const { pathname } = new URL(request.url);
  if (pathname !== "/auth/login") {
    await authenticateEmbedded(request);
    return redirect("/app");
  }
  await login(request);
  return null;
}

export default function OpenFromShopify() {
  return (
    <main
      style={{
        fontFamily: "system-ui, sans-serif",
        maxWidth: "36rem",
        margin: "4rem auto",
        padding: "0 1rem",
      }}
    >
      <h1>Laurel</h1>
      <p>Open Laurel from your Shopify admin: choose Apps, then Laurel.</p>
    </main>
  );
}
