// A shop as Shopify describes it: through Admin GraphQL at installation, later through shop/update.
import { z } from "zod";
import type { Result } from "../loyalty/refusal.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import { shortText, text } from "./fields.ts";

/** What Laurel keeps of a shop; null where it was not said. */
export type ShopDetails = {
  readonly name: string;
  /** ISO 4217. */
  readonly currency: string;
  /** IANA. */
  readonly timezone: string;
  readonly locale: string | null;
  readonly country: string | null;
};

/** The app's subscription as Shopify states it, its status in Shopify's capitals. */
export type AppSubscription = { readonly plan: string; readonly status: string };

export const SHOP_DETAILS = `#graphql
  query ShopDetails {
    shop {
      name
      currencyCode
      ianaTimezone
    }
    currentAppInstallation {
      accessScopes {
        handle
      }
      activeSubscriptions {
        name
        status
        lineItems {
          plan {
            pricingDetails {
              ... on AppRecurringPricing {
                planHandle
              }
            }
          }
        }
      }
    }
  }
`;

const answer = z.object({
  shop: z.object({ name: z.string(), currencyCode: z.string(), ianaTimezone: z.string() }),
  currentAppInstallation: z.object({
    accessScopes: z.array(z.object({ handle: z.string() })),
    activeSubscriptions: z.array(
      z.object({
        name: z.string(),
        status: z.string(),
        lineItems: z.array(
          z.object({ plan: z.object({ pricingDetails: z.object({ planHandle: text.default(null) }) }) }),
        ),
      }),
    ),
  }),
});

/**
 * Reads the answer to `SHOP_DETAILS`. Of several subscriptions all are told: plans decide which counts.
 * @throws when Shopify answers in another shape than it has published.
 */
export function installationFrom(data: unknown): {
  details: ShopDetails;
  scopes: string;
  subscriptions: AppSubscription[];
} {
  const { shop, currentAppInstallation: app } = answer.parse(data);
  return {
    details: {
      name: shortText(shop.name),
      currency: shop.currencyCode,
      timezone: shop.ianaTimezone,
      locale: null,
      country: null,
    },
    scopes: app.accessScopes
      .map(({ handle }) => handle)
      .sort()
      .join(","),
    subscriptions: app.activeSubscriptions.map(({ name, status, lineItems }) => ({
      plan:
        lineItems.find(({ plan }) => plan.pricingDetails.planHandle)?.plan.pricingDetails.planHandle ?? name,
      status,
    })),
  };
}

const body = z.object({
  name: text.default(null),
  currency: text.default(null),
  iana_timezone: text.default(null),
  primary_locale: text.default(null),
  country_code: text.default(null),
});

/** Reads shop/update; refuses a body without name, currency or time zone. */
export function shopDetailsFrom(value: unknown): Result<ShopDetails> {
  const parsed = body.safeParse(value);
  if (!parsed.success) return refuse("body_not_an_object");
  const {
    name,
    currency,
    iana_timezone: timezone,
    primary_locale: locale,
    country_code: country,
  } = parsed.data;
  if (name === null) return refuse("shop_details_missing", { field: "name" });
  if (currency === null || !/^[A-Z]{3}$/.test(currency))
    return refuse("shop_details_missing", { field: "currency" });
  if (timezone === null || !isTimezone(timezone))
    return refuse("shop_details_missing", { field: "iana_timezone" });
  return accept({
    name: shortText(name),
    currency,
    timezone,
    locale: locale === null ? null : shortText(locale) || null,
    country: country === null ? null : shortText(country) || null,
  });
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
