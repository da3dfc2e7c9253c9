// customers/data_request: a customer asked what is held of them.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { receive } from "../shopify/inbound.server.ts";
import { exportPerson } from "../shops/export-person.server.ts";

export const action = ({ request }: ActionFunctionArgs) =>
  receive(request, "customers/data_request", exportPerson);
// Any other method comes here, and is told so.
export const loader = (args: LoaderFunctionArgs) => action(args);
