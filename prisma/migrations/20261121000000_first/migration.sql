-- The first tables. Below what Prisma writes: the guards that it cannot spell.
SET lock_timeout = '5s';

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "is_online" BOOLEAN NOT NULL DEFAULT false,
    "scope" TEXT,
    "expires" TIMESTAMPTZ(3),
    "access_token" TEXT NOT NULL,
    "user_id" BIGINT,
    "first_name" TEXT,
    "last_name" TEXT,
    "email" TEXT,
    "account_owner" BOOLEAN NOT NULL DEFAULT false,
    "locale" TEXT,
    "collaborator" BOOLEAN DEFAULT false,
    "email_verified" BOOLEAN DEFAULT false,
    "refresh_token" TEXT,
    "refresh_token_expires" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shop" (
    "shop_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "currency" TEXT NOT NULL,
    "timezone" TEXT NOT NULL DEFAULT 'UTC',
    "locale" TEXT NOT NULL DEFAULT 'en',
    "country" TEXT,
    "plan" TEXT NOT NULL DEFAULT 'free',
    "plan_status" TEXT NOT NULL DEFAULT 'active',
    "sends_webhooks" BOOLEAN NOT NULL DEFAULT false,
    "program_version" INTEGER NOT NULL DEFAULT 0,
    "scopes" TEXT NOT NULL DEFAULT '',
    "installed_at" TIMESTAMPTZ(3) NOT NULL,
    "uninstalled_at" TIMESTAMPTZ(3),
    "welcomed_at" TIMESTAMPTZ(3),

    CONSTRAINT "shop_pkey" PRIMARY KEY ("shop_id")
);

-- CreateTable
CREATE TABLE "program" (
    "shop_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "settings" JSONB NOT NULL,
    "saved_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "program_pkey" PRIMARY KEY ("shop_id","version")
);

-- CreateTable
CREATE TABLE "member" (
    "member_id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "email" TEXT,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "first_name" TEXT,
    "last_name" TEXT,
    "phone" TEXT,
    "locale" TEXT,
    "state" TEXT NOT NULL DEFAULT 'active',
    "balance" INTEGER NOT NULL DEFAULT 0,
    "pending" INTEGER NOT NULL DEFAULT 0,
    "held" INTEGER NOT NULL DEFAULT 0,
    "owed" INTEGER NOT NULL DEFAULT 0,
    "lifetime_points" INTEGER NOT NULL DEFAULT 0,
    "tier_id" TEXT,
    "tier_since" TIMESTAMPTZ(3),
    "sequence" INTEGER NOT NULL DEFAULT 0,
    "mirrored" INTEGER NOT NULL DEFAULT 0,
    "joined_at" TIMESTAMPTZ(3) NOT NULL,
    "last_activity_at" TIMESTAMPTZ(3) NOT NULL,
    "merged_into" TEXT,

    CONSTRAINT "member_pkey" PRIMARY KEY ("member_id")
);

-- CreateTable
CREATE TABLE "ledger_entry" (
    "entry_id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "member_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "qualifying" INTEGER NOT NULL DEFAULT 0,
    "shortfall" INTEGER NOT NULL DEFAULT 0,
    "source" TEXT NOT NULL,
    "order_id" TEXT,
    "actor" TEXT NOT NULL,
    "reason" TEXT,
    "basis" JSONB NOT NULL,
    "balance_after" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("entry_id")
);

-- CreateTable
CREATE TABLE "lot" (
    "lot_id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "member_id" TEXT NOT NULL,
    "entry_id" TEXT NOT NULL,
    "order_id" TEXT,
    "points" INTEGER NOT NULL,
    "remaining" INTEGER NOT NULL,
    "available_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lot_pkey" PRIMARY KEY ("lot_id")
);

-- CreateTable
CREATE TABLE "allocation" (
    "shop_id" TEXT NOT NULL,
    "entry_id" TEXT NOT NULL,
    "lot_id" TEXT NOT NULL,
    "points" INTEGER NOT NULL,

    CONSTRAINT "allocation_pkey" PRIMARY KEY ("entry_id","lot_id")
);

