// The shop that the screens are shown for: its clock, its language, its money.
import { createContext, useContext } from "react";

export type ShownShop = {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  /** IANA name. */
  readonly timezone: string;
  readonly locale: string;
  readonly plan: string;
  readonly planStatus: string;
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
