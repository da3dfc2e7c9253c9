-- Less work for each statement: most claims and settlings are of a few deliveries, and cost what a statement costs to begin.
-- What only some lanes need is asked in a statement of its own, and only then: those with a rate of their own or an open
-- breaker when claiming; those with a failure, or whose last success was noted a while ago, when settling.
SET lock_timeout = '5s';

-- For claim_deliveries(), which has locked these lanes, and writes them: the one delivery that tries whether a failing
-- endpoint is back (probe), or as many of those asked for as the lane's rate allows in this second; else nothing.
CREATE FUNCTION grant_turns(asked jsonb, locked text[], lease_ms integer) RETURNS jsonb LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  granted jsonb;
BEGIN
  WITH asking AS MATERIALIZED (
    SELECT a.s, l.breaker, a.n, a.f, a.d, coalesce(to_timestamp(a.f / 1000), '-infinity') AS since,
      coalesce(a.d, '') AS passed, u.rate_per_second AS rate,
      greatest(l.paced_at, date_trunc('second', now())) AS second,
      CASE WHEN l.paced_at >= date_trunc('second', now()) THEN l.paced ELSE 0 END AS paced
    FROM jsonb_to_recordset(asked) AS a(s text, n integer, f double precision, d text)
    JOIN subscription u ON u.subscription_id = a.s AND u.state = 'enabled'
    JOIN shop h ON h.shop_id = u.shop_id AND h.sends_webhooks AND h.uninstalled_at IS NULL
    JOIN lane l ON l.subscription_id = a.s AND (l.not_before IS NULL OR l.not_before <= now())
    WHERE a.s = ANY (locked)
  ), probing AS (
    UPDATE lane l SET breaker = 'half_open', not_before = now() + lease_ms * interval '1 ms'
    FROM asking a
    WHERE l.subscription_id = a.s AND a.breaker <> 'closed'
      AND EXISTS (SELECT FROM owed o WHERE o.subscription_id = a.s
        AND (o.due_at, o.delivery_id) >= (a.since, a.passed) AND o.due_at <= now() AND (o.leased_until IS NULL OR o.leased_until <= now()))
    RETURNING a.s, 1 AS n, a.f, a.d, true AS probe
  ), pacing AS (
    UPDATE lane l SET paced_at = a.second, paced = least(a.rate, a.paced + due.n)
    FROM asking a CROSS JOIN LATERAL (
      SELECT count(*)::integer AS n FROM (SELECT FROM owed o WHERE o.subscription_id = a.s
        AND (o.due_at, o.delivery_id) >= (a.since, a.passed) AND o.due_at <= now()
        AND (o.leased_until IS NULL OR o.leased_until <= now()) LIMIT a.n) o) due
    WHERE l.subscription_id = a.s AND a.breaker = 'closed' AND a.paced < a.rate AND due.n > 0
    RETURNING a.s, l.paced - a.paced AS n, a.f, a.d, false AS probe
  )
  SELECT coalesce(jsonb_agg(g), '[]') INTO granted FROM (SELECT * FROM probing UNION ALL SELECT * FROM pacing) g;
  RETURN granted;
END $$;

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
  locked text[];
