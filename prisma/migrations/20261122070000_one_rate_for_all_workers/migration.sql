-- Workers that claim of one lane at the same moment keep to its rate together. What a lane had given in this second was read
-- before the lane was locked, so that whoever had waited for it took the whole rate again; and lanes with a rate were
-- locked before those whose breaker is open, where a settling locks all by id, so that the two could wait in a circle.
SET lock_timeout = '5s';

-- Takes what is due of the asked lanes: asked = [{"s": subscription id, "n": how many at the most, "f", "d": from which due time
-- (epoch ms) and delivery on; null: from the first}]. The caller knows what it took, and looks at all now and then.
-- A lane gives nothing while its subscription is not enabled, its shop may not send, or it must wait; an open breaker
-- whose wait is over gives one delivery, to one worker. Taken rows carry a new fencing token until the lease ends.
-- A delivery that was taken six times without an attempt kills workers, and is parked.
CREATE OR REPLACE FUNCTION claim_deliveries(asked jsonb, lease_ms integer) RETURNS TABLE (
  delivery_id text, lease text, subscription_id text, shop_id text, event_id text, event_type text, format text,
  attempts integer, step integer, manual boolean, body text, url text, headers jsonb, secret text, next_secret text,
  rate_per_second integer, revision integer, probe boolean, due_ms double precision, database_ms double precision
) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan
SET jit = off SET join_collapse_limit = 1 SET enable_bitmapscan = off SET enable_sort = off
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  poison_claims CONSTANT integer := 5;
  asking_shop CONSTANT text := see_every_shop();
