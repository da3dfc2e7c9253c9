-- A sweep sees every lane that is due, however many there are: page by page in the order of their ids, instead of the
-- longest due, behind which the others waited for as long as those were many and slow.
SET lock_timeout = '5s';

DROP FUNCTION due_lanes(integer);

-- Lanes behind `after` with a delivery that may be taken within `within_ms`, of subscriptions that may send, by id, with
-- the milliseconds until then (zero and below: now). Visits each lane once, however long its backlog.
CREATE FUNCTION due_lanes(after text, at_most integer, within_ms integer)
RETURNS TABLE (subscription_id text, due_in_ms double precision)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan
SET jit = off SET join_collapse_limit = 1 SET enable_bitmapscan = off SET enable_sort = off
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  looked_at CONSTANT integer := 64;
  asking_shop CONSTANT text := see_every_shop();
BEGIN
  RETURN QUERY
  WITH RECURSIVE waiting AS (
    (SELECT o.subscription_id AS s FROM owed o WHERE o.subscription_id > after ORDER BY o.subscription_id LIMIT 1)
    UNION ALL
    SELECT (SELECT o.subscription_id FROM owed o WHERE o.subscription_id > w.s ORDER BY o.subscription_id LIMIT 1)
    FROM waiting w WHERE w.s IS NOT NULL
  )
  -- Joined in the order in which it is written, each to what is before it: the recursion leads, by id, and ends with the page.
  SELECT w.s, soonest.in_ms FROM waiting w
  CROSS JOIN LATERAL (SELECT u.shop_id FROM subscription u WHERE u.subscription_id = w.s AND u.state = 'enabled' OFFSET 0) u
  JOIN shop h ON h.shop_id = u.shop_id AND h.sends_webhooks AND h.uninstalled_at IS NULL
  JOIN lane l ON l.subscription_id = w.s
  CROSS JOIN LATERAL (
    SELECT (extract(epoch FROM min(greatest(d.due_at, d.leased_until, l.not_before)) - now()) * 1000)::double precision AS in_ms
    FROM (SELECT o.due_at, o.leased_until FROM owed o WHERE o.subscription_id = w.s ORDER BY o.due_at LIMIT looked_at) d
  ) soonest
  WHERE soonest.in_ms <= within_ms LIMIT at_most;
  PERFORM set_config('laurel.shop_id', asking_shop, true);
END $$;
