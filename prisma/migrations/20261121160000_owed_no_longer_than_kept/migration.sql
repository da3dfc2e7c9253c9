-- What is still owed when its event's body has been kept long enough is cancelled: an endpoint that is gone, paused or on
-- a lower plan kept personal data, and its rows of `owed`, for ever.
SET lock_timeout = '5s';

-- what: see app/shops/retention.server.ts. Two workers at once take different rows. Waits for nobody who sends: what a
-- worker holds or changes at this moment is left to the next time.
CREATE OR REPLACE FUNCTION remove_old(what text, before timestamptz, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  asking_shop CONSTANT text := coalesce(current_setting('laurel.shop_id', true), '');
  erasing CONSTANT text := coalesce(current_setting('laurel.erasing', true), '');
  old_events text[];
  cancelled bigint := 0;
  removed bigint;
BEGIN
  PERFORM set_config('laurel.shop_id', '*', true), set_config('laurel.erasing', 'on', true);
  CASE what
    WHEN 'receipts' THEN
      DELETE FROM receipt WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM receipt WHERE received_at < before LIMIT most FOR UPDATE SKIP LOCKED));
    WHEN 'event_bodies' THEN
      old_events := ARRAY(
        SELECT e.event_id FROM event e WHERE e.body IS NOT NULL AND e.recorded_at < before
           AND NOT EXISTS (SELECT FROM delivery d WHERE d.event_id = e.event_id AND d.state = 'pending'
             AND d.leased_until > now())
         ORDER BY e.recorded_at LIMIT most FOR UPDATE SKIP LOCKED);
      UPDATE delivery SET state = 'cancelled', reason = 'expired', settled_at = now() WHERE delivery_id = ANY (ARRAY(
        SELECT d.delivery_id FROM delivery d WHERE d.event_id = ANY (old_events) AND d.state = 'pending'
           AND (d.leased_until IS NULL OR d.leased_until <= now())
         LIMIT most FOR UPDATE SKIP LOCKED));
      GET DIAGNOSTICS cancelled = ROW_COUNT;
      -- A statement of its own: it sees what a worker took meanwhile, whose event waits.
      UPDATE event e SET body = NULL WHERE e.event_id = ANY (old_events)
         AND NOT EXISTS (SELECT FROM delivery d WHERE d.event_id = e.event_id AND d.state = 'pending');
    WHEN 'attempts' THEN
      DELETE FROM attempt WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM attempt WHERE started_at < before LIMIT most FOR UPDATE SKIP LOCKED));
    WHEN 'idempotent_answers' THEN
      DELETE FROM idempotent_answer WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM idempotent_answer WHERE created_at < before LIMIT most FOR UPDATE SKIP LOCKED));
    WHEN 'exports' THEN
      DELETE FROM data_export WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM data_export WHERE expires_at < before LIMIT most FOR UPDATE SKIP LOCKED));
  END CASE;
  GET DIAGNOSTICS removed = ROW_COUNT;
  PERFORM set_config('laurel.shop_id', asking_shop, true), set_config('laurel.erasing', erasing, true);
  RETURN cancelled + removed;
END $$;
