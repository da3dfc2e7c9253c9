-- A delivery that was cancelled while it was under way keeps the reason, whatever its endpoint answered.
SET lock_timeout = '5s';

-- Writes what came of taken deliveries, in one transaction: attempts, states, the lanes' health, endpoints disabled
-- with their one notice. Guarded by the fencing token: where it is no longer the row's, nothing changes.
-- outcomes: [{d: delivery, l: token, v: delivered|retry|wait|gone|park|release, st: status, er: error, ms, at: epoch ms,
--   an: answer, ah: its headers, nx: ms until the next attempt (null = none left), ra: Retry-After in ms, rs: reason,
--   m: whether it was sent by hand}]
-- in the order in which they happened. policy: see app/webhooks/lane-policy.ts.
CREATE OR REPLACE FUNCTION settle_deliveries(outcomes jsonb, policy jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan
SET jit = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  breaker_after CONSTANT integer := (policy->>'breaker_after')::integer;
  breaker_first CONSTANT interval := (policy->>'breaker_first_ms')::double precision * interval '1 ms';
  breaker_max CONSTANT interval := (policy->>'breaker_max_ms')::double precision * interval '1 ms';
  disable_after CONSTANT interval := (policy->>'disable_after_ms')::double precision * interval '1 ms';
  remember_success CONSTANT interval := (policy->>'remember_success_ms')::double precision * interval '1 ms';
  asking_shop CONSTANT text := see_every_shop();
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
      at double precision, an text, ah jsonb, nx double precision, ra double precision, rs text, m boolean))
      WITH ORDINALITY AS o(d, l, v, st, er, ms, at, an, ah, nx, ra, rs, m, ord)
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
    RETURNING v.*, d.shop_id, d.subscription_id, d.attempts, d.state, d.due_at, coalesce(v.was_due, d.due_at) AS owed_at
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
  ), turn AS MATERIALIZED (
    SELECT subscription_id, shop_id, v, er, ra, ord,
      max(ord) FILTER (WHERE v = 'delivered') OVER (PARTITION BY subscription_id) AS last_good
    FROM live WHERE v IN ('delivered', 'retry', 'wait', 'gone')
  ), health AS MATERIALIZED (
    SELECT subscription_id, max(last_good) AS last_good, max(ord) FILTER (WHERE v <> 'delivered') AS last_bad,
      max(ra) AS wait_ms, bool_or(v = 'gone') AS gone,
      (count(*) FILTER (WHERE v <> 'delivered' AND ord > coalesce(last_good, 0)))::integer AS bad,
      (array_agg(er ORDER BY ord DESC) FILTER (WHERE v <> 'delivered'))[1] AS error
    FROM turn GROUP BY subscription_id
  ), locked AS MATERIALIZED (
    SELECT l.*, h.last_good, h.last_bad, h.wait_ms, h.gone, h.bad, h.error
    FROM health h JOIN lane l ON l.subscription_id = h.subscription_id
    WHERE h.last_bad IS NOT NULL OR l.consecutive_failures > 0 OR l.breaker <> 'closed'
      OR l.last_success_at IS NULL OR l.last_success_at < now() - remember_success
    ORDER BY l.subscription_id FOR UPDATE OF l
  ), judged AS MATERIALIZED (
    SELECT k.*,
      CASE WHEN last_good IS NULL THEN consecutive_failures ELSE 0 END + bad AS failures,
      CASE WHEN last_good IS NOT NULL AND bad < breaker_after THEN 'closed'
        WHEN breaker = 'open' THEN 'open'
        WHEN breaker = 'half_open' OR bad + CASE WHEN last_good IS NULL THEN consecutive_failures ELSE 0 END
          >= breaker_after THEN 'open'
        ELSE 'closed' END AS now_breaker
    FROM locked k
  ), lanes AS (
    UPDATE lane l SET
      consecutive_failures = j.failures,
      failing_since = CASE WHEN j.failures = 0 THEN NULL WHEN j.last_good IS NOT NULL THEN now()
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
      last_success_at = CASE WHEN j.last_good IS NULL THEN l.last_success_at ELSE now() END,
      last_failure_at = CASE WHEN j.last_bad IS NULL THEN l.last_failure_at ELSE now() END,
      last_error = coalesce(j.error, l.last_error)
    FROM judged j WHERE l.subscription_id = j.subscription_id
    RETURNING l.subscription_id, l.shop_id, l.breaker, l.not_before, l.consecutive_failures, l.failing_since, j.gone
  ), disabled AS (
    UPDATE subscription s SET state = 'disabled', disabled_at = now(), updated_at = now(), revision = s.revision + 1,
      disabled_reason = CASE WHEN n.gone THEN 'gone' ELSE 'failing' END
    FROM lanes n
    WHERE s.subscription_id = n.subscription_id AND s.state = 'enabled'
      AND (n.gone OR (n.consecutive_failures >= breaker_after AND n.failing_since <= now() - disable_after))
    RETURNING s.subscription_id, s.shop_id, s.disabled_reason, s.url
  ), noticed AS (
    INSERT INTO notice (notice_id, shop_id, kind, subject_id, details, opened_at)
    SELECT new_id('ntc'), shop_id, 'webhooks.disabled', subscription_id,
      jsonb_build_object('reason', disabled_reason, 'url', split_part(url, '?', 1)), now()
    FROM disabled x WHERE NOT EXISTS (SELECT FROM notice n WHERE n.shop_id = x.shop_id AND n.kind = 'webhooks.disabled'
      AND n.subject_id = x.subscription_id AND n.resolved_at IS NULL)
  )
  SELECT jsonb_build_object(
    'stale', coalesce((SELECT jsonb_agg(o.d) FROM outcome o WHERE o.d NOT IN (SELECT v.d FROM live v)), '[]'),
    'lanes', coalesce((SELECT jsonb_agg(jsonb_build_object('s', n.subscription_id, 'breaker', n.breaker, 'wait_ms',
      greatest(0, extract(epoch FROM n.not_before - now()) * 1000))) FROM lanes n), '[]'),
    'disabled', coalesce((SELECT jsonb_agg(jsonb_build_object('s', x.subscription_id, 'shop', x.shop_id, 'reason',
      x.disabled_reason)) FROM disabled x), '[]'))
  INTO result;
  PERFORM set_config('laurel.shop_id', asking_shop, true), set_config('laurel.keeps_owed', '', true);
  RETURN result;
END $$;
