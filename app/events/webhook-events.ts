// Catalogue: what became of a subscription without anybody asking for it.
import { z } from "zod";
import { row } from "./shapes.ts";

export const webhookEvents = {
  "webhook.disabled": row({
    group: "webhooks",
    title: "Webhook disabled",
    about:
      "Laurel stopped sending to a subscription, because its endpoint answered 410 or because nothing but failure came for three days. Once each time that it happens, a minute later as a rule, to the shop's subscriptions that are not disabled. What somebody disables by hand is not told. About no member.",
    data: z.object({
      subscription_id: z.string().describe("The subscription that hears nothing more."),
      host: z
        .string()
        .describe("Where it was sent to: the host alone, since the rest of an address may be secret."),
      reason: z
        .enum(["gone", "failing"])
        .describe("`gone`: 410. `failing`: three days of nothing but failure."),
    }),
    example: {
      subscription_id: "whsub_01JD8Q2Z6V3N5T7X9B1C3E5G7J",
      host: "hooks.example.com",
      reason: "failing",
    },
  }),
} as const;
