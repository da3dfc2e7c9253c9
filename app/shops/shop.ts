// A shop as the screens and use cases hold it.
import type { ShopId } from "../loyalty/ids.ts";
import type { PlanName, PlanStatus } from "./plans.ts";

export type Shop = {
  readonly id: ShopId;
  readonly name: string;
  readonly currency: string;
  readonly timezone: string;
  readonly locale: string;
  readonly country: string | null;
  readonly plan: PlanName;
  readonly planStatus: PlanStatus;
  readonly programVersion: number;
  readonly installedAt: Date;
  readonly uninstalledAt: Date | null;
  readonly welcomedAt: Date | null;
  readonly erasingSince: Date | null;
};
