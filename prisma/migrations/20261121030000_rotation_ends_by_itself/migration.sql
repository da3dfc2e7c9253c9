-- A rotation whose time is over has taken place: the new secret is the only one, without anybody's doing.
-- Takes what is due of the asked lanes: asked = [{"s": subscription id, "n": how many at the most}].
-- A lane gives nothing while its subscription is not enabled, its shop may not send, or it must wait; an open breaker
-- whose wait is over gives one delivery, to one worker. Taken rows carry a new fencing token until the lease ends.
-- A delivery that was taken six times without an attempt kills workers, and is parked.
CREATE OR REPLACE FUNCTION claim_deliveries(asked jsonb, lease_ms integer) RETURNS TABLE (
  delivery_id text, lease text, subscription_id text, shop_id text, event_id text, event_type text, format text,
  attempts integer, step integer, manual boolean, body text, url text, headers jsonb, secret text, next_secret text,
  rate_per_second integer, revision integer, probe boolean, database_ms double precision
) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan
SET jit = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  poison_claims CONSTANT integer := 5;
  asking_shop CONSTANT text := see_every_shop();
BEGIN
  RETURN QUERY
  WITH asking AS MATERIALIZED (
    SELECT a.s, l.breaker, a.n, u.rate_per_second AS rate,
      CASE WHEN l.paced_at = date_trunc('second', now()) THEN l.paced ELSE 0 END AS paced
    FROM jsonb_to_recordset(asked) AS a(s text, n integer)
    JOIN subscription u ON u.subscription_id = a.s AND u.state = 'enabled'
    JOIN shop h ON h.shop_id = u.shop_id AND h.sends_webhooks AND h.uninstalled_at IS NULL
    JOIN lane l ON l.subscription_id = a.s AND (l.not_before IS NULL OR l.not_before <= now())
  ), probing AS (
    UPDATE lane l SET breaker = 'half_open', not_before = now() + lease_ms * interval '1 ms'
    FROM asking a
    WHERE l.subscription_id = a.s AND a.breaker <> 'closed' AND l.breaker <> 'closed' AND l.not_before <= now()
      AND EXISTS (SELECT FROM delivery d WHERE d.subscription_id = a.s AND d.state = 'pending' AND d.due_at <= now()
        AND (d.leased_until IS NULL OR d.leased_until <= now()))
    RETURNING l.subscription_id AS s
  ), pacing AS (
    UPDATE lane l SET paced_at = date_trunc('second', now()),
      paced = least(a.rate, (CASE WHEN l.paced_at = date_trunc('second', now()) THEN l.paced ELSE 0 END) + (
        SELECT count(*)::integer FROM (SELECT FROM delivery d WHERE d.subscription_id = a.s AND d.state = 'pending'
          AND d.due_at <= now() AND (d.leased_until IS NULL OR d.leased_until <= now()) LIMIT a.n) due))
    FROM asking a
    WHERE l.subscription_id = a.s AND a.rate IS NOT NULL AND a.breaker = 'closed'
    RETURNING l.subscription_id AS s, l.paced - a.paced AS n
  ), turns AS MATERIALIZED (
    SELECT a.s, a.n FROM asking a WHERE a.breaker = 'closed' AND a.rate IS NULL
    UNION ALL SELECT p.s, p.n FROM pacing p
    UNION ALL SELECT p.s, 1 FROM probing p
  ), picked AS MATERIALIZED (
    SELECT d.delivery_id FROM turns t CROSS JOIN LATERAL (
      SELECT d.delivery_id FROM delivery d
      WHERE d.subscription_id = t.s AND d.state = 'pending' AND d.due_at <= now()
        AND (d.leased_until IS NULL OR d.leased_until <= now())
      ORDER BY d.due_at LIMIT t.n FOR UPDATE SKIP LOCKED
    ) d
  ), claimed AS (
    UPDATE delivery d SET claims = d.claims + 1, lease = nextval('delivery_lease'),
      leased_until = now() + lease_ms * interval '1 ms',
      state = CASE WHEN d.claims - d.attempts >= poison_claims THEN 'parked' ELSE 'pending' END,
      reason = CASE WHEN d.claims - d.attempts >= poison_claims THEN 'workers_died' ELSE d.reason END,
      settled_at = CASE WHEN d.claims - d.attempts >= poison_claims THEN now() END
    FROM picked p WHERE d.delivery_id = p.delivery_id
    RETURNING d.*
  )
  SELECT c.delivery_id, c.lease::text, c.subscription_id, c.shop_id, c.event_id, c.event_type, c.format, c.attempts,
    c.step, c.manual, e.body, u.url, u.headers,
    CASE WHEN u.rotation_ends_at <= now() THEN coalesce(u.next_secret, u.secret) ELSE u.secret END,
    CASE WHEN u.rotation_ends_at > now() THEN u.next_secret END, u.rate_per_second, u.revision,
    EXISTS (SELECT FROM probing p WHERE p.s = c.subscription_id),
    (extract(epoch FROM clock_timestamp()) * 1000)::double precision
  FROM claimed c
  JOIN subscription u ON u.subscription_id = c.subscription_id
  JOIN event e ON e.event_id = c.event_id
  WHERE c.state = 'pending';
  PERFORM set_config('laurel.shop_id', asking_shop, true);
END $$;

