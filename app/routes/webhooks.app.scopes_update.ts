// app/scopes_update: the merchant granted other scopes.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { receive } from "../shopify/inbound.server.ts";
import { changeScopes } from "../shops/change-details.server.ts";

export const action = ({ request }: ActionFunctionArgs) =>
  receive(request, "app/scopes_update", changeScopes);
// Any other method comes here, and is told so.
export const loader = (args: LoaderFunctionArgs) => action(args);
