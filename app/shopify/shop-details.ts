// A shop as Shopify describes it: through Admin GraphQL at installation, later through shop/update.
import { z } from "zod";
import type { Result } from "../loyalty/refusal.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import { shortText, text } from "./fields.ts";

/** What Laurel keeps of a shop. */
export type ShopDetails = {
  readonly name: string;
  /** ISO 4217. */
  readonly currency: string;
  /** IANA. */
  readonly timezone: string;
  readonly locale: string;
  readonly country: string;
};

/** A subscription to the app as Shopify lists it; the status in Shopify's capitals. */
export type AppSubscription = {
  readonly id: string;
  /** The plan's handle and name, the surer one first. */
  readonly names: readonly string[];
  readonly status: string;
};

/** What Shopify tells of a shop when the app is installed in it. */
export type Installation = {
  readonly details: Pick<ShopDetails, "name" | "currency" | "timezone">;
  /** Sorted, as "read_customers,read_orders". */
  readonly scopes: string;
  readonly subscriptions: readonly AppSubscription[];
};

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
        id
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
        id: z.string(),
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
 * Reads the answer to `SHOP_DETAILS`.
 * @throws when Shopify answers in another shape than it has published.
 */
export function installationFrom(data: unknown): Installation {
  const { shop, currentAppInstallation: app } = answer.parse(data);
  const { name, currencyCode: currency, ianaTimezone: timezone } = shop;
  const scopes = app.accessScopes.map(({ handle }) => handle).sort();
  return {
    details: { name: shortText(name), currency, timezone },
    scopes: scopes.join(","),
    subscriptions: app.activeSubscriptions.map(({ id, name: planName, status, lineItems }) => {
      const handles = lineItems
        .map(({ plan }) => plan.pricingDetails.planHandle)
        .filter((one) => one !== null);
      return { id, names: [...handles, planName], status };
    }),
  };
}

const body = z.object({
  name: text.default(null),
  currency: text.default(null),
  iana_timezone: text.default(null),
  primary_locale: text.default(null),
  country_code: text.default(null),
});

/** What shop/update says; null for what it leaves out or what cannot be: that stays as it was. */
export type DetailsSaid = { readonly [Field in keyof ShopDetails]: ShopDetails[Field] | null };

/** Reads shop/update; refuses a body that says none of it. */
export function shopDetailsFrom(value: unknown): Result<DetailsSaid> {
  const parsed = body.safeParse(value);
  if (!parsed.success) return refuse("body_not_an_object");
  const {
    name,
    currency,
    iana_timezone: timezone,
    primary_locale: locale,
    country_code: country,
  } = parsed.data;
  const said = {
    name: shortText(name) || null,
    currency: currency !== null && /^[A-Z]{3}$/.test(currency) ? currency : null,
    timezone: timezone !== null && isTimezone(timezone) ? timezone : null,
    locale: shortText(locale) || null,
    country: shortText(country) || null,
  };
  return Object.values(said).some((field) => field !== null) ? accept(said) : refuse("shop_details_missing");
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
