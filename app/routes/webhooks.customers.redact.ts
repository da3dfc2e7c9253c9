// customers/redact: a customer's personal data must go.
import type { ActionFunctionArgs } from "@remix-run/node";
import { receive } from "../shopify/inbound.server.ts";
import { redactPerson } from "../shops/redact-person.server.ts";

export const action = ({ request }: ActionFunctionArgs) => receive(request, "customers/redact", redactPerson);
export const loader = action;
