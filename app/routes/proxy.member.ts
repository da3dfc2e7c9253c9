// /apps/laurel/member of a storefront: the account of the customer who is signed in there.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { now } from "../platform/clock.server.ts";
import { mayAsk } from "../shopify/proxy-pace.ts";
import { proxyVisit } from "../shopify/proxy.server.ts";
import { readAccount } from "../tiers/account.server.ts";

/** Seconds that the visitor's own browser may keep the answer. */
const MAX_AGE_S = 5;

const json = (body: unknown, status: number, cache = "no-store") =>
  Response.json(body, { status, headers: { "Cache-Control": cache, Vary: "Cookie" } });

export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  const visit = proxyVisit(request);
  if (visit === null) return json({ error: "signature_wrong" }, 401);
  const visitor = `${visit.shop} ${visit.customerId ?? ""}`;
  if (visit.customerId !== null && !mayAsk(visitor, now().getTime()))
    return json({ error: "too_many_requests" }, 429);
  const account = await readAccount(visit.shop, visit.customerId);
  if (!account.ok) return json({ error: account.refusal }, 404);
  return json({ member: account.value }, 200, `private, max-age=${MAX_AGE_S}`);
}
