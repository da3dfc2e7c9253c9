-- The feed goes by transaction first: positions are handed out before a commit, and a later one may commit earlier.
SET lock_timeout = '5s';

CREATE INDEX "event_shop_id_txid_position_idx" ON "event"("shop_id", "txid", "position");
DROP INDEX "event_shop_id_position_idx";
