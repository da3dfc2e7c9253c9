-- Removes what is older than it may be kept, a bounded number of rows at a time, of every shop.

-- Only what still has a body is looked through; the index on all events served nothing else.
SET lock_timeout = '5s';
DROP INDEX event_recorded_at_idx;
CREATE INDEX event_with_body ON event (recorded_at) WHERE body IS NOT NULL;
CREATE INDEX data_export_expires ON data_export (expires_at);

-- what: see app/shops/retention.server.ts. Two workers at once take different rows.
CREATE FUNCTION remove_old(what text, before timestamptz, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  asking_shop CONSTANT text := coalesce(current_setting('laurel.shop_id', true), '');
  erasing CONSTANT text := coalesce(current_setting('laurel.erasing', true), '');
  removed bigint;
BEGIN
  PERFORM set_config('laurel.shop_id', '*', true), set_config('laurel.erasing', 'on', true);
  CASE what
    WHEN 'receipts' THEN
      DELETE FROM receipt WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM receipt WHERE received_at < before LIMIT most FOR UPDATE SKIP LOCKED));
    WHEN 'event_bodies' THEN
      UPDATE event SET body = NULL WHERE ctid = ANY (ARRAY(
        SELECT e.ctid FROM event e WHERE e.body IS NOT NULL AND e.recorded_at < before
           AND NOT EXISTS (SELECT FROM delivery d WHERE d.event_id = e.event_id AND d.state = 'pending')
         ORDER BY e.recorded_at LIMIT most FOR UPDATE SKIP LOCKED));
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
  RETURN removed;
END $$;

DROP FUNCTION remove_expired_exports(integer);