-- CreateTable
CREATE TABLE "order" (
    "shop_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "member_id" TEXT,
    "customer_id" TEXT,
    "guest_email" TEXT,
    "facts" JSONB NOT NULL,
    "processed_at" TIMESTAMPTZ(3),
    "pinned_version" INTEGER,
    "pinned_tier_id" TEXT,
    "pinned_multiplier" TEXT,
    "posted_points" INTEGER NOT NULL DEFAULT 0,
    "postings" INTEGER NOT NULL DEFAULT 0,
    "decision" JSONB,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "order_pkey" PRIMARY KEY ("shop_id","order_id")
);

-- CreateTable
CREATE TABLE "receipt" (
    "shop_id" TEXT NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "body_hash" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "receipt_pkey" PRIMARY KEY ("shop_id","webhook_id")
);

-- CreateTable
CREATE TABLE "tier_change" (
    "tier_change_id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "member_id" TEXT NOT NULL,
    "from_tier_id" TEXT,
    "to_tier_id" TEXT,
    "cause" TEXT NOT NULL,
    "entry_id" TEXT,
    "program_version" INTEGER NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tier_change_pkey" PRIMARY KEY ("tier_change_id")
);

-- CreateTable
CREATE TABLE "event" (
    "event_id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "member_id" TEXT,
    "order_id" TEXT,
    "type" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "test" BOOLEAN NOT NULL DEFAULT false,
    "body" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "txid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "position" BIGSERIAL NOT NULL,

    CONSTRAINT "event_pkey" PRIMARY KEY ("event_id")
);

-- CreateTable
CREATE TABLE "subscription" (
    "subscription_id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "event_types" TEXT[],
    "format" TEXT NOT NULL DEFAULT 'laurel',
    "state" TEXT NOT NULL DEFAULT 'enabled',
    "disabled_reason" TEXT,
    "disabled_at" TIMESTAMPTZ(3),
    "secret" TEXT NOT NULL,
    "next_secret" TEXT,
    "rotation_ends_at" TIMESTAMPTZ(3),
    "headers" JSONB NOT NULL DEFAULT '{}',
    "rate_per_second" INTEGER,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "subscription_pkey" PRIMARY KEY ("subscription_id")
);

