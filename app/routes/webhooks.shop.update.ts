// shop/update: the shop's name, currency or time zone changed.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { receive } from "../shopify/inbound.server.ts";
import { changeDetails } from "../shops/change-details.server.ts";

export const action = ({ request }: ActionFunctionArgs) => receive(request, "shop/update", changeDetails);
// Any other method comes here, and is told so.
export const loader = (args: LoaderFunctionArgs) => action(args);
