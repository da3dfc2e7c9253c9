// customers/merge: two customer accounts became one.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { hearMerge } from "../orders/hear.server.ts";
import { receive } from "../shopify/inbound.server.ts";

export const action = ({ request }: ActionFunctionArgs) => receive(request, "customers/merge", hearMerge);
// Any other method comes here, and is told so.
export const loader = (args: LoaderFunctionArgs) => action(args);
