// app_subscriptions/update: the shop's subscription to the app changed.
import type { ActionFunctionArgs } from "@remix-run/node";
import { receive } from "../shopify/inbound.server.ts";
import { changePlan } from "../shops/change-plan.server.ts";

export const action = ({ request }: ActionFunctionArgs) =>
  receive(request, "app_subscriptions/update", changePlan);
export const loader = action;
