// The live example beside a program's form: what an order of some amount earns in some tier.
import { exponentOf, minorFrom } from "../loyalty/money.ts";
import type { ProgramSettings } from "../loyalty/program.ts";
import { floor, rationalFrom, times } from "../loyalty/rational.ts";

/** Points for `amount` (decimal text in `currency`) at the tier's multiplier; null while a field is not a number. */
export function examplePoints(
  settings: Pick<ProgramSettings, "pointsPerUnit">,
  multiplier: string,
  order: { amount: string; currency: string },
): number | null {
  const minor = minorFrom(order.amount, order.currency);
  const rate = rationalFrom(settings.pointsPerUnit);
  const factor = rationalFrom(multiplier);
  if (minor === null || !rate || !factor) return null;
  return Number(
    floor(times(times({ n: minor, d: 10n ** BigInt(exponentOf(order.currency)) }, rate), factor)),
  );
}
