// Qurable's webhook bodies: one record of an event with what went in (`payload`) and what came out (`executionResults`).
import type { EventType } from "../../events/catalogue.ts";
import type { Envelope, Saying, Sayings } from "./format.ts";
import { uuidOf } from "./uuid.ts";

type Told = { readonly payload: object; readonly executionResults: object };

// A field that Qurable has and Laurel does not is there as null, so that nobody looks for it in vain.
function say<Type extends EventType>(as: string, told: (event: Envelope<Type>) => Told): Saying<Type> {
  const body = (event: Envelope<Type>) => ({
    event: {
      loyaltyEventId: event.id,
      eventType: as,
      status: "success",
      ...told(event),
      externalEventDate: null,
      evaluationStatus: 0,
      systemUniqueKey: uuidOf(event.id),
      loyaltyEventKey: event.id,
      updatedAt: event.timestamp,
      createdAt: event.timestamp,
      externalId: null,
      lastError: null,
      description: null,
      tags: null,
      evaluationResults: null,
    },
  });
  return { as, body };
}

const NO_PERSON = { name: null, lastName: null, govId: null, birthdate: null, phoneNumber: null };

function memberCreated({ data }: Envelope<"member.created">): Told {
  const { email, created_at: createdAt, member_id, shopify_customer_id } = data;
  const profile = { ...NO_PERSON, email };
  const ids = { loyaltyMemberId: shopify_customer_id, publicLoyaltyMemberId: member_id };
  const times = { createdAt, updatedAt: createdAt };
  return {
    payload: { active: true, profile, ...ids },
    executionResults: {
      // Qurable names tiers by number; the first tier follows as an event of its own, which Qurable does not have.
      tiers: [],
      active: true,
      onChain: { wallets: [] },
      profile: { ...profile, emails: email === null ? [] : [email] },
      ...times,
      organizations: [{ active: true, ...times, ...ids }],
      ledgerWalletId: null,
      ledgerWalletKey: member_id,
    },
  };
}

export const qurable: Sayings = {
  "points.earned": null,
  "points.reversed": null,
  "points.adjusted": null,
  "points.balance_changed": null,
  "customer.tier_assigned": null,
  "customer.tier_upgrade": null,
  "customer.tier_downgrade": null,
  "member.created": say("member-created", memberCreated),
  "member.updated": null,
  "member.deactivated": null,
  "order.recorded": null,
  "order.matched": null,
  "webhook.disabled": null,
  test: say("test", ({ data }) => ({ payload: data, executionResults: {} })),
};
