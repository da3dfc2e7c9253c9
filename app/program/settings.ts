// A program's settings as the form and the API send them → settings, or what is wrong with which field.
import { z } from "zod";
import {
  MAX_MULTIPLIER,
  MAX_RATE,
  MAX_RATE_PLACES,
  MAX_THRESHOLD,
  MAX_TIER_NAME,
  MAX_TIERS,
} from "../loyalty/program.ts";
import type { ProgramSettings } from "../loyalty/program.ts";

const DECIMAL = new RegExp(`^\\d{1,6}(\\.\\d{1,${MAX_RATE_PLACES}})?$`);

// Both decimal signs are typed; a comma is read as a point, and zeros that say nothing are dropped.
function decimal(least: number, most: number, message: string): z.ZodType<string, string> {
  return z
    .string()
    .trim()
    .transform((text) => text.replace(",", "."))
    .refine((text) => DECIMAL.test(text) && Number(text) >= least && Number(text) <= most, message)
    .transform((text) =>
      text
        .replace(/^0+(?=\d)/, "")
        .replace(/(\.\d*?)0+$/, "$1")
        .replace(/\.$/, ""),
    );
}

const tier = z.object({
  id: z.string().regex(/^[a-z0-9_-]{1,40}$/, "This tier has no valid id."),
  name: z
    .string()
    .trim()
    .min(1, "Give the tier a name.")
    .max(MAX_TIER_NAME, `Use at most ${MAX_TIER_NAME} characters.`),
  threshold: z.coerce
    .number("Enter whole points.")
    .int("Enter whole points.")
    .min(0, "Points cannot be below 0.")
    .max(MAX_THRESHOLD, "That is more than a tier can ask for."),
  multiplier: decimal(
    0,
    MAX_MULTIPLIER,
    `Enter a number from 0 to ${MAX_MULTIPLIER}, with up to ${MAX_RATE_PLACES} decimals.`,
  ),
});

const tiers = z
  .array(tier)
  .max(MAX_TIERS, `A program has at most ${MAX_TIERS} tiers.`)
  .superRefine((list, context) => {
    list.forEach((one, index) => {
      const before = list.slice(0, index);
      const flag = (field: string, message: string): void =>
        context.addIssue({ code: "custom", path: [index, field], message });
      if (before.some((other) => other.id === one.id)) flag("id", "Two tiers have the same id.");
      if (before.some((other) => other.threshold === one.threshold))
        flag("threshold", "Another tier starts at the same points.");
      if (before.some((other) => other.name.toLowerCase() === one.name.toLowerCase()))
        flag("name", "Another tier has this name.");
    });
  })
  .transform((list) => [...list].sort((a, b) => a.threshold - b.threshold));

/** Reads settings from a form or a request; issues carry the path of their field ("tiers.1.threshold"). */
export const programSettings: z.ZodType<ProgramSettings, unknown> = z.object({
  pointsPerUnit: decimal(
    0,
    MAX_RATE,
    `Enter a number from 0 to ${MAX_RATE}, with up to ${MAX_RATE_PLACES} decimals.`,
  ),
  counts: z.object({
    tax: z.boolean(),
    shipping: z.boolean(),
    tips: z.boolean(),
    testOrders: z.boolean(),
    draftOrders: z.boolean(),
  }),
  whenSpent: z.enum(["owe", "clamp"]),
  tiers,
});

/** The first message for each field: `{ "tiers.1.threshold": "…" }`; empty when the settings are fine. */
export function problemsOf(input: unknown): Record<string, string> {
  const parsed = programSettings.safeParse(input);
  const problems: Record<string, string> = {};
  for (const issue of parsed.error?.issues ?? []) problems[issue.path.join(".")] ??= issue.message;
  return problems;
}
