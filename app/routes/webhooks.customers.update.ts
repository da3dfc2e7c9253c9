// customers/update: a customer's profile changed.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { hearCustomer } from "../orders/hear.server.ts";
import { receive } from "../shopify/inbound.server.ts";

export const action = ({ request }: ActionFunctionArgs) => receive(request, "customers/update", hearCustomer);
// Any other method comes here, and is told so.
export const loader = (args: LoaderFunctionArgs) => action(args);
