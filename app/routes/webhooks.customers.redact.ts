// customers/redact: a customer's personal data must go.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { receive } from "../shopify/inbound.server.ts";
import { redactPerson } from "../shops/redact-person.server.ts";

export const action = ({ request }: ActionFunctionArgs) => receive(request, "customers/redact", redactPerson);
// Any other method comes here, and is told so.
export const loader = (args: LoaderFunctionArgs) => action(args);
