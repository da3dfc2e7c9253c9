-- "Send again all that failed since": how far it is, and what became of each delivery it took.
CREATE TABLE replay (
  replay_id text PRIMARY KEY,
  shop_id text NOT NULL,
  subscription_id text,
  since timestamptz(3) NOT NULL,
  until timestamptz(3) NOT NULL,
  state text NOT NULL DEFAULT 'running',
  total integer NOT NULL,
  taken integer NOT NULL DEFAULT 0,
  after_at timestamptz(3) NOT NULL,
  after_id text NOT NULL DEFAULT '',
  started_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  CONSTRAINT replay_state_is_known CHECK (state IN ('running', 'taken', 'stopped'))
);
-- Its earlier state is what stopping gives back.
CREATE TABLE replayed (
  shop_id text NOT NULL,
  replay_id text NOT NULL,
  delivery_id text NOT NULL,
  state_before text NOT NULL,
  reason_before text,
  settled_before timestamptz(3),
  PRIMARY KEY (replay_id, delivery_id),
  CONSTRAINT replayed_replay_id_fkey FOREIGN KEY (replay_id) REFERENCES replay (replay_id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX replay_shop_id_started_at_idx ON replay (shop_id, started_at);
CREATE UNIQUE INDEX replay_one_at_a_time ON replay (shop_id, (coalesce(subscription_id, ''))) WHERE state = 'running';

ALTER TABLE replay ENABLE ROW LEVEL SECURITY;
ALTER TABLE replay FORCE ROW LEVEL SECURITY;
CREATE POLICY own_shop ON replay
  USING (shop_id = current_setting('laurel.shop_id', true) OR current_setting('laurel.shop_id', true) = '*')
  WITH CHECK (shop_id = current_setting('laurel.shop_id', true) OR current_setting('laurel.shop_id', true) = '*');
ALTER TABLE replayed ENABLE ROW LEVEL SECURITY;
ALTER TABLE replayed FORCE ROW LEVEL SECURITY;
CREATE POLICY own_shop ON replayed
  USING (shop_id = current_setting('laurel.shop_id', true) OR current_setting('laurel.shop_id', true) = '*')
  WITH CHECK (shop_id = current_setting('laurel.shop_id', true) OR current_setting('laurel.shop_id', true) = '*');

-- Counting and taking what failed must not walk through all that was delivered.
CREATE INDEX delivery_failed ON delivery (shop_id, subscription_id, created_at, delivery_id) WHERE state IN ('failed', 'parked');
