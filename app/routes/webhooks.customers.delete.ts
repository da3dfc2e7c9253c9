// customers/delete: a customer account was deleted.
import type { ActionFunctionArgs } from "@remix-run/node";
import { hearCustomerDeleted } from "../orders/hear.server.ts";
import { receive } from "../shopify/inbound.server.ts";

export const action = ({ request }: ActionFunctionArgs) =>
  receive(request, "customers/delete", hearCustomerDeleted);
export const loader = action;
