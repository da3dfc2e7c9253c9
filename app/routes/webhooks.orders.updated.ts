// orders/updated: an order changed: edits, payments, a customer assigned later.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { hearOrder } from "../orders/hear.server.ts";
import { receive } from "../shopify/inbound.server.ts";

export const action = ({ request }: ActionFunctionArgs) => receive(request, "orders/updated", hearOrder);
// Any other method comes here, and is told so.
export const loader = (args: LoaderFunctionArgs) => action(args);
