// app/scopes_update: the merchant granted other scopes.
import type { ActionFunctionArgs } from "@remix-run/node";
import { receive } from "../shopify/inbound.server.ts";
import { changeScopes } from "../shops/change-details.server.ts";

export const action = ({ request }: ActionFunctionArgs) =>
  receive(request, "app/scopes_update", changeScopes);
export const loader = action;
