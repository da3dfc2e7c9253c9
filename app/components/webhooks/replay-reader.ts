// Reads what the page of a subscription asks about its replays.
import { z } from "zod";

const Replay = z.object({
  id: z.string(),
  since: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  state: z.enum(["running", "taken", "stopped"]),
  total: z.number(),
  taken: z.number(),
  delivered: z.number(),
  waiting: z.number(),
  retrying: z.number(),
  failed: z.number(),
  left: z.number(),
  stoppable: z.boolean(),
});
export type ReplayShown = z.output<typeof Replay>;

const Answer = z.object({ count: z.number().nullable(), replay: Replay.nullable() });

/** The count before. */
export const countOf = (json: unknown): number => Answer.parse(json).count ?? 0;
/** The newest replay. */
export const replayOf = (json: unknown): ReplayShown | null => Answer.parse(json).replay;

/** Whether it still takes deliveries, or some wait for their first attempt. */
export function isUnderWay({ state, waiting }: ReplayShown): boolean {
  return state === "running" || waiting > 0;
}
