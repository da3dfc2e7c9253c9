-- How a subscription has been for weeks: what came of its attempts in each hour, and when it began to fail, was back, was
-- switched off or on.
CREATE TABLE health_hour (
  shop_id text NOT NULL,
  subscription_id text NOT NULL,
  hour timestamptz(3) NOT NULL,
  delivered integer NOT NULL,
  failed integer NOT NULL,
  PRIMARY KEY (subscription_id, hour)
);
CREATE INDEX health_hour_shop_id_hour_idx ON health_hour (shop_id, hour);
CREATE TABLE lane_change (
  lane_change_id text PRIMARY KEY,
  shop_id text NOT NULL,
  subscription_id text NOT NULL,
  kind text NOT NULL,
  detail text,
  occurred_at timestamptz(3) NOT NULL,
  CONSTRAINT lane_change_kind_is_known CHECK (kind IN ('failing', 'recovered', 'enabled', 'paused', 'disabled'))
);
CREATE INDEX lane_change_shop_id_subscription_id_occurred_at_idx ON lane_change (shop_id, subscription_id, occurred_at);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['health_hour', 'lane_change'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format($p$CREATE POLICY own_shop ON %I
      USING (shop_id = current_setting('laurel.shop_id', true) OR current_setting('laurel.shop_id', true) = '*')
      WITH CHECK (shop_id = current_setting('laurel.shop_id', true) OR current_setting('laurel.shop_id', true) = '*')$p$, t);
  END LOOP;
END $$;

-- By triggers, since several statements move a lane; they fire for changes only, not for every attempt.
CREATE FUNCTION note_lane_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO lane_change (lane_change_id, shop_id, subscription_id, kind, detail, occurred_at)
  VALUES (new_id('lch'), NEW.shop_id, NEW.subscription_id,
    CASE WHEN NEW.breaker = 'closed' THEN 'recovered' ELSE 'failing' END,
    CASE WHEN NEW.breaker = 'closed' THEN NULL ELSE NEW.last_error END, now());
  RETURN NULL;
END $$;
-- A merchant who enables a subscription closes its breaker too: that is no recovery, nothing was delivered.
CREATE TRIGGER lane_begins_to_fail AFTER UPDATE OF breaker ON lane FOR EACH ROW
  WHEN (OLD.breaker = 'closed' AND NEW.breaker = 'open') EXECUTE FUNCTION note_lane_change();
CREATE TRIGGER lane_is_back AFTER UPDATE OF breaker ON lane FOR EACH ROW
  WHEN (OLD.breaker <> 'closed' AND NEW.breaker = 'closed' AND NEW.last_success_at IS DISTINCT FROM OLD.last_success_at)
  EXECUTE FUNCTION note_lane_change();

CREATE FUNCTION note_subscription_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO lane_change (lane_change_id, shop_id, subscription_id, kind, detail, occurred_at)
  VALUES (new_id('lch'), NEW.shop_id, NEW.subscription_id, NEW.state,
    CASE WHEN NEW.state = 'disabled' THEN NEW.disabled_reason END, now());
  RETURN NULL;
END $$;
CREATE TRIGGER subscription_is_switched AFTER UPDATE OF state ON subscription FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION note_subscription_change();
