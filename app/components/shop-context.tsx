// The shop that the screens are shown for: its clock, its language, its money.
import { createContext, useContext } from "react";
import type { Standing } from "../shops/plans.ts";

export type ShownShop = Standing & {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  /** IANA name. */
  readonly timezone: string;
  readonly locale: string;
};

export const ShopContext = createContext<ShownShop>({
  id: "",
  name: "",
  currency: "USD",
  timezone: "UTC",
  locale: "en",
  plan: "free",
  planStatus: "active",
});

/** The shop of the page. */
export function useShop(): ShownShop {
  return useContext(ShopContext);
}
