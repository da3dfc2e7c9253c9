// /v1/replays: sending again all that failed since a time, with its progress.
import { z } from "zod";
import { accept, refuse } from "../loyalty/refusal.ts";
import { findReplay, startReplay, stopReplay } from "../webhooks/replay-since.server.ts";
import type { ReplayView } from "../webhooks/replay-since.server.ts";
import { documentOf, operation, resource } from "./operation.ts";
import { time, timeOrNull } from "./time.ts";

const area = "webhooks";

const Replay = resource(
  "replay",
  z.object({
    subscription_id: z.string().nullable(),
    since: time,
    state: z.enum(["running", "taken", "stopped"]),
    total: z.int().describe("Counted before it began."),
    taken: z.int(),
    delivered: z.int(),
    waiting: z.int(),
    retrying: z.int(),
    failed: z.int(),
    left: z.int().describe("Cancelled, or given back by stopping."),
    started_at: time,
    ended_at: time.nullable(),
  }),
);

function presentReplay({
  id,
  subscriptionId,
  since,
  startedAt,
  endedAt,
  ...rest
}: ReplayView): z.output<typeof Replay> {
  const { state, total, taken, delivered, waiting, retrying, failed, left } = rest;
  const counted = { total, taken, delivered, waiting, retrying, failed, left };
  const times = {
    since: since.toISOString(),
    started_at: startedAt.toISOString(),
    ended_at: timeOrNull(endedAt),
  };
  return { type: "replay", id, attributes: { subscription_id: subscriptionId, state, ...counted, ...times } };
}

/** All of /v1/replays. */
export const replays = [
  operation({
    id: "startReplay",
    method: "POST",
    path: "/v1/replays",
    area,
    access: "full",
    summary: "Send again all that failed since a time",
    body: z.strictObject({
      failed_since: time.describe("By the time the delivery came to be."),
      subscription_id: z
        .string()
        .max(64)
        .nullable()
        .optional()
        .describe("Of one subscription; of all unless said."),
    }),
    example: { failed_since: "2026-11-20T00:00:00Z" },
    status: 202,
    answer: documentOf(Replay),
    refusals: ["replay_under_way", "subscription_unknown"],
    run: async ({ within, body }) => {
      const which = { subscriptionId: body.subscription_id ?? null, since: new Date(body.failed_since) };
      const begun = await startReplay(within, which);
      return begun.ok ? accept({ data: presentReplay(begun.value) }) : begun;
    },
  }),
  operation({
    id: "getReplay",
    method: "GET",
    path: "/v1/replays/{id}",
    area,
    access: "read",
    summary: "Get a replay's progress",
    status: 200,
    answer: documentOf(Replay),
    refusals: ["replay_unknown"],
    run: async ({ shopId, params: { id = "" } }) => {
      const found = await findReplay(shopId, id);
      return found === null ? refuse("replay_unknown") : accept({ data: presentReplay(found) });
    },
  }),
  operation({
    id: "stopReplay",
    method: "POST",
    path: "/v1/replays/{id}/stop",
    area,
    access: "full",
    summary: "Stop a replay",
    about: "What still waits is as it was before.",
    status: 200,
    answer: documentOf(Replay),
    refusals: ["replay_unknown", "replay_ended"],
    seenAt: "`GET /v1/replays/{id}`: its `state` is `stopped`.",
    run: async ({ shopId, params: { id = "" } }) => {
      const stopped = await stopReplay(shopId, id);
      return stopped.ok ? accept({ data: presentReplay(stopped.value) }) : stopped;
    },
  }),
];
