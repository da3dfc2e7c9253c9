// customers/update: a customer's profile changed.
import type { ActionFunctionArgs } from "@remix-run/node";
import { hearCustomer } from "../orders/hear.server.ts";
import { receive } from "../shopify/inbound.server.ts";

export const action = ({ request }: ActionFunctionArgs) => receive(request, "customers/update", hearCustomer);
export const loader = action;
