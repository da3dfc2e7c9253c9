// orders/paid: an order was paid.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { hearOrder } from "../orders/hear.server.ts";
import { receive } from "../shopify/inbound.server.ts";

export const action = ({ request }: ActionFunctionArgs) => receive(request, "orders/paid", hearOrder);
// Any other method comes here, and is told so.
export const loader = (args: LoaderFunctionArgs) => action(args);
