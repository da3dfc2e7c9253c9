// customers/data_request: a customer asked what is held of them.
import type { ActionFunctionArgs } from "@remix-run/node";
import { receive } from "../shopify/inbound.server.ts";
import { exportPerson } from "../shops/export-person.server.ts";

export const action = ({ request }: ActionFunctionArgs) =>
  receive(request, "customers/data_request", exportPerson);
export const loader = action;
