-- Since when a subscription's requests are made as they are now. Only its URL, its headers and its secrets say so: a pause, a
-- description or an endpoint that we disabled changed the row too, and the requests of older attempts were no longer shown.
SET lock_timeout = '5s';

ALTER TABLE subscription ADD COLUMN sent_as_since timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

SELECT set_config('laurel.shop_id', '*', true);
UPDATE subscription SET sent_as_since = updated_at;
SELECT set_config('laurel.shop_id', '', true);
