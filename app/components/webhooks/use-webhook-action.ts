// What the screens of Settings > Webhooks ask, and what comes of it.
import type { WebhookAnswer, WebhookAsked } from "../../admin/webhook-actions.server.ts";
import { useAction } from "../use-action.ts";

export const useWebhookAction = () => useAction<WebhookAsked, WebhookAnswer>();
