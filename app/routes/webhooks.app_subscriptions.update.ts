// app_subscriptions/update: the shop's subscription to the app changed.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { receive } from "../shopify/inbound.server.ts";
import { changePlan } from "../shops/change-plan.server.ts";

export const action = ({ request }: ActionFunctionArgs) =>
  receive(request, "app_subscriptions/update", changePlan);
// Any other method comes here, and is told so.
export const loader = (args: LoaderFunctionArgs) => action(args);
