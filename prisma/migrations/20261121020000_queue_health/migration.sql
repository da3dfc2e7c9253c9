-- What /ready and /metrics tell of sending: one statement over what is pending, never over what is settled.
-- due: may be taken now; waiting: until its time, its lane's, or the end of its lease; held: nothing may be sent to it.
-- lag_seconds: age of the oldest due delivery.
CREATE FUNCTION delivery_gauges() RETURNS TABLE (due bigint, waiting bigint, held bigint, lag_seconds double precision)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  asking_shop CONSTANT text := coalesce(current_setting('laurel.shop_id', true), '');
BEGIN
  PERFORM set_config('laurel.shop_id', '*', true);
  RETURN QUERY
  WITH pending AS (
    SELECT d.due_at,
      u.state = 'enabled' AND h.sends_webhooks AND h.uninstalled_at IS NULL AS may_send,
      d.due_at <= now() AND coalesce(d.leased_until <= now(), true) AND coalesce(l.not_before <= now(), true) AS is_due
    FROM delivery d
    JOIN subscription u ON u.subscription_id = d.subscription_id
    JOIN shop h ON h.shop_id = d.shop_id
    LEFT JOIN lane l ON l.subscription_id = d.subscription_id
    WHERE d.state = 'pending'
  )
  SELECT count(*) FILTER (WHERE may_send AND is_due), count(*) FILTER (WHERE may_send AND NOT is_due),
    count(*) FILTER (WHERE NOT may_send),
    coalesce(extract(epoch FROM now() - min(due_at) FILTER (WHERE may_send AND is_due)), 0)::double precision
  FROM pending;
  PERFORM set_config('laurel.shop_id', asking_shop, true);
END $$;
