// Open Loyalty's webhook bodies: `type` names the event, `data` begins with the customer.
import type { EventData, EventType } from "../../events/catalogue.ts";
import type { Envelope, Saying, Sayings } from "./format.ts";

type Member = { member_id: string; shopify_customer_id: string; email: string | null };

function say<Type extends EventType>(as: string, data: (event: Envelope<Type>) => object): Saying<Type> {
  return { as, body: (event) => ({ type: as, data: data(event) }) };
}

// `customerId` is the loyalty system's own id; the card number is the one that the merchant's other systems know.
function about({ member_id, shopify_customer_id, email }: Member) {
  const customer = { customerId: member_id, email, loyaltyCardNumber: shopify_customer_id };
  return { customerId: member_id, customer };
}

type TierChange = { timestamp: string; data: EventData<"customer.tier_downgrade"> };

function levelChanged({ timestamp, data }: TierChange): object {
  const { new_tier_id: levelId, new_tier: levelName } = data;
  return {
    ...about(data),
    levelId,
    levelName,
    levelMove: data.new_level > data.previous_level ? "up" : "down",
    levelAchievementDate: timestamp,
    tier: levelName === null ? null : { levelId, name: levelName },
  };
}

function pointsChanged({ data }: Envelope<"points.balance_changed">): object {
  return {
    ...about(data),
    amount: data.points_balance,
    amountChange: Math.abs(data.delta),
    amountChangeType: data.operation,
  };
}

function registered({ data }: Envelope<"member.created">): object {
  const { customerId, customer } = about(data);
  return { customerId, customer: { ...customer, createdAt: data.created_at } };
}

function transaction({ timestamp, data }: Envelope<"order.recorded">): object {
  return {
    transactionId: data.order_id,
    transactionData: {
      documentType: "sell",
      documentNumber: data.order_number,
      purchasePlace: null,
      purchaseDate: timestamp,
    },
    customerId: data.member_id,
    customerData: { email: data.email, loyaltyCardNumber: data.shopify_customer_id },
    // A number there; a decimal of a shop's size is printed as it was read.
    grossValue: data.amount === null ? null : Number(data.amount),
    currency: data.currency,
  };
}

export const openLoyalty: Sayings = {
  // Told by points.balance_changed, which comes with every one of them: twice would count twice.
  "points.earned": null,
  "points.reversed": null,
  "points.adjusted": null,
  "points.balance_changed": say("AvailablePointsAmountChanged", pointsChanged),
  "customer.tier_assigned": say("CustomerLevelChanged", levelChanged),
  "customer.tier_upgrade": say("CustomerLevelChanged", levelChanged),
  "customer.tier_downgrade": say("CustomerLevelChanged", levelChanged),
  "member.created": say("CustomerRegistered", registered),
  "member.updated": say("CustomerUpdated", ({ data }) => about(data)),
  "member.deactivated": say("CustomerDeactivated", ({ data }) => about(data)),
  "order.recorded": say("TransactionRegistered", transaction),
  "order.matched": say("TransactionAssignedToCustomer", ({ data }) => ({
    transactionId: data.order_id,
    ...about(data),
  })),
  "webhook.disabled": null,
  test: say("Test", ({ data }) => data),
};
