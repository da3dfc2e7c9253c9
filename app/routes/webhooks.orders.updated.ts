// orders/updated: an order changed: edits, payments, a customer assigned later.
import type { ActionFunctionArgs } from "@remix-run/node";
import { hearOrder } from "../orders/hear.server.ts";
import { receive } from "../shopify/inbound.server.ts";

export const action = ({ request }: ActionFunctionArgs) => receive(request, "orders/updated", hearOrder);
export const loader = action;
