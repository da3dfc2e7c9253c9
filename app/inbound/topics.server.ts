// What each of Shopify's topics does. Each row's handler is named above the topic in shopify.app.toml, too.
import {
  hearCustomer,
  hearCustomerDeleted,
  hearMerge,
  hearOrder,
  hearRefund,
} from "../orders/hear.server.ts";
import type { Hear } from "../shopify/inbound.server.ts";
import type { Topic } from "../shopify/topics.ts";
import { changeDetails, changeScopes } from "../shops/change-details.server.ts";
import { changePlan } from "../shops/change-plan.server.ts";
import { eraseOnRequest } from "../shops/erase-shop.server.ts";
import { exportPerson } from "../shops/export-person.server.ts";
import { redactPerson } from "../shops/redact-person.server.ts";
import { uninstall } from "../shops/uninstall.server.ts";
import { stopSending } from "../webhooks/stop-sending.server.ts";

export const HEARS: Readonly<Record<Topic, Hear>> = {
  "orders/paid": hearOrder,
  "orders/updated": hearOrder,
  "orders/cancelled": hearOrder,
  "refunds/create": hearRefund,
  "customers/create": hearCustomer,
  "customers/update": hearCustomer,
  "customers/delete": hearCustomerDeleted,
  "customers/merge": hearMerge,
  "app/uninstalled": (inbound) => uninstall(inbound, stopSending),
  "app/scopes_update": changeScopes,
  "app_subscriptions/update": changePlan,
  "shop/update": changeDetails,
  "customers/data_request": exportPerson,
  "customers/redact": redactPerson,
  "shop/redact": eraseOnRequest,
};
