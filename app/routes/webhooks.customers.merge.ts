// customers/merge: two customer accounts became one.
import type { ActionFunctionArgs } from "@remix-run/node";
import { hearMerge } from "../orders/hear.server.ts";
import { receive } from "../shopify/inbound.server.ts";

export const action = ({ request }: ActionFunctionArgs) => receive(request, "customers/merge", hearMerge);
export const loader = action;