BEGIN
  PERFORM set_config('laurel.keeps_owed', 'on', true);
  -- Lanes whose row may change are locked in a statement before the one that reads, which then sees what is there now: in
  -- the order in which they are asked for, by id. One that needs the lock since a moment ago gives nothing this time.
  locked := ARRAY(SELECT l.subscription_id FROM jsonb_to_recordset(asked) AS a(s text)
    JOIN subscription u ON u.subscription_id = a.s JOIN lane l ON l.subscription_id = a.s
    WHERE u.rate_per_second IS NOT NULL OR l.breaker <> 'closed' FOR UPDATE OF l);
  IF locked <> '{}' THEN
    asked := asked || grant_turns(asked, locked, lease_ms);
  END IF;
  RETURN QUERY
  WITH turns AS MATERIALIZED (
    -- Beside what was granted stands what was asked, without a word on a probe: a lane that needs no grant any more.
    SELECT a.s, a.n, a.probe, coalesce(to_timestamp(a.f / 1000), '-infinity') AS since, coalesce(a.d, '') AS passed
    FROM jsonb_to_recordset(asked) AS a(s text, n integer, f double precision, d text, probe boolean)
    JOIN subscription u ON u.subscription_id = a.s AND u.state = 'enabled'
    JOIN shop h ON h.shop_id = u.shop_id AND h.sends_webhooks AND h.uninstalled_at IS NULL
    JOIN lane l ON l.subscription_id = a.s
    WHERE a.probe IS NOT NULL
      OR (u.rate_per_second IS NULL AND l.breaker = 'closed' AND (l.not_before IS NULL OR l.not_before <= now()))
  ), picked AS MATERIALIZED (
    SELECT p.* FROM turns t CROSS JOIN LATERAL (
      -- Whoever changes a row of `owed` has locked its delivery first. Locked in a subquery, so that whatever the
      -- statistics say, deliveries are looked up one by one in the order in which they are owed.
      SELECT t.probe, o.ctid AS place, d.place AS delivery_place, o.subscription_id, o.due_at, o.delivery_id FROM owed o CROSS JOIN LATERAL (
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
    RETURNING p.probe, p.place, d.delivery_id, d.lease, d.subscription_id, d.shop_id, d.event_id, d.event_type, d.format,
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
    c.probe IS TRUE,
    date_part('epoch', c.due_at) * 1000, date_part('epoch', clock_timestamp()) * 1000
  FROM claimed c
  JOIN subscription u ON u.subscription_id = c.subscription_id
  JOIN event e ON e.event_id = c.event_id
  WHERE c.state = 'pending';
  PERFORM set_config('laurel.shop_id', asking_shop, true), set_config('laurel.keeps_owed', '', true);
END $$;

-- For settle_deliveries(): writes the health of these lanes, disables endpoints, and opens their notices.
-- fared: [{"s": subscription id, "delivered", "failed": whether anything was or did, "bad": failures since the last
-- success, "error": the last one's, "wait_ms": the longest Retry-After, "gone_as": the revision that the endpoint said it
-- was gone to}]. policy: see app/webhooks/lane-policy.ts.
CREATE FUNCTION judge_lanes(fared jsonb, policy jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  breaker_after CONSTANT integer := (policy->>'breaker_after')::integer;
  breaker_first CONSTANT interval := (policy->>'breaker_first_ms')::double precision * interval '1 ms';
  breaker_max CONSTANT interval := (policy->>'breaker_max_ms')::double precision * interval '1 ms';
  disable_after CONSTANT interval := (policy->>'disable_after_ms')::double precision * interval '1 ms';
  verdict jsonb;
BEGIN
  WITH locked AS MATERIALIZED (
    SELECT l.*, f.delivered, f.failed, f.bad, f.error, f.wait_ms, f.gone_as
    FROM jsonb_to_recordset(fared) AS f(s text, delivered boolean, failed boolean, bad integer, error text,
      wait_ms double precision, gone_as integer)
    JOIN lane l ON l.subscription_id = f.s
    ORDER BY l.subscription_id FOR UPDATE OF l
  ), judged AS MATERIALIZED (
    SELECT k.*,
      CASE WHEN delivered THEN 0 ELSE consecutive_failures END + bad AS failures,
      CASE WHEN delivered AND bad < breaker_after THEN 'closed'
        WHEN breaker = 'open' THEN 'open'
        WHEN breaker = 'half_open' OR bad + CASE WHEN delivered THEN 0 ELSE consecutive_failures END
          >= breaker_after THEN 'open'
        ELSE 'closed' END AS now_breaker
    FROM locked k
  ), lanes AS (
    UPDATE lane l SET
      consecutive_failures = j.failures,
      failing_since = CASE WHEN j.failures = 0 THEN NULL WHEN j.delivered THEN now()
        ELSE coalesce(l.failing_since, now()) END,
      breaker = j.now_breaker,
      breaker_opens = CASE WHEN j.now_breaker = 'closed' THEN 0 WHEN j.breaker = 'open' THEN l.breaker_opens
        ELSE l.breaker_opens + 1 END,
      not_before = CASE
        WHEN j.now_breaker = 'open' AND j.breaker = 'open' THEN greatest(l.not_before, now() + j.wait_ms * interval '1 ms')
        WHEN j.now_breaker = 'open' THEN greatest(now() + least(breaker_max, breaker_first * power(2, least(l.breaker_opens, 20))),
          now() + j.wait_ms * interval '1 ms')
        WHEN j.breaker <> 'closed' THEN now() + j.wait_ms * interval '1 ms'
        WHEN j.wait_ms IS NOT NULL THEN greatest(l.not_before, now() + j.wait_ms * interval '1 ms')
        ELSE l.not_before END,
      last_success_at = CASE WHEN j.delivered THEN now() ELSE l.last_success_at END,
      last_failure_at = CASE WHEN j.failed THEN now() ELSE l.last_failure_at END,
      last_error = coalesce(j.error, l.last_error)
    FROM judged j WHERE l.subscription_id = j.subscription_id
    RETURNING l.subscription_id, l.shop_id, l.breaker, l.not_before, l.consecutive_failures, l.failing_since, j.gone_as
  ), disabled AS (
    UPDATE subscription s SET state = 'disabled', disabled_at = now(), updated_at = now(), revision = s.revision + 1,
      disabled_reason = CASE WHEN n.gone_as = s.revision THEN 'gone' ELSE 'failing' END
    FROM lanes n
    WHERE s.subscription_id = n.subscription_id AND s.state = 'enabled'
      AND (n.gone_as = s.revision OR (n.consecutive_failures >= breaker_after AND n.failing_since <= now() - disable_after))
    RETURNING s.subscription_id, s.shop_id, s.disabled_reason, s.url
  ), noticed AS (
    INSERT INTO notice (notice_id, shop_id, kind, subject_id, details, opened_at)
    SELECT new_id('ntc'), shop_id, 'webhooks.disabled', subscription_id,
      jsonb_build_object('reason', disabled_reason, 'url', split_part(url, '?', 1)), now()
    FROM disabled x WHERE NOT EXISTS (SELECT FROM notice n WHERE n.shop_id = x.shop_id AND n.kind = 'webhooks.disabled'
      AND n.subject_id = x.subscription_id AND n.resolved_at IS NULL)
  )
  SELECT jsonb_build_object(
    'lanes', coalesce((SELECT jsonb_agg(jsonb_build_object('s', n.subscription_id, 'breaker', n.breaker, 'wait_ms',
      greatest(0, extract(epoch FROM n.not_before - now()) * 1000))) FROM lanes n), '[]'),
    'disabled', coalesce((SELECT jsonb_agg(jsonb_build_object('s', x.subscription_id, 'shop', x.shop_id, 'reason',
      x.disabled_reason)) FROM disabled x), '[]'))
  INTO verdict;
  RETURN verdict;
END $$;

-- Writes what came of taken deliveries, in one transaction: attempts, states, the lanes' health, endpoints disabled
-- with their one notice. Guarded by the fencing token: where it is no longer the row's, nothing changes.
-- outcomes: [{d: delivery, l: token, v: delivered|retry|wait|gone|park|release, st: status, er: error, ms, at: epoch ms,
--   an: answer, ah: its headers, nx: ms until the next attempt (null = none left), ra: Retry-After in ms, rs: reason,
--   m: whether it was sent by hand, rv: for v = gone, the subscription's revision that it was sent as}]
-- in the order in which they happened. policy: see app/webhooks/lane-policy.ts.
CREATE OR REPLACE FUNCTION settle_deliveries(outcomes jsonb, policy jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan
SET jit = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  remember_success CONSTANT interval := (policy->>'remember_success_ms')::double precision * interval '1 ms';
  asking_shop CONSTANT text := see_every_shop();
  stale jsonb;
  to_judge jsonb;
  result jsonb;
BEGIN
  PERFORM set_config('laurel.keeps_owed', 'on', true);
  -- A row's due time and whether it is manual change only with its token, so what is read of it beforehand still holds
  -- where the token does. Neither is read for what the caller knows.
  WITH outcome AS MATERIALIZED (
    SELECT o.*,
      coalesce(o.m, (SELECT d.manual FROM delivery d WHERE d.delivery_id = o.d)) AS by_hand,
      CASE WHEN o.v <> 'delivered' THEN (SELECT d.due_at FROM delivery d WHERE d.delivery_id = o.d) END AS was_due
    FROM ROWS FROM (jsonb_to_recordset(outcomes) AS (d text, l bigint, v text, st integer, er text, ms integer,
      at double precision, an text, ah jsonb, nx double precision, ra double precision, rs text, m boolean, rv integer))
      WITH ORDINALITY AS o(d, l, v, st, er, ms, at, an, ah, nx, ra, rs, m, rv, ord)
    ORDER BY o.d
  ), live AS (
    UPDATE delivery d SET
      lease = NULL, leased_until = NULL,
      claims = CASE WHEN v.v = 'release' THEN d.claims - 1 ELSE d.claims END,
      attempts = d.attempts + (v.v NOT IN ('park', 'release'))::integer,
      step = d.step + (v.v NOT IN ('park', 'release') AND NOT d.manual)::integer,
      manual = d.manual AND v.v IN ('park', 'release'),
      last_status = CASE WHEN v.v IN ('park', 'release') THEN d.last_status ELSE v.st END,
      last_error = CASE WHEN v.v IN ('park', 'release') THEN d.last_error ELSE v.er END,
      state = CASE WHEN d.state <> 'pending' THEN d.state WHEN v.v = 'delivered' THEN 'delivered'
        WHEN v.v = 'park' THEN 'parked' WHEN v.v = 'release' OR v.nx IS NOT NULL THEN 'pending' ELSE 'failed' END,
      reason = CASE WHEN d.state <> 'pending' THEN d.reason WHEN v.v = 'park' THEN v.rs
        WHEN v.v = 'delivered' THEN NULL ELSE d.reason END,
      due_at = CASE WHEN v.v IN ('delivered', 'park', 'release') OR v.nx IS NULL THEN d.due_at
        ELSE now() + greatest(v.nx, coalesce(v.ra, 0)) * interval '1 ms' END,
      settled_at = CASE WHEN d.state <> 'pending' THEN d.settled_at WHEN v.v = 'release' OR (v.nx IS NOT NULL
        AND v.v IN ('retry', 'wait', 'gone')) THEN NULL ELSE now() END
    FROM outcome v WHERE d.delivery_id = v.d AND d.lease = v.l
    RETURNING v.d, v.v, v.st, v.er, v.ms, v.at, v.an, v.ah, v.ra, v.rv, v.by_hand, v.ord, v.was_due, d.shop_id,
      d.subscription_id, d.attempts, d.state, d.due_at, coalesce(v.was_due, d.due_at) AS owed_at
  ), tried AS (
    INSERT INTO attempt (shop_id, delivery_id, number, subscription_id, started_at, duration_ms, status, error, answer,
      answer_headers, manual)
    SELECT shop_id, d, attempts, subscription_id, to_timestamp(at / 1000), ms, st, er, an, ah, by_hand
    FROM live WHERE v IN ('delivered', 'retry', 'wait', 'gone')
  ), owed_no_more AS (
    DELETE FROM owed o USING live v
    WHERE v.state <> 'pending'
      AND o.subscription_id = v.subscription_id AND o.due_at = v.owed_at AND o.delivery_id = v.d
  ), owed_later AS (
    UPDATE owed o SET due_at = v.due_at, leased_until = NULL FROM live v
    WHERE v.state = 'pending'
      AND o.subscription_id = v.subscription_id AND o.due_at = v.was_due AND o.delivery_id = v.d
  ), health AS MATERIALIZED (
    SELECT subscription_id, max(ord) FILTER (WHERE v = 'delivered') AS last_good,
      max(ord) FILTER (WHERE v <> 'delivered') AS last_bad, array_agg(ord) FILTER (WHERE v <> 'delivered') AS bad_ones,
      max(ra) AS wait_ms, max(rv) FILTER (WHERE v = 'gone') AS gone_as
    FROM live WHERE v IN ('delivered', 'retry', 'wait', 'gone') GROUP BY subscription_id
  ), fared AS (
    SELECT h.subscription_id AS s, h.last_good IS NOT NULL AS delivered, h.last_bad IS NOT NULL AS failed, h.wait_ms, h.gone_as,
      (SELECT count(*) FROM unnest(h.bad_ones) AS b(ord) WHERE b.ord > coalesce(h.last_good, 0)) AS bad,
      (SELECT v.er FROM live v WHERE v.ord = h.last_bad) AS error
    FROM health h JOIN lane l ON l.subscription_id = h.subscription_id
    WHERE h.last_bad IS NOT NULL OR l.consecutive_failures > 0 OR l.breaker <> 'closed'
      OR l.last_success_at IS NULL OR l.last_success_at < now() - remember_success
  )
  SELECT coalesce((SELECT jsonb_agg(o.d) FROM outcome o WHERE o.d NOT IN (SELECT v.d FROM live v)), '[]'),
    (SELECT jsonb_agg(f) FROM fared f)
  INTO stale, to_judge;
  result := jsonb_build_object('stale', stale, 'lanes', '[]'::jsonb, 'disabled', '[]'::jsonb);
  IF to_judge IS NOT NULL THEN
    result := result || judge_lanes(to_judge, policy);
  END IF;
  PERFORM set_config('laurel.shop_id', asking_shop, true), set_config('laurel.keeps_owed', '', true);
  RETURN result;
END $$;
