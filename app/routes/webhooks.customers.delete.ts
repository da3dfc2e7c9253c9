// customers/delete: a customer account was deleted.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { hearCustomerDeleted } from "../orders/hear.server.ts";
import { receive } from "../shopify/inbound.server.ts";

export const action = ({ request }: ActionFunctionArgs) =>
  receive(request, "customers/delete", hearCustomerDeleted);
// Any other method comes here, and is told so.
export const loader = (args: LoaderFunctionArgs) => action(args);
