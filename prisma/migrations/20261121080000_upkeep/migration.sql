-- What is done for every shop again and again (proving its ledger, for one), whoever does it: when it is due, who has
-- it until when, how far it is.
SET lock_timeout = '5s';

CREATE TABLE "upkeep" (
    "shop_id" TEXT NOT NULL,
    "chore" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "leased_until" TIMESTAMPTZ(3),
    "after" TEXT NOT NULL DEFAULT '',
    "found" INTEGER NOT NULL DEFAULT 0,
    "last_found" INTEGER NOT NULL DEFAULT 0,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "upkeep_pkey" PRIMARY KEY ("shop_id","chore")
);
CREATE INDEX "upkeep_due_at_idx" ON "upkeep"("due_at");

ALTER TABLE upkeep ENABLE ROW LEVEL SECURITY;
ALTER TABLE upkeep FORCE ROW LEVEL SECURITY;
CREATE POLICY own_shop ON upkeep
  USING (shop_id = current_setting('laurel.shop_id', true) OR current_setting('laurel.shop_id', true) = '*')
  WITH CHECK (shop_id = current_setting('laurel.shop_id', true) OR current_setting('laurel.shop_id', true) = '*');

-- Gives every installed shop its rows, due at once, and takes them from shops that left. For the worker, once an hour.
CREATE FUNCTION plan_upkeep(chores text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  asking_shop CONSTANT text := coalesce(current_setting('laurel.shop_id', true), '');
BEGIN
  PERFORM set_config('laurel.shop_id', '*', true);
  INSERT INTO upkeep (shop_id, chore, due_at)
    SELECT s.shop_id, c.chore, now() FROM shop s CROSS JOIN unnest(chores) AS c (chore)
     WHERE s.uninstalled_at IS NULL
       AND NOT EXISTS (SELECT FROM upkeep u WHERE u.shop_id = s.shop_id AND u.chore = c.chore)
    ON CONFLICT DO NOTHING;
  DELETE FROM upkeep u WHERE NOT EXISTS (
    SELECT FROM shop s WHERE s.shop_id = u.shop_id AND s.uninstalled_at IS NULL);
  PERFORM set_config('laurel.shop_id', asking_shop, true);
END $$;

-- Takes what is due longest, for `lease_ms`; `leased_until` is the fencing token. What a dead worker had goes on where
-- it was saved last.
CREATE FUNCTION claim_upkeep(chores text[], lease_ms integer) RETURNS TABLE (
  shop_id text, chore text, timezone text, due_at timestamptz, leased_until timestamptz, after text, found integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  asking_shop CONSTANT text := coalesce(current_setting('laurel.shop_id', true), '');
BEGIN
  PERFORM set_config('laurel.shop_id', '*', true);
  RETURN QUERY
    WITH next AS MATERIALIZED (
      SELECT d.shop_id, d.chore FROM upkeep d JOIN shop o ON o.shop_id = d.shop_id AND o.uninstalled_at IS NULL
       WHERE d.due_at <= now() AND (d.leased_until IS NULL OR d.leased_until <= now()) AND d.chore = ANY (chores)
       ORDER BY d.due_at LIMIT 1 FOR UPDATE OF d SKIP LOCKED)
    UPDATE upkeep u SET leased_until = now() + lease_ms * interval '1 ms' FROM next n JOIN shop s USING (shop_id)
     WHERE u.shop_id = n.shop_id AND u.chore = n.chore
    RETURNING u.shop_id, u.chore, s.timezone, u.due_at, u.leased_until, u.after, u.found;
  PERFORM set_config('laurel.shop_id', asking_shop, true);
END $$;

-- For /metrics, by chore: what the last rounds found, and how long ago the round was that is oldest (seconds; a shop
-- without one counts from when its first was due).
CREATE FUNCTION upkeep_gauges() RETURNS TABLE (chore text, found bigint, oldest_seconds double precision)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  asking_shop CONSTANT text := coalesce(current_setting('laurel.shop_id', true), '');
BEGIN
  PERFORM set_config('laurel.shop_id', '*', true);
  RETURN QUERY
    SELECT u.chore, sum(u.last_found)::bigint,
      greatest(0, extract(epoch FROM now() - min(coalesce(u.ended_at, u.due_at))))::double precision
    FROM upkeep u GROUP BY u.chore;
  PERFORM set_config('laurel.shop_id', asking_shop, true);
END $$;
