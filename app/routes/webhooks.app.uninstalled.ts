// app/uninstalled: the merchant removed Laurel from the shop.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { receive } from "../shopify/inbound.server.ts";
import { uninstall } from "../shops/uninstall.server.ts";
import { stopSending } from "../webhooks/stop-sending.server.ts";

export const action = ({ request }: ActionFunctionArgs) =>
  receive(request, "app/uninstalled", (inbound) => uninstall(inbound, stopSending));
// Any other method comes here, and is told so.
export const loader = (args: LoaderFunctionArgs) => action(args);
