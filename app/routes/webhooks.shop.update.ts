// shop/update: the shop's name, currency or time zone changed.
import type { ActionFunctionArgs } from "@remix-run/node";
import { receive } from "../shopify/inbound.server.ts";
import { changeDetails } from "../shops/change-details.server.ts";

export const action = ({ request }: ActionFunctionArgs) => receive(request, "shop/update", changeDetails);
export const loader = action;
