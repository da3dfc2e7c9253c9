// shop/redact: everything of a shop must go, two days after it uninstalled.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { receive } from "../shopify/inbound.server.ts";
import { eraseOnRequest } from "../shops/erase-shop.server.ts";

export const action = ({ request }: ActionFunctionArgs) => receive(request, "shop/redact", eraseOnRequest);
// Any other method comes here, and is told so.
export const loader = (args: LoaderFunctionArgs) => action(args);
