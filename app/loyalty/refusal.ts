// Every expected "no" of the app has its code here; the API turns them into problems and the screens into words.
export const REFUSALS = [
  // what Shopify sent
  "body_not_json",
  "body_not_utf8",
  "body_too_deep",
  "body_not_an_object",
  "order_id_missing",
  "refund_id_missing",
  "customer_id_missing",
  "webhook_reused",
  "shop_unknown",
  "shop_details_missing",
  "shop_named_otherwise",
  "subscription_missing",
  "scopes_missing",
  "merge_not_completed",
  // members and points
  "member_unknown",
  "member_inactive",
  "member_is_itself",
  "order_unknown",
  "order_already_matched",
  "points_not_whole",
  "points_zero",
  "points_too_many",
  "note_missing",
  "note_too_long",
  "source_reused",
  "insufficient_points",
  "cursor_invalid",
  // forms
  "session_over",
  "app_unreachable",
  "form_stale",
  "form_invalid",
  "plan_too_low",
  "shop_read_only",
  // webhook subscriptions and deliveries
  "url_malformed",
  "url_too_long",
  "url_not_https",
  "url_port_refused",
  "url_has_credentials",
  "url_host_refused",
  "url_unresolvable",
  "headers_too_many",
  "header_name_invalid",
  "header_name_reserved",
  "header_name_twice",
  "header_value_invalid",
  "event_types_missing",
  "event_type_unknown",
  "event_type_not_in_format",
  "format_unknown",
  "description_too_long",
  "rate_invalid",
  "subscriptions_too_many",
  "subscription_unknown",
  "subscription_not_enabled",
  "rotation_under_way",
  "rotation_not_under_way",
  "secret_unreadable",
  "tests_too_many",
  "delivery_unknown",
  "delivery_under_way",
  "body_removed",
  "replay_under_way",
  "replay_ended",
  "replay_unknown",
  // API keys
  "api_key_unknown",
  "api_keys_too_many",
  "key_name_invalid",
  "key_scopes_missing",
  // requests to the API
  "api_key_missing",
  "api_key_may_not",
  "path_unknown",
  "method_not_allowed",
  "request_invalid",
  "event_unknown",
  "body_too_large",
  "body_type_unknown",
  "page_too_far",
  "idempotency_key_reused",
  "idempotency_key_in_use",
  "idempotency_outcome_unknown",
  "too_many_requests",
  "failed",
] as const;

export type Refusal = (typeof REFUSALS)[number];

/** An expected no: `field` names the input to correct, `detail` says what was found (never personal data). */
export type Refused = { ok: false; refusal: Refusal; field?: string; detail?: string };
export type Result<Value> = { ok: true; value: Value } | Refused;

/** Says no. */
export function refuse(refusal: Refusal, about: { field?: string; detail?: string } = {}): Refused {
  return { ok: false, refusal, ...about };
}

/** Says yes, with what came out. */
export function accept<Value>(value: Value): { ok: true; value: Value } {
  return { ok: true, value };
}
