// refunds/create: an order was refunded, wholly or in part.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { hearRefund } from "../orders/hear.server.ts";
import { receive } from "../shopify/inbound.server.ts";

export const action = ({ request }: ActionFunctionArgs) => receive(request, "refunds/create", hearRefund);
// Any other method comes here, and is told so.
export const loader = (args: LoaderFunctionArgs) => action(args);
