// What the buttons of Settings > Webhooks do: one table from an intent to its use case.
import { z } from "zod";
import type { ShopId } from "../loyalty/ids.ts";
import { refuse } from "../loyalty/refusal.ts";
import type { Refused } from "../loyalty/refusal.ts";
import { mayChangeWebhooks } from "../webhooks/may-change.server.ts";
import { refuseName } from "../webhooks/endpoint-name.server.ts";
import { MAX_SELECTED, replayOne, replaySelected } from "../webhooks/replay.server.ts";
import { startReplay, stopReplay } from "../webhooks/replay-since.server.ts";
import { cancelRotation, finishRotation, rotateSecret } from "../webhooks/rotate-secret.server.ts";
import { createSubscription, editSubscription } from "../webhooks/save-subscription.server.ts";
import { sendTest } from "../webhooks/send-test.server.ts";
import { deleteSubscription, switchSubscription } from "../webhooks/switch-subscription.server.ts";
import { readJson } from "./read-json.server.ts";

const form = z.object({
  url: z.string().max(4_096),
  format: z.string().max(64),
  eventTypes: z.array(z.string().max(64)).max(100),
  description: z.string().max(1_000),
  headers: z.array(z.tuple([z.string().max(256), z.string().max(4_096)])).max(50),
  ratePerSecond: z.number().nullable(),
});
const id = z.string().max(64);

const Asked = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("create"), form }),
  z.object({ intent: z.literal("edit"), id, revision: z.int(), form }),
  z.object({ intent: z.literal("switch"), id, state: z.enum(["enabled", "paused", "disabled"]) }),
  z.object({ intent: z.literal("delete"), id }),
  z.object({ intent: z.literal("rotate"), id }),
  z.object({ intent: z.literal("finish_rotation"), id }),
  z.object({ intent: z.literal("cancel_rotation"), id }),
  z.object({ intent: z.literal("test"), id, eventType: z.string().max(64) }),
  z.object({ intent: z.literal("replay"), ids: z.array(id).min(1).max(MAX_SELECTED) }),
  z.object({ intent: z.literal("replay_failed"), id: id.nullable(), since: z.iso.datetime() }),
  z.object({ intent: z.literal("stop_replay"), id }),
]);

/** What a screen sends: JSON with an intent. */
export type WebhookAsked = z.input<typeof Asked>;

async function carryOut(shopId: ShopId, asked: z.output<typeof Asked>) {
  switch (asked.intent) {
    case "create":
      return createSubscription(shopId, asked.form);
    case "edit":
      return editSubscription(shopId, asked.id, asked.revision, asked.form);
    case "switch":
      return switchSubscription(shopId, asked.id, asked.state);
    case "delete":
      return deleteSubscription(shopId, asked.id);
    case "rotate":
      return rotateSecret(shopId, asked.id);
    case "finish_rotation":
      return finishRotation(shopId, asked.id);
    case "cancel_rotation":
      return cancelRotation(shopId, asked.id);
    case "test":
      return sendTest(shopId, asked.id, asked.eventType);
    case "replay": {
      const [only, ...others] = asked.ids;
      return only !== undefined && others.length === 0
        ? replayOne(shopId, only)
        : replaySelected(shopId, asked.ids);
    }
    case "replay_failed":
      return startReplay(shopId, { subscriptionId: asked.id, since: new Date(asked.since) });
    case "stop_replay":
      return stopReplay(shopId, asked.id);
  }
}

export type WebhookAnswer =
  | Refused
  | (Extract<Awaited<ReturnType<typeof carryOut>>, { ok: true }> & { intent: WebhookAsked["intent"] });

/** Carries out what a screen asked. Refuses what does not read, and whatever the use case refuses. */
export async function webhookAction(shopId: ShopId, request: Request): Promise<WebhookAnswer> {
  const read = Asked.safeParse(await readJson(request));
  if (!read.success) return refuse("form_invalid");
  const { data } = read;
  // A name is looked up only for a shop that may save it.
  const named = "form" in data && (await mayChangeWebhooks(shopId)) ? await refuseName(data.form.url) : null;
  if (named !== null) return named;
  const done = await carryOut(shopId, data);
  return done.ok ? { ...done, intent: data.intent } : done;
}
