// For who comes from elsewhere than Shopify admin: where to open Laurel. Nobody types the name of a shop.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { login } from "../shopify/app.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
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
