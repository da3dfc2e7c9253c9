// How long to wait after Shopify's Admin API has said "not now".
import { z } from "zod";

export const THROTTLE_WAIT_MIN_MS = 250;
export const THROTTLE_WAIT_MAX_MS = 10_000;
const UNSAID_MS = 1_000;

const throttled = z.object({
  errors: z.object({
    graphQLErrors: z.array(z.object({ extensions: z.object({ code: z.string() }).optional() })).optional(),
  }),
  extensions: z
    .object({
      cost: z.object({
        requestedQueryCost: z.number(),
        throttleStatus: z.object({ currentlyAvailable: z.number(), restoreRate: z.number().positive() }),
      }),
    })
    .optional()
    .catch(undefined),
});

const bounded = (ms: number) => Math.min(THROTTLE_WAIT_MAX_MS, Math.max(THROTTLE_WAIT_MIN_MS, Math.ceil(ms)));

/**
 * Milliseconds until the shop's bucket holds what the query costs, by the answer's own figures; null where the answer
 * is no THROTTLED.
 */
export function throttleWait(answer: unknown): number | null {
  const parsed = throttled.safeParse(answer);
  if (!parsed.success) return null;
  const { errors, extensions } = parsed.data;
  if (!errors.graphQLErrors?.some((error) => error.extensions?.code === "THROTTLED")) return null;
  if (extensions === undefined) return UNSAID_MS;
  const { requestedQueryCost, throttleStatus } = extensions.cost;
  const missing = requestedQueryCost - throttleStatus.currentlyAvailable;
  return bounded((missing / throttleStatus.restoreRate) * 1000);
}

/** Milliseconds after HTTP 429 (`retryAfter` in seconds, where it was sent) or a failure of Shopify's, by attempt. */
export function backOff(attempt: number, retryAfter?: number): number {
  return bounded(retryAfter === undefined ? UNSAID_MS * 2 ** attempt : retryAfter * 1000);
}
