// What Prometheus reads.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { exposeMetrics, mayReadMetrics, servesMetrics } from "../platform/expose-metrics.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  if (!servesMetrics()) return new Response(null, { status: 404 });
  if (!mayReadMetrics(request.headers.get("Authorization"))) return new Response(null, { status: 401 });
  const { body, contentType } = await exposeMetrics();
  return new Response(body, { headers: { "Content-Type": contentType, "Cache-Control": "no-store" } });
}
