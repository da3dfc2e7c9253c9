// From bodies to what is known of an order, through the app's own readers: for tests of the pure rules.
import { foldOrder } from "../../app/loyalty/fold-order.ts";
import { pointsFor } from "../../app/loyalty/earning.ts";
import type { Terms } from "../../app/loyalty/earning.ts";
import type { Decision } from "../../app/loyalty/decision.ts";
import { NOTHING_KNOWN } from "../../app/loyalty/order.ts";
import type { KnownOrder, OrderInput } from "../../app/loyalty/order.ts";
import { DEFAULT_PROGRAM } from "../../app/loyalty/program.ts";
import type { Counts } from "../../app/loyalty/program.ts";
import { exactJson } from "../../app/shopify/exact-json.ts";
import { orderFrom } from "../../app/shopify/order.ts";
import { refundFrom } from "../../app/shopify/refund.ts";
import { orderBody } from "./order-body.ts";
import type { OrderWords } from "./order-body.ts";

function parsed(body: unknown): object {
  const json = exactJson(JSON.stringify(body));
  if (!json.ok) throw new Error(json.refusal);
  return json.value;
}

export function stateInput(
  body: unknown,
  about: { paidTopic?: boolean; triggeredAt?: string } = {},
): OrderInput {
  const seen = orderFrom(parsed(body));
  if (!seen.ok) throw new Error(seen.refusal);
  const version = {
    updatedAt: seen.value.updatedAt ?? "",
    triggeredAt: about.triggeredAt ?? "",
    webhookId: "",
  };
  return { kind: "state", facts: seen.value.facts, paidTopic: about.paidTopic ?? false, version };
}

export function refundInput(body: unknown): OrderInput {
  const seen = refundFrom(parsed(body));
  if (!seen.ok) throw new Error(seen.refusal);
  return {
    kind: "refund",
    refund: seen.value.refund,
    version: { updatedAt: seen.value.at ?? "", triggeredAt: "", webhookId: "" },
  };
}

export function known(...inputs: OrderInput[]): KnownOrder {
  return inputs.reduce(foldOrder, NOTHING_KNOWN);
}

export function terms(
  about: Partial<Omit<Terms, "settings">> & { rate?: string; counts?: Partial<Counts> } = {},
): Terms {
  const { rate, counts, ...rest } = about;
  return {
    settings: { pointsPerUnit: rate ?? "1", counts: { ...DEFAULT_PROGRAM.counts, ...counts } },
    programVersion: 1,
    multiplier: "1",
    tierId: null,
    currency: "USD",
    owner: "member",
    ...rest,
  };
}

/** What an order told by one body earns. */
export function decide(words: Partial<OrderWords>, about: Parameters<typeof terms>[0] = {}): Decision {
  return pointsFor(known(stateInput(orderBody(words))), terms(about));
}
