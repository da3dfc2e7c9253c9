// What is known of an order, in Laurel's own words: amounts stay exact decimal text; no personal data.
import type { CustomerGid, LineGid, OrderGid, RefundGid } from "./ids.ts";

/** Decimal text, exact, as Shopify wrote it: "40.00". */
export type Decimal = string;

/** A line as it was bought; money is for `quantity` units (price: for one), in the order's currency. */
export type LineFacts = {
  readonly id: LineGid | null;
  readonly title: string;
  readonly quantity: number;
  /** Units left after the refunds and edits that this state lists; null where Shopify did not say. */
  readonly currentQuantity: number | null;
  readonly price: Decimal;
  /** Discounts of line and order on all units: the allocations, else the line's own total; never both. */
  readonly discount: Decimal;
  readonly tax: Decimal;
  readonly giftCard: boolean;
  /** A tip in the shape of a line is never goods. */
  readonly tip: boolean;
};

export type ShippingFacts = {
  readonly title: string;
  /** After discounts. */
  readonly price: Decimal;
  readonly tax: Decimal;
  readonly removed: boolean;
};

/** Signed sums of a refund, as Shopify signs them: what goes back to the customer is negative. */
export type RefundFacts = {
  readonly id: RefundGid;
  readonly lines: readonly { readonly line: LineGid; readonly quantity: number }[];
  readonly discrepancy: Decimal;
  readonly shipping: Decimal;
  readonly shippingTax: Decimal;
  /** Fields that could not be read; the order earns nothing until they can. */
  readonly unreadable: readonly string[];
};

/** One state of an order, as one body told it. */
export type OrderFacts = {
  readonly id: OrderGid;
  /** "#1007". */
  readonly name: string;
  /** "1007". */
  readonly number: string | null;
  /** The currency that every amount here is in; null where none could be read. */
  readonly currency: string | null;
  readonly taxesIncluded: boolean;
  readonly test: boolean;
  readonly draft: boolean;
  readonly financialStatus: string | null;
  readonly cancelled: boolean;
  readonly total: Decimal | null;
  readonly lines: readonly LineFacts[];
  readonly shipping: readonly ShippingFacts[];
  readonly tip: Decimal;
  readonly customer: CustomerGid | null;
  readonly refunds: readonly RefundFacts[];
  /** Fields that could not be read: "line_items[2].price". Their order earns nothing until they can. */
  readonly unreadable: readonly string[];
};

/** How new a state is. Each part sorts as text; empty where Shopify did not say. */
export type Version = {
  readonly updatedAt: string;
  readonly triggeredAt: string;
  readonly webhookId: string;
};

/** What one webhook tells about an order. */
export type OrderInput =
  | {
      readonly kind: "state";
      readonly facts: OrderFacts;
      readonly paidTopic: boolean;
      readonly version: Version;
    }
  | { readonly kind: "refund"; readonly refund: RefundFacts; readonly version: Version };

export type KnownRefund = RefundFacts & { readonly version: Version };

/** Everything that the inputs so far have told, whatever their order was: what is kept in the order's row. */
export type KnownOrder = {
  /** The newest state, without its refunds; null while only a refund is known. */
  readonly state: Omit<OrderFacts, "refunds"> | null;
  readonly version: Version | null;
  /** Refunds that the newest state lists: its current quantities have them already. */
  readonly listed: readonly RefundGid[];
  /** All refunds ever seen, by id. */
  readonly refunds: readonly KnownRefund[];
  readonly everPaid: boolean;
  /** The customer whom the newest state with a customer names: an order does not lose its customer. */
  readonly customer: { readonly gid: CustomerGid; readonly version: Version } | null;
};

export const NOTHING_KNOWN: KnownOrder = {
  state: null,
  version: null,
  listed: [],
  refunds: [],
  everPaid: false,
  customer: null,
};
