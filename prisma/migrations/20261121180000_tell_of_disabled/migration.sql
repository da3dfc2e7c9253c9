-- A subscription that Laurel disables is an event too, recorded from its notice exactly once: `told_at` says that it was.
SET lock_timeout = '5s';

ALTER TABLE notice ADD COLUMN "told_at" TIMESTAMPTZ(3);
-- What is over is not told now.
SELECT set_config('laurel.shop_id', '*', true);
UPDATE notice SET told_at = opened_at;
SELECT set_config('laurel.shop_id', '', true);

-- The chore (app/worker/upkeep.server.ts) is due with the notice, in whatever transaction opened it.
CREATE FUNCTION summon_telling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO upkeep (shop_id, chore, due_at) VALUES (NEW.shop_id, 'notices', now())
  ON CONFLICT (shop_id, chore) DO UPDATE SET due_at = excluded.due_at;
  RETURN NULL;
END $$;
CREATE TRIGGER disabled_is_told AFTER INSERT ON notice FOR EACH ROW
  WHEN (NEW.kind = 'webhooks.disabled') EXECUTE FUNCTION summon_telling();