BEGIN
  PERFORM set_config('laurel.keeps_owed', 'on', true);
  RETURN QUERY
  WITH asking AS MATERIALIZED (
    SELECT a.s, l.breaker, a.n, coalesce(to_timestamp(a.f / 1000), '-infinity') AS since,
      coalesce(a.d, '') AS passed, u.rate_per_second AS rate
    FROM jsonb_to_recordset(asked) AS a(s text, n integer, f double precision, d text)
    JOIN subscription u ON u.subscription_id = a.s AND u.state = 'enabled'
    JOIN shop h ON h.shop_id = u.shop_id AND h.sends_webhooks AND h.uninstalled_at IS NULL
    JOIN lane l ON l.subscription_id = a.s AND (l.not_before IS NULL OR l.not_before <= now())
  ), minded AS MATERIALIZED (
    -- Those whose row may change, each locked before it is read, in the order in which they are asked for: by id.
    SELECT a.s, l.breaker, a.n, a.since, a.passed, a.rate, greatest(l.paced_at, date_trunc('second', now())) AS second,
      CASE WHEN l.paced_at >= date_trunc('second', now()) THEN l.paced ELSE 0 END AS paced
    FROM asking a JOIN lane l ON l.subscription_id = a.s AND (l.not_before IS NULL OR l.not_before <= now())
    WHERE a.rate IS NOT NULL OR a.breaker <> 'closed' FOR UPDATE OF l
  ), probing AS (
    UPDATE lane l SET breaker = 'half_open', not_before = now() + lease_ms * interval '1 ms'
    FROM minded a
    WHERE l.subscription_id = a.s AND a.breaker <> 'closed'
      AND EXISTS (SELECT FROM owed o WHERE o.subscription_id = a.s
        AND (o.due_at, o.delivery_id) >= (a.since, a.passed) AND o.due_at <= now() AND (o.leased_until IS NULL OR o.leased_until <= now()))
    RETURNING l.subscription_id AS s, a.since, a.passed
  ), pacing AS (
    UPDATE lane l SET paced_at = a.second,
      paced = greatest(a.paced, least(a.rate, a.paced + (
        SELECT count(*)::integer FROM (SELECT FROM owed o WHERE o.subscription_id = a.s
          AND (o.due_at, o.delivery_id) >= (a.since, a.passed) AND o.due_at <= now()
          AND (o.leased_until IS NULL OR o.leased_until <= now()) LIMIT a.n) due)))
    FROM minded a
    WHERE l.subscription_id = a.s AND a.rate IS NOT NULL AND a.breaker = 'closed'
    RETURNING l.subscription_id AS s, l.paced - a.paced AS n, a.since, a.passed
  ), turns AS MATERIALIZED (
    SELECT a.s, a.n, a.since, a.passed FROM asking a WHERE a.breaker = 'closed' AND a.rate IS NULL
    UNION ALL SELECT a.s, a.n, a.since, a.passed FROM minded a WHERE a.breaker = 'closed' AND a.rate IS NULL
    UNION ALL SELECT p.s, p.n, p.since, p.passed FROM pacing p
    UNION ALL SELECT p.s, 1, p.since, p.passed FROM probing p
  ), picked AS MATERIALIZED (
    SELECT p.* FROM turns t CROSS JOIN LATERAL (
      -- Whoever changes a row of `owed` has locked its delivery first. Locked in a subquery, so that whatever the
      -- statistics say, deliveries are looked up one by one in the order in which they are owed.
      SELECT o.ctid AS place, d.place AS delivery_place, o.subscription_id, o.due_at, o.delivery_id FROM owed o CROSS JOIN LATERAL (
        SELECT d.ctid AS place FROM delivery d WHERE d.delivery_id = o.delivery_id AND d.state = 'pending'
          AND (d.leased_until IS NULL OR d.leased_until <= now()) FOR UPDATE SKIP LOCKED) d
      WHERE o.subscription_id = t.s AND (o.due_at, o.delivery_id) >= (t.since, t.passed) AND o.due_at <= now()
        AND (o.leased_until IS NULL OR o.leased_until <= now())
      ORDER BY o.due_at LIMIT t.n
    ) p
  ), claimed AS (
    -- Where it was just locked. What was changed between being seen and being locked has moved, and waits for the sweep.
    UPDATE delivery d SET claims = d.claims + 1, lease = nextval('delivery_lease'),
      leased_until = now() + lease_ms * interval '1 ms',
      state = CASE WHEN d.claims - d.attempts >= poison_claims THEN 'parked' ELSE 'pending' END,
      reason = CASE WHEN d.claims - d.attempts >= poison_claims THEN 'workers_died' ELSE d.reason END,
      settled_at = CASE WHEN d.claims - d.attempts >= poison_claims THEN now() END
    FROM picked p WHERE d.ctid = p.delivery_place AND d.delivery_id = p.delivery_id
    RETURNING p.place, d.delivery_id, d.lease, d.subscription_id, d.shop_id, d.event_id, d.event_type, d.format,
      d.attempts, d.step, d.manual, d.due_at, d.state
  ), held AS (
    -- Where it was just seen; its key is asked again, since it may have moved on before its delivery was locked.
    UPDATE owed o SET leased_until = now() + lease_ms * interval '1 ms' FROM claimed c
    WHERE c.state = 'pending' AND o.ctid = c.place AND o.due_at = c.due_at AND o.delivery_id = c.delivery_id
  ), parked AS (
    DELETE FROM owed o USING claimed c
    WHERE c.state = 'parked'
      AND o.subscription_id = c.subscription_id AND o.due_at = c.due_at AND o.delivery_id = c.delivery_id
  )
  SELECT c.delivery_id, c.lease::text, c.subscription_id, c.shop_id, c.event_id, c.event_type, c.format, c.attempts,
    c.step, c.manual, e.body, u.url, u.headers,
    CASE WHEN u.rotation_ends_at <= now() THEN coalesce(u.next_secret, u.secret) ELSE u.secret END,
    CASE WHEN u.rotation_ends_at > now() THEN u.next_secret END, u.rate_per_second, u.revision,
    EXISTS (SELECT FROM probing p WHERE p.s = c.subscription_id),
    date_part('epoch', c.due_at) * 1000, date_part('epoch', clock_timestamp()) * 1000
  FROM claimed c
  JOIN subscription u ON u.subscription_id = c.subscription_id
  JOIN event e ON e.event_id = c.event_id
  WHERE c.state = 'pending';
  PERFORM set_config('laurel.shop_id', asking_shop, true), set_config('laurel.keeps_owed', '', true);
END $$;
