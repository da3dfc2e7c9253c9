// One export as a file.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { exportContent } from "../shops/exports.server.ts";

export const loader = async ({ request, params }: LoaderFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  const content = await exportContent(shopId, params["exportId"] ?? "");
  if (content === null) throw new Response(null, { status: 404 });
  return new Response(JSON.stringify(content, null, 2), {
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store" },
  });
};
