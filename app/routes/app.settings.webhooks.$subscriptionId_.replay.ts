// What a replay of a subscription would take (`?since=`, ISO 8601), and how far the newest one is: asked by its page.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { readReplay } from "../admin/webhook-pages.server.ts";

export const loader = async ({ request, params }: LoaderFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  const since = new URL(request.url).searchParams.get("since");
  return Response.json(await readReplay(shopId, params["subscriptionId"] ?? "", since), {
    headers: { "Cache-Control": "no-store" },
  });
};
