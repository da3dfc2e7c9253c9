// orders/paid: an order was paid.
import type { ActionFunctionArgs } from "@remix-run/node";
import { hearOrder } from "../orders/hear.server.ts";
import { receive } from "../shopify/inbound.server.ts";

export const action = ({ request }: ActionFunctionArgs) => receive(request, "orders/paid", hearOrder);
export const loader = action;
