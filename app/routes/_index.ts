// The app's own address: Shopify opens it with the shop in the query; the screens are below /app.
import { redirect } from "@remix-run/node";
import type { LoaderFunctionArgs } from "@remix-run/node";

export const loader = ({ request }: LoaderFunctionArgs) => {
  const { search, searchParams } = new URL(request.url);
  // Without a shop there is nothing to show: Laurel is opened from Shopify admin.
  if (!searchParams.has("shop")) throw new Response(null, { status: 404 });
  return redirect(`/app${search}`);
};