-- CreateTable
CREATE TABLE "lane" (
    "subscription_id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "breaker" TEXT NOT NULL DEFAULT 'closed',
    "breaker_opens" INTEGER NOT NULL DEFAULT 0,
    "consecutive_failures" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(3),
    "not_before" TIMESTAMPTZ(3),
    "last_success_at" TIMESTAMPTZ(3),
    "last_failure_at" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "lane_pkey" PRIMARY KEY ("subscription_id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "delivery_id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "event_type" TEXT NOT NULL,
    "member_id" TEXT,
    "order_id" TEXT,
    "format" TEXT NOT NULL DEFAULT 'laurel',
    "state" TEXT NOT NULL DEFAULT 'pending',
    "reason" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "step" INTEGER NOT NULL DEFAULT 0,
    "claims" INTEGER NOT NULL DEFAULT 0,
    "manual" BOOLEAN NOT NULL DEFAULT false,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "leased_until" TIMESTAMPTZ(3),
    "lease" BIGINT,
    "last_status" INTEGER,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("delivery_id")
);

-- CreateTable
CREATE TABLE "attempt" (
    "shop_id" TEXT NOT NULL,
    "delivery_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "status" INTEGER,
    "error" TEXT,
    "answer" TEXT,
    "answer_headers" JSONB,
    "manual" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("delivery_id","number")
);

-- CreateTable
CREATE TABLE "notice" (
    "notice_id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "details" JSONB NOT NULL DEFAULT '{}',
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "notice_pkey" PRIMARY KEY ("notice_id")
);

-- CreateTable
CREATE TABLE "data_export" (
    "data_export_id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "request_id" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "data_export_pkey" PRIMARY KEY ("data_export_id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "api_key_id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "key_hash" TEXT NOT NULL,
    "scopes" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("api_key_id")
);

-- CreateTable
CREATE TABLE "idempotent_answer" (
    "shop_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER,
    "body" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotent_answer_pkey" PRIMARY KEY ("shop_id","key")
);

-- CreateIndex
CREATE INDEX "session_shop_id_idx" ON "session"("shop_id");

-- CreateIndex
CREATE INDEX "member_shop_id_joined_at_member_id_idx" ON "member"("shop_id", "joined_at", "member_id");

-- CreateIndex
CREATE INDEX "member_shop_id_balance_member_id_idx" ON "member"("shop_id", "balance", "member_id");

-- CreateIndex
CREATE INDEX "member_shop_id_lifetime_points_member_id_idx" ON "member"("shop_id", "lifetime_points", "member_id");

-- CreateIndex
CREATE INDEX "member_shop_id_tier_id_idx" ON "member"("shop_id", "tier_id");

-- CreateIndex
CREATE INDEX "member_shop_id_email_idx" ON "member"("shop_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "member_shop_id_customer_id_key" ON "member"("shop_id", "customer_id");

-- CreateIndex
CREATE INDEX "ledger_entry_shop_id_member_id_position_idx" ON "ledger_entry"("shop_id", "member_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entry_shop_id_source_key" ON "ledger_entry"("shop_id", "source");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entry_member_id_position_key" ON "ledger_entry"("member_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "lot_entry_id_key" ON "lot"("entry_id");

-- CreateIndex
CREATE INDEX "lot_shop_id_member_id_idx" ON "lot"("shop_id", "member_id");

-- CreateIndex
CREATE INDEX "allocation_lot_id_idx" ON "allocation"("lot_id");

-- CreateIndex
CREATE INDEX "order_shop_id_member_id_processed_at_idx" ON "order"("shop_id", "member_id", "processed_at");

-- CreateIndex
CREATE INDEX "order_shop_id_guest_email_idx" ON "order"("shop_id", "guest_email");

-- CreateIndex
CREATE INDEX "receipt_received_at_idx" ON "receipt"("received_at");

-- CreateIndex
CREATE INDEX "tier_change_shop_id_member_id_occurred_at_idx" ON "tier_change"("shop_id", "member_id", "occurred_at");

-- CreateIndex
CREATE INDEX "event_shop_id_position_idx" ON "event"("shop_id", "position");

-- CreateIndex
CREATE INDEX "event_shop_id_member_id_sequence_idx" ON "event"("shop_id", "member_id", "sequence");

-- CreateIndex
CREATE INDEX "event_recorded_at_idx" ON "event"("recorded_at");

-- CreateIndex
CREATE INDEX "subscription_shop_id_created_at_idx" ON "subscription"("shop_id", "created_at");

-- CreateIndex
CREATE INDEX "delivery_shop_id_subscription_id_created_at_delivery_id_idx" ON "delivery"("shop_id", "subscription_id", "created_at", "delivery_id");

-- CreateIndex
CREATE INDEX "delivery_shop_id_created_at_delivery_id_idx" ON "delivery"("shop_id", "created_at", "delivery_id");

-- CreateIndex
CREATE INDEX "delivery_event_id_idx" ON "delivery"("event_id");

-- CreateIndex
CREATE INDEX "attempt_shop_id_subscription_id_started_at_idx" ON "attempt"("shop_id", "subscription_id", "started_at");

-- CreateIndex
CREATE INDEX "attempt_started_at_idx" ON "attempt"("started_at");

-- CreateIndex
CREATE INDEX "notice_shop_id_opened_at_idx" ON "notice"("shop_id", "opened_at");

-- CreateIndex
CREATE UNIQUE INDEX "data_export_shop_id_request_id_key" ON "data_export"("shop_id", "request_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_key_hash_key" ON "api_key"("key_hash");

-- CreateIndex
CREATE INDEX "api_key_shop_id_created_at_idx" ON "api_key"("shop_id", "created_at");

-- CreateIndex
CREATE INDEX "idempotent_answer_created_at_idx" ON "idempotent_answer"("created_at");

-- AddForeignKey
ALTER TABLE "ledger_entry" ADD CONSTRAINT "ledger_entry_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("member_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lot" ADD CONSTRAINT "lot_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "ledger_entry"("entry_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allocation" ADD CONSTRAINT "allocation_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "ledger_entry"("entry_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allocation" ADD CONSTRAINT "allocation_lot_id_fkey" FOREIGN KEY ("lot_id") REFERENCES "lot"("lot_id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- What the code promises, held by the database as well.
ALTER TABLE member
  ADD CONSTRAINT member_points_are_not_negative CHECK (pending >= 0 AND held >= 0 AND owed >= 0 AND lifetime_points >= 0),
  ADD CONSTRAINT member_state_is_known CHECK (state IN ('active', 'deactivated', 'redacted'));
ALTER TABLE lot
  ADD CONSTRAINT lot_remaining_within_points CHECK (points >= 0 AND remaining BETWEEN 0 AND points);
ALTER TABLE allocation
  ADD CONSTRAINT allocation_takes_something CHECK (points > 0);
ALTER TABLE ledger_entry
  ADD CONSTRAINT entry_kind_is_known CHECK (kind IN ('earn', 'redeem', 'expire', 'reverse', 'restore', 'adjust', 'transfer', 'import')),
  ADD CONSTRAINT entry_shortfall_is_not_negative CHECK (shortfall >= 0);
ALTER TABLE subscription
  ADD CONSTRAINT subscription_state_is_known CHECK (state IN ('enabled', 'paused', 'disabled')),
  ADD CONSTRAINT subscription_wants_something CHECK (cardinality(event_types) > 0);
ALTER TABLE delivery
  ADD CONSTRAINT delivery_state_is_known CHECK (state IN ('pending', 'delivered', 'failed', 'cancelled', 'parked'));
ALTER TABLE lane
  ADD CONSTRAINT lane_breaker_is_known CHECK (breaker IN ('closed', 'open', 'half_open'));
ALTER TABLE shop
  ADD CONSTRAINT shop_plan_is_known CHECK (plan IN ('free', 'starter', 'growth', 'plus')),
  ADD CONSTRAINT shop_plan_status_is_known CHECK (plan_status IN ('active', 'frozen', 'none'));

-- The one index that claiming and sweeping stand on: old deliveries are not in it.
CREATE INDEX delivery_due ON delivery (subscription_id, due_at) WHERE state = 'pending';
CREATE INDEX notice_open ON notice (shop_id, kind, subject_id) WHERE resolved_at IS NULL;

-- Sortable like the application's ids: prefix, 12 hex digits of the milliseconds, 20 of chance.
CREATE FUNCTION new_id(prefix text) RETURNS text LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT prefix || '_' || lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
    || right(replace(gen_random_uuid()::text, '-', ''), 20)
$$;

-- Facts do not change. Only erasing (retention, redaction) may take them away, and says so.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('laurel.erasing', true), '') = 'on' THEN
    RETURN coalesce(NEW, OLD);
  END IF;
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_entry_is_append_only BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER allocation_is_append_only BEFORE UPDATE OR DELETE ON allocation FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER attempt_is_append_only BEFORE UPDATE OR DELETE ON attempt FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER tier_change_is_append_only BEFORE UPDATE OR DELETE ON tier_change FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER program_is_append_only BEFORE UPDATE OR DELETE ON program FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Tenancy: a query that forgets its shop sees nothing. Bound for the owner too. '*' is spelled only in named
-- functions that must see every shop (claiming, settling, sweeping, retention, metrics).
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['shop', 'program', 'member', 'ledger_entry', 'lot', 'allocation', 'order', 'receipt',
    'tier_change', 'event', 'subscription', 'lane', 'delivery', 'attempt', 'notice', 'data_export', 'api_key',
    'idempotent_answer'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format($p$CREATE POLICY own_shop ON %I
      USING (shop_id = current_setting('laurel.shop_id', true) OR current_setting('laurel.shop_id', true) = '*')
      WITH CHECK (shop_id = current_setting('laurel.shop_id', true) OR current_setting('laurel.shop_id', true) = '*')$p$, t);
  END LOOP;
END $$;

-- Hot tables: room for in-place updates, and vacuum before dead rows pile up.
ALTER TABLE delivery SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000);
ALTER TABLE lane SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
ALTER TABLE member SET (fillfactor = 85);
